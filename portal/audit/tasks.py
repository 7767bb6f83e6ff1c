"""Celery shell of the audit's periodic job."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings

from portal.audit import chain
from portal.kernel import periodic


@shared_task(name="audit.seal")
def seal() -> None:
    """Seal what has been written since the last time."""
    periodic.run("audit.seal", settings.SWEEP_EVERY, chain.seal_waiting, alone_for=timedelta(minutes=4))
