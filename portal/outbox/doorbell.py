"""Rings a worker's bell through Redis. Losing a ring costs time, never a letter.

A ring carries the queue's name only. When Redis does not answer, this process stops ringing for a while,
so that a web page never waits for it twice; the scheduler's regular look finds the errand all the same.
"""

import logging
from time import monotonic

from celery import current_app
from django.db import transaction

log = logging.getLogger(__name__)

_QUIET_AFTER_FAILURE = 15.0
_NOT_TWICE_WITHIN = 0.2

_quiet_until = 0.0
_last_ring: dict[str, float] = {}


def ring_after_commit(queue: str) -> None:
    """Ring when the present transaction has been committed."""
    transaction.on_commit(lambda: ring(queue), robust=True)


def ring(queue: str, *, at_most_every: float = _NOT_TWICE_WITHIN) -> bool:
    """Ring now; False when the bell was left alone."""
    global _quiet_until
    moment = monotonic()
    if moment < _quiet_until or moment - _last_ring.get(queue, -1e9) < at_most_every:
        return False
    _last_ring[queue] = moment
    try:
        current_app.send_task("portal.outbox.work", kwargs={"queue": queue}, queue=queue, expires=60, retry=False)
    except Exception as error:
        _quiet_until = monotonic() + _QUIET_AFTER_FAILURE
        log.warning("doorbell not answered", extra={"code": type(error).__name__})
        return False
    return True
