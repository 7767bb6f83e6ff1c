"""`/metrics`: the operators' figures as Prometheus text, collected anew for each scrape.

Answers this machine itself and whoever brings METRICS_TOKEN; everybody in demo and test. To others it does not exist.
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime
from ipaddress import ip_address
from typing import Final

from django.conf import settings
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from psycopg import Error as DriverError

from portal.site import alarms, figures, request_metrics
from portal.site.figures import Figures
from portal.ui.figures import Comparison, NoticeFigures, ServiceFigures

log = logging.getLogger(__name__)
_PROXIED: Final = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded")
_OUTCOMES: Final = ("sent", "delivered", "failed", "unconfirmed")

Families = Iterator[GaugeMetricFamily]
Samples = Iterable[tuple[tuple[str, ...], float]]


@require_safe
@transaction.non_atomic_requests
def metrics(request: HttpRequest) -> HttpResponse:
    """Everything as text; 404 for those who may not read it."""
    if not _may_read(request):
        raise Http404
    registry = CollectorRegistry()
    registry.register(FiguresNow())
    text = generate_latest(registry) + generate_latest(request_metrics.registry)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    if settings.PORTAL_ENV in ("demo", "test"):
        return True
    token = settings.METRICS_TOKEN
    if token and constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}"):
        return True
    return _from_this_machine(request)


def _from_this_machine(request: HttpRequest) -> bool:
    """Straight from loopback. What came through a proxy on this machine may come from anywhere."""
    if any(name in request.headers for name in _PROXIED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


class FiguresNow(Collector):
    """Collects the figures when it is scraped. Without a database it says that, and nothing else."""

    def collect(self) -> Families:
        """Every figure as a gauge."""
        try:
            now = figures.collect()
        except (DatabaseError, DriverError) as error:
            log.warning("figures could not be read", extra={"code": type(error).__name__})
            yield _gauge("portal_figures_readable", "Whether the database could be asked", (), [((), 0)])
            return
        yield _gauge("portal_figures_readable", "Whether the database could be asked", (), [((), 1)])
        for service, told in now.services.items():
            yield from _service(service, told, now)
        yield from _jobs(now)
        yield from _audit(now)
        yield from _errands(now)
        yield from _counterparts(now)
        yield _alarms(now)


def _gauge(name: str, words: str, labels: tuple[str, ...], samples: Samples) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=labels)
    for values, number in samples:
        family.add_metric(values, number)
    return family


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


def _service(service: str, told: ServiceFigures, now: Figures) -> Families:
    states = told.standings
    yield _gauge(
        f"portal_{service}", "How many stand in each state now", ("state",), [((s.key,), s.count) for s in states]
    )
    yield _gauge(
        f"portal_{service}_oldest_age_seconds",
        "Age of the oldest in each state",
        ("state",),
        [((s.key,), now.age(s.oldest).total_seconds()) for s in states],
    )
    yield _gauge(
        f"portal_{service}_last_day",
        "How often it happened in the last 24 whole hours",
        ("event",),
        [((s.key,), s.since(figures.day_begins(now.now))) for s in told.streams],
    )
    if told.notices:
        yield _notices(service, told.notices)
    if told.comparison:
        yield from _comparison(service, told.comparison)


def _notices(service: str, notices: Iterable[NoticeFigures]) -> GaugeMetricFamily:
    samples = [((each.channel, outcome), getattr(each, outcome)) for each in notices for outcome in _OUTCOMES]
    words = "Notices in the last 24 hours, by channel and outcome"
    return _gauge(f"portal_{service}_notices_last_day", words, ("channel", "outcome"), samples)


def _comparison(service: str, found: Comparison) -> Families:
    yield _gauge(
        f"portal_{service}_reconciliation_timestamp_seconds",
        "When the last comparison finished, in the clinic's time",
        (),
        [((), _seconds(found.finished_at))],
    )
    yield _gauge(
        f"portal_{service}_reconciliation_differences",
        "What the last comparison found, by kind",
        ("kind",),
        [((kind,), getattr(found, kind)) for kind in ("missing", "ghosts", "doubled", "repaired")],
    )
    yield _gauge(
        f"portal_{service}_reconciliation_compared",
        "Orders on each side of the last comparison",
        ("side",),
        [(("ours",), found.ours), (("theirs",), found.theirs)],
    )
    yield _gauge(
        f"portal_{service}_by_type",
        "Where the period's letters are, by type; the places of a type sum to `issued`",
        ("type", "place"),
        [
            ((each.key, place), count)
            for each in found.types
            for place, count in (("issued", each.issued), *each.places.items())
        ],
    )


def _jobs(now: Figures) -> Families:
    label = ("job",)
    jobs = now.jobs
    yield _gauge(
        "portal_job_last_start_timestamp_seconds",
        "When each periodic job last started; 0 when never",
        label,
        [((job.name,), _seconds(job.started_at)) for job in jobs],
    )
    yield _gauge(
        "portal_job_last_success_timestamp_seconds",
        "When each periodic job last succeeded; 0 when never",
        label,
        [((job.name,), _seconds(job.succeeded_at)) for job in jobs],
    )
    yield _gauge(
        "portal_job_interval_seconds",
        "How often each periodic job should run",
        label,
        [((job.name,), job.every.total_seconds()) for job in jobs],
    )
    yield _gauge(
        "portal_job_late_seconds",
        "How long past twice its interval each job's last success lies",
        label,
        [((job.name,), now.late_by(job).total_seconds()) for job in jobs],
    )


def _audit(now: Figures) -> Families:
    told = now.audit
    yield _gauge(
        "portal_audit_verified_timestamp_seconds",
        "When a verification of the audit last ended, of what was new or of everything; 0 when never",
        ("scope",),
        [(("any",), _seconds(told.ended_at)), (("whole",), _seconds(told.whole_ended_at))],
    )
    yield _gauge(
        "portal_audit_findings",
        "Rows and seals that are not as they were written, by fault",
        ("fault",),
        [((fault,), count) for fault, count in told.faults],
    )


def _errands(now: Figures) -> Families:
    yield _gauge(
        "portal_errands",
        "Errands that are not carried out, by kind and state",
        ("kind", "state"),
        [
            ((each.kind, state), getattr(each, state))
            for each in now.errands
            for state in ("waiting", "due", "struggling", "given_up")
        ],
    )
    yield _gauge(
        "portal_errands_oldest_due_age_seconds",
        "How long the oldest due errand of each kind has been due",
        ("kind",),
        [((each.kind,), now.age(each.oldest_due).total_seconds()) for each in now.errands],
    )


def _counterparts(now: Figures) -> Families:
    label = ("counterpart",)
    yield _gauge(
        "portal_counterpart_up",
        "Whether each counterpart answers and knows us",
        label,
        [((each.name,), float(each.ok)) for each in now.counterparts],
    )
    yield _gauge(
        "portal_counterpart_answer_seconds",
        "How long each counterpart took to answer",
        label,
        [((each.name,), each.milliseconds / 1000) for each in now.counterparts],
    )


def _alarms(now: Figures) -> GaugeMetricFamily:
    """Each rule of portal.site.alarms, also those that are silent, so that a missing one is noticed."""
    ringing = {alarm.rule.name for alarm in alarms.raised(now)}
    samples = [((rule.name, rule.severity), float(rule.name in ringing)) for rule in alarms.RULES]
    return _gauge("portal_alarm", "1 while the rule of this name says something", ("alarm", "severity"), samples)
