"""Celery shells of the people room's periodic jobs."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings

from portal.kernel import periodic
from portal.people import register_feed, register_refresh, sessions

_KEEP = timedelta(days=90)


@shared_task(name="people.forget_sessions")
def forget_sessions() -> None:
    """Forget sessions that ended long ago."""
    periodic.run_if_due("people.forget_sessions", timedelta(days=1), lambda: sessions.forget_old(older_than=_KEEP))


@shared_task(name="people.register_events")
def register_events() -> None:
    """Take over what the population register says has changed."""
    periodic.run(
        "people.register_events", settings.SWEEP_EVERY, register_feed.read_feed, alone_for=timedelta(minutes=1)
    )


@shared_task(name="people.refresh_snapshots")
def refresh_snapshots() -> None:
    """Ask the population register anew about families before what it said is a day old."""
    periodic.run(
        "people.refresh_snapshots",
        settings.SWEEP_EVERY * 5,
        register_refresh.refresh_snapshots,
        alone_for=timedelta(minutes=4),
    )
