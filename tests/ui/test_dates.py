"""Dates in words, in four languages, by the clock in Oslo."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation
from django.utils.formats import date_format, localize_input, number_format

from portal.kernel import clock
from portal.ui import dates

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
APPOINTMENT = datetime(2026, 11, 30, 9, 15, tzinfo=UTC)


def spaced(text: str) -> str:
    """The text with spaces that do not break made visible."""
    return text.replace(dates.NBSP, "_")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nb", "mandag 30._november kl._10.15"),
        ("nn", "måndag 30._november kl._10.15"),
        ("se", "vuossárga, skábmamánu_30._b. dii._10.15"),
        ("en", "Monday 30_November at_10:15"),
    ],
)
def test_a_moment_in_each_language(language: str, words: str) -> None:
    with clock.stopped_at(NOW), translation.override(language):
        assert spaced(dates.moment(APPOINTMENT)) == words


def test_the_year_is_said_when_it_is_not_this_year() -> None:
    with clock.stopped_at(NOW):
        assert spaced(dates.day(date(2027, 1, 4))) == "mandag 4._januar_2027"
        assert spaced(dates.plain_date(date(2026, 5, 17))) == "17._mai_2026"


def test_an_instant_falls_on_its_day_in_oslo() -> None:
    just_before_midnight_in_london = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    with clock.stopped_at(NOW):
        assert spaced(dates.moment(just_before_midnight_in_london)) == "mandag 23._november kl._00.30"


def test_the_hour_that_comes_twice_in_october_is_said_as_the_wall_clock_says_it() -> None:
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert spaced(dates.time(first)) == spaced(dates.time(second)) == "kl._02.30"


def test_two_times_of_a_day_have_a_dash_between() -> None:
    assert dates.times(APPOINTMENT, APPOINTMENT + timedelta(minutes=45)) == "10.15\u201311.00"


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "i dag"), (1, "i morgen"), (-1, "i går"), (8, "om_8_dager"), (-3, "for_3_dager_siden")],
)
def test_how_far_away_a_day_is(days: int, words: str) -> None:
    with clock.stopped_at(NOW):
        assert spaced(dates.relative(date(2026, 11, 22) + timedelta(days=days))) == words


def test_near_is_ahead_and_within_two_days() -> None:
    with clock.stopped_at(NOW):
        assert dates.is_near(NOW + timedelta(hours=47))
        assert not dates.is_near(NOW + timedelta(hours=49))
        assert not dates.is_near(NOW - timedelta(minutes=1))


@pytest.mark.parametrize("language", ["nb", "nn", "se"])
def test_numbers_and_short_dates_are_norwegian_also_in_sami(language: str) -> None:
    with translation.override(language):
        assert date_format(date(2026, 5, 10), "SHORT_DATE_FORMAT") == "10.05.2026"
        assert spaced(number_format(1234567.5, 1, force_grouping=True)) == "1_234_567,5"
        assert localize_input(date(2026, 5, 10)) == "2026-05-10"
