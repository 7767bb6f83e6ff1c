"""Ages that open and close doors, as the calendar in Oslo has them.

Born on 29 February: what one gains by turning an age comes on 1 March in a year without the day, what others lose
goes on 28 February. When only the birth year is known, both ends of the year are tried (see `decide`).
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

OSLO: Final = ZoneInfo("Europe/Oslo")
LIMITS: Final = (12, 13, 16, 18)


class Band(StrEnum):
    """Ages between two limits, in whole years."""

    CHILD = "0-11"
    TWELVE = "12"
    YOUTH = "13-15"
    NEARLY_ADULT = "16-17"
    ADULT = "18+"


GROWN: Final = (Band.NEARLY_ADULT, Band.ADULT)
"""Ages at which one decides for oneself: nobody consents for them, and they give fullmakt."""
_BANDS: Final = (Band.CHILD, Band.TWELVE, Band.YOUTH, Band.NEARLY_ADULT, Band.ADULT)


@dataclass(frozen=True, slots=True)
class Birth:
    """When someone was born: the day, or only the year. Never read from an identity number."""

    year: int
    day: date | None = None

    @classmethod
    def on(cls, day: date) -> "Birth":
        """Born on a known day."""
        return cls(day.year, day)

    @property
    def possible_days(self) -> tuple[date, ...]:
        """The day, or the first and last that it may be."""
        return (self.day,) if self.day is not None else (date(self.year, 1, 1), date(self.year, 12, 31))


def turns(born: date, years: int, *, gains: bool) -> date:
    """The day in Oslo on which someone turns an age, as one who gains by it or as one who loses."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1) if gains else date(born.year + years, 2, 28)


def band(born: date, instant: datetime, *, gains: bool) -> Band:
    """The band at an instant. `gains` tells whether the one asked about gains by growing older."""
    today = instant.astimezone(OSLO).date()
    return _BANDS[bisect_right(_turning_days(born, gains), today)]


def next_change(born: date, instant: datetime) -> datetime | None:
    """The next midnight in Oslo at which some door opens or closes because of age; None for adults."""
    today = instant.astimezone(OSLO).date()
    days = sorted({*_turning_days(born, True), *_turning_days(born, False)})
    coming = next((day for day in days if day > today), None)
    return datetime(coming.year, coming.month, coming.day, tzinfo=OSLO) if coming else None


@lru_cache(maxsize=4096)
def _turning_days(born: date, gains: bool) -> tuple[date, ...]:
    """The days of all limits, earliest first; each decision asks anew."""
    return tuple(turns(born, limit, gains=gains) for limit in LIMITS)
