"""What a free time costs: finding it, and getting it while others want the same.

The peer of a search is the same times by bare SQL, without rules, and without asking if the patient is busy then. The
peer of a booking is the least that PostgreSQL can do to settle who gets a time: one INSERT ... ON CONFLICT DO NOTHING
in a transaction of its own, by as many connections, for the same times of the same table. A booking is two
transactions (held, then confirmed) with the rules, history, audit and errand: some thirty statements for who gets it,
thirteen for who does not. The limits are twice what was measured when they were set (6.4 and 0.022).
"""

import json
import statistics
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import django

from tests.bench.figures import Figure
from tests.bench.ground import Ground

if TYPE_CHECKING:
    from appointments.models import Slot

CONNECTIONS = 4
WANTED_BY = 3
TIMES = 60
ROUNDS = 5
BOOKS, IN_EACH = 40, 400
SEARCHES = 40
_FREE = """
SELECT s.* FROM appointments_slot s JOIN appointments_schedule b ON b.id = s.schedule_id
WHERE s.schedule_id = %s AND s.state = 'free' AND s.start >= %s AND s.start < %s AND NOT EXISTS (
    SELECT 1 FROM appointments_claim c
    WHERE c.exclusive AND c.resource = b.resource AND c.during && tstzrange(s.start, s."end"))
ORDER BY s.start LIMIT 400
"""
_TAKE = """
INSERT INTO appointments_claim (id, resource, slot_id, during, exclusive)
VALUES (%s, %s, %s, tstzrange(%s, %s), true) ON CONFLICT DO NOTHING
"""


def measure(ground: Ground) -> list[Figure]:
    """Among sixteen thousand times, half of them taken."""
    found = ground.measure("tests.bench.slots", "base")
    search, bare = found["search_ms"], found["bare_ms"]
    ours, peer = found["bookings"], found["inserts"]
    return [
        Figure("a week of free times, by the rules", "ms", search, "by bare SQL", bare, search / bare, at_most=13.0),
        Figure(
            f"tries for times, {WANTED_BY} for each",
            "/s",
            ours,
            "INSERT ON CONFLICT",
            peer,
            ours / peer,
            at_least=0.01,
        ),
    ]


def main() -> None:
    """Measure here."""
    django.setup()
    import_module("portal.config.celery")
    _fill()
    sys.stdout.write(json.dumps(_searches() | _bookings()) + "\n")


def _fill() -> None:
    """Timebøker with a year's times, every second one taken."""
    from django.db import transaction

    from appointments.models import Claim, Slot
    from portal.kernel import clock
    from tests.appointments import at_hand

    start = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    with transaction.atomic():
        for _ in range(BOOKS):
            book = at_hand.schedule()
            rows = [
                Slot(
                    source="dips",
                    source_key=f"urn:ietf:rfc:3986|urn:uuid:{uuid4()}",
                    schedule=book,
                    start=start + timedelta(minutes=30 * n),
                    end=start + timedelta(minutes=30 * (n + 1)),
                    state="free",
                    sent_at=clock.now(),
                )
                for n in range(IN_EACH)
            ]
            Slot.objects.bulk_create(rows)
            Claim.objects.bulk_create(
                Claim(pk=uuid4(), resource=book.resource, slot=each, during=(each.start, each.end))
                for each in rows[::2]
            )


def _searches() -> dict[str, float]:
    from django.db import connection, transaction

    from appointments.models import Schedule
    from appointments.queries.free_times import offered
    from portal.kernel import clock
    from tests.appointments import at_hand

    with transaction.atomic():
        who = at_hand.person(name="Kari Nordli")
    books = list(Schedule.objects.order_by("pk").values_list("pk", flat=True))
    first = clock.today()
    last = first + timedelta(days=6)

    def ours(book: UUID) -> int:
        return len(offered(at_hand.eyes(who.pk), schedule_id=book, first=first, last=last))

    def bare(book: UUID) -> int:
        with connection.cursor() as cursor:
            cursor.execute(_FREE, [book, clock.now(), datetime.combine(last + timedelta(days=1), datetime.min.time())])
            return len(cursor.fetchall())

    took: dict[Callable[[UUID], int], list[float]] = {ours: [], bare: []}
    for n in range(SEARCHES):
        for way, times in took.items():
            began = time.perf_counter()
            found = way(books[n % BOOKS])
            times.append(time.perf_counter() - began)
            assert found > 100, found
    return {
        "search_ms": statistics.median(took[ours]) * 1000,
        "bare_ms": statistics.median(took[bare]) * 1000,
    }


def _bookings() -> dict[str, float]:
    """Both ways in turns, each round with times that nobody has touched."""
    rates: dict[str, list[float]] = {"bookings": [], "inserts": []}
    for n in range(ROUNDS + 1):
        for name, way in (("bookings", _book), ("inserts", _insert)):
            times, crowd = _fresh(TIMES if name == "bookings" else TIMES * 5)
            rate = _contend(times, crowd, way)
            if n:
                rates[name].append(rate)
    return {name: statistics.median(found) for name, found in rates.items()}


def _fresh(count: int) -> tuple[list["Slot"], list[UUID]]:
    from django.db import transaction

    from portal.kernel import clock
    from tests.appointments import at_hand

    start = clock.now().replace(microsecond=0) + timedelta(days=60)
    with transaction.atomic():
        crowd = [at_hand.person(active=False).pk for _ in range(min(count, TIMES) * WANTED_BY)]
        return at_hand.slots(at_hand.schedule(), count, start=start), crowd


def _contend(times: list["Slot"], crowd: list[UUID], way: Callable[["Slot", UUID], bool]) -> float:
    """Tries a second: each time is wanted by some, at nearly the same moment, and exactly one of them gets it."""
    from django.db import connection

    tries = [(each, crowd[(n * WANTED_BY + m) % len(crowd)]) for n, each in enumerate(times) for m in range(WANTED_BY)]
    shares = [tries[n::CONNECTIONS] for n in range(CONNECTIONS)]
    gate = threading.Barrier(CONNECTIONS + 1)

    def hand(share: list[tuple["Slot", UUID]]) -> int:
        connection.ensure_connection()
        gate.wait()
        try:
            return sum(way(*each) for each in share)
        finally:
            connection.close()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        running = [pool.submit(hand, share) for share in shares]
        gate.wait()
        began = time.perf_counter()
        got = sum(each.result() for each in running)
        took = time.perf_counter() - began
    assert got == len(times), (got, len(times))
    return len(tries) / took


def _book(wanted: "Slot", who: UUID) -> bool:
    from appointments.commands import booking, holding
    from tests.appointments import at_hand

    try:
        grip = holding.hold(slot_id=wanted.pk, eyes=at_hand.eyes(who))
    except holding.Taken:
        return False
    booking.book(reservation_id=grip.pk, key=uuid4(), eyes=at_hand.eyes(who))
    return True


def _insert(wanted: "Slot", _who: UUID) -> bool:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [uuid4(), wanted.schedule.resource, wanted.pk, wanted.start, wanted.end])
        return bool(cursor.rowcount == 1)


if __name__ == "__main__":
    main()
