"""Locking an appointment, moving it by the table, and writing its history."""

from datetime import datetime
from typing import Any
from uuid import UUID

from appointments.models import Appointment, AppointmentLine
from appointments.states import AppointmentEvent, Status, move_appointment
from portal.kernel import clock
from portal.kernel.actor import Actor


def lock(appointment_id: UUID) -> Appointment:
    """The appointment, locked for the rest of the transaction. Every command locks it before anything that hangs on it.

    Taken so that references to it may still be written by others (FOR NO KEY UPDATE).
    """
    return Appointment.objects.select_for_update(no_key=True).get(pk=appointment_id)


def note(
    appointment: Appointment, kind: str, *, by: Actor, cause: str = "", details: dict[str, Any] | None = None
) -> None:
    """Write one line of the appointment's history."""
    AppointmentLine.objects.create(
        appointment=appointment,
        kind=kind,
        at=clock.now(),
        actor_kind=by.kind,
        actor_id=by.id,
        cause=cause,
        details=details or {},
    )


def move(
    appointment: Appointment,
    event: AppointmentEvent,
    *,
    by: Actor,
    cause: str = "",
    details: dict[str, Any] | None = None,
    **changes: object,
) -> None:
    """Move the appointment by the table, with its other changes, and write it down. Raises IllegalMoveError.

    A move, a cancellation and a reinstatement raise the calendar's sequence.
    """
    appointment.status = move_appointment(appointment.status, event)
    if event in (AppointmentEvent.MOVE, AppointmentEvent.CANCEL, AppointmentEvent.REINSTATE, AppointmentEvent.STRIKE):
        changes["sequence"] = appointment.sequence + 1
    for name, value in changes.items():
        setattr(appointment, name, value)
    appointment.save(update_fields=["status", *changes])
    note(appointment, f"appointment.{event}", by=by, cause=cause, details=details)


def correct(appointment: Appointment, to: Status, *, by: Actor, cause: str = "", **changes: object) -> None:
    """The record system takes back what it said: its newest word holds, also where the table has no such move.

    For the source alone; everybody else moves by the table.
    """
    details = {"from": appointment.status, "to": to.value}
    appointment.status = to
    for name, value in {**changes, "sequence": appointment.sequence + 1}.items():
        setattr(appointment, name, value)
    appointment.save(update_fields=["status", "sequence", *changes])
    note(appointment, "appointment.correct", by=by, cause=cause, details=details)


def moved_since(appointment: Appointment, instant: datetime) -> bool:
    """Whether the appointment has got another time since an instant."""
    kind = f"appointment.{AppointmentEvent.MOVE}"
    return AppointmentLine.objects.filter(appointment=appointment, kind=kind, at__gt=instant).exists()
