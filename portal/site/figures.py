"""Everything operators are told, collected once and read by the page, by `/metrics` and by the alarms alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.audit import rounds
from portal.counterparts.probe import CounterpartHealth
from portal.kernel import clock
from portal.kernel.models import PeriodicRun
from portal.outbox import queries as outbox
from portal.outbox.queries import KindStatus
from portal.site import counterpart_watch
from portal.ui import figures
from portal.ui.figures import ExpectedJob, ServiceFigures, Standing, Text

PLOT_DAYS: Final = 7
JOB_GRACE: Final = timedelta(seconds=30)
SOON: Final = timedelta(minutes=10)
"""A job that should run this often and has never run is late at once, in a portal of any age."""

HEARTBEAT: Final = "outbox.look"


@dataclass(frozen=True, kw_only=True)
class Job:
    """A periodic job as it stands, by the machine's real time."""

    name: str
    label: Text
    every: timedelta
    started_at: datetime | None = None
    succeeded_at: datetime | None = None
    failed_at: datetime | None = None
    error: str = ""
    done: int = 0

    @property
    def failing(self) -> bool:
        """Whether the last round that ended went wrong."""
        return self.failed_at is not None and (self.succeeded_at is None or self.failed_at > self.succeeded_at)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """One instant's figures. `now` is the clock of the clinic, `real_now` the machine's own."""

    now: datetime
    real_now: datetime
    services: Mapping[str, ServiceFigures] = field(default_factory=dict)
    jobs: tuple[Job, ...] = ()
    errands: tuple[KindStatus, ...] = ()
    counterparts: tuple[CounterpartHealth, ...] = ()
    counterparts_known: bool = True
    audit: rounds.Standing = field(default_factory=rounds.Standing)

    def standing(self, service: str, key: str) -> Standing:
        """One count of one service; nothing and no age where the service does not tell it."""
        told = self.services.get(service)
        found = next((each for each in told.standings if each.key == key), None) if told else None
        return found or Standing(key=key, label=key)

    def age(self, since: datetime | None) -> timedelta:
        """How long ago in the clinic's time; zero for what never was or lies ahead."""
        return max(self.now - since, timedelta()) if since else timedelta()

    def late_by(self, job: Job) -> timedelta:
        """How long past twice its interval a job's last success lies; zero when it is in time.

        A job that never succeeded is late from its first start; one that never started, as soon as the portal has
        been in use for so long.
        """
        since = job.succeeded_at or job.started_at
        limit = 2 * job.every + JOB_GRACE
        if since is not None:
            return max(self.real_now - since - limit, timedelta())
        return job.every if job.every <= SOON or self.in_use_for() > limit else timedelta()

    def in_use_for(self) -> timedelta:
        """How long the portal has had letters, as far as the streams reach back."""
        return self.age(self._in_use_since())

    def _in_use_since(self) -> datetime | None:
        hours = [hour for told in self.services.values() for stream in told.streams for hour in stream.by_hour]
        return min(hours, default=None)


def collect() -> Figures:
    """Ask the counterparts (from memory, mostly), then the database. The same number of queries at any size."""
    watched = counterpart_watch.latest()
    now = clock.now()
    since = streams_begin(now)
    return Figures(
        now=now,
        real_now=clock.real_now(),
        services={source.service: source.collect(now, since) for source in figures.sources()},
        jobs=jobs(),
        errands=tuple(outbox.status()),
        counterparts=watched or (),
        counterparts_known=watched is not None,
        audit=rounds.standing(),
    )


def streams_begin(now: datetime) -> datetime:
    """Midnight in Oslo, so many days back that the plot's last bar is today; never less than 24 hours."""
    local = now.astimezone(clock.OSLO)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight - timedelta(days=PLOT_DAYS - 1)).astimezone(UTC)


def day_begins(now: datetime) -> datetime:
    """The whole hour from which the last 24 hours are counted, the present hour among them."""
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=23)


def jobs() -> tuple[Job, ...]:
    """Every job that should run, and any other that has; one query."""
    rows = {row.name: row for row in PeriodicRun.objects.all()}
    expected = {job.name: job for job in expected_jobs()}
    unexpected = [ExpectedJob(name, name, row.every) for name, row in sorted(rows.items()) if name not in expected]
    return tuple(_job(job, rows.get(job.name)) for job in (*expected.values(), *unexpected))


def errand_labels() -> dict[str, Text]:
    """What each kind of errand is called in words."""
    return {kind: label for source in figures.sources() for kind, label in source.errands.items()}


def expected_jobs() -> tuple[ExpectedJob, ...]:
    """Every job that should run: those under the services, then the services' own."""
    own = (
        ExpectedJob(HEARTBEAT, _("Ser etter ærend som venter"), settings.DOORBELL_EVERY),
        ExpectedJob("outbox.tidy", _("Rydder bort gamle ærend"), timedelta(days=1)),
        ExpectedJob("people.forget_sessions", _("Glemmer gamle innlogginger"), timedelta(days=1)),
        ExpectedJob("people.register_events", _("Leser hendelser fra Folkeregisteret"), settings.SWEEP_EVERY),
        ExpectedJob("people.refresh_snapshots", _("Fornyer opplysninger om familier"), settings.SWEEP_EVERY * 5),
        ExpectedJob("audit.seal", _("Forsegler innsynsloggen"), settings.SWEEP_EVERY),
        ExpectedJob("audit.verify", _("Kontrollerer innsynsloggen"), rounds.EVERY),
    )
    return (*own, *(job for source in figures.sources() for job in source.jobs()))


def _job(expected: ExpectedJob, row: PeriodicRun | None) -> Job:
    if row is None:
        return Job(name=expected.name, label=expected.label, every=expected.every)
    return Job(
        name=row.name,
        label=expected.label,
        every=row.every,
        started_at=row.started_at,
        succeeded_at=row.succeeded_at,
        failed_at=row.failed_at,
        error=row.error,
        done=row.done,
    )
