"""How long the reminder sweep takes for a thousand due reminders, at ten thousand and at a million rows.

As a process of its own it sweeps one database each time it is told to, and says how long it took; the two databases
are swept in turns, so that a busy machine is busy for both.
"""

import sys
import time
from importlib import import_module

import django

from tests.bench.figures import Figure
from tests.bench.ground import Ground
from tests.bench.sweep import in_turns

DUE = 1000
_FALL_DUE = """
UPDATE appointments_reminder SET due_at = now() - interval '1 minute' WHERE id IN (
    SELECT id FROM appointments_reminder WHERE state = 'planned' AND due_at > now() ORDER BY md5(id::text) LIMIT %s)
"""


def measure(ground: Ground) -> list[Figure]:
    """The medians of some rounds, the first not counted."""
    ours, peer, ratio = in_turns(ground, "tests.bench.reminders")
    return [Figure("reminder sweep of 1 000 due, at 1 M reminders", "ms", ours, "at 10 000", peer, ratio, 1.5)]


def main() -> None:
    """Sweep whenever a line comes in."""
    django.setup()
    import_module("portal.config.celery")
    from django.db import connection

    from appointments.sweeps import claim_reminders
    from portal.kernel import reach

    for _line in sys.stdin:
        with connection.cursor() as cursor:
            cursor.execute(_FALL_DUE, [DUE])
        began = time.perf_counter()
        with reach.everyone("job:appointments.reminders"):
            done = claim_reminders()
        took = time.perf_counter() - began
        assert done == DUE, done
        sys.stdout.write(f"{took}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
