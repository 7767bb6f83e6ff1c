"""The clock that portal, workers and stand-ins share in the demo: look at it, and move it."""

import os
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from portal.counterparts.standins import durations
from portal.counterparts.standins.asked import BadInput
from portal.kernel import clock

FARTHEST = timedelta(days=36_500)
_lock = Lock()


def shown() -> dict[str, Any]:
    """The clock as JSON, on the wall in Oslo."""
    return {
        "now": clock.local_now().isoformat(timespec="seconds"),
        "offset_seconds": clock.offset().total_seconds(),
        "movable": can_move(),
    }


def can_move() -> bool:
    """Whether a clock file is configured."""
    return bool(os.environ.get("PORTAL_CLOCK_FILE"))


def move(wish: dict[str, Any]) -> None:
    """Follow `{"advance": "P4DT1H"}`, `{"set": "2026-12-23T09:00:00+01:00"}` or `{"reset": true}`.

    Raises `BadInput` saying what is wrong.
    """
    if not can_move():
        raise BadInput("this clock cannot be moved: PORTAL_CLOCK_FILE is not set")
    asked = [name for name in ("advance", "set", "reset") if wish.get(name)]
    if len(asked) != 1:
        raise BadInput('say one of {"advance": "P4DT1H"}, {"set": "2026-12-23T09:00:00+01:00"} and {"reset": true}')
    with _lock:
        offset = _wanted_offset(asked[0], wish[asked[0]])
        if abs(offset) > FARTHEST:
            raise BadInput("the clock can be moved a hundred years at most")
        clock.move(offset)


def _wanted_offset(verb: str, value: object) -> timedelta:
    if verb == "reset":
        return timedelta()
    if not isinstance(value, str):
        raise BadInput(f"{verb} must be text")
    try:
        if verb == "advance":
            return clock.offset() + durations.parse(value)
        return _instant(value) - clock.real_now()
    except (ValueError, OverflowError) as fault:
        raise BadInput(str(fault)) from None


def _instant(text: str) -> datetime:
    """An ISO instant; without a zone it is read as the wall clock in Oslo."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{text!r} is not an instant such as 2026-12-23T09:00:00+01:00") from None
    aware = found if found.tzinfo is not None else found.replace(tzinfo=clock.OSLO)
    return aware.astimezone(UTC)
