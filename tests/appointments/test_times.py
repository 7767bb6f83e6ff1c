"""Every rule about time, on the nights the clocks change, leap days and holidays, and for any appointment at all."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from appointments import times
from appointments.times import JUST_TOLD, SHORTEST_WARNING, planned
from portal.kernel.clock import OSLO

FORWARD, BACK = date(2027, 3, 28), date(2027, 10, 31)
instants = st.datetimes(datetime(2026, 1, 1), datetime(2029, 12, 31)).map(lambda each: each.replace(tzinfo=UTC))
hours_before = st.lists(st.integers(3, 24 * 30), max_size=3, unique=True)
days_before = st.lists(st.integers(1, 60), max_size=3, unique=True)


def oslo(year: int, month: int, day: int, hour: int = 0, minute: int = 0, *, fold: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=OSLO, fold=fold)


def plan(start: datetime, told_at: datetime | None = None) -> list[tuple[str, datetime]]:
    """The product's own reminders of an appointment that was made half a year ago."""
    made = told_at or start - timedelta(days=180)
    found = planned(start, made, days=[7], hours=[72], unconfirmed_hours=24)
    return [(each.kind, each.due_at.astimezone(OSLO)) for each in found]


# -- planned -----------------------------------------------------------------------------------------------------------


@given(
    instants, st.timedeltas(timedelta(), timedelta(days=200)), days_before, hours_before, st.integers(3, 72) | st.none()
)
@example(oslo(2027, 3, 28, 3), timedelta(days=100), [7], [72, 24], 24)
@example(oslo(2027, 10, 31, 2, 30, fold=1), timedelta(days=100), [7], [72, 24], 3)
@example(oslo(2028, 2, 29, 7, 30), timedelta(days=100), [7], [10], 12)
def test_reminders_of_any_appointment_come_in_daytime_in_order_and_in_time(
    start: datetime, ahead: timedelta, days: list[int], hours: list[int], unconfirmed: int | None
) -> None:
    told_at = start - ahead
    found = planned(start, told_at, days=days, hours=hours, unconfirmed_hours=unconfirmed)
    assert [each.due_at for each in found] == sorted(each.due_at for each in found)
    for each in found:
        assert times.is_daytime(each.due_at)
        assert told_at + JUST_TOLD <= each.due_at <= start - SHORTEST_WARNING
    assert len(found) == len({(each.kind, each.hours) for each in found})


@given(
    instants, st.timedeltas(timedelta(), timedelta(days=200)), days_before, hours_before, st.integers(3, 72) | st.none()
)
def test_none_is_lost_without_a_reason(
    start: datetime, ahead: timedelta, days: list[int], hours: list[int], unconfirmed: int | None
) -> None:
    """One that is missing would have come within a day of the appointment's own notice, give or take one night."""
    found = {
        (each.kind, each.hours)
        for each in planned(start, start - ahead, days=days, hours=hours, unconfirmed_hours=unconfirmed)
    }
    a_night = timedelta(hours=14)
    for kind, before in [
        *(("hours", each) for each in hours),
        *([("unconfirmed", unconfirmed)] if unconfirmed else []),
    ]:
        if timedelta(hours=before) + JUST_TOLD + a_night <= ahead:
            assert (kind, before) in found
    for each in days:
        if timedelta(days=each) + JUST_TOLD + timedelta(days=1, hours=1) <= ahead:
            assert ("days", each * 24) in found


@given(instants, hours_before)
def test_a_reminder_moves_by_no_more_than_one_night(start: datetime, hours: list[int]) -> None:
    for each in planned(start, start - timedelta(days=90), days=[], hours=hours, unconfirmed_hours=None):
        exact = start - timedelta(hours=each.hours)
        assert times.is_daytime(exact) <= (each.due_at == exact)
        assert abs(each.due_at - exact) <= timedelta(hours=14)


def test_s9_72_hours_before_the_night_the_clocks_go_forward_is_counted_in_true_hours() -> None:
    """Sunday 28 March at 3 is one true hour after half past one; 72 hours before is Thursday at 2: it waits for 9."""
    start = oslo(2027, 3, 28, 3)
    assert start.astimezone(UTC) - timedelta(hours=72) == oslo(2027, 3, 25, 2).astimezone(UTC)
    assert ("hours", oslo(2027, 3, 25, 9)) in plan(start)
    afternoon = oslo(2027, 3, 29, 14)
    assert ("hours", oslo(2027, 3, 26, 13)) in plan(afternoon), "one hour was lost that weekend"


