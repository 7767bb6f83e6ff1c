"""The next process, after one was killed: it waits for what the dead one held, and then does what is left."""

import time
from collections.abc import Callable
from datetime import timedelta

from django.db.models import F
from django.db.models.functions import Now

from portal.kernel import clock
from portal.kernel.models import PeriodicRun
from portal.outbox.models import Errand
from portal.outbox.work import work
from tests.counterparts.running import wait
from tests.faults.conftest import Around

EXCLUSIVE = "EXCLUSIVE"


def next_process(around: Around, queue: str) -> None:
    """The next worker: nothing while the dead one's lease lasts, everything once it has run out."""
    with clock.stopped_at(around.now + timedelta(minutes=30)):
        before = list(Errand.objects.exclude(lease=None).values_list("pk", "state"))
        assert before, "the killed worker held no lease"
        work(queue, seconds=0.3)
        assert all(Errand.objects.get(pk=pk).state == state for pk, state in before)
        Errand.objects.exclude(lease=None).update(lease_until=Now() - timedelta(seconds=1))
        work(queue)


def errand_is_done(kind: str) -> None:
    errand = Errand.objects.filter(kind=kind).order_by(F("lost").desc()).first()
    assert errand is not None
    assert (errand.state, errand.lost) == (Errand.State.DONE, 1), errand.last_error


def job_again(around: Around, name: str, run: Callable[[], None]) -> None:
    """The next process: a job that runs alone waits for the dead one's lease, the others do not."""
    with clock.stopped_at(around.now + timedelta(minutes=30)):
        row = PeriodicRun.objects.get(name=name)
        assert row.succeeded_at is None
        if row.lease_until is not None:
            run()
            assert PeriodicRun.objects.get(name=name).succeeded_at is None
            PeriodicRun.objects.filter(name=name).update(lease_until=Now() - timedelta(seconds=1))
        run()
    assert PeriodicRun.objects.get(name=name).succeeded_at is not None


def a_second_after(holds: Callable[[], bool]) -> Callable[[], bool]:
    """Something holds and has held for a second: the call that follows it is on its way."""
    since: list[float] = []

    def now_too() -> bool:
        if holds():
            since.append(time.monotonic())
        return bool(since) and time.monotonic() - since[0] > 1

    return now_too


def wait_for(holds: Callable[[], bool]) -> None:
    wait(holds, 15)
