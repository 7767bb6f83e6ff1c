"""How many errands a second one worker claims and finishes, against the same two statements by hand.

The peer is the least that a queue in PostgreSQL can do: claim one row with SKIP LOCKED, mark it done, each committed.
"""

import json
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from importlib import import_module

import django

from tests.bench.figures import Figure
from tests.bench.ground import Ground

ERRANDS = 300
ROUNDS = 5
_CLAIM = """
UPDATE outbox_errand SET lease = gen_random_uuid(), lease_until = now() + interval '60 s', attempts = attempts + 1
WHERE id = (SELECT id FROM outbox_errand WHERE state = 'waiting' AND queue = 'letters' AND run_after <= now()
            AND (lease_until IS NULL OR lease_until <= now()) ORDER BY urgency LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""
_DONE = "UPDATE outbox_errand SET state = 'done', done_at = now(), lease = NULL, lease_until = NULL WHERE id = %s"


def measure(ground: Ground) -> list[Figure]:
    """In the database with a million letters and its half million errands of the past."""
    found = ground.measure("tests.bench.outbox", "large")
    ours, peer = found["ours"], found["peer"]
    return [
        Figure("errands claimed and finished", "/s", ours, "two statements by hand", peer, ours / peer, at_least=0.2)
    ]


def main() -> None:
    """Both ways in turns."""
    django.setup()
    import_module("portal.config.celery")
    from django.db import connection, transaction

    from portal.outbox import commands

    def fill() -> None:
        with transaction.atomic():
            commands.put_many("letters.decide", [(uuid.uuid4(), None) for _ in range(ERRANDS)])

    def by_us() -> None:
        while errands := commands.claim("letters", 1):
            commands.finish(errands[0])

    def by_hand() -> None:
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM)
            while row := cursor.fetchone():
                cursor.execute(_DONE, row)
                cursor.execute(_CLAIM)

    rates: dict[Callable[[], None], list[float]] = {by_us: [], by_hand: []}
    by_us()
    for _ in range(ROUNDS):
        for way in (by_us, by_hand):
            fill()
            began = time.perf_counter()
            way()
            rates[way].append(ERRANDS / (time.perf_counter() - began))
    medians = {"ours": statistics.median(rates[by_us]), "peer": statistics.median(rates[by_hand])}
    sys.stdout.write(json.dumps(medians) + "\n")


if __name__ == "__main__":
    main()
