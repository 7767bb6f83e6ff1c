"""Limits on the Norwegian calendar, over clock changes and holidays."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters import deadlines
from letters.deadlines import Limit, due, limit_ends, reminder_at
from portal.kernel import calendar
from portal.kernel.calendar import next_daytime
from portal.kernel.clock import OSLO


def oslo(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=OSLO)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (oslo(2026, 12, 23), oslo(2027, 1, 4)),
        (oslo(2026, 12, 18), oslo(2026, 12, 28)),
        (oslo(2027, 3, 23), oslo(2027, 4, 1)),
        (oslo(2027, 5, 12), oslo(2027, 5, 19)),
        (oslo(2027, 4, 28), oslo(2027, 5, 4)),
    ],
)
def test_four_working_days_with_the_days_on_which_post_is_closed(start: datetime, end: datetime) -> None:
    assert limit_ends(start, Limit(4, "working_days")) == end


def test_days_keep_the_time_on_the_wall_over_the_clock_change_and_hours_do_not() -> None:
    before = oslo(2027, 3, 26, 12)
    assert limit_ends(before, Limit(4, "days")) == oslo(2027, 3, 30, 12)
    assert limit_ends(before, Limit(96, "hours")) == oslo(2027, 3, 30, 13)
    autumn = oslo(2026, 10, 23, 12)
    assert limit_ends(autumn, Limit(4, "days")).astimezone(UTC) - autumn.astimezone(UTC) == timedelta(hours=97)


def test_an_hour_that_does_not_exist_still_gives_an_instant() -> None:
    ends = limit_ends(datetime(2027, 3, 24, 2, 30, tzinfo=OSLO), Limit(4, "days"))
    assert ends.astimezone(UTC) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


aware = st.datetimes(datetime(2024, 1, 1), datetime(2034, 1, 1), timezones=st.just(UTC))


@given(aware, st.integers(1, 30), st.sampled_from(["days", "working_days", "hours"]))
def test_a_longer_limit_never_ends_earlier(start: datetime, amount: int, unit: deadlines.LimitUnit) -> None:
    ends = limit_ends(start, Limit(amount, unit))
    assert start < ends
    assert ends <= limit_ends(start, Limit(amount + 1, unit))


@given(aware, st.integers(1, 20))
def test_a_limit_in_working_days_ends_on_a_working_day(start: datetime, amount: int) -> None:
    ends = limit_ends(start, Limit(amount, "working_days"))
    assert calendar.is_working_day(ends.astimezone(OSLO).date())


@given(aware, st.integers(1, 12), st.none() | st.timedeltas(timedelta(days=-3), timedelta(days=60)))
def test_paper_is_due_by_the_limit_and_early_enough_to_arrive(
    start: datetime, amount: int, lead: timedelta | None
) -> None:
    arrive = None if lead is None else start + lead
    found = due(start, Limit(amount, "days"), arrive)
    assert start <= found.at <= limit_ends(start, Limit(amount, "days"))
    if arrive is not None and not found.at_once:
        assert found.at <= deadlines.latest_posting(arrive)


def test_an_appointment_in_three_days_takes_the_paper_path_at_once_and_a_telephone() -> None:
    found = due(oslo(2026, 11, 23), Limit(4, "days"), oslo(2026, 11, 26, 9))
    assert found.at_once
    assert found.too_late


def test_an_appointment_in_eight_working_days_pulls_the_limit_forward() -> None:
    found = due(oslo(2026, 11, 23), Limit(10, "days"), oslo(2026, 12, 3, 9))
    assert not found.at_once
    assert found.at == oslo(2026, 11, 26, 9)


@pytest.mark.parametrize(
    ("instant", "sent"),
    [
        (oslo(2026, 11, 23, 9), oslo(2026, 11, 23, 9)),
        (oslo(2026, 11, 23, 16, 59), oslo(2026, 11, 23, 16, 59)),
        (oslo(2026, 11, 23, 17), oslo(2026, 11, 24, 9)),
        (oslo(2026, 11, 23, 3), oslo(2026, 11, 23, 9)),
        (oslo(2027, 3, 28, 3), oslo(2027, 3, 28, 9)),
        (oslo(2026, 10, 24, 22), oslo(2026, 10, 25, 9)),
    ],
)
def test_notices_go_in_daytime(instant: datetime, sent: datetime) -> None:
    assert next_daytime(instant) == sent


@given(aware)
def test_every_notice_is_sent_between_nine_and_five(instant: datetime) -> None:
    sent = next_daytime(instant)
    assert time(9) <= sent.astimezone(OSLO).time() < time(17)
    assert timedelta() <= sent - instant <= timedelta(hours=17)


def test_a_reminder_comes_before_paper_or_not_at_all() -> None:
    start = oslo(2026, 11, 23)
    assert reminder_at(start, start + timedelta(days=4), 2) == oslo(2026, 11, 25)
    assert reminder_at(start, start + timedelta(days=1), 2) is None
    assert reminder_at(start, start + timedelta(days=4), None) is None


def test_the_days_that_the_calendar_package_forgets() -> None:
    assert not calendar.is_working_day(date(2026, 12, 24))
    assert not calendar.is_working_day(date(2026, 12, 31))
    assert calendar.add_working_days(date(2027, 1, 4), -4) == date(2026, 12, 23)


def test_eighteen_months_from_the_last_of_august_ends_on_the_last_of_february() -> None:
    assert calendar.months_later(oslo(2025, 8, 31), 18).astimezone(OSLO).date() == date(2027, 2, 28)
