"""What may be done with an appointment: only what its sender has flagged, before it begins, and only by eyes that act.

The commands ask anew; this is what pages offer.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from appointments.codes import VIDEO, Flag
from appointments.models import Appointment, Request
from appointments.states import Asked, Status
from youth_access.decide import Decision


class Deed(StrEnum):
    """What a patient may do with one appointment."""

    CONFIRM = "confirm"
    CHANGE = "change"
    CANCEL = "cancel"
    SHORT_NOTICE = "short_notice"
    VIDEO = "video"


_FLAGS = {
    Deed.CONFIRM: {Flag.CONFIRM},
    Deed.CHANGE: {Flag.CHANGE},
    Deed.CANCEL: {Flag.CANCEL, Flag.CANCEL_WITH_COMMENT},
    Deed.SHORT_NOTICE: {Flag.SHORT_NOTICE},
    Deed.VIDEO: {Flag.CONFERENCE},
}


_ABOUT_TIME = {Request.Kind.BOOK, Request.Kind.MOVE, Request.Kind.CANCEL}
_ASKED: dict[str, Deed] = {
    Request.Kind.SHORT_NOTICE: Deed.SHORT_NOTICE,
    Request.Kind.VIDEO: Deed.VIDEO,
    Request.Kind.CONFIRM: Deed.CONFIRM,
}


def deeds(
    appointment: Appointment,
    decision: Decision,
    now: datetime,
    asked: Sequence[Request] = (),
    moved_at: datetime | None = None,
) -> frozenset[Deed]:
    """Those that are open now.

    A confirmed appointment is not confirmed again, nor a video visit made one. What is asked, and what was said yes to
    since the appointment last moved, is not asked again.
    """
    begun = appointment.start is None or appointment.start <= now
    if not decision.act or begun or appointment.status != Status.BOOKED:
        return frozenset()
    found = {deed for deed, flags in _FLAGS.items() if flags.intersection(appointment.flags)}
    if appointment.confirmed_at is not None:
        found.discard(Deed.CONFIRM)
    if appointment.channel or appointment.contact_type == VIDEO:
        found.discard(Deed.VIDEO)
    return frozenset(found - _closed(asked, moved_at))


def standing(request: Request, moved_at: datetime | None) -> bool:
    """Whether what was asked waits, or was said yes to of the time that the appointment has."""
    if request.state in (Asked.WAITING, Asked.FAILED):
        return True
    return request.state == Asked.ACCEPTED and (moved_at is None or request.made_at >= moved_at)


def _closed(asked: Sequence[Request], moved_at: datetime | None) -> set[Deed]:
    found = {_ASKED[each.kind] for each in asked if each.kind in _ASKED and standing(each, moved_at)}
    waits = any(each.kind in _ABOUT_TIME and each.state in (Asked.WAITING, Asked.FAILED) for each in asked)
    return found | {Deed.CHANGE, Deed.CANCEL} if waits else found
