"""What an order tells about access: the referrals a letter belongs to, and codes that nobody here knows."""

from uuid import UUID

from letters.models import Letter
from letters.orders import LetterOrder
from portal.audit import commands as audit
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.errors import FinalError
from portal.people.models import Person, Unit
from youth_access.codes import KNOWN
from youth_access.commands import tasks
from youth_access.models import AccessTask, Referral


class ReferralOfAnother(FinalError):
    """The sender knows a referral by this name, and it is another patient's."""


def known_referrals(order: LetterOrder, person: Person, unit: Unit, by: Actor) -> list[UUID]:
    """The referrals named by the order, in its order. One we have not heard of is kept, and nobody has assessed it.

    Raises ReferralOfAnother.
    """
    return [_referral(order.source, name, person, unit, by).pk for name in order.referrals]


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


def ask_about_unknown_codes(letter: Letter) -> None:
    """A code we do not know may be newer and stricter than we are: the letter is hidden, and a person is asked."""
    if KNOWN.issuperset(letter.security_codes):
        return
    tasks.open_task(
        kind=AccessTask.Kind.UNKNOWN_CODE,
        patient_id=letter.person_id,
        subject=letter.id,
        unit_id=letter.unit_id,
    )
