"""The pure tables of legal moves of an appointment, of a reservation, of a patient's request and of a reminder.

Nothing here knows Django or the time. The statuses of an appointment are FHIR's, as NHN's profile narrows them.
"""

from collections.abc import Mapping
from enum import StrEnum

from portal.kernel.moves import next_state


class Status(StrEnum):
    """Where an appointment is. PROPOSED: asked for, and not yet confirmed by the hospital."""

    PROPOSED = "proposed"
    BOOKED = "booked"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NOSHOW = "noshow"
    ENTERED_IN_ERROR = "entered-in-error"


class AppointmentEvent(StrEnum):
    """What happens to an appointment. CHANGE is anything but its time."""

    BOOK = "book"
    MOVE = "move"
    CHANGE = "change"
    CANCEL = "cancel"
    REINSTATE = "reinstate"
    FULFIL = "fulfil"
    MISS = "miss"
    STRIKE = "strike"


class Reserved(StrEnum):
    """Where a patient's grip on a time is."""

    HELD = "held"
    BOOKED = "booked"
    RELEASED = "released"
    EXPIRED = "expired"


class ReservedEvent(StrEnum):
    """What happens to it."""

    CONFIRM = "confirm"
    RELEASE = "release"
    EXPIRE = "expire"


class Asked(StrEnum):
    """Where a patient's request is. FAILED: it could not be handed over, and a person must take it."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class AskedEvent(StrEnum):
    """What happens to a request."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    FAIL = "fail"
    WITHDRAW = "withdraw"


class Reminding(StrEnum):
    """Where a reminder, or a notice of news, is. VOID: the appointment was moved, cancelled, or begun meanwhile."""

    PLANNED = "planned"
    QUEUED = "queued"
    DONE = "done"
    VOID = "void"


class RemindingEvent(StrEnum):
    """What happens to a reminder."""

    FALL_DUE = "fall_due"
    TELL = "tell"
    AVOID = "avoid"


_S, _E = Status, AppointmentEvent
APPOINTMENT_MOVES: Mapping[tuple[Status, AppointmentEvent], Status] = {
    (_S.PROPOSED, _E.BOOK): _S.BOOKED,
    (_S.PROPOSED, _E.CHANGE): _S.PROPOSED,
    (_S.PROPOSED, _E.CANCEL): _S.CANCELLED,
    (_S.PROPOSED, _E.STRIKE): _S.ENTERED_IN_ERROR,
    (_S.BOOKED, _E.MOVE): _S.BOOKED,
    (_S.BOOKED, _E.CHANGE): _S.BOOKED,
    (_S.BOOKED, _E.CANCEL): _S.CANCELLED,
    (_S.BOOKED, _E.FULFIL): _S.FULFILLED,
    (_S.BOOKED, _E.MISS): _S.NOSHOW,
    (_S.BOOKED, _E.STRIKE): _S.ENTERED_IN_ERROR,
    (_S.CANCELLED, _E.REINSTATE): _S.BOOKED,
    (_S.CANCELLED, _E.STRIKE): _S.ENTERED_IN_ERROR,
    (_S.FULFILLED, _E.MISS): _S.NOSHOW,
    (_S.FULFILLED, _E.STRIKE): _S.ENTERED_IN_ERROR,
    (_S.NOSHOW, _E.FULFIL): _S.FULFILLED,
    (_S.NOSHOW, _E.STRIKE): _S.ENTERED_IN_ERROR,
}
RESERVED_MOVES: Mapping[tuple[Reserved, ReservedEvent], Reserved] = {
    (Reserved.HELD, ReservedEvent.CONFIRM): Reserved.BOOKED,
    (Reserved.HELD, ReservedEvent.RELEASE): Reserved.RELEASED,
    (Reserved.HELD, ReservedEvent.EXPIRE): Reserved.EXPIRED,
    (Reserved.BOOKED, ReservedEvent.RELEASE): Reserved.RELEASED,
}
ASKED_MOVES: Mapping[tuple[Asked, AskedEvent], Asked] = {
    (Asked.WAITING, AskedEvent.ACCEPT): Asked.ACCEPTED,
    (Asked.WAITING, AskedEvent.REFUSE): Asked.REFUSED,
    (Asked.WAITING, AskedEvent.FAIL): Asked.FAILED,
    (Asked.WAITING, AskedEvent.WITHDRAW): Asked.WITHDRAWN,
    (Asked.FAILED, AskedEvent.ACCEPT): Asked.ACCEPTED,
    (Asked.FAILED, AskedEvent.REFUSE): Asked.REFUSED,
}
REMINDING_MOVES: Mapping[tuple[Reminding, RemindingEvent], Reminding] = {
    (Reminding.PLANNED, RemindingEvent.FALL_DUE): Reminding.QUEUED,
    (Reminding.PLANNED, RemindingEvent.AVOID): Reminding.VOID,
    (Reminding.QUEUED, RemindingEvent.TELL): Reminding.DONE,
    (Reminding.QUEUED, RemindingEvent.AVOID): Reminding.VOID,
}
LIVE = frozenset({Status.PROPOSED, Status.BOOKED})
"""An appointment that is still to take place."""
GRIPPED = frozenset({Reserved.HELD, Reserved.BOOKED})


def move_appointment(state: str, event: AppointmentEvent) -> Status:
    """The appointment's next status; IllegalMoveError where the table has none."""
    return next_state(APPOINTMENT_MOVES, Status(state), event)


def move_reservation(state: str, event: ReservedEvent) -> Reserved:
    """The reservation's next state; IllegalMoveError where the table has none."""
    return next_state(RESERVED_MOVES, Reserved(state), event)


def move_request(state: str, event: AskedEvent) -> Asked:
    """The request's next state; IllegalMoveError where the table has none."""
    return next_state(ASKED_MOVES, Asked(state), event)


def move_reminder(state: str, event: RemindingEvent) -> Reminding:
    """The reminder's next state; IllegalMoveError where the table has none."""
    return next_state(REMINDING_MOVES, Reminding(state), event)
