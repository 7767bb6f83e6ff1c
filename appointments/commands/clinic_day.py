"""A clinic that must cancel a whole day, or what one person or room had that day.

`cancel_day` is one transaction: nobody can book the day any more, holds are let go, and each appointment is marked with
the reason and has an errand. Each errand then ends one appointment in a transaction of its own, so that forty notices
do not hang on one lock, and a crash anywhere costs nothing: what is marked and not yet ended is ended by the next try.
The record system is told of each by another errand, so that its book says the same.
"""

from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction

from appointments.codes import END_OF_WAIT, OLD_REASON
from appointments.commands import answering, ending, history, holding
from appointments.commands.answering import CLOCKS_DIFFER
from appointments.models import Appointment, AppointmentLine, Request, Slot
from appointments.queries.clinic_day import MARK, TAKEN_BACK, Day
from appointments.states import LIVE, Asked, Reserved, ReservedEvent
from portal.audit import commands as audit
from portal.kernel import clock
from portal.kernel.actor import Actor, system
from portal.kernel.clock import OSLO
from portal.kernel.errors import FinalError
from portal.outbox import commands as outbox

BASIS: Final = "clerk_book"
"""The audit's word for the footing of a clerk at the clinic's book."""
CAUSE: Final = "clinic-day"
ERRAND: Final = "appointments.cancel_one"
TELL_ERRAND: Final = "appointments.tell_cancelled"
MOVE_ERRAND: Final = "appointments.refuse_move"
MOVE_ANSWER: Final = "Klinikken måtte avlyse dagen du valgte. Timen du hadde fra før, gjelder fortsatt."
"""What a patient is told whose wish was a time on the cancelled day; in the hospital's own language, as all answers."""


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
    asked = Day(unit_id, day, resource)
    if asked.passed:
        raise DayRefused("passed")
    _close_slots(asked)
    _release_holds(asked, by)
    found = list(asked.unmarked().order_by("start", "pk"))
    details = {"day": day.isoformat(), "reason_system": reason_system, "reason": reason}
    for appointment in found:
        history.note(appointment, MARK, by=by, cause=CAUSE, details=details)
        outbox.put(ERRAND, appointment.pk, step=f"{appointment.sequence}")
    for request_id in asked.moves_into().order_by("pk").values_list("pk", flat=True):
        outbox.put(MOVE_ERRAND, request_id)
    _record(asked, details, len(found), by)
    return len(found)


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
    # A word that the record system sent before this cannot bring the appointment back.
    appointment.sent_at = max(appointment.sent_at, clock.now() - CLOCKS_DIFFER)
    appointment.save(update_fields=["sent_at"])
    outbox.put(TELL_ERRAND, appointment.pk, step=f"{appointment.sequence}")
    return True


@transaction.atomic
def refuse_move(*, request_id: UUID) -> None:
    """Tell a patient who asked to move to the cancelled day that the old time counts. Once settled, nothing."""
    if Request.objects.filter(pk=request_id, state=Asked.WAITING).exists():
        answering.refuse(request_id=request_id, by=system("appointments.clinic_day"), answer=MOVE_ANSWER)


@transaction.atomic
def note_given_up(*, appointment_id: UUID, code: str) -> None:
    """An appointment of a cancelled day still stands, and a person must end it."""
    appointment = history.lock(appointment_id)
    history.note(appointment, "clinic_day.failed", by=system("appointments.clinic_day"), cause=code[:60])


@transaction.atomic
def note_move_given_up(*, request_id: UUID, code: str) -> None:
    """A wish to move to a cancelled day could not be answered: a person must answer it."""
    answering.fail(request_id=request_id, code=code)


def _still_meant(appointment: Appointment, mark: AppointmentLine) -> bool:
    if appointment.events.filter(kind__in=TAKEN_BACK, pk__gt=mark.pk).exists():
        return False
    start = appointment.start
    return start is not None and start.astimezone(OSLO).date().isoformat() == mark.details["day"]


def _close_slots(asked: Day) -> None:
    """Nobody gets a time of this day any more; whoever is just about to, is waited for."""
    slots = asked.slots().select_for_update(no_key=True, of=("self",)).order_by("pk")
    keys = list(slots.values_list("pk", flat=True))
    open_ones = Slot.objects.filter(pk__in=keys, state__in=[Slot.State.FREE, Slot.State.TENTATIVE])
    open_ones.update(state=Slot.State.UNAVAILABLE)


def _release_holds(asked: Day, by: Actor) -> None:
    rows = asked.reservations(Reserved.HELD).select_for_update(no_key=True, of=("self",))
    held = list(rows.order_by("pk"))
    holding.end(held, ReservedEvent.RELEASE)
    for reservation in held:
        audit.record(
            by=by,
            action="slot.let_go",
            item_kind="slot",
            item_id=reservation.slot_id,
            person_id=reservation.person_id,
            basis=BASIS,
            details={"reservation": str(reservation.pk)},
        )


def _record(asked: Day, details: dict[str, str], count: int, by: Actor) -> None:
    more = {"count": count, "resource": str(asked.resource or "")}
    audit.record(
        by=by,
        action="clinic_day.cancel",
        item_kind="clinic_day",
        item_id=asked.unit_id,
        basis=BASIS,
        details=details | more,
    )
