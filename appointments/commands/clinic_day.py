"""A clinic that must cancel a whole day, or what one person or room had that day.

`cancel_day` is one transaction: nobody can book the day any more, holds are let go, and each appointment is marked with
the reason and has an errand. Each errand then ends one appointment in a transaction of its own, so that forty notices
do not hang on one lock, and a crash anywhere costs nothing: what is marked and not yet ended is ended by the next try.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from appointments.codes import END_OF_WAIT, OLD_REASON
from appointments.commands import answering, ending, history
from appointments.models import Appointment, AppointmentLine, Claim, Request, Reservation, Schedule, Slot
from appointments.states import LIVE, Asked, Reserved, ReservedEvent, move_reservation
from appointments.times import day_bounds
from portal.audit import commands as audit
from portal.kernel import clock
from portal.kernel.actor import Actor, system
from portal.kernel.clock import OSLO
from portal.kernel.errors import FinalError
from portal.outbox import commands as outbox

MARK: Final = "clinic_day.cancel"
"""The history line that says why an appointment is to end, and by whom; the errand reads it there."""
CAUSE: Final = "clinic-day"
ERRAND: Final = "appointments.cancel_one"
MOVE_ERRAND: Final = "appointments.refuse_move"
MOVE_ANSWER: Final = "Klinikken måtte avlyse dagen du valgte. Timen du hadde fra før, gjelder fortsatt."
"""What a patient is told whose wish was a time on the cancelled day; in the hospital's own language, as all answers."""
_TAKEN_BACK: Final = ("appointment.cancel", "appointment.reinstate")


class DayRefused(FinalError):
    """A day that cannot be cancelled: `passed`, or `reason` where it is none of the sets that senders use."""


@transaction.atomic
def cancel_day(
    *, unit_id: str, day: date, reason_system: str, reason: str, by: Actor, resource: UUID | None = None
) -> int:
    """Let every coming appointment of an Oslo day at a unit end; says how many. Raises DayRefused.

    With `resource`, only what one person or room had. Asked again while the first is under way, it adds what has come
    to since and marks nothing twice.
    """
    if reason_system not in (END_OF_WAIT, OLD_REASON) or not reason:
        raise DayRefused("reason")
    if day_bounds(day)[1] <= clock.now():
        raise DayRefused("passed")
    _close_slots(unit_id, day, resource)
    _release_holds(unit_id, day, resource, by)
    found = list(unmarked(unit_id, day, resource).order_by("start", "pk"))
    details = {"day": day.isoformat(), "reason_system": reason_system, "reason": reason}
    for appointment in found:
        history.note(appointment, MARK, by=by, cause=CAUSE, details=details)
        outbox.put(ERRAND, appointment.pk, step=f"{appointment.sequence}")
    for request_id in _moves_into(unit_id, day, resource):
        outbox.put(MOVE_ERRAND, request_id)
    _record(unit_id, details, len(found), resource, by)
    return len(found)


def coming(unit_id: str, day: date, resource: UUID | None = None) -> QuerySet[Appointment]:
    """The appointments of a day at a unit that have not begun."""
    first, next_day = day_bounds(day)
    rows = Appointment.objects.filter(
        unit_id=unit_id, status__in=list(LIVE), start__gte=max(first, clock.now()), start__lt=next_day
    )
    return rows if resource is None else rows.filter(schedule__resource=resource)


def unmarked(unit_id: str, day: date, resource: UUID | None = None) -> QuerySet[Appointment]:
    """Those of them that no cancelled day is about to end already."""
    marks = AppointmentLine.objects.filter(appointment=OuterRef("pk"), kind=MARK, details__day=day.isoformat())
    later = AppointmentLine.objects.filter(
        appointment=OuterRef("appointment"), kind__in=_TAKEN_BACK, pk__gt=OuterRef("pk")
    )
    return coming(unit_id, day, resource).filter(~Exists(marks.filter(~Exists(later))))


@transaction.atomic
def cancel_one(*, appointment_id: UUID) -> bool:
    """End one marked appointment. False where there is nothing left to do: ended, moved to another day, or put back."""
    appointment = history.lock(appointment_id)
    mark = appointment.events.filter(kind=MARK).order_by("-id").first()
    if mark is None or appointment.status not in LIVE or not _still_meant(appointment, mark):
        return False
    ending.end(
        appointment,
        by=Actor(mark.actor_kind, mark.actor_id),  # type: ignore[arg-type]  # written from an actor's own kind
        cancelled_by="hospital",
        reason_system=mark.details["reason_system"],
        reason=mark.details["reason"],
        cause=CAUSE,
    )
    return True


