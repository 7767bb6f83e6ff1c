"""The pure tables of legal moves of a letter's two tracks and of its notices.

Nothing here knows Django or the time. A letter is on the digital track and, in parallel, on zero or more postal
tracks (one for each cause). Source of the tables: letters design page section 5.
"""

from collections.abc import Mapping
from enum import StrEnum

from portal.kernel.moves import next_state


class Stage(StrEnum):
    """How far intake has come before anything is sent anywhere."""

    RECEIVED = "received"
    RENDERED = "rendered"
    DECIDED = "decided"
    STUCK = "stuck"


class Digital(StrEnum):
    """The track on screen."""

    NONE = "none"
    AVAILABLE = "available"
    OPENED = "opened"
    HIDDEN = "hidden"


class DigitalEvent(StrEnum):
    """What happens to a letter on screen."""

    PUBLISH = "publish"
    OPEN = "open"
    HIDE = "hide"


class Postal(StrEnum):
    """The track of one paper copy."""

    WAITING = "waiting"
    DUE = "due"
    HELD = "held"
    READY = "ready"
    SUBMITTING = "submitting"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    POSTED = "posted"
    RETURNED = "returned"
    REJECTED = "rejected"
    CANCEL_ASKED = "cancel_asked"
    CANCELLED = "cancelled"


class PostalEvent(StrEnum):
    """What happens to a paper copy."""

    FALL_DUE = "fall_due"
    HOLD = "hold"
    RELEASE = "release"
    PREPARE = "prepare"
    CANCEL = "cancel"
    HAND_OVER = "hand_over"
    NOT_SENT = "not_sent"
    LOSE_REPLY = "lose_reply"
    NOT_FOUND = "not_found"
    ACCEPT = "accept"
    REJECT = "reject"
    POST = "post"
    RETURN = "return"
    ASK_CANCEL = "ask_cancel"
    CONFIRM_CANCEL = "confirm_cancel"


class NoticeState(StrEnum):
    """Where an SMS or e-mail is."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"
    DROPPED = "dropped"


class NoticeEvent(StrEnum):
    """What happens to an SMS or e-mail."""

    SEND = "send"
    DELIVER = "deliver"
    FAIL = "fail"
    GO_SILENT = "go_silent"
    DROP = "drop"


DIGITAL_MOVES: Mapping[tuple[Digital, DigitalEvent], Digital] = {
    (Digital.NONE, DigitalEvent.PUBLISH): Digital.AVAILABLE,
    (Digital.AVAILABLE, DigitalEvent.OPEN): Digital.OPENED,
    (Digital.AVAILABLE, DigitalEvent.HIDE): Digital.HIDDEN,
    (Digital.OPENED, DigitalEvent.HIDE): Digital.HIDDEN,
}

_S, _E = Postal, PostalEvent
POSTAL_MOVES: Mapping[tuple[Postal, PostalEvent], Postal] = {
    (_S.WAITING, _E.FALL_DUE): _S.DUE,
    (_S.WAITING, _E.CANCEL): _S.CANCELLED,
    (_S.DUE, _E.HOLD): _S.HELD,
    (_S.DUE, _E.PREPARE): _S.READY,
    (_S.DUE, _E.CANCEL): _S.CANCELLED,
    (_S.HELD, _E.RELEASE): _S.READY,
    (_S.HELD, _E.CANCEL): _S.CANCELLED,
    (_S.READY, _E.HOLD): _S.HELD,
    (_S.READY, _E.HAND_OVER): _S.SUBMITTING,
    (_S.READY, _E.CANCEL): _S.CANCELLED,
    (_S.SUBMITTING, _E.ACCEPT): _S.ACCEPTED,
    (_S.SUBMITTING, _E.NOT_SENT): _S.READY,
    (_S.SUBMITTING, _E.LOSE_REPLY): _S.UNKNOWN,
    (_S.SUBMITTING, _E.REJECT): _S.REJECTED,
    (_S.SUBMITTING, _E.POST): _S.POSTED,
    (_S.UNKNOWN, _E.ACCEPT): _S.ACCEPTED,
    (_S.UNKNOWN, _E.NOT_FOUND): _S.READY,
    (_S.UNKNOWN, _E.REJECT): _S.REJECTED,
    (_S.UNKNOWN, _E.POST): _S.POSTED,
    (_S.ACCEPTED, _E.POST): _S.POSTED,
    (_S.ACCEPTED, _E.REJECT): _S.REJECTED,
    (_S.ACCEPTED, _E.RETURN): _S.RETURNED,
    (_S.ACCEPTED, _E.ASK_CANCEL): _S.CANCEL_ASKED,
    (_S.CANCEL_ASKED, _E.CONFIRM_CANCEL): _S.CANCELLED,
    (_S.CANCEL_ASKED, _E.POST): _S.POSTED,
    (_S.CANCEL_ASKED, _E.REJECT): _S.REJECTED,
    (_S.POSTED, _E.RETURN): _S.RETURNED,
}

NOTICE_MOVES: Mapping[tuple[NoticeState, NoticeEvent], NoticeState] = {
    (NoticeState.QUEUED, NoticeEvent.SEND): NoticeState.SENT,
    (NoticeState.QUEUED, NoticeEvent.FAIL): NoticeState.FAILED,
    (NoticeState.QUEUED, NoticeEvent.DROP): NoticeState.DROPPED,
    (NoticeState.SENT, NoticeEvent.DELIVER): NoticeState.DELIVERED,
    (NoticeState.SENT, NoticeEvent.FAIL): NoticeState.FAILED,
    (NoticeState.SENT, NoticeEvent.GO_SILENT): NoticeState.UNCONFIRMED,
    (NoticeState.UNCONFIRMED, NoticeEvent.DELIVER): NoticeState.DELIVERED,
    (NoticeState.UNCONFIRMED, NoticeEvent.FAIL): NoticeState.FAILED,
}

# An opening or a withdrawal stops paper only before the point of no return, which is the commit READY -> SUBMITTING.
STOPPABLE = frozenset({Postal.WAITING, Postal.DUE, Postal.HELD, Postal.READY})
AT_PRINTER = frozenset(
    {Postal.SUBMITTING, Postal.UNKNOWN, Postal.ACCEPTED, Postal.CANCEL_ASKED, Postal.POSTED, Postal.RETURNED}
)
FINISHED = frozenset({Postal.POSTED, Postal.RETURNED, Postal.REJECTED, Postal.CANCELLED})


def move_digital(state: str, event: DigitalEvent) -> Digital:
    """The digital track's next state; IllegalMoveError where the table has none."""
    return next_state(DIGITAL_MOVES, Digital(state), event)


def move_postal(state: str, event: PostalEvent) -> Postal:
    """The postal track's next state; IllegalMoveError where the table has none."""
    return next_state(POSTAL_MOVES, Postal(state), event)


def move_notice(state: str, event: NoticeEvent) -> NoticeState:
    """The notice's next state; IllegalMoveError where the table has none."""
    return next_state(NOTICE_MOVES, NoticeState(state), event)
