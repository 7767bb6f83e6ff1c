"""A clinic cancels a day: everybody that day, once each, with a reason, whatever happens in the middle of it."""

from collections.abc import Iterator
from datetime import date, timedelta
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest

from appointments.codes import END_OF_WAIT
from appointments.commands import booking, clinic_day, ending, history, moving
from appointments.commands.clinic_day import DayRefused, cancel_day
from appointments.commands.permission import Taken
from appointments.delivery import NotDelivered
from appointments.fhir_out import identifier_of
from appointments.models import Appointment, AppointmentLine, Claim, Reminder, Request, Reservation, Slot
from appointments.states import AppointmentEvent, Asked, Reserved, Status
from portal.audit.models import AuditRow
from portal.counterparts.errors import CounterpartDown, Refused, UnknownOutcome
from portal.kernel import clock
from portal.kernel.actor import Actor, system
from portal.outbox import registry
from portal.outbox.models import Errand
from tests.appointments import at_hand
from tests.appointments.at_hand import DAY, NOW, Killed, appointment, eyes, held, oslo, schedule, slot, slots

pytestmark = pytest.mark.django_db
ANNE = Actor("staff", str(uuid4()))
THAT_DAY = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


def cancel(day: date = THAT_DAY, *, resource: UUID | None = None) -> int:
    return cancel_day(
        unit_id=at_hand.unit().pk, day=day, reason_system=END_OF_WAIT, reason="9", by=ANNE, resource=resource
    )


def carry_out(kind: str = clinic_day.ERRAND) -> None:
    """What the workers do with every errand that waits."""
    for errand in Errand.objects.filter(kind=kind, state=Errand.State.WAITING).order_by("pk"):
        registry.kind(kind).handler(errand.subject)
        Errand.objects.filter(pk=errand.pk).update(state=Errand.State.DONE, done_at=clock.now())


def patients(count: int) -> list[Appointment]:
    book = schedule()
    start = oslo(2026, 12, 1, 8)
    return [appointment(at_hand.person(), book, start + timedelta(minutes=15 * n)) for n in range(count)]


def test_scenario_8_forty_patients_are_cancelled_with_a_reason_and_forty_are_told() -> None:
    those = patients(40)
    other_day = appointment(at_hand.person(), None, oslo(2026, 12, 2, 8))
    assert cancel() == 40
    carry_out()
    rows = Appointment.objects.filter(pk__in=[each.pk for each in those])
    assert set(rows.values_list("status", "cancel_reason_system", "cancel_reason", "cancelled_by")) == {
        (Status.CANCELLED, END_OF_WAIT, "9", "hospital")
    }
    told = Reminder.objects.filter(kind=Reminder.Kind.CANCELLED)
    assert sorted(told.values_list("appointment", flat=True)) == sorted(each.pk for each in those)
    other_day.refresh_from_db()
    assert other_day.status == Status.BOOKED
    line = AppointmentLine.objects.filter(appointment=those[0], kind="appointment.cancel").get()
    assert (line.actor_id, line.cause) == (ANNE.id, clinic_day.CAUSE)
    assert AuditRow.objects.get(action="clinic_day.cancel").details["count"] == 40
    assert AuditRow.objects.filter(action="appointment.cancel", actor_id=ANNE.id).count() == 40


def test_a_crash_anywhere_costs_nothing_and_nobody_is_told_twice() -> None:
    those = patients(6)
    cancel()
    real, calls = ending.end, iter(range(100))

    def dies_on_the_third(*args: object, **words: object) -> None:
        real(*args, **words)  # type: ignore[arg-type]  # handed on as it came
        if next(calls) == 2:
            raise Killed

    with patch("appointments.commands.clinic_day.ending.end", dies_on_the_third), pytest.raises(Killed):
        carry_out()
    assert Appointment.objects.filter(status=Status.CANCELLED).count() == 2
    assert cancel() == 0, "what is marked is not marked again"
    carry_out()
    for each in those:
        registry.kind(clinic_day.ERRAND).handler(each.pk)
    assert Appointment.objects.filter(status=Status.CANCELLED).count() == 6
    assert Reminder.objects.filter(kind=Reminder.Kind.CANCELLED).count() == 6
    assert AppointmentLine.objects.filter(kind="appointment.cancel").count() == 6


def test_what_came_to_since_is_added_when_it_is_asked_again() -> None:
    patients(2)
    assert cancel() == 2
    appointment(at_hand.person(), None, oslo(2026, 12, 1, 14))
    assert cancel() == 1
    carry_out()
    assert Appointment.objects.filter(status=Status.CANCELLED).count() == 3


