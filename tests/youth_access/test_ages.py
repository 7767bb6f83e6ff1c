"""Ages by the calendar in Oslo: birthdays, leap days, midnights in winter and summer time, nights the clock changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from youth_access.ages import LIMITS, OSLO, Band, Birth, band, next_change, turns

BORN = st.dates(date(1920, 1, 1), date(2080, 12, 31))
LEAP_DAYS = st.sampled_from([date(year, 2, 29) for year in range(1920, 2084, 4)])
YEARS = st.sampled_from(LIMITS)
ORDER = list(Band)


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=OSLO).astimezone(UTC)


def years_on(born: date, day: date) -> int:
    """Whole years lived, as people count them."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@given(BORN.filter(lambda day: (day.month, day.day) != (2, 29)), YEARS, st.booleans())
def test_the_birthday_is_the_day_itself(born: date, years: int, gains: bool) -> None:
    day = turns(born, years, gains=gains)
    assert (day.year - born.year, day.month, day.day) == (years, born.month, born.day)


@given(LEAP_DAYS, YEARS)
def test_born_on_a_leap_day_one_gains_a_day_later_than_others_lose(born: date, years: int) -> None:
    gained, lost = turns(born, years, gains=True), turns(born, years, gains=False)
    if years % 4 == 0:
        assert gained == lost == date(born.year + years, 2, 29)
    else:
        assert (gained, lost) == (date(born.year + years, 3, 1), date(born.year + years, 2, 28))


def test_born_29_february_2012() -> None:
    """Scenario 3."""
    born = date(2012, 2, 29)
    days = [turns(born, years, gains=True) for years in (12, 13, 16, 18)]
    assert days == [date(2024, 2, 29), date(2025, 3, 1), date(2028, 2, 29), date(2030, 3, 1)]
    assert turns(born, 13, gains=False) == date(2025, 2, 28)


@given(BORN | LEAP_DAYS, YEARS, st.booleans(), st.integers(0, 86_399))
@example(date(2014, 3, 29), 12, True, 0)
@example(date(2014, 10, 25), 12, True, 3 * 3600)
def test_the_door_turns_at_midnight_in_oslo(born: date, years: int, gains: bool, second: int) -> None:
    turn = midnight(turns(born, years, gains=gains))
    before, after = (ORDER.index(band(born, each, gains=gains)) for each in (turn - timedelta(microseconds=1), turn))
    assert after == before + 1
    assert band(born, turn + timedelta(seconds=second), gains=gains) == ORDER[after]


@given(BORN, st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)), st.booleans())
def test_the_band_is_the_age_people_count(born: date, naive: datetime, gains: bool) -> None:
    instant = naive.replace(tzinfo=UTC)
    day = instant.astimezone(OSLO).date()
    if (born.month, born.day) == (2, 29) and (day.month, day.day) in ((2, 28), (3, 1)):
        return
    age = years_on(born, day)
    found = band(born, instant, gains=gains)
    assert found == ORDER[sum(age >= limit for limit in LIMITS)]


@given(BORN | LEAP_DAYS, st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)))
def test_others_never_lose_after_the_one_who_gains(born: date, naive: datetime) -> None:
    instant = naive.replace(tzinfo=UTC)
    assert ORDER.index(band(born, instant, gains=True)) <= ORDER.index(band(born, instant, gains=False))


@pytest.mark.parametrize(
    ("born", "last", "first"),
    [
        (date(2014, 11, 22), "2026-11-21T22:59:59+00:00", "2026-11-21T23:00:00+00:00"),
        (date(2014, 7, 1), "2026-06-30T21:59:59+00:00", "2026-06-30T22:00:00+00:00"),
        (date(2014, 3, 29), "2026-03-28T22:59:59+00:00", "2026-03-28T23:00:00+00:00"),
        (date(2014, 3, 30), "2026-03-29T21:59:59+00:00", "2026-03-29T22:00:00+00:00"),
        (date(2014, 10, 25), "2026-10-24T21:59:59+00:00", "2026-10-24T22:00:00+00:00"),
        (date(2014, 10, 26), "2026-10-25T22:59:59+00:00", "2026-10-25T23:00:00+00:00"),
    ],
)
def test_winter_summer_and_the_nights_between(born: date, last: str, first: str) -> None:
    assert band(born, datetime.fromisoformat(last), gains=True) == Band.CHILD
    assert band(born, datetime.fromisoformat(first), gains=True) == Band.TWELVE


@given(BORN | LEAP_DAYS, st.datetimes(datetime(1990, 1, 1), datetime(2099, 1, 1)))
def test_nothing_changes_before_the_next_change(born: date, naive: datetime) -> None:
    instant = naive.replace(tzinfo=UTC)
    change = next_change(born, instant)
    if change is None:
        assert all(band(born, instant, gains=gains) == Band.ADULT for gains in (True, False))
        return
    assert change > instant
    just_before = change - timedelta(microseconds=1)
    for gains in (True, False):
        assert band(born, just_before, gains=gains) == band(born, instant, gains=gains)
    assert any(band(born, change, gains=gains) != band(born, instant, gains=gains) for gains in (True, False))


def test_a_known_day_is_one_day_and_a_year_is_its_two_ends() -> None:
    assert Birth.on(date(2012, 2, 29)).possible_days == (date(2012, 2, 29),)
    assert Birth(2012).possible_days == (date(2012, 1, 1), date(2012, 12, 31))
