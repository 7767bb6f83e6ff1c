"""Referrals that something else names before the record system has told of them."""

from collections.abc import Iterable
from uuid import UUID

from portal.audit import commands as audit
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.errors import FinalError
from portal.people.models import Person, Unit
from youth_access.models import Referral


class ReferralOfAnother(FinalError):
    """The sender knows a referral by this name, and it is another patient's."""


def known_referrals(*, source: str, names: Iterable[str], person: Person, unit: Unit, by: Actor) -> list[UUID]:
    """The sender's referrals by their names ("system|value"), in that order.

    One we have not heard of is kept, and nobody has assessed it. Raises ReferralOfAnother.
    """
    return [_referral(source, name, person, unit, by).pk for name in names]


def _referral(source: str, name: str, person: Person, unit: Unit, by: Actor) -> Referral:
    row = Referral(patient=person, unit=unit, source=source, source_key=name, received_at=clock.now())
    Referral.objects.bulk_create([row], ignore_conflicts=True)
    found = Referral.objects.get(source=source, source_key=name)
    if found.patient_id != person.pk:
        raise ReferralOfAnother("referral-of-another")
    if found.pk == row.pk:
        audit.record(
            by=by,
            action="referral.created",
            item_kind="referral",
            item_id=found.pk,
            person_id=person.pk,
            basis=by.kind,
        )
    return found
