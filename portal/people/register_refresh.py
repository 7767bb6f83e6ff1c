"""Takes snapshots anew before they are a day old, so that a feed that missed something closes no door for long."""

import time
from typing import Final

from portal.kernel import clock
from portal.people import family_queries
from portal.people.register_snapshots import take_snapshots

AT_ONCE: Final = 100
MOST: Final = 2000
SECONDS: Final = 60.0


def refresh_snapshots(*, seconds: float = SECONDS) -> int:
    """Ask about everyone who is due, a batch at a time, for so long at most; says how many answers were kept.

    Raises `CounterpartDown` or `Refused`; what was kept before that stays.
    """
    until = time.monotonic() + seconds
    due = list(family_queries.due_for_renewal(clock.now())[:MOST])
    kept = 0
    for start in range(0, len(due), AT_ONCE):
        if time.monotonic() >= until:
            break
        kept += take_snapshots(due[start : start + AT_ONCE])
    return kept
