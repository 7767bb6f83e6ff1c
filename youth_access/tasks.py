"""The Celery shell of access's periodic job; it leaves its heartbeat."""

from celery import shared_task
from django.conf import settings

from portal.kernel import periodic
from youth_access import sweeps


@shared_task(name="access.tasks")
def look_for_tasks() -> None:
    """Find birthdays that close something, wishes left alone and unknown codes."""
    periodic.run("access.tasks", settings.SWEEP_EVERY * 5, sweeps.look)
