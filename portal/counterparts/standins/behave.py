"""Levers: how each counterpart behaves right now, and for how many more calls.

`down`, `slow`, `hang`, `error` and `garbage` strike any call; `reject` and `accept_then_drop_reply` strike calls that
do the counterpart's work; the rest change what a provider remembers or tells. `garbage` and `accept_then_drop_reply`
do the work and spoil the answer; `down` and `error` do nothing.
"""

from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Final

MODES: Final = (
    "ok",
    "down",
    "slow",
    "hang",
    "error",
    "reject",
    "garbage",
    "accept_then_drop_reply",
    "forget_keys",
    "duplicate_receipts",
    "late_receipts",
    "no_receipts",
)
ANY_CALL: Final = frozenset({"down", "slow", "hang", "error", "garbage"})
SECONDS: Final = {"slow": 3.0, "hang": 60.0}
LONGEST: Final = 600.0


class BadLever(ValueError):
    """The wish is not one that can be followed; the text says why."""


@dataclass(frozen=True)
class Behaviour:
    """A mode, for `times` more calls (None: until changed), with `seconds` of waiting where it waits."""

    mode: str = "ok"
    times: int | None = None
    seconds: float = 0.0


OK: Final = Behaviour()
_now: dict[str, Behaviour] = {}
_lock = Lock()


def wish(values: dict[str, Any]) -> Behaviour:
    """The behaviour that JSON or a form asks for. Raises `BadLever`."""
    mode, times, seconds = (
        None if values.get(name) == "" else values.get(name) for name in ("mode", "times", "seconds")
    )
    if mode not in MODES:
        raise BadLever(f"mode must be one of: {', '.join(MODES)}")
    try:
        count = None if times is None else int(times)
        wait = SECONDS.get(mode, 0.0) if seconds is None else float(seconds)
    except (TypeError, ValueError):
        raise BadLever("times must be a whole number and seconds a number") from None
    if count is not None and count < 1:
        raise BadLever("times must be at least 1")
    if not 0 <= wait <= LONGEST:
        raise BadLever(f"seconds must lie between 0 and {LONGEST:.0f}")
    return Behaviour(mode, count, wait)


def set_behaviour(counterpart: str, behaviour: Behaviour) -> None:
    """Let a counterpart behave so from now on."""
    with _lock:
        _now[counterpart] = behaviour


def current(counterpart: str) -> Behaviour:
    """How a counterpart behaves; looking does not count."""
    with _lock:
        return _now.get(counterpart, OK)


def take(counterpart: str, *, works: bool) -> Behaviour:
    """How a counterpart behaves in this call, which counts. `works` says that the call does its work."""
    with _lock:
        behaviour = _now.get(counterpart, OK)
        if behaviour.mode == "ok" or not (works or behaviour.mode in ANY_CALL):
            return OK
        if behaviour.times is not None:
            left = behaviour.times - 1
            _now[counterpart] = replace(behaviour, times=left) if left else OK
        return behaviour


def reset() -> None:
    """Let everyone behave."""
    with _lock:
        _now.clear()
