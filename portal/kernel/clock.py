"""The one clock.

`now()` is the time the clinic lives in: sent, opened, due. In demo and test it can be moved, for portal,
workers and stand-ins alike, through a small file that all of them read. `real_now()` is the machine's own time
and serves security lifetimes (sessions, tokens, leases), which must not jump when the demo's clock does.
This module knows no Django, so that the stand-ins can share it.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")

_stopped_at: datetime | None = None
_cached: tuple[int, timedelta] = (-1, timedelta())


def real_now() -> datetime:
    """The machine's own time, in UTC."""
    return datetime.now(UTC)


def offset() -> timedelta:
    """How far the shared clock is moved; zero where no clock file is configured."""
    global _cached
    path = os.environ.get("PORTAL_CLOCK_FILE")
    if not path:
        return timedelta()
    try:
        stamp = os.stat(path).st_mtime_ns
    except FileNotFoundError:
        return timedelta()
    if stamp != _cached[0]:
        seconds = json.loads(Path(path).read_text())["offset_seconds"]
        _cached = (stamp, timedelta(seconds=seconds))
    return _cached[1]


def move(new_offset: timedelta) -> None:
    """Move the shared clock; only demo and test have a clock file."""
    path = Path(os.environ["PORTAL_CLOCK_FILE"])
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps({"offset_seconds": new_offset.total_seconds()}))
    fresh.replace(path)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    if _stopped_at is not None:
        return _stopped_at
    return real_now() + offset()


def local_now() -> datetime:
    """The present instant on the wall clock in Oslo."""
    return now().astimezone(OSLO)


def today() -> date:
    """Today's date in Oslo."""
    return local_now().date()


def stopped() -> datetime | None:
    """The instant the clock stands at, if a test has stopped it."""
    return _stopped_at


@contextmanager
def stopped_at(instant: datetime) -> Iterator[None]:
    """Stop the clock of this process at an instant, for tests."""
    global _stopped_at
    before = _stopped_at
    _stopped_at = instant.astimezone(UTC)
    try:
        yield
    finally:
        _stopped_at = before
