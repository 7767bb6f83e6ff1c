"""A newer word about an appointment that stands here already: what it settles, what it changes, and what is news."""

from dataclasses import dataclass, replace
from typing import Any, Final

from appointments import announcements
from appointments.commands import answering, ending, history, reminding, tasks, words
from appointments.commands.holding import end as end_grips
from appointments.commands.holding import grips_on
from appointments.models import Appointment, Reminder, Request
from appointments.orders import AppointmentOrder
from appointments.states import LIVE, AppointmentEvent, Asked, Reserved, ReservedEvent, Status
from portal.kernel.actor import Actor

RELEVANT: Final = ("place", "instruction", "channel", "virtual_address", "virtual_key")
"""What a patient must know of when it changes, besides the time and what is to be done before."""
_WAITING: Final = (Asked.WAITING, Asked.FAILED)
_TAKES_PLACE: Final = (Status.BOOKED, Status.FULFILLED, Status.NOSHOW)
_EVENTS: Final = {
    (Status.PROPOSED, Status.BOOKED): AppointmentEvent.BOOK,
    (Status.CANCELLED, Status.BOOKED): AppointmentEvent.REINSTATE,
    (Status.BOOKED, Status.FULFILLED): AppointmentEvent.FULFIL,
    (Status.NOSHOW, Status.FULFILLED): AppointmentEvent.FULFIL,
    (Status.BOOKED, Status.NOSHOW): AppointmentEvent.MISS,
    (Status.FULFILLED, Status.NOSHOW): AppointmentEvent.MISS,
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One word and the locked appointment it is about. `is_first`: the sender has said nothing of it before."""

    row: Appointment
    order: AppointmentOrder
    values: dict[str, Any]
    is_first: bool


def take(turn: Turn, *, by: Actor) -> None:
    """Let the appointment become what the word says. What was waiting for this very word is settled by it."""
    settled = _settle(turn, by)
    if settled:
        turn = replace(turn, row=history.lock(turn.row.pk))
    carried = list(turn.row.security_codes)
    to_do = turn.order.status in LIVE and tasks.match(turn.row, turn.order.tasks)
    if turn.order.status == Status.CANCELLED:
        _cancel(turn, by)
    elif turn.order.status == Status.ENTERED_IN_ERROR:
        _strike(turn, by)
    elif turn.row.status == Status.BOOKED == turn.order.status:
        _stay_booked(turn, by, quiet=settled or turn.is_first, to_do=to_do)
    else:
        _become(turn, by)
    reminding.opened_up(turn.row, carried=carried, by=by)


def _settle(turn: Turn, by: Actor) -> bool:
    """Answer what the patient has asked and this word grants, or the booking that it says no to."""
    asked = Request.objects.filter(appointment=turn.row, state__in=_WAITING).select_related("reservation")
    settled = False
    for request in asked.order_by("made_at", "pk"):
        if _is_granted(request, turn):
            answering.accept(request_id=request.pk, by=by)
            settled = True
        elif request.kind == Request.Kind.BOOK and turn.order.status in (Status.CANCELLED, Status.ENTERED_IN_ERROR):
            answering.refuse(request_id=request.pk, by=by)
            return True
    return settled


def _is_granted(request: Request, turn: Turn) -> bool:
    order = turn.order
    if request.kind == Request.Kind.CANCEL:
        return order.status == Status.CANCELLED
    if request.kind == Request.Kind.BOOK:
        return order.status in _TAKES_PLACE
    wished = request.reservation if request.kind == Request.Kind.MOVE else None
    return (
        wished is not None and order.status == Status.BOOKED and (order.start, order.end) == (wished.start, wished.end)
    )


def _cancel(turn: Turn, by: Actor) -> None:
    row, order = turn.row, turn.order
    _set(row, turn.values | _time(order))
    if row.status in LIVE:
        ending.end(
            row,
            by=by,
            cancelled_by="hospital",
            reason_system=order.cancel_reason_system,
            reason=order.cancel_reason,
        )
    elif row.status == Status.CANCELLED:
        _set(row, {"cancel_reason_system": order.cancel_reason_system, "cancel_reason": order.cancel_reason})
    else:
        history.correct(row, Status.CANCELLED, by=by, **words.ended(order, "hospital"))


def _strike(turn: Turn, by: Actor) -> None:
    """It never was. Whoever has been told of it is told that it will not take place, and then it is seen by nobody."""
    row, order = turn.row, turn.order
    _set(row, turn.values | _time(order))
    if row.status in LIVE:
        ending.end(row, by=by, cancelled_by="hospital", cause="entered-in-error")
    if row.status != Status.ENTERED_IN_ERROR:
        history.move(row, AppointmentEvent.STRIKE, by=by, **words.ended(order, ""))


def _stay_booked(turn: Turn, by: Actor, *, quiet: bool, to_do: bool) -> None:
    row, order = turn.row, turn.order
    changed = to_do or any(getattr(row, name) != getattr(order, name) for name in RELEVANT)
    if (row.start, row.end) == (order.start, order.end):
        history.move(row, AppointmentEvent.CHANGE, by=by, **turn.values)
        if changed and not quiet:
            reminding.news(row, Reminder.Kind.CHANGED, by=by)
        return
    details = {name: each.isoformat() if each else "" for name, each in (("from", row.start), ("to", order.start))}
    changes = turn.values | {"start": order.start, "end": order.end, "confirmed_at": None}
    history.move(row, AppointmentEvent.MOVE, by=by, details=details, **changes)
    _give_back_other_times(row)
    reminding.news(row, Reminder.Kind.MOVED, by=by)
    announcements.moved.send(sender=Appointment, appointment_id=row.pk)


def _give_back_other_times(row: Appointment) -> None:
    """The patient's grip on the time it had; not on the one they have asked to move it to."""
    wished = Request.objects.filter(appointment=row, state__in=_WAITING).values_list("reservation_id", flat=True)
    kept = set(wished)
    left = [each for each in grips_on(row) if each.state == Reserved.BOOKED and each.pk not in kept]
    end_grips([each for each in left if (each.start, each.end) != (row.start, row.end)], ReservedEvent.RELEASE)


def _become(turn: Turn, by: Actor) -> None:
    """Another status than it had, other than cancelled and struck, or proposed as before."""
    row, order = turn.row, turn.order
    was = Status(row.status)
    changes = turn.values | _time(order) | words.ended(order, "")
    event = _EVENTS.get((was, order.status))
    if was == order.status:
        _set(row, changes)
    elif event is not None:
        history.move(row, event, by=by, **changes)
    else:
        history.correct(row, order.status, by=by, **changes)
    if order.status == Status.BOOKED:
        reminding.news(row, Reminder.Kind.CREATED, by=by)
    else:
        reminding.stop(row, cause=order.status.value, by=by)


def _time(order: AppointmentOrder) -> dict[str, Any]:
    """When it is or was to be; a word without a time leaves what stood."""
    return {} if order.start is None else {"start": order.start, "end": order.end}


def _set(row: Appointment, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes))
