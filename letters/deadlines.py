"""When an unopened letter goes in the post.

Pure functions of instants and of the type's limit. Due times are computed on Oslo's wall clock and stored in the row;
nothing ever waits inside the broker. Which limit applies is a row of `LetterType`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from portal.kernel import calendar
from portal.kernel.clock import OSLO

LimitUnit = Literal["days", "working_days", "hours"]

# The printer takes a day and the post office up to four more (letter boxes are served every other weekday).
TRANSIT_WORKING_DAYS = 5


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a letter may lie unopened. `hours` count exactly; days keep the wall-clock time over a clock change."""

    amount: int
    unit: LimitUnit


@dataclass(frozen=True, slots=True)
class Due:
    """When paper falls due. `too_late` means that even paper sent now cannot arrive before it is needed."""

    at: datetime
    at_once: bool = False
    too_late: bool = False


def limit_ends(available: datetime, limit: Limit) -> datetime:
    """The instant at which the limit runs out for a letter that became available then."""
    if limit.unit == "hours":
        return available.astimezone(UTC) + timedelta(hours=limit.amount)
    day = available.astimezone(OSLO).date()
    if limit.unit == "days":
        return calendar.at_same_wall_time(available, day + timedelta(days=limit.amount))
    return calendar.at_same_wall_time(available, calendar.add_working_days(day, limit.amount))


def latest_posting(must_arrive_by: datetime) -> datetime:
    """The last instant at which paper must be on its way to arrive in time."""
    day = calendar.add_working_days(must_arrive_by.astimezone(OSLO).date(), -TRANSIT_WORKING_DAYS)
    return datetime.combine(day, calendar.DAY_STARTS, tzinfo=OSLO)


def due(available: datetime, limit: Limit, must_arrive_by: datetime | None) -> Due:
    """When an unopened letter falls due: its limit, or earlier when it must arrive before something."""
    ends = limit_ends(available, limit)
    if must_arrive_by is None:
        return Due(ends)
    latest = latest_posting(must_arrive_by)
    if latest <= available:
        working_days = calendar.working_days_between(
            available.astimezone(OSLO).date(), must_arrive_by.astimezone(OSLO).date()
        )
        return Due(available, at_once=True, too_late=working_days < TRANSIT_WORKING_DAYS)
    return Due(min(ends, latest))


def reminder_at(available: datetime, due_at: datetime, after_days: int | None) -> datetime | None:
    """When to remind once, in daytime and before paper falls due; None when there is no room for it."""
    if after_days is None:
        return None
    day = available.astimezone(OSLO).date() + timedelta(days=after_days)
    at = calendar.next_daytime(calendar.at_same_wall_time(available, day))
    return at if at < due_at else None