def test_s10_the_hour_that_comes_twice_has_two_plans_an_hour_apart() -> None:
    first, second = (
        planned(oslo(2027, 10, 31, 2, 30, fold=fold), oslo(2027, 1, 1), days=[7], hours=[60], unconfirmed_hours=None)
        for fold in (0, 1)
    )
    assert [each.due_at.astimezone(OSLO) for each in first] == [oslo(2027, 10, 24, 10), oslo(2027, 10, 28, 14, 30)]
    assert [each.due_at.astimezone(OSLO) for each in second] == [oslo(2027, 10, 24, 10), oslo(2027, 10, 28, 15, 30)]


def test_seven_days_before_is_ten_in_the_morning_whatever_the_clocks_have_done() -> None:
    assert plan(oslo(2027, 3, 31, 8))[0] == ("days", oslo(2027, 3, 24, 10))
    assert plan(oslo(2027, 11, 3, 8))[0] == ("days", oslo(2027, 10, 27, 10))
    assert plan(oslo(2028, 3, 7, 8))[0] == ("days", oslo(2028, 2, 29, 10))
    assert plan(oslo(2027, 3, 7, 8))[0] == ("days", oslo(2027, 2, 28, 10))


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (oslo(2027, 4, 1, 12), oslo(2027, 3, 29, 12)),  # on Easter Monday: a holiday is a day like others
        (oslo(2027, 5, 20, 12), oslo(2027, 5, 17, 12)),
        (oslo(2028, 3, 3, 12), oslo(2028, 2, 29, 12)),
        (oslo(2027, 2, 10, 8, 30), oslo(2027, 2, 7, 9)),
        (oslo(2027, 2, 10, 21), oslo(2027, 2, 8, 9)),
    ],
)
def test_72_hours_before(start: datetime, due: datetime) -> None:
    assert ("hours", due) in plan(start)


def test_a_last_word_that_the_morning_would_be_too_late_for_goes_the_evening_before() -> None:
    found = planned(oslo(2027, 2, 10, 8), oslo(2027, 1, 1), days=[], hours=[10], unconfirmed_hours=4)
    assert [each.due_at.astimezone(OSLO) for each in found] == [oslo(2027, 2, 9, 19, 30)] * 2
    late = planned(oslo(2027, 2, 11, 1), oslo(2027, 1, 1), days=[], hours=[4], unconfirmed_hours=None)
    assert [each.due_at.astimezone(OSLO) for each in late] == [oslo(2027, 2, 10, 19, 30)]


def test_nothing_is_planned_just_after_the_notice_nor_just_before_the_start() -> None:
    start = oslo(2027, 2, 10, 12)
    assert plan(start, told_at=start - timedelta(hours=96)) == [
        ("hours", oslo(2027, 2, 7, 12)),
        ("unconfirmed", oslo(2027, 2, 9, 12)),
    ]
    assert plan(start, told_at=start - timedelta(hours=96) + timedelta(seconds=1)) == [
        ("unconfirmed", oslo(2027, 2, 9, 12))
    ]
    assert plan(start, told_at=start - timedelta(hours=47)) == []
    assert planned(start, start - timedelta(days=9), days=[], hours=[1], unconfirmed_hours=None) == ()
    assert len(planned(start, start - timedelta(days=9), days=[], hours=[2], unconfirmed_hours=None)) == 1


# -- day and night -----------------------------------------------------------------------------------------------------


@given(instants)
def test_the_next_daytime_is_daytime_and_the_first(instant: datetime) -> None:
    found = times.next_daytime(instant)
    assert times.is_daytime(found)
    assert instant <= found <= instant + timedelta(hours=14)
    assert found == instant or not times.is_daytime(instant)
    assert found == instant or not times.is_daytime(found - timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("instant", "found"),
    [
        (oslo(2027, 3, 28, 1, 59), oslo(2027, 3, 28, 9)),
        (oslo(2027, 3, 27, 20), oslo(2027, 3, 28, 9)),
        (oslo(2027, 10, 31, 2, 30, fold=1), oslo(2027, 10, 31, 9)),
        (oslo(2028, 2, 28, 23), oslo(2028, 2, 29, 9)),
        (oslo(2026, 12, 31, 22), oslo(2027, 1, 1, 9)),
        (oslo(2027, 2, 1, 9), oslo(2027, 2, 1, 9)),
        (oslo(2027, 2, 1, 19, 59), oslo(2027, 2, 1, 19, 59)),
    ],
)
def test_daytime_is_by_the_clock_in_oslo(instant: datetime, found: datetime) -> None:
    assert times.next_daytime(instant).astimezone(UTC) == found.astimezone(UTC)


