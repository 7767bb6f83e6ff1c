"""Periodic jobs leave a heartbeat, and a job that must run alone takes a lease.

A sweep is safe to run twice at once (it claims rows with SKIP LOCKED); two schedulers are therefore harmless.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import models, transaction
from django.db.models.functions import Now

from portal.kernel import clock, reach
from portal.kernel.errors import PortalError
from portal.kernel.models import PeriodicRun

log = logging.getLogger(__name__)


def run(name: str, every: timedelta, work: Callable[[], int], *, alone_for: timedelta | None = None) -> int | None:
    """Do the work of one round and note how it went.

    Returns how many things were done, or None when another process holds the lease of a job that runs alone.
    """
    PeriodicRun.objects.get_or_create(name=name, defaults={"every": every})
    if not _start(name, every, alone_for):
        return None
    try:
        with reach.everyone(f"job:{name}"):
            done = work()
    except Exception as error:
        code = error.code if isinstance(error, PortalError) else type(error).__name__
        PeriodicRun.objects.filter(name=name).update(failed_at=clock.real_now(), error=code[:80], lease_until=None)
        log.exception("periodic job failed", extra={"kind": name})
        raise
    PeriodicRun.objects.filter(name=name).update(succeeded_at=clock.real_now(), error="", done=done, lease_until=None)
    return done


def run_if_due(
    name: str, every: timedelta, work: Callable[[], int], *, alone_for: timedelta | None = None
) -> int | None:
    """As `run`, but only when the last success lies at least `every` back.

    For jobs that run seldom: the scheduler asks often, so that a restart of it neither skips nor repeats a day's run.
    """
    last = PeriodicRun.objects.filter(name=name).values_list("succeeded_at", flat=True).first()
    if last is not None and clock.real_now() - last < every:
        return None
    return run(name, every, work, alone_for=alone_for)


def stood_still(name: str, longer_than: timedelta) -> bool:
    """Whether the last success of a job lies further back than this, by the machine's real time."""
    last = PeriodicRun.objects.filter(name=name).values_list("succeeded_at", flat=True).first()
    return last is not None and clock.real_now() - last > longer_than


def _start(name: str, every: timedelta, alone_for: timedelta | None) -> bool:
    free = models.Q(lease_until__isnull=True) | models.Q(lease_until__lt=Now())
    with transaction.atomic():
        mine = PeriodicRun.objects.filter(name=name)
        if alone_for is not None:
            mine = mine.filter(free)
        lease = Now() + alone_for if alone_for is not None else None
        return mine.update(started_at=clock.real_now(), every=every, lease_until=lease) == 1
