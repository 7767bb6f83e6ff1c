"""Every rule about time that appointments follow. Pure functions of instants; what a clinic has chosen comes in.

Instants are aware. "72 hours before" counts exactly; "7 days before" is 10 in the morning in Oslo on that day, whatever
the clocks have done since. People are told things in daytime only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal

from portal.kernel import calendar
from portal.kernel.clock import OSLO

CancelUnit = Literal["hours", "working_days"]
DAY_STARTS, DAY_ENDS = time(9), time(20)
"""When people may be told of an appointment; nothing is sent at night."""
MORNING: Final = time(10)
SHORTEST_WARNING: Final = timedelta(hours=2)
"""A reminder closer to the start than this is of no use, and is dropped."""
JUST_TOLD: Final = timedelta(hours=24)
"""No reminder falls due sooner than this after the appointment was made or moved: its own notice has said it all."""
LONGEST_SLOT: Final = timedelta(hours=12)
"""A free time longer than this is a sender's mistake (a month's has been seen)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One reminder to come. `hours` before the start tells those of one kind apart."""

    kind: Literal["days", "hours", "unconfirmed"]
    hours: int
    due_at: datetime


def planned(
    start: datetime,
    told_at: datetime,
    *,
    days: Sequence[int],
    hours: Sequence[int],
    unconfirmed_hours: int | None,
) -> tuple[Plan, ...]:
    """The reminders of an appointment that was made or moved at `told_at`, soonest first.

    Each falls due in daytime: one that would fall at night waits for the morning, or goes the evening before where the
    morning would be too late.
    """
    wanted = [Plan("days", each * 24, _days_before(start, each)) for each in days]
    wanted += [Plan("hours", each, _hours_before(start, each)) for each in hours]
    if unconfirmed_hours is not None:
        wanted.append(Plan("unconfirmed", unconfirmed_hours, _hours_before(start, unconfirmed_hours)))
    fit = [each for each in wanted if each.due_at >= told_at + JUST_TOLD and each.due_at <= start - SHORTEST_WARNING]
    return tuple(sorted(fit, key=lambda each: each.due_at))


def _days_before(start: datetime, days: int) -> datetime:
    day = start.astimezone(OSLO).date() - timedelta(days=days)
    return datetime.combine(day, MORNING, tzinfo=OSLO).astimezone(UTC)


def _hours_before(start: datetime, hours: int) -> datetime:
    at = start.astimezone(UTC) - timedelta(hours=hours)
    if is_daytime(at):
        return at
    morning = next_daytime(at)
    return morning if morning <= start - SHORTEST_WARNING else _evening_before(at)


def is_daytime(instant: datetime) -> bool:
    """Whether people may be told something now."""
    return DAY_STARTS <= instant.astimezone(OSLO).time() < DAY_ENDS


def next_daytime(instant: datetime) -> datetime:
    """The instant itself in daytime, else when the next daytime begins in Oslo."""
    if is_daytime(instant):
        return instant
    local = instant.astimezone(OSLO)
    day = local.date() + timedelta(days=local.time() >= DAY_ENDS)
    return datetime.combine(day, DAY_STARTS, tzinfo=OSLO).astimezone(UTC)


def _evening_before(instant: datetime) -> datetime:
    local = instant.astimezone(OSLO)
    day = local.date() - timedelta(days=local.time() < DAY_STARTS)
    last = (datetime.combine(day, DAY_ENDS) - timedelta(minutes=30)).time()
    return datetime.combine(day, last, tzinfo=OSLO).astimezone(UTC)


def cancel_limit(start: datetime, amount: int, unit: CancelUnit) -> datetime:
    """The last instant at which cancelling costs nothing: exact hours before the start, or whole working days."""
    if unit == "hours":
        return start.astimezone(UTC) - timedelta(hours=amount)
    day = calendar.add_working_days(start.astimezone(OSLO).date(), -amount)
    return calendar.at_same_wall_time(start, day).astimezone(UTC)


def exists_on_the_clock(local: datetime) -> bool:
    """Whether a wall-clock time in Oslo exists: on the night the clocks go forward an hour does not."""
    there = local.replace(tzinfo=OSLO)
    return there.astimezone(UTC).astimezone(OSLO).replace(tzinfo=None) == local.replace(tzinfo=None)


def is_twice_on_the_clock(instant: datetime) -> bool:
    """Whether Oslo's clocks show this instant's time twice that night (they go back from 3 to 2)."""
    local = instant.astimezone(OSLO)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week a day lies in."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def days_of(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The first instant of a day in Oslo, and of the next: 23, 24 or 25 hours apart."""
    return (
        datetime.combine(day, time(), tzinfo=OSLO).astimezone(UTC),
        datetime.combine(day + timedelta(days=1), time(), tzinfo=OSLO).astimezone(UTC),
    )
