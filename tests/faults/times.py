"""A thousand clients fight for a hundred times, with rebooking mixed in: nobody gets another's, and none is lost.

`python -m tests.faults.times`. Threads with connections of their own hold, book, move, cancel and walk away, as the
pages do and within the same reach of row-level security; others bring the requests to a record system that says no to
some and drops its reply to others, while the sweep runs. In the end every time is either somebody's or offered, and
every patient who had an appointment still has it, where the hospital last said yes to. FAULTS_CLIENTS says how many.
"""

import os
import random
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from uuid import UUID, uuid4

from django.db import connection, connections, transaction

from tests.faults.ready import prepare
from tests.faults.telling import say, show, show_table

if TYPE_CHECKING:
    from appointments.models import Appointment

CLIENTS = 1000
TIMEBOOKS, TIMES_IN_EACH = 5, 20
HANDS, COURIERS = 6, 2
EXPECTED = ("Taken", "Lapsed", "TooManyHolds", "AlreadyAsked")
TRIES = 2


@dataclass
class Field:
    """Where they fight: the times, who has an appointment to begin with, and what happened."""

    seed: str
    times: list[UUID] = field(default_factory=list)
    people: list[UUID] = field(default_factory=list)
    had: dict[UUID, UUID] = field(default_factory=dict)
    winners: list[UUID] = field(default_factory=list)
    said: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)
    over: threading.Event = field(default_factory=threading.Event)

    def note(self, word: str) -> None:
        """Count one thing that happened."""
        with self.lock:
            self.said[word] += 1

    @property
    def troubles(self) -> dict[str, int]:
        """What nobody should be told."""
        return {word: n for word, n in self.said.items() if word.startswith("!")}


class Hospital:
    """Says no to one request in eight, and drops its reply to as many; files each key once."""

    def __init__(self, seed: str) -> None:
        self.rng, self.lock = random.Random(f"{seed}-hospital"), threading.Lock()
        self.filed: set[str] = set()
        self.no: set[str] = set()

    def deliver(self, key: str, _resource: object) -> Any:
        """As the real one answers."""
        from portal.counterparts.errors import Refused, UnknownOutcome
        from portal.counterparts.health_record import DeliveredResource

        with self.lock:
            chance = self.rng.random()
            known = key in self.filed
            if key in self.no or (not known and chance < 1 / 8):
                self.no.add(key)
                raise Refused("slot_busy")
            self.filed.add(key)
            if not known and chance > 7 / 8:
                raise UnknownOutcome("read_timeout")
        return DeliveredResource(f"J-{key}", duplicate=known)


def run(clients: int, seed: str) -> bool:
    """Fight; True when nothing was doubled, lost or broken."""
    show(f"seed {seed}, {clients} clients, {TIMEBOOKS * TIMES_IN_EACH} times")
    with TemporaryDirectory(prefix="dis-portal-times-") as name:
        running = prepare(Path(name))
        try:
            ground = _lay_out(clients, seed)
            say(f"{len(ground.had)} of them have an appointment to begin with")
            began = time.monotonic()
            hospital = Hospital(seed)
            with patch("appointments.delivery.health_record", lambda: hospital):
                _fight(ground)
                say(f"fought for {time.monotonic() - began:.0f} s")
                _let_the_hospital_answer(ground)
            return _report(ground, time.monotonic() - began)
        finally:
            connections.close_all()
            running.discard()


def _lay_out(clients: int, seed: str) -> Field:
    from portal.kernel import clock
    from tests.appointments import at_hand

    import_module("portal.config.celery")
    ground = Field(seed)
    start = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=30)
    with transaction.atomic():
        books = [at_hand.schedule() for _ in range(TIMEBOOKS)]
        ground.times = [each.pk for book in books for each in at_hand.slots(book, TIMES_IN_EACH, start=start)]
    for n in range(clients):
        with transaction.atomic():
            who = at_hand.person(name=f"Client {n}", active=False)
            ground.people.append(who.pk)
            if n % 4 == 0:
                mine = at_hand.appointment(who, books[n % TIMEBOOKS], start + timedelta(days=20, minutes=n))
                ground.had[who.pk] = mine.pk
    return ground


def _fight(ground: Field) -> None:
    threads = [threading.Thread(target=_courier, args=(ground,)) for _ in range(COURIERS)]
    threads.append(threading.Thread(target=_sweeper, args=(ground,)))
    for each in threads:
        each.start()
    try:
        with ThreadPoolExecutor(HANDS) as pool:
            list(pool.map(lambda n: _clients(ground, n), range(HANDS)))
    finally:
        ground.over.set()
        for each in threads:
            each.join()


def _clients(ground: Field, hand: int) -> None:
    rng = random.Random(f"{ground.seed}-{hand}")
    try:
        for who in ground.people[hand::HANDS]:
            for _ in range(TRIES):
                if _guarded(ground, partial(_try, ground, who, rng)):
                    break
            if ground.winners and rng.random() < 0.5:
                _guarded(ground, partial(_come_back, ground, rng.choice(ground.winners), rng))
    finally:
        connection.close()


def _guarded(ground: Field, deed: Any) -> bool:
    """What a page would say; anything that is not expected is a broken page."""
    try:
        word = deed()
    except Exception as error:
        name = type(error).__name__
        ground.note(name if name in EXPECTED else f"! {name}: {error}"[:120])
        return False
    ground.note(word)
    return True


