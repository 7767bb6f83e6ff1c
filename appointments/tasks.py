"""Celery shells of the appointments' periodic jobs; each leaves its heartbeat."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings

from appointments import sweeps, telling
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
