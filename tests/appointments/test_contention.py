"""Many at once, by real threads with connections of their own: PostgreSQL settles who gets a time."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import pairwise
from uuid import uuid4

import pytest
from django.db import connection, transaction

from appointments.commands import booking, cancelling, holding, lapsing, moving
from appointments.commands.holding import Taken
from appointments.models import Appointment, Claim, Request, Reservation, Slot
from portal.kernel import clock
from portal.people.models import Person
from tests.appointments import at_hand
from tests.appointments.at_hand import DAY, NOW, appointment, eyes, schedule, slot, slots

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 10
"""Connections at one time where a test does not say how many."""


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


def people(count: int) -> list[Person]:
    with transaction.atomic():
        return [at_hand.person(name=f"Person {n}", active=False) for n in range(count)]


def all_at_once(deeds: Sequence[Callable[[], str]], threads: int = AT_ONCE) -> Counter[str]:
    """Let the deeds run in so many threads; what each said, or the name of the error it ended in."""
    threads = min(threads, len(deeds))
    gate = threading.Barrier(threads)

    def run(share: Sequence[Callable[[], str]]) -> list[str]:
        gate.wait()
        said = []
        try:
            for deed in share:
                try:
                    said.append(deed())
                except Exception as error:
                    said.append(type(error).__name__)
        finally:
            connection.close()
        return said

    with ThreadPoolExecutor(threads) as pool:
        shares = [deeds[n::threads] for n in range(threads)]
        return Counter(word for said in pool.map(run, shares) for word in said)


def hold_and_book(who: Person, wanted: Slot) -> str:
    mine = holding.hold(slot_id=wanted.pk, eyes=eyes(who.pk))
    booking.book(reservation_id=mine.pk, key=uuid4(), eyes=eyes(who.pk))
    return "booked"


def test_fifty_want_one_time_and_exactly_one_gets_it() -> None:
    """Scenario 1."""
    wanted = slot(schedule())
    said = all_at_once([partial(hold_and_book, who, wanted) for who in people(50)], 50)
    assert said == {"booked": 1, "Taken": 49}
    assert (Appointment.objects.count(), Claim.objects.count(), Request.objects.count()) == (1, 1, 1)
    at_hand.twins()


def test_thirty_want_a_place_in_a_group_of_eight() -> None:
    """Scenario 5."""
    wanted = slot(schedule(), capacity=8)
    said = all_at_once([partial(hold_and_book, who, wanted) for who in people(30)], 30)
    assert said == {"booked": 8, "Taken": 22}
    assert Claim.objects.filter(slot=wanted).count() == Reservation.objects.filter(state="booked").count() == 8
    at_hand.twins()


def test_one_form_sent_by_many_threads_is_one_appointment() -> None:
    """Scenario 2, as impatient as can be."""
    [who] = people(1)
    key, mine = uuid4(), at_hand.held(who, slot(schedule()))

    def confirm() -> str:
        return str(booking.book(reservation_id=mine.pk, key=key, eyes=eyes(who.pk)).pk)

    assert list(all_at_once([confirm] * 20).values()) == [20]
    assert Appointment.objects.count() == 1


def test_one_form_of_a_cancellation_is_one_request() -> None:
    [who] = people(1)
    key, mine = uuid4(), appointment(who)

    def cancel() -> str:
        asked = cancelling.cancel(appointment_id=mine.pk, key=key, eyes=eyes(who.pk), reason="ill")
        return str(asked.pk)

    assert list(all_at_once([cancel] * 20).values()) == [20]


def test_one_patient_in_many_windows_holds_two_times_and_no_more() -> None:
    [who] = people(1)
    wanted = slots(schedule(), 12)

    def hold(one: Slot) -> str:
        holding.hold(slot_id=one.pk, eyes=eyes(who.pk))
        return "held"

    said = all_at_once([partial(hold, one) for one in wanted])
    assert said == {"held": 2, "TooManyHolds": 10}


def test_overlapping_times_of_one_clinician_from_both_sides_never_deadlock() -> None:
    """Long and short times, and a group, all of one resource; each is wanted by several at the same moment."""
    resource = uuid4()
    long = slots(schedule(resource=resource), 4, minutes=60)
    short = slots(schedule(resource=resource), 12, minutes=20)
    group = [slot(schedule(resource=resource), DAY + timedelta(minutes=90), minutes=30, capacity=3)]
    crowd = people(34)
    wanted = [*long, *short, *group, *reversed(short), *reversed(long), *group]
    said = all_at_once([partial(hold_and_book, who, one) for who, one in zip(crowd, wanted, strict=True)])
    assert set(said) == {"booked", "Taken"}
    claims = list(Claim.objects.order_by("during"))
    for one, other in pairwise(claims):
        assert one.during.upper <= other.during.lower or one.slot_id == other.slot_id == group[0].pk
    at_hand.twins()


def test_a_lapsed_hold_is_taken_over_by_one_while_the_sweep_runs() -> None:
    wanted = slot(schedule())
    first, *crowd = people(21)
    at_hand.lapse_now(at_hand.held(first, wanted))

    def sweep() -> str:
        lapsing.lapse()
        return "swept"

    deeds: list[Callable[[], str]] = [partial(hold_and_book, who, wanted) for who in crowd]
    said = all_at_once([deeds[0], sweep, *deeds[1:10], sweep, *deeds[10:]])
    assert said == {"booked": 1, "Taken": 19, "swept": 2}
    lapsing.lapse()
    at_hand.twins()


def test_two_who_swap_into_each_others_times_lose_nothing() -> None:
    """Everybody moves at once to a time that somebody else still has: all are told no, and all keep what they had."""
    book = schedule()
    theirs = slots(book, 6)
    crowd = people(6)
    with transaction.atomic():
        for who, one in zip(crowd, theirs, strict=True):
            hold_and_book(who, one)
    with at_hand.record_system():
        for request in Request.objects.all():
            at_hand.deliver(request)

    def swap(n: int) -> str:
        mine = Appointment.objects.get(person=crowd[n])
        grip = holding.hold(slot_id=theirs[(n + 1) % 6].pk, eyes=eyes(crowd[n].pk), appointment_id=mine.pk)
        moving.move(reservation_id=grip.pk, key=uuid4(), eyes=eyes(crowd[n].pk))
        return "moved"

    said = all_at_once([partial(swap, n) for n in range(6)])
    assert said == {Taken.__name__: 6}
    rows = Appointment.objects.order_by("start").values_list("start", flat=True)
    assert list(rows) == [each.start for each in theirs]
    at_hand.twins()
