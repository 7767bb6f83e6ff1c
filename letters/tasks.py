"""Celery shells of the letters' periodic jobs; each leaves its heartbeat."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings

from letters import notify, sweeps
from letters.commands import fallback, looking_again
from portal.kernel import periodic


@shared_task(name="letters.fallback")
def let_fall_due() -> None:
    """Let unopened letters whose limit has run out fall due for paper, and look again at those whose time has come."""
    stood_still = periodic.stood_still("letters.fallback", settings.LETTER_TOO_LATE)
    sweep = fallback.sweep_after_standstill if stood_still else fallback.sweep
    periodic.run("letters.fallback", settings.SWEEP_EVERY, lambda: sweep() + looking_again.sweep())


@shared_task(name="letters.routes")
def check_routes() -> None:
    """Find patients whose digital way has closed while letters wait, and letters whose last reader may not read."""

    def check() -> int:
        return sweeps.check_routes() + sweeps.check_readers() + sweeps.check_held()

    periodic.run("letters.routes", settings.SWEEP_EVERY * 5, check, alone_for=timedelta(minutes=4))


@shared_task(name="letters.reports")
def check_reports() -> None:
    """Ask the gateways about notices without a delivery report."""
    periodic.run("letters.reports", settings.SWEEP_EVERY * 5, notify.check_reports, alone_for=timedelta(minutes=4))


@shared_task(name="letters.find_lost")
def find_lost() -> None:
    """Give rows that should be moving and have no errand a new one."""
    periodic.run("letters.find_lost", settings.SWEEP_EVERY * 5, sweeps.find_lost)


@shared_task(name="letters.reconcile")
def reconcile() -> None:
    """Compare with the printer."""
    periodic.run_if_due(
        "letters.reconcile", settings.RECONCILE_EVERY, sweeps.reconcile_with_printer, alone_for=timedelta(minutes=4)
    )