def _try(ground: Field, who: UUID, rng: random.Random, *, again: bool = False) -> str:
    """One visit: choose a time, and confirm it, let it go, or walk away."""
    from appointments.commands import booking, holding, moving
    from appointments.models import Appointment
    from portal.kernel import reach
    from tests.appointments import at_hand

    with reach.one_patient(f"citizen:{who}", who):
        rows = Appointment.objects.filter(status="booked").values_list("pk", flat=True)
        mine = rows.first() if who in ground.had or again else None
        grip = holding.hold(slot_id=rng.choice(ground.times), eyes=at_hand.eyes(who), appointment_id=mine)
        chance = rng.random()
        if chance < 0.1:
            holding.let_go(reservation_id=grip.pk, eyes=at_hand.eyes(who))
            return "let go"
        if chance < 0.2:
            at_hand.lapse_now(grip)
            return "walked away"
        confirm = booking.book if mine is None else moving.move
        confirm(reservation_id=grip.pk, key=uuid4(), eyes=at_hand.eyes(who))
        ground.winners.append(who)
        return "asked to book" if mine is None else "asked to move"


def _come_back(ground: Field, who: UUID, rng: random.Random) -> str:
    """Who has got a time comes back: to have another one instead, or to give it up."""
    from appointments.commands import cancelling
    from appointments.models import Appointment
    from portal.kernel import reach
    from tests.appointments import at_hand

    if who in ground.had or rng.random() < 0.5:
        return _try(ground, who, rng, again=True)
    with reach.one_patient(f"citizen:{who}", who):
        mine = Appointment.objects.filter(status="booked").first()
        if mine is None:
            return "came back before the hospital had answered"
        cancelling.cancel(appointment_id=mine.pk, key=uuid4(), eyes=at_hand.eyes(who), reason="cannot_come")
        return "asked to cancel"


def _courier(ground: Field) -> None:
    from portal.outbox.work import work

    try:
        while not ground.over.wait(0.05):
            work("hospital", seconds=1)
    finally:
        connection.close()


def _sweeper(ground: Field) -> None:
    from appointments.commands import lapsing
    from portal.kernel import reach

    try:
        while not ground.over.wait(0.3):
            with reach.everyone("job:appointments.lapse"):
                _guarded(ground, lambda: f"swept {'some' if lapsing.lapse() else 'none'}")
    finally:
        connection.close()


def _let_the_hospital_answer(ground: Field) -> None:
    """Everything that still waits is brought and answered; what lapsed is put away."""
    from appointments.commands import lapsing
    from appointments.models import Reservation
    from portal.kernel import clock
    from portal.outbox.models import Errand
    from portal.outbox.work import work
    from tests.appointments import at_hand

    while (waiting := Errand.objects.filter(kind="appointments.tell_hospital", state="waiting")).exists():
        waiting.update(run_after=clock.now())
        work("hospital", seconds=5)
    at_hand.lapse_now(*Reservation.objects.filter(state="held"))
    lapsing.lapse()


def _report(ground: Field, seconds: float) -> bool:
    """Look at every time and every appointment; then let fresh patients have every time that is offered."""
    wrong = {
        "appointments lost or doubled": _wrong_appointments(ground),
        "times with two patients": _doubled(),
        "times that are neither offered nor anybody's": _lost(ground),
        "unexpected errors": sum(ground.troubles.values()),
    }
    for trouble, n in ground.troubles.items():
        show(f"{n} x {trouble}")
    rows: list[tuple[str, object]] = [(word, n) for word, n in sorted(ground.said.items())]
    show_table("Times", [*rows, ("seconds", round(seconds)), *wrong.items()])
    return not any(wrong.values())


def _wrong_appointments(ground: Field) -> int:
    """Who had one has that one still, at the time the hospital last said yes to, and so has everyone else."""
    from appointments.models import Appointment, Request

    wrong = 0
    booked = {each.pk: each for each in Appointment.objects.filter(status="booked")}
    wrong += sum(each not in booked for each in ground.had.values())
    wrong += Appointment.objects.filter(status="proposed").count()
    for mine in booked.values():
        yes = Request.objects.filter(appointment=mine, state="accepted", kind__in=["book", "move"])
        last = yes.order_by("-answered_at").select_related("reservation").first()
        wrong += last is not None and not _is_at(mine, last)
    return wrong


def _is_at(mine: "Appointment", last: Any) -> bool:
    return bool(mine.start == last.reservation.start and last.reservation.state == "booked")


def _doubled() -> int:
    query = """SELECT count(*) FROM appointments_appointment a JOIN appointments_appointment b
               ON a.slot_id = b.slot_id AND a.id < b.id WHERE a.status = 'booked' AND b.status = 'booked'"""
    with connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    return int(row[0])


def _lost(ground: Field) -> int:
    """Each time that nobody has can be had by the next who comes; afterwards every one is somebody's."""
    from appointments.models import Appointment, Claim, Reservation
    from tests.appointments import at_hand

    with transaction.atomic():
        late = [at_hand.person(name="Late", active=False) for _ in range(len(ground.times))]
    kept = set(Appointment.objects.filter(status="booked").values_list("slot_id", flat=True))
    for who, time_id in zip(late, [each for each in ground.times if each not in kept], strict=False):
        _guarded(ground, partial(_come_late, who.pk, time_id))
    gripped = set(Reservation.objects.filter(state__in=["held", "booked"]).values_list("slot_id", flat=True))
    claimed = set(Claim.objects.values_list("slot_id", flat=True))
    at_hand.twins()
    return len(set(ground.times) - (gripped & claimed))


def _come_late(who: UUID, time_id: UUID) -> str:
    from appointments.commands import holding
    from tests.appointments import at_hand

    holding.hold(slot_id=time_id, eyes=at_hand.eyes(who))
    return "had by whoever came late"


if __name__ == "__main__":
    how_many = int(os.environ.get("FAULTS_CLIENTS", CLIENTS))
    went_well = run(how_many, os.environ.get("FAULTS_SEED", str(random.randrange(10**6))))
    sys.exit(0 if went_well else 1)
