"""Celery shells: the doorbell's answer, the scheduler's regular look, and the broom."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings

from portal.kernel import clock, periodic
from portal.outbox import commands, doorbell, queries
from portal.outbox.work import work as carry_out

_KEEP_DONE = timedelta(days=30)


@shared_task(name="portal.outbox.work")
def work(queue: str) -> None:
    """Carry out what is due in a queue."""
    carry_out(queue)


@shared_task(name="portal.outbox.look")
def look() -> None:
    """Ring for every queue with something due, in case a ring was lost."""
    periodic.run("outbox.look", settings.DOORBELL_EVERY, _ring_all)


def _ring_all() -> int:
    return sum(doorbell.ring(queue) for queue in queries.queues_with_work())


@shared_task(name="portal.outbox.tidy")
def tidy() -> None:
    """Forget errands carried out long ago."""
    periodic.run_if_due("outbox.tidy", timedelta(days=1), lambda: commands.forget_done(clock.now() - _KEEP_DONE))
