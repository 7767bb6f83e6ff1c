"""Celery shells of the appointments' periodic jobs; each leaves its heartbeat."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings

from appointments import sweeps, telling
from appointments.commands import lapsing
from portal.kernel import periodic


@shared_task(name="appointments.reminders")
def let_reminders_fall_due() -> None:
    """Let reminders whose time has come fall due."""
    periodic.run("appointments.reminders", settings.SWEEP_EVERY, sweeps.claim_reminders)


@shared_task(name="appointments.reports")
def check_reports() -> None:
    """Ask the gateways about messages without a delivery report."""
    periodic.run(
        "appointments.reports", settings.SWEEP_EVERY * 5, telling.check_reports, alone_for=timedelta(minutes=4)
    )


@shared_task(name="appointments.lapse")
def let_holds_lapse() -> None:
    """Put away held times whose time has run out."""
    periodic.run("appointments.lapse", settings.SWEEP_EVERY, lapsing.lapse)


@shared_task(name="appointments.find_lost_requests")
def find_lost_requests() -> None:
    """Give requests that nobody is bringing to the hospital a new errand."""
    periodic.run("appointments.find_lost_requests", settings.SWEEP_EVERY * 5, lapsing.find_lost)
