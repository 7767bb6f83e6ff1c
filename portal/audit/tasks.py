"""Celery shells of the audit's periodic jobs."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings

from portal.audit import chain, rounds
from portal.kernel import periodic


@shared_task(name="audit.seal")
def seal() -> None:
    """Seal what has been written since the last time."""
    periodic.run("audit.seal", settings.SWEEP_EVERY, chain.seal_waiting, alone_for=timedelta(minutes=4))


@shared_task(name="audit.verify")
def verify() -> None:
    """Begin the day's verification, or go on with the one that has begun."""
    if rounds.due():
        periodic.run("audit.verify", rounds.EVERY, rounds.go_on, alone_for=timedelta(minutes=4))
