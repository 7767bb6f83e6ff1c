"""Agreements with municipalities and general practitioners: which system may see when which patients are busy."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from appointments.models import AgreedPatient, CareAgreement
from portal.audit import commands as audit
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.errors import FinalError
from portal.people.models import Person


class AgreementRefused(FinalError):
    """An agreement that is not there, is over, or covers the patient already."""


@transaction.atomic
def begin(
    *,
    client_id: str,
    kind: str,
    name: str,
    by: Actor,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> CareAgreement:
    """Write down an agreement with whoever runs a client system. It covers nobody yet."""
    made = CareAgreement.objects.create(
        client_id=client_id,
        kind=CareAgreement.Kind(kind),
        name=name,
        starts_at=starts_at or clock.now(),
        ends_at=ends_at,
    )
    _record(made, "agreement.begin", by, {"client": client_id, "kind": made.kind})
    return made


@transaction.atomic
def end(*, agreement_id: UUID, by: Actor) -> None:
    """The agreement is over from now: the next question is answered as if it had never been. Again changes nothing."""
    agreement = _lock(agreement_id)
    now = clock.now()
    if agreement.ends_at is not None and agreement.ends_at <= now:
        return
    if agreement.starts_at >= now:
        raise AgreementRefused("not-begun")
    agreement.ends_at = now
    agreement.save(update_fields=["ends_at"])
    _record(agreement, "agreement.end", by, {})


@transaction.atomic
def cover(*, agreement_id: UUID, person: Person, by: Actor) -> bool:
    """The service takes care of this patient from now. False when the agreement covers them already."""
    agreement = _lock(agreement_id)
    now = clock.now()
    if agreement.ends_at is not None and agreement.ends_at <= now:
        raise AgreementRefused("over")
    if AgreedPatient.objects.filter(agreement=agreement, person=person, ends_at=None).exists():
        return False
    AgreedPatient.objects.create(agreement=agreement, person=person, starts_at=now)
    _record(agreement, "agreement.cover", by, {}, person)
    return True


@transaction.atomic
def uncover(*, agreement_id: UUID, person: Person, by: Actor) -> bool:
    """The service no longer takes care of this patient. False where it did not."""
    agreement = _lock(agreement_id)
    running = AgreedPatient.objects.filter(agreement=agreement, person=person, ends_at=None)
    if not running.update(ends_at=clock.now()):
        return False
    _record(agreement, "agreement.uncover", by, {}, person)
    return True


def _lock(agreement_id: UUID) -> CareAgreement:
    found = CareAgreement.objects.select_for_update(no_key=True).filter(pk=agreement_id).first()
    if found is None:
        raise AgreementRefused("unknown-agreement")
    return found


def _record(
    agreement: CareAgreement, action: str, by: Actor, details: dict[str, str], person: Person | None = None
) -> None:
    audit.record(
        by=by,
        action=action,
        item_kind="care_agreement",
        item_id=agreement.pk,
        person_id=person.pk if person else None,
        details=details | {"name": agreement.name},
    )