def test_one_that_was_moved_to_another_day_meanwhile_stands() -> None:
    (one,) = patients(1)
    cancel()
    locked = history.lock(one.pk)
    later = oslo(2026, 12, 8, 8)
    history.move(locked, AppointmentEvent.MOVE, by=system("dips"), start=later, end=later + timedelta(minutes=30))
    carry_out()
    one.refresh_from_db()
    assert one.status == Status.BOOKED


def test_one_that_was_moved_within_the_day_meanwhile_ends() -> None:
    (one,) = patients(1)
    cancel()
    later = oslo(2026, 12, 1, 15)
    history.move(
        history.lock(one.pk), AppointmentEvent.MOVE, by=system("dips"), start=later, end=later + timedelta(minutes=30)
    )
    carry_out()
    one.refresh_from_db()
    assert one.status == Status.CANCELLED


def test_one_that_was_put_back_is_not_ended_by_the_old_word_and_can_be_ended_by_a_new_one() -> None:
    (one,) = patients(1)
    cancel()
    carry_out()
    history.move(history.lock(one.pk), AppointmentEvent.REINSTATE, by=system("dips"), cancelled_at=None)
    registry.kind(clinic_day.ERRAND).handler(one.pk)
    one.refresh_from_db()
    assert one.status == Status.BOOKED
    assert cancel() == 1
    carry_out()
    one.refresh_from_db()
    assert one.status == Status.CANCELLED


def test_nobody_gets_a_time_of_the_day_any_more_and_holds_are_let_go() -> None:
    kari, ola, book = at_hand.person(), at_hand.person(name="Ola Nordli"), schedule()
    first, second = slots(book, 2)
    elsewhere = slot(book, DAY + timedelta(days=1))
    grip = held(kari, first)
    cancel()
    grip.refresh_from_db()
    assert (grip.state, Claim.objects.count()) == (Reserved.RELEASED, 0)
    assert AuditRow.objects.filter(action="slot.let_go", person_id=kari.pk, actor_id=ANNE.id).exists()
    with pytest.raises(Taken):
        held(ola, second)
    assert Slot.objects.get(pk=elsewhere.pk).state == Slot.State.FREE
    held(ola, elsewhere)


def test_a_time_that_was_just_booked_ends_with_the_day() -> None:
    kari, wanted = at_hand.person(), slot(schedule())
    grip = held(kari, wanted)
    booking.book(reservation_id=grip.pk, key=uuid4(), eyes=eyes(kari.pk))
    assert cancel() == 1
    carry_out()
    assert Appointment.objects.get().status == Status.CANCELLED
    assert Reservation.objects.get().state == Reserved.RELEASED
    assert not Claim.objects.exists()
    assert not Request.objects.filter(state=Asked.WAITING).exists()


def test_a_wish_to_move_to_the_day_is_refused_and_the_old_time_counts() -> None:
    kari, book = at_hand.person(), schedule()
    wanted = slot(book)
    old = appointment(kari, book)
    grip = held(kari, wanted, appointment_id=old.pk)
    moving.move(reservation_id=grip.pk, key=uuid4(), eyes=eyes(kari.pk))
    assert cancel() == 0
    carry_out(clinic_day.MOVE_ERRAND)
    asked = Request.objects.get()
    old.refresh_from_db()
    assert (asked.state, asked.answer) == (Asked.REFUSED, clinic_day.MOVE_ANSWER)
    assert (old.status, old.start) == (Status.BOOKED, DAY + timedelta(days=2))
    assert Reservation.objects.get().state == Reserved.RELEASED
    registry.kind(clinic_day.MOVE_ERRAND).handler(asked.pk)


def test_only_what_one_person_or_room_had() -> None:
    mine, others = schedule(), schedule()
    ends = appointment(at_hand.person(), mine, DAY)
    stands = appointment(at_hand.person(), others, DAY)
    free = slot(others, DAY + timedelta(hours=2))
    assert cancel(resource=mine.resource) == 1
    carry_out()
    ends.refresh_from_db()
    stands.refresh_from_db()
    assert (ends.status, stands.status) == (Status.CANCELLED, Status.BOOKED)
    assert Slot.objects.get(pk=free.pk).state == Slot.State.FREE


@pytest.mark.parametrize(
    ("day", "inside", "outside"),
    [
        (date(2026, 12, 1), oslo(2026, 12, 1, 23, 30), oslo(2026, 12, 2, 0, 0)),
        (date(2026, 12, 1), oslo(2026, 12, 1, 0, 0), oslo(2026, 11, 30, 23, 30)),
        (date(2027, 3, 28), oslo(2027, 3, 28, 3, 0), oslo(2027, 3, 29, 0, 0)),
        (date(2027, 10, 31), oslo(2027, 10, 31, 23, 30), oslo(2027, 11, 1, 0, 15)),
    ],
)
def test_the_day_is_oslos(day: date, inside: object, outside: object) -> None:
    ends = appointment(at_hand.person(), None, inside)  # type: ignore[arg-type]  # instants by parameter
    stands = appointment(at_hand.person(), None, outside)  # type: ignore[arg-type]  # the same
    assert cancel(day) == 1
    carry_out()
    ends.refresh_from_db()
    stands.refresh_from_db()
    assert (ends.status, stands.status) == (Status.CANCELLED, Status.BOOKED)


