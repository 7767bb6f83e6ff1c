"""Times that a clinic opens by hand: none that does not exist, none on top of another, and closed while free."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments.commands import opening
from appointments.commands.opening import Fresh, Times, TimesRefused, close_time, open_in, open_times
from appointments.models import Schedule, Slot
from appointments.times import exists_on_the_clock
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.kernel.actor import Actor
from tests.appointments import at_hand
from tests.appointments.at_hand import NOW, appointment, held, oslo, schedule, slot

pytestmark = pytest.mark.django_db
ANNE = Actor("staff", str(uuid4()))
DAY = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


def times(day: date = DAY, first: str = "09:00", last: str = "11:00", minutes: int = 30, capacity: int = 1) -> Times:
    return Times(
        day=day,
        first=time.fromisoformat(first),
        last=time.fromisoformat(last),
        minutes=minutes,
        capacity=capacity,
    )


def own() -> Schedule:
    made = opening.open_schedule(
        unit_id=at_hand.unit().pk, name="Kveldspoliklinikk", type_code="Annen", booking="open", by=ANNE
    )
    return Schedule.objects.get(pk=made)


def refused(schedule_: Schedule, wanted: Times) -> TimesRefused:
    with pytest.raises(TimesRefused) as told:
        open_times(schedule_id=schedule_.pk, times=wanted, by=ANNE)
    assert not Slot.objects.filter(schedule=schedule_, start__date=wanted.day).exists()
    return told.value


def test_four_half_hours_between_nine_and_eleven() -> None:
    book = own()
    assert open_times(schedule_id=book.pk, times=times(capacity=8), by=ANNE) == 4
    made = Slot.objects.order_by("start")
    assert [each.start for each in made] == [oslo(2026, 12, 1, 9) + timedelta(minutes=30 * n) for n in range(4)]
    assert {(each.capacity, each.state, each.source) for each in made} == {(8, "free", "portal")}
    assert AuditRow.objects.filter(action="slots.open", actor_id=ANNE.id).count() == 1
    held(at_hand.person(), made[0])


def test_scenario_9_half_past_two_on_the_night_in_spring_cannot_be_offered() -> None:
    told = refused(own(), times(date(2027, 3, 28), "02:30", "03:30", 60))
    assert (told.code, told.detail) == ("not-on-the-clock", "02.30")


def test_a_time_that_would_end_in_the_hour_that_is_not_is_refused_too() -> None:
    assert refused(own(), times(date(2027, 3, 28), "01:30", "02:30", 60)).code == "not-on-the-clock"


@pytest.mark.parametrize(("day", "last"), [(date(2027, 3, 28), "03:00"), (date(2027, 10, 31), "03:00")])
def test_a_time_during_which_the_clocks_change_is_refused(day: date, last: str) -> None:
    told = refused(own(), times(day, "01:30", last, 90))
    assert (told.code, told.detail) == ("clock-changes", "01.30")


def test_a_time_that_comes_twice_on_the_night_in_autumn_is_refused() -> None:
    told = refused(own(), times(date(2027, 10, 31), "02:30", "03:30", 30))
    assert (told.code, told.detail) == ("twice-on-the-clock", "02.30")


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (times(date(2026, 11, 22)), "passed"),
        (times(NOW.date(), "08:30", "12:00"), "passed"),
        (times(date(2029, 12, 1)), "too-far"),
        (times(minutes=180), "no-room"),
        (times(first="00:00", last="23:59", minutes=5), "too-many"),
        (times(first="00:00", last="23:59", minutes=721), "too-long"),
        (times(minutes=0), "too-long"),
    ],
)
def test_times_that_make_no_sense_are_refused(wanted: Times, why: str) -> None:
    assert refused(own(), wanted).code == why


def test_a_timebok_of_the_record_system_is_not_ours_to_open_times_in() -> None:
    assert refused(schedule(), times()).code == "not-ours"


def test_what_overlaps_a_time_a_booking_or_an_appointment_is_refused_whole() -> None:
    book = own()
    with_time = slot(book, oslo(2026, 12, 1, 10, 15))
    assert refused(own(), times(minutes=180)).code == "no-room"
    with pytest.raises(TimesRefused) as told:
        open_times(schedule_id=book.pk, times=times(), by=ANNE)
    assert (told.value.code, told.value.detail) == ("overlap", "10.00")
    assert Slot.objects.get(schedule=book) == with_time

    planned = own()
    appointment(at_hand.person(), planned, oslo(2026, 12, 1, 9, 45))
    assert refused(planned, times()).code == "overlap"

    taken = own()
    held(at_hand.person(), slot(taken, oslo(2026, 12, 1, 9)))
    Slot.objects.filter(schedule=taken).update(state="busy-unavailable")
    with pytest.raises(TimesRefused) as told:
        open_times(schedule_id=taken.pk, times=times(), by=ANNE)
    assert told.value.code == "overlap"


def test_a_fresh_timebok_whose_times_cannot_be_opened_is_not_begun() -> None:
    fresh = Fresh(name="Kveld", type_code="Annen", booking="open")
    with pytest.raises(TimesRefused):
        open_in(unit_id=at_hand.unit().pk, schedule_id=None, fresh=fresh, times=times(minutes=300), by=ANNE)
    assert not Schedule.objects.exists()
    assert open_in(unit_id=at_hand.unit().pk, schedule_id=None, fresh=fresh, times=times(), by=ANNE) == 4
    assert Schedule.objects.get().name == "Kveld"


def test_a_free_time_is_closed_and_a_taken_one_is_not() -> None:
    book = own()
    open_times(schedule_id=book.pk, times=times(), by=ANNE)
    first, second, *_rest = Slot.objects.order_by("start")
    held(at_hand.person(), second)
    close_time(slot_id=first.pk, by=ANNE)
    with pytest.raises(TimesRefused) as told:
        close_time(slot_id=second.pk, by=ANNE)
    assert told.value.code == "taken"
    with pytest.raises(TimesRefused) as told:
        close_time(slot_id=first.pk, by=ANNE)
    assert told.value.code == "not-free"
    assert open_times(schedule_id=book.pk, times=times(first="09:00", last="09:30"), by=ANNE) == 1


def test_a_hold_that_has_lapsed_is_no_hindrance_to_closing() -> None:
    wanted = slot(own())
    at_hand.lapse_now(held(at_hand.person(), wanted))
    close_time(slot_id=wanted.pk, by=ANNE)
    assert Slot.objects.get(pk=wanted.pk).state == Slot.State.UNAVAILABLE


@given(
    day=st.sampled_from([date(2026, 12, 1), date(2027, 3, 28), date(2027, 10, 31), date(2028, 2, 29)]),
    first=st.times(),
    last=st.times(),
    minutes=st.integers(-5, 800),
)
def test_whatever_is_asked_times_are_laid_out_end_to_end_on_the_clock_or_refused(
    day: date, first: time, last: time, minutes: int
) -> None:
    wanted = Times(day=day, first=first, last=last, minutes=minutes)
    try:
        with clock.stopped_at(NOW):
            made = opening._laid_out(wanted)
    except TimesRefused:
        return
    assert 1 <= len(made) <= opening.MOST_AT_ONCE
    assert all(end - start == timedelta(minutes=minutes) for start, end in made)
    assert all(before[1] == after[0] for before, after in pairwise(made))
    for start, end in made:
        for instant in (start, end):
            local = instant.astimezone(clock.OSLO).replace(tzinfo=None)
            assert exists_on_the_clock(local)
            assert datetime.combine(day, first) <= local <= datetime.combine(day, last)
            assert instant.tzinfo is UTC
