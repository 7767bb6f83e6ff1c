"""Figures made by hand: a portal that is well, and what to change in it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from portal.audit import rounds
from portal.counterparts.probe import CounterpartHealth
from portal.outbox.queries import KindStatus
from portal.site.figures import Figures, Job
from portal.ui.figures import Comparison, NoticeFigures, ServiceFigures, Standing, Stream, Whereabouts

NOW = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)  # a Wednesday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NO_PLACES = {"on_paper_only": 0, "held": 0, "withdrawn": 0, "stuck": 0, "in_intake": 0, "stopped": 0, "nowhere": 0}


def standing(key: str, count: int = 0, age: timedelta | None = None) -> Standing:
    return Standing(key=key, label=key, count=count, oldest=NOW - age if age else None)


def kind(issued: int, key: str = "innkalling", **places: int) -> Whereabouts:
    rest = issued - sum(places.values())
    return Whereabouts(key, key.capitalize(), issued, {"on_screen": rest, **NO_PLACES, **places})


def comparison(*types: Whereabouts, **changes: Any) -> Comparison:
    made = Comparison(
        finished_at=NOW - HOUR,
        period_start=NOW - 8 * DAY,
        period_end=NOW - HOUR,
        ours=40,
        theirs=40,
        missing=0,
        ghosts=0,
        doubled=0,
        repaired=1,
        types=types or (kind(200, on_paper_only=38, held=2),),
    )
    return replace(made, **changes)


def job(name: str = "letters.fallback", **changes: Any) -> Job:
    made = Job(name=name, label=name, every=MINUTE, started_at=NOW - MINUTE, succeeded_at=NOW - MINUTE, done=3)
    return replace(made, **changes)


def errands(kind: str = "letters.hand_over", **changes: Any) -> KindStatus:
    return replace(KindStatus(kind, waiting=4, due=1, oldest_due=NOW - MINUTE, given_up=0, struggling=0), **changes)


def verified(**changes: Any) -> rounds.Standing:
    return replace(rounds.Standing(ended_at=NOW - HOUR, whole_ended_at=NOW - 3 * DAY, rows=1200), **changes)


def well(*standings: Standing, **service: Any) -> Figures:
    """A portal where letters arrive. Every state has something in it that is young enough."""
    young = {
        "received": standing("received", 3, MINUTE),
        "rendered": standing("rendered", 2, MINUTE),
        "unopened": standing("unopened", 1204, 3 * DAY),
        "waiting": standing("waiting", 1100),
        "overdue": standing("overdue"),
        "due": standing("due", 5, HOUR),
        "ready": standing("ready", 2, HOUR),
        "submitting": standing("submitting", 1, MINUTE),
        "unknown": standing("unknown", 1, MINUTE),
        "accepted": standing("accepted", 12, DAY),
        "held": standing("held", 3, DAY),
        "tasks": standing("tasks", 4, DAY),
    }
    told = ServiceFigures(
        standings=tuple((young | {each.key: each for each in standings}).values()),
        streams=(Stream("received", "Tatt imot", {NOW.replace(minute=0): 7, NOW.replace(minute=0) - 3 * DAY: 90}),),
        notices=(NoticeFigures(channel="sms", label="SMS", sent=100, delivered=95, failed=3, unconfirmed=1),),
        comparison=comparison(),
    )
    return Figures(
        now=NOW,
        real_now=NOW,
        services={"letters": replace(told, **service)},
        jobs=(job(), job("outbox.tidy", every=DAY, succeeded_at=NOW - DAY)),
        errands=(errands(),),
        counterparts=(CounterpartHealth("sms", "SMS", True, "Svarer", 8),),
        audit=verified(),
    )
