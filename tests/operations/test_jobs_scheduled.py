"""The jobs operators expect are those the scheduler starts, at least as often as they are to run."""

from datetime import timedelta

import pytest

from portal.config.celery import app
from portal.kernel.models import PeriodicRun
from portal.site import figures


def test_every_scheduled_job_is_expected_and_asked_often_enough() -> None:
    app.finalize()
    entries: dict[str, dict[str, float]] = app.conf.beat_schedule
    schedule = {name.removeprefix("portal."): timedelta(seconds=entry["schedule"]) for name, entry in entries.items()}
    expected = {job.name: job.every for job in figures.expected_jobs()}
    assert schedule.keys() == expected.keys()
    assert [name for name in schedule if schedule[name] > expected[name]] == []


@pytest.mark.django_db
def test_a_job_nobody_expected_is_shown_by_its_name() -> None:
    PeriodicRun.objects.create(name="stranger", every=timedelta(minutes=1))
    assert "stranger" in [job.name for job in figures.jobs()]
