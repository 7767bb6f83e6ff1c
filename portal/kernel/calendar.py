"""The Norwegian working calendar, in Oslo's wall-clock time.

The `holidays` package knows neither 24 nor 31 December, on which print shops and post close; both are added here.
Saturdays and Sundays are never working days.
"""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.metadata import version

import holidays

from portal.kernel.clock import OSLO

VERSION = f"no-{version('holidays')}+2412+3112"
# SMS and e-mail are sent in this part of the day only (Digdir's rule for notices).
DAY_STARTS, DAY_ENDS = time(9), time(17)
_SATURDAY = 5


@cache
def _public_holidays(year: int) -> frozenset[date]:
    found = holidays.country_holidays("NO", years=year, language="no")
    return frozenset(found) | {date(year, 12, 24), date(year, 12, 31)}


def is_working_day(day: date) -> bool:
    """Whether print shops and hospitals' offices work that day."""
    return day.weekday() < _SATURDAY and day not in _public_holidays(day.year)


def add_working_days(day: date, count: int) -> date:
    """The day that lies `count` working days after `day` (before it, when negative)."""
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days come after `first`, up to and including `last`."""
    days = (last - first).days
    return sum(is_working_day(first + timedelta(days=n)) for n in range(1, days + 1))


def at_same_wall_time(instant: datetime, day: date) -> datetime:
    """The instant on `day` at which Oslo's clocks show the same time as they did at `instant`."""
    local = instant.astimezone(OSLO)
    return datetime.combine(day, local.time(), tzinfo=OSLO)


def months_later(instant: datetime, months: int) -> datetime:
    """The same wall-clock time in Oslo some months on; the 31st becomes the last day of a shorter month."""
    local = instant.astimezone(OSLO)
    years, month = divmod(local.month - 1 + months, 12)
    year = local.year + years
    return local.replace(year=year, month=month + 1, day=min(local.day, monthrange(year, month + 1)[1]))


def next_daytime(instant: datetime) -> datetime:
    """The instant itself in daytime, else when the next day's daytime starts in Oslo."""
    local = instant.astimezone(OSLO)
    if DAY_STARTS <= local.time() < DAY_ENDS:
        return instant
    day = local.date() + timedelta(days=local.time() >= DAY_ENDS)
    return datetime.combine(day, DAY_STARTS, tzinfo=OSLO)
