"""A test process, and the database's process that answers it, keep to their core; what runs beside them does not."""

import os

import pytest
from django.db import connection

from tests import cores


@pytest.fixture(autouse=True)
def _where_we_were() -> object:
    here = os.sched_getaffinity(0)
    yield
    os.sched_setaffinity(0, here)


def test_what_runs_beside_a_test_may_run_anywhere_and_the_test_stays() -> None:
    cores.stay_on_one(3)
    here = os.sched_getaffinity(0)
    assert len(here) == 1
    with cores.on_every_core():
        assert os.sched_getaffinity(0) >= here
    assert os.sched_getaffinity(0) == here


@pytest.fixture
def _a_connection_of_its_own(transactional_db: None) -> object:
    connection.close()
    yield
    connection.close()


@pytest.mark.usefixtures("_a_connection_of_its_own")
def test_the_databases_process_comes_along() -> None:
    cores.stay_on_one(0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    try:
        place = os.sched_getaffinity(pid)
    except OSError:
        pytest.skip("the database is on another machine, or hidden from this one")
    assert place == os.sched_getaffinity(0)