@transaction.atomic
def refuse_move(*, request_id: UUID) -> None:
    """Tell a patient who asked to move to the cancelled day that the old time counts."""
    if Request.objects.filter(pk=request_id, state=Asked.WAITING).exists():
        answering.refuse(request_id=request_id, by=system("appointments.clinic_day"), answer=MOVE_ANSWER)


@transaction.atomic
def note_given_up(*, appointment_id: UUID, code: str) -> None:
    """An appointment of a cancelled day still stands, and a person must end it."""
    appointment = history.lock(appointment_id)
    history.note(appointment, "clinic_day.failed", by=system("appointments.clinic_day"), cause=code[:60])


def _still_meant(appointment: Appointment, mark: AppointmentLine) -> bool:
    if appointment.events.filter(kind__in=_TAKEN_BACK, pk__gt=mark.pk).exists():
        return False
    start = appointment.start
    return start is not None and start.astimezone(OSLO).date().isoformat() == mark.details["day"]


def _close_slots(unit_id: str, day: date, resource: UUID | None) -> None:
    """Nobody gets a time of this day any more; whoever is just about to, is waited for."""
    first, next_day = day_bounds(day)
    slots = Slot.objects.filter(
        schedule__in=_schedules(unit_id, resource), start__gte=max(first, clock.now()), start__lt=next_day
    )
    keys = list(slots.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk", flat=True))
    open_ones = Slot.objects.filter(pk__in=keys, state__in=[Slot.State.FREE, Slot.State.TENTATIVE])
    open_ones.update(state=Slot.State.UNAVAILABLE)


def _release_holds(unit_id: str, day: date, resource: UUID | None, by: Actor) -> None:
    held = _reservations(unit_id, day, resource).filter(state=Reserved.HELD)
    for reservation in held.select_for_update(no_key=True, of=("self",)).order_by("pk"):
        reservation.state = move_reservation(reservation.state, ReservedEvent.RELEASE)
        reservation.ended_at = clock.now()
        reservation.save(update_fields=["state", "ended_at"])
        Claim.objects.filter(pk=reservation.pk).delete()
        audit.record(
            by=by,
            action="hold.release",
            item_kind="reservation",
            item_id=reservation.pk,
            person_id=reservation.person_id,
            basis="clerk",
        )


def _moves_into(unit_id: str, day: date, resource: UUID | None) -> Iterable[UUID]:
    """Requests to move an appointment of another day to this one; those of this day end with their appointment."""
    first, next_day = day_bounds(day)
    booked = _reservations(unit_id, day, resource).filter(state=Reserved.BOOKED)
    rows = Request.objects.filter(kind=Request.Kind.MOVE, state=Asked.WAITING, reservation__in=booked)
    elsewhere = ~Q(appointment__start__gte=first, appointment__start__lt=next_day, appointment__unit=unit_id)
    return rows.filter(elsewhere).order_by("pk").values_list("pk", flat=True)


def _reservations(unit_id: str, day: date, resource: UUID | None) -> QuerySet[Reservation]:
    first, next_day = _from_now(day)
    rows = Reservation.objects.filter(schedule__in=_schedules(unit_id, resource))
    return rows.filter(start__gte=first, start__lt=next_day)


def _from_now(day: date) -> tuple[datetime, datetime]:
    first, next_day = day_bounds(day)
    return max(first, clock.now()), next_day


def _schedules(unit_id: str, resource: UUID | None) -> QuerySet[Schedule]:
    rows = Schedule.objects.filter(unit_id=unit_id)
    return rows if resource is None else rows.filter(resource=resource)


def _record(unit_id: str, details: dict[str, str], count: int, resource: UUID | None, by: Actor) -> None:
    more = {"count": count, "resource": str(resource or "")}
    audit.record(
        by=by,
        action="clinic_day.cancel",
        item_kind="clinic_day",
        item_id=unit_id,
        basis="clerk",
        details=details | more,
    )
