"""Periodic jobs leave a heartbeat, run alone where they must, and run seldom without losing a day."""

from datetime import timedelta

import pytest
import time_machine

from portal.kernel import clock, periodic
from portal.kernel.errors import FinalError
from portal.kernel.models import PeriodicRun

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_round_leaves_its_heartbeat() -> None:
    assert periodic.run("job", DAY, lambda: 3) == 3
    row = PeriodicRun.objects.get(name="job")
    assert (row.done, row.error, row.every) == (3, "", DAY)
    assert row.succeeded_at is not None


def test_a_failed_round_is_told_and_the_next_may_start() -> None:
    def fail() -> int:
        raise FinalError("printer-says-no")

    with pytest.raises(FinalError):
        periodic.run("job", DAY, fail, alone_for=timedelta(minutes=5))
    row = PeriodicRun.objects.get(name="job")
    assert (row.error, row.succeeded_at, row.lease_until) == ("printer-says-no", None, None)
    assert periodic.run("job", DAY, lambda: 1, alone_for=timedelta(minutes=5)) == 1


def test_a_job_that_runs_alone_is_not_started_twice() -> None:
    def inner() -> int:
        return 7 if periodic.run("job", DAY, lambda: 1, alone_for=timedelta(minutes=5)) is None else 0

    assert periodic.run("job", DAY, inner, alone_for=timedelta(minutes=5)) == 7


def test_a_seldom_job_runs_at_once_and_then_once_a_day() -> None:
    assert periodic.run_if_due("job", DAY, lambda: 1) == 1
    assert periodic.run_if_due("job", DAY, lambda: 1) is None
    with time_machine.travel(clock.real_now() + DAY, tick=False):
        assert periodic.run_if_due("job", DAY, lambda: 2) == 2