def test_what_has_begun_today_is_left_alone() -> None:
    begun = appointment(at_hand.person(), None, NOW - timedelta(minutes=30))
    coming = appointment(at_hand.person(), None, NOW + timedelta(minutes=30))
    assert cancel(NOW.date()) == 1
    carry_out()
    begun.refresh_from_db()
    coming.refresh_from_db()
    assert (begun.status, coming.status) == (Status.BOOKED, Status.CANCELLED)


@pytest.mark.parametrize(
    ("day", "system_", "reason", "why"),
    [
        (date(2026, 11, 22), END_OF_WAIT, "9", "passed"),
        (THAT_DAY, "", "9", "reason"),
        (THAT_DAY, END_OF_WAIT, "", "reason"),
        (THAT_DAY, "http://example.org", "9", "reason"),
    ],
)
def test_what_makes_no_sense_is_refused(day: date, system_: str, reason: str, why: str) -> None:
    with pytest.raises(DayRefused) as refused:
        cancel_day(unit_id=at_hand.unit().pk, day=day, reason_system=system_, reason=reason, by=ANNE)
    assert refused.value.code == why


def test_the_record_system_is_told_of_each_once_whatever_happens_on_the_way() -> None:
    (one,) = patients(1)
    Appointment.objects.filter(pk=one.pk).update(sent_at=NOW - timedelta(days=3))
    cancel()
    carry_out()
    one.refresh_from_db()
    assert one.sent_at > NOW - timedelta(days=1), "a word sent before the cancellation would bring it back"
    with at_hand.record_system(mode="accept_then_drop_reply") as hospital:
        with pytest.raises(UnknownOutcome):
            registry.kind(clinic_day.TELL_ERRAND).handler(one.pk)
        hospital.mode = "ok"
        carry_out(clinic_day.TELL_ERRAND)
    [said] = hospital.filed.values()
    assert (said["status"], said["identifier"]) == ("cancelled", [identifier_of(one)])
    assert said["cancelationReason"] == {"coding": [{"system": END_OF_WAIT, "code": "9"}]}
    assert AppointmentLine.objects.filter(appointment=one, kind="clinic_day.told").count() == 1


def test_one_that_counts_again_is_not_cancelled_in_the_record_system() -> None:
    (one,) = patients(1)
    cancel()
    carry_out()
    one.refresh_from_db()
    history.move(one, AppointmentEvent.REINSTATE, by=ANNE, cancelled_at=None, cancelled_by="")
    with at_hand.record_system() as hospital:
        carry_out(clinic_day.TELL_ERRAND)
    assert not hospital.filed


def test_a_record_system_that_will_not_have_it_or_is_silent_leaves_it_to_a_person() -> None:
    (one,) = patients(1)
    cancel()
    carry_out()
    tell = registry.kind(clinic_day.TELL_ERRAND)
    with at_hand.record_system(mode="reject"), pytest.raises(Refused):
        tell.handler(one.pk)
    with at_hand.record_system(mode="down"):
        with pytest.raises(CounterpartDown):
            tell.handler(one.pk)
        assert one.start is not None
        with clock.stopped_at(one.start), pytest.raises(NotDelivered):
            tell.handler(one.pk)
    tell.given_up(one.pk, "slot_busy")
    assert AppointmentLine.objects.filter(appointment=one, kind="clinic_day.untold", cause="slot_busy").exists()


def test_one_that_could_not_be_ended_says_so_in_its_history() -> None:
    (one,) = patients(1)
    cancel()
    registry.kind(clinic_day.ERRAND).given_up(one.pk, "poison")
    assert AppointmentLine.objects.filter(appointment=one, kind="clinic_day.failed", cause="poison").exists()


def test_a_wish_that_could_not_be_answered_waits_for_a_person() -> None:
    kari, book = at_hand.person(), schedule()
    grip = held(kari, slot(book), appointment_id=appointment(kari, book).pk)
    moving.move(reservation_id=grip.pk, key=uuid4(), eyes=eyes(kari.pk))
    registry.kind(clinic_day.MOVE_ERRAND).given_up(Request.objects.get().pk, "poison")
    assert Request.objects.get().state == Asked.FAILED
