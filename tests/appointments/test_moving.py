"""Moving an appointment: the old time stands until the new one counts, whatever happens on the way."""

from collections.abc import Iterator
from datetime import UTC, timedelta
from uuid import UUID, uuid4

import pytest
from django.http import Http404

from appointments import announcements
from appointments.commands import answering, claims, moving
from appointments.commands.moving import AlreadyAsked, Lapsed, NotAllowed, TooLate
from appointments.models import Appointment, AppointmentLine, Claim, Reminder, Request, Reservation
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people.models import Person
from tests.appointments import at_hand
from tests.appointments.at_hand import (
    DAY,
    NOW,
    appointment,
    deliver,
    eyes,
    held,
    on_offer,
    record_system,
    schedule,
    slot,
    slots,
)

pytestmark = pytest.mark.django_db
STAFF = Actor("staff", str(uuid4()))


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def kari() -> Person:
    return at_hand.person(name="Kari Nordli")


@pytest.fixture
def moved_signals() -> Iterator[list[UUID]]:
    heard: list[UUID] = []

    def hear(appointment_id: UUID, **_more: object) -> None:
        heard.append(appointment_id)

    announcements.moved.connect(hear)
    yield heard
    announcements.moved.disconnect(hear)


def move(who: Person, mine: Appointment, to: object, key: UUID | None = None) -> Request:
    grip = held(who, to, appointment_id=mine.pk)  # type: ignore[arg-type]  # a slot
    return moving.move(reservation_id=grip.pk, key=key or uuid4(), eyes=eyes(who.pk))


def test_both_times_are_the_patients_until_the_yes(kari: Person, moved_signals: list[UUID]) -> None:
    book = schedule()
    mine = appointment(kari, book, confirmed_at=NOW)
    old_start = DAY + timedelta(days=2)
    claims.occupy(claim_id=mine.pk, resource=book.resource, start=old_start, end=old_start + timedelta(minutes=30))
    wanted = slot(book)
    request = move(kari, mine, wanted)
    mine.refresh_from_db()
    assert (mine.start, request.state, moved_signals) == (old_start, "waiting", [])
    assert Claim.objects.count() == 2
    with record_system():
        deliver(request)
    mine.refresh_from_db()
    assert (mine.start, mine.end, mine.sequence, mine.confirmed_at) == (wanted.start, wanted.end, 1, None)
    assert (mine.slot_id, mine.schedule_id, mine.status) == (wanted.pk, book.pk, "booked")
    assert [each.slot_id for each in Claim.objects.all()] == [wanted.pk], "the hospital's grip on the old time is gone"
    assert moved_signals == [mine.pk]
    assert Reminder.objects.filter(kind="moved", sequence=1).count() == 1
    line = AppointmentLine.objects.get(kind="appointment.move")
    assert line.details == {"from": old_start.astimezone(UTC).isoformat(), "to": wanted.start.isoformat()}


def test_a_to_b_to_c_is_one_appointment_with_a_chain_that_reads_both_ways(kari: Person) -> None:
    """Scenario 6."""
    book = schedule()
    b, c = slots(book, 2)
    mine = appointment(kari, book)
    with record_system():
        for to in (b, c):
            deliver(move(kari, mine, to))
    assert Appointment.objects.count() == 1
    mine.refresh_from_db()
    assert (mine.start, mine.sequence) == (c.start, 2)
    second, first = Reservation.objects.get(slot=c), Reservation.objects.get(slot=b)
    assert (second.replaces_id, first.replaces_id, first.state, second.state) == (first.pk, None, "released", "booked")
    assert list(first.replaced_by.all()) == [second]
    lines = AppointmentLine.objects.filter(kind="appointment.move").order_by("id")
    told = [(each.details["from"], each.details["to"]) for each in lines]
    assert told[0][1] == told[1][0] == b.start.isoformat()
    at_hand.twins()


def test_a_no_leaves_the_old_time_untouched_and_nothing_says_that_it_moved(
    kari: Person, moved_signals: list[UUID]
) -> None:
    """Scenario 7, as the record system sees it."""
    book = schedule()
    mine, wanted = appointment(kari, book), slot(book)
    before = Appointment.objects.filter(pk=mine.pk).values().get()
    request = move(kari, mine, wanted)
    with record_system(mode="reject"):
        deliver(request)
    assert (request.state, request.answer) == ("refused", "slot_busy")
    assert Appointment.objects.filter(pk=mine.pk).values().get() == before
    assert Reservation.objects.get().state == "released"
    assert not Claim.objects.exists()
    assert moved_signals == []
    assert list(Reminder.objects.values_list("kind", flat=True)).count("moved") == 0
    assert Reminder.objects.filter(kind="answered").count() == 1
    assert on_offer(kari, appointment=mine) == [wanted.pk]


def test_a_time_taken_meanwhile_leaves_the_old_one_and_sends_nothing(kari: Person) -> None:
    """Scenario 7: B is taken between the list and the choice, or the hold has lapsed."""
    book = schedule()
    mine, wanted = appointment(kari, book), slot(book)
    before = Appointment.objects.filter(pk=mine.pk).values().get()
    grip = held(kari, wanted, appointment_id=mine.pk)
    at_hand.lapse_now(grip)
    held(at_hand.person(), wanted)
    with pytest.raises(Lapsed):
        moving.move(reservation_id=grip.pk, key=uuid4(), eyes=eyes(kari.pk))
    assert Appointment.objects.filter(pk=mine.pk).values().get() == before
    assert not Reminder.objects.exists()
    assert not Request.objects.exists()


