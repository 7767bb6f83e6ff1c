"""Taking in invitations to book a time in one timebok without a referral."""

from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from appointments.commands.timetable import Entry, UnknownSchedule
from appointments.models import Invitation, Schedule
from appointments.orders import InvitationOrder
from portal.audit import commands as audit
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.errors import FinalError
from portal.people.commands import register_person

__all__ = ["Entry", "OtherPatient", "UnknownSchedule", "keep_invitation"]


class OtherPatient(FinalError):
    """The invitation is known, and is another patient's."""


@transaction.atomic
def keep_invitation(*, order: InvitationOrder, by: Actor) -> Entry:
    """Take in an invitation, or that it is withdrawn. Raises UnknownSchedule, OtherPatient.

    One that is withdrawn does not come back: record systems invite anew under another name. One that is used stays so.
    """
    schedule = _schedule(order)
    person = register_person(pid=order.patient_pid)
    values: dict[str, Any] = {
        "schedule": schedule,
        "valid_from": order.valid_from,
        "valid_until": order.valid_until,
        "withdrawn_at": clock.now() if order.withdrawn else None,
    }
    fresh = Invitation(person=person, source=order.source, source_key=order.key, **values)
    Invitation.objects.bulk_create([fresh], ignore_conflicts=True)
    row = Invitation.objects.select_for_update(no_key=True).get(source=order.source, source_key=order.key)
    if row.person_id != person.pk:
        raise OtherPatient("other-patient")
    values["withdrawn_at"] = row.withdrawn_at or values["withdrawn_at"]
    changed = any(getattr(row, name) != value for name, value in values.items())
    outcome: Literal["created", "changed", "same"] = "same"
    if row.pk == fresh.pk:
        outcome = "created"
    elif changed:
        outcome = "changed"
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
    if outcome != "same":
        _note(row.pk, outcome, person.pk, by)
    return Entry(row.pk, outcome)


def _schedule(order: InvitationOrder) -> Schedule:
    rows = Schedule.objects.filter(source=order.source)
    name = order.schedule
    found = (rows.filter(source_key=name) if "|" in name else rows.filter(pk=name)).first()
    if found is None:
        raise UnknownSchedule("unknown-schedule")
    return found


def _note(invitation_id: UUID, outcome: str, person_id: UUID, by: Actor) -> None:
    audit.record(
        by=by,
        action=f"invitation.{outcome}",
        item_kind="invitation",
        item_id=invitation_id,
        person_id=person_id,
        basis=by.kind,
    )
