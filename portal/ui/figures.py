"""What services tell operators about themselves, as plain data, and the list of services that do.

A service registers how its figures are collected; the operators' page, `/metrics` and the alarms read them without
knowing the service's tables. Nothing here may hold a name, a title or a number of a person.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How many things stand in one situation now, and since when the oldest of them has."""

    key: str
    label: Text
    count: int = 0
    oldest: datetime | None = None
    note: Text = ""


@dataclass(frozen=True)
class Stream:
    """How often something happened, by the hour (each hour's first instant in UTC)."""

    key: str
    label: Text
    by_hour: Mapping[datetime, int]

    def since(self, start: datetime) -> int:
        """How often since an instant, which should be a whole hour."""
        return sum(count for hour, count in self.by_hour.items() if hour >= start)


@dataclass(frozen=True, kw_only=True)
class NoticeFigures:
    """What became of the notices of one channel in the last 24 hours."""

    channel: str
    label: Text
    sent: int = 0
    delivered: int = 0
    failed: int = 0
    unconfirmed: int = 0


@dataclass(frozen=True)
class Whereabouts:
    """Where the items of one type are: each issued one is in exactly one place, so the places sum to `issued`."""

    key: str
    label: Text
    issued: int
    places: Mapping[str, int]

    @property
    def adds_up(self) -> bool:
        """Whether every issued one is accounted for, once."""
        return sum(self.places.values()) == self.issued


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The last comparison with the party that carries things out for us."""

    finished_at: datetime
    period_start: datetime
    period_end: datetime
    ours: int
    theirs: int
    missing: int
    ghosts: int
    doubled: int
    repaired: int
    types: tuple[Whereabouts, ...]


@dataclass(frozen=True, kw_only=True)
class ServiceFigures:
    """Everything one service tells at one instant."""

    standings: tuple[Standing, ...]
    streams: tuple[Stream, ...] = ()
    notices: tuple[NoticeFigures, ...] = ()
    comparison: Comparison | None = None
    places: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True)
class ExpectedJob:
    """A periodic job that should leave a heartbeat, whether or not it has ever run."""

    name: str
    label: Text
    every: timedelta


@dataclass(frozen=True, kw_only=True)
class Source:
    """How one service's figures are collected, and which jobs and errands are its own."""

    service: str
    collect: Callable[[datetime, datetime], ServiceFigures]
    jobs: Callable[[], tuple[ExpectedJob, ...]] = tuple
    errands: Mapping[str, Text] = field(default_factory=dict)


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Let a service be seen by operators. `collect` is given the present instant and where its streams begin."""
    _sources[source.service] = source


def sources() -> tuple[Source, ...]:
    """Every service that has registered, in that order."""
    return tuple(_sources.values())