# -- limits ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "amount", "limit"),
    [
        (oslo(2027, 3, 28, 12), 24, oslo(2027, 3, 27, 11)),
        (oslo(2027, 10, 31, 12), 24, oslo(2027, 10, 30, 13)),
        (oslo(2028, 3, 1, 12), 24, oslo(2028, 2, 29, 12)),
    ],
)
def test_a_limit_in_hours_is_exact(start: datetime, amount: int, limit: datetime) -> None:
    assert times.cancel_limit(start, amount, "hours") == limit.astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "limit"),
    [
        (
            oslo(2027, 3, 30, 8, 30),
            oslo(2027, 3, 23, 8, 30),
        ),  # Tuesday after Easter: Wednesday before Maundy Thursday is one
        (oslo(2027, 5, 19, 8), oslo(2027, 5, 14, 8)),  # 17 May is a Monday
        (oslo(2027, 11, 2, 8), oslo(2027, 10, 29, 8)),  # over the night the clocks go back: the same wall-clock time
        (oslo(2026, 12, 28, 9), oslo(2026, 12, 22, 9)),  # 24 and 25 December are none
        (oslo(2028, 3, 2, 9), oslo(2028, 2, 29, 9)),
    ],
)
def test_a_limit_in_working_days_skips_what_are_none_and_keeps_the_wall_clock(start: datetime, limit: datetime) -> None:
    assert times.cancel_limit(start, 2, "working_days") == limit.astimezone(UTC)


# -- the clock on the wall ---------------------------------------------------------------------------------------------


def test_s9_half_past_two_that_night_is_no_time_at_all() -> None:
    assert not times.exists_on_the_clock(datetime(2027, 3, 28, 2, 30))
    assert not times.exists_on_the_clock(datetime(2027, 3, 28, 2, 0))
    assert times.exists_on_the_clock(datetime(2027, 3, 28, 1, 59))
    assert times.exists_on_the_clock(datetime(2027, 3, 28, 3, 0))
    assert times.exists_on_the_clock(datetime(2027, 10, 31, 2, 30))


def test_s10_half_past_two_comes_twice_in_autumn() -> None:
    for fold in (0, 1):
        assert times.is_twice_on_the_clock(oslo(2027, 10, 31, 2, 30, fold=fold))
    assert not times.is_twice_on_the_clock(oslo(2027, 10, 31, 3))
    assert not times.is_twice_on_the_clock(oslo(2027, 10, 31, 1, 59))
    assert not times.is_twice_on_the_clock(oslo(2027, 3, 28, 3, 30))


@given(instants)
def test_an_instant_is_on_the_clock(instant: datetime) -> None:
    assert times.exists_on_the_clock(instant.astimezone(OSLO).replace(tzinfo=None))


# -- days --------------------------------------------------------------------------------------------------------------


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_a_week_is_monday_to_sunday_and_a_day_is_all_its_hours(day: date) -> None:
    first, last = times.week_of(day)
    assert (first.weekday(), last.weekday(), first <= day <= last) == (0, 6, True)
    assert list(times.days_of(first, last))[0::6] == [first, last]
    start, end = times.day_bounds(day)
    assert start.astimezone(OSLO).date() == day == (end - timedelta(microseconds=1)).astimezone(OSLO).date()
    assert (start - timedelta(microseconds=1)).astimezone(OSLO).date() < day
    assert (end - start) == timedelta(hours={FORWARD: 23, BACK: 25}.get(day, (end - start).total_seconds() / 3600))


def test_the_days_the_clocks_change_have_23_and_25_hours() -> None:
    assert [times.day_bounds(day)[1] - times.day_bounds(day)[0] for day in (FORWARD, BACK)] == [
        timedelta(hours=23),
        timedelta(hours=25),
    ]


def test_no_days_where_the_last_comes_first() -> None:
    assert list(times.days_of(BACK, FORWARD)) == []