def test_the_same_form_twice_is_one_request(kari: Person) -> None:
    book = schedule()
    mine, key = appointment(kari, book), uuid4()
    grip = held(kari, slot(book), appointment_id=mine.pk)
    made = [moving.move(reservation_id=grip.pk, key=each, eyes=eyes(kari.pk)).pk for each in (key, key, uuid4())]
    assert made == [made[0]] * 3


def test_another_move_waits_for_the_answer_to_the_first(kari: Person) -> None:
    book = schedule()
    one, two = slots(book, 2)
    mine = appointment(kari, book)
    first = held(kari, one, appointment_id=mine.pk)
    second = held(kari, two, appointment_id=mine.pk)
    moving.move(reservation_id=first.pk, key=uuid4(), eyes=eyes(kari.pk))
    with pytest.raises(AlreadyAsked):
        moving.move(reservation_id=second.pk, key=uuid4(), eyes=eyes(kari.pk))


def test_what_has_changed_since_it_was_held_counts(kari: Person) -> None:
    book = schedule()
    mine = appointment(kari, book)
    grip = held(kari, slot(book), appointment_id=mine.pk)
    Appointment.objects.update(flags=[])
    with pytest.raises(NotAllowed):
        moving.move(reservation_id=grip.pk, key=uuid4(), eyes=eyes(kari.pk))
    Appointment.objects.update(flags=["canChangeAppointment"])
    with clock.stopped_at(DAY + timedelta(hours=25)), pytest.raises(TooLate):
        moving.move(reservation_id=grip.pk, key=uuid4(), eyes=eyes(kari.pk))


def test_a_hold_that_is_no_move_or_not_ones_own_is_not_there(kari: Person) -> None:
    book = schedule()
    mine = appointment(kari, book)
    for_booking = held(kari, slot(book))
    with pytest.raises(Http404):
        moving.move(reservation_id=for_booking.pk, key=uuid4(), eyes=eyes(kari.pk))
    for_moving = held(kari, slot(book, DAY + timedelta(hours=5)), appointment_id=mine.pk)
    ola = at_hand.person()
    at_hand.families.fullmakt(kari, ola)
    with pytest.raises(Http404):
        moving.move(reservation_id=for_moving.pk, key=uuid4(), eyes=eyes(ola.pk, kari.pk))


def test_who_the_patient_was_to_meet_is_forgotten_where_another_is_booked(kari: Person) -> None:
    book, other = schedule(), schedule()
    with record_system():
        same = appointment(kari, book, practitioner="Ada Vik")
        deliver(move(kari, same, slot(book)))
        elsewhere = appointment(kari, book, DAY + timedelta(days=4), practitioner="Ada Vik")
        deliver(move(kari, elsewhere, slot(other, DAY + timedelta(hours=4))))
    same.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (same.practitioner, elsewhere.practitioner) == ("Ada Vik", "")


def test_the_hospitals_own_word_of_the_move_may_come_before_its_answer(kari: Person) -> None:
    book = schedule()
    mine, wanted = appointment(kari, book), slot(book)
    request = move(kari, mine, wanted)
    Appointment.objects.update(start=wanted.start, end=wanted.end, sequence=1)
    with record_system():
        deliver(request)
    mine.refresh_from_db()
    assert (mine.sequence, mine.slot_id, request.state) == (1, wanted.pk, "accepted")
    assert not Reminder.objects.exists(), "the hospital's word was told when it came"


@pytest.mark.parametrize("status", ["fulfilled", "noshow"])
def test_a_yes_to_what_can_no_longer_move_gives_the_new_time_back(kari: Person, status: str) -> None:
    book = schedule()
    mine = appointment(kari, book)
    request = move(kari, mine, slot(book))
    Appointment.objects.update(status=status)
    with record_system():
        deliver(request)
    assert (request.state, request.answer) == ("refused", "overtaken")
    assert not Claim.objects.exists()


def test_an_old_word_from_before_the_move_cannot_undo_it(kari: Person) -> None:
    book = schedule()
    mine = appointment(kari, book, sent_at=NOW - timedelta(days=30))
    with record_system():
        deliver(move(kari, mine, slot(book)))
    mine.refresh_from_db()
    assert mine.sent_at == NOW - timedelta(minutes=1)


def test_a_person_can_settle_what_could_not_be_handed_over(kari: Person) -> None:
    book = schedule()
    mine, wanted = appointment(kari, book), slot(book)
    request = move(kari, mine, wanted)
    answering.fail(request_id=request.pk, code="poison")
    answering.fail(request_id=request.pk, code="poison")
    request.refresh_from_db()
    assert request.state == "failed"
    with pytest.raises(AlreadyAsked):
        held(kari, slot(book, DAY + timedelta(hours=3)), appointment_id=mine.pk)
    answering.accept(request_id=request.pk, by=STAFF, answer="Velkommen")
    request.refresh_from_db()
    mine.refresh_from_db()
    assert (request.state, request.answered_by, request.answer) == ("accepted", UUID(STAFF.id), "Velkommen")
    assert mine.start == wanted.start
