"""/livez asks nothing; /readyz asks everything, briefly, and tells which part is wrong."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from threading import Event

import psycopg
import pytest
from django.db import connections
from django.test import Client
from pytest_django import DjangoDbBlocker, Settings

from portal.counterparts.probe import CounterpartHealth
from portal.kernel import clock
from portal.kernel.models import PeriodicRun
from portal.site import counterpart_watch, health
from portal.site.health import Beat


@pytest.fixture
def beating(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A scheduler's heartbeat that other connections see too; /readyz asks from a thread of its own."""
    with django_db_blocker.unblock():
        PeriodicRun.objects.create(name="outbox.look", every=timedelta(seconds=5), started_at=clock.real_now())
        yield
        PeriodicRun.objects.filter(name="outbox.look").delete()
        connections.close_all()


@pytest.fixture
def closed_port() -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@pytest.fixture
def hanging_port() -> Iterator[int]:
    """Takes connections and never says a word."""
    with closing(socket.socket()) as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen(5)
        yield mute.getsockname()[1]


def test_livez_needs_no_database(client: Client) -> None:
    answer = client.get("/livez")  # the test may not touch the database, and would fail if the page did
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("beating")
def test_all_well(client: Client) -> None:
    answer = client.get("/readyz")
    told = answer.json()
    assert (answer.status_code, told["ready"]) == (200, True)
    assert told["database"] == told["broker"] == {"ok": True}
    assert told["scheduler"] == {"ok": True, "heartbeat_age_seconds": 0}
    assert [each["name"] for each in told["counterparts"]] == ["print_provider", "sms"]


@pytest.mark.usefixtures("beating")
def test_a_dead_counterpart_is_told_and_changes_nothing(client: Client, health: list[CounterpartHealth]) -> None:
    health[1] = CounterpartHealth("sms", "SMS", False, "Svarer ikke i tide", 2000)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["counterparts"][1] == {
        "name": "sms",
        "ok": False,
        "milliseconds": 2000,
        "detail": "Svarer ikke i tide",
    }


@pytest.mark.usefixtures("beating")
@pytest.mark.parametrize("port", ["closed_port", "hanging_port"])
def test_a_broker_that_is_gone_or_hangs_is_told_in_time(
    client: Client, settings: Settings, request: pytest.FixtureRequest, port: str
) -> None:
    number = request.getfixturevalue(port)
    settings.REDIS_URL = f"redis://:hemmelig@127.0.0.1:{number}/0"
    started = time.perf_counter()
    answer = client.get("/readyz")
    assert time.perf_counter() - started < 3
    assert answer.status_code == 503
    assert answer.json()["broker"] == {"ok": False, "error": "no-connection"}
    assert answer.json()["database"] == {"ok": True}
    assert b"hemmelig" not in answer.content


@pytest.mark.usefixtures("beating")
def test_counterparts_that_hang_hold_nobody_up(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    let_go = Event()

    def hang() -> list[CounterpartHealth]:
        let_go.wait(10)
        return []

    monkeypatch.setattr(counterpart_watch, "_watch", counterpart_watch.Watch(hang))
    started = time.perf_counter()
    answer = client.get("/readyz")
    let_go.set()
    assert time.perf_counter() - started < 3
    assert (answer.status_code, answer.json()["counterparts"]) == (200, "unknown")


@pytest.mark.usefixtures("beating")
def test_a_scheduler_that_has_fallen_silent(client: Client) -> None:
    PeriodicRun.objects.update(started_at=clock.real_now() - timedelta(seconds=61))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["scheduler"]["ok"]) == (503, False)
    assert answer.json()["scheduler"]["heartbeat_age_seconds"] >= 61


def test_a_scheduler_that_never_ran_and_one_nobody_could_ask() -> None:
    assert health._scheduler(Beat(None)) == {"ok": False, "error": "never-started"}
    assert health._scheduler("no-connection") == {"ok": False, "error": "unknown"}


def test_a_database_that_is_gone_is_told(client: Client, closed_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    class NoDatabase:
        def filter(self, **_names: object) -> None:
            psycopg.connect(f"host=127.0.0.1 port={closed_port} dbname=x", connect_timeout=1)

    monkeypatch.setattr(PeriodicRun, "objects", NoDatabase())
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == {"ok": False, "error": "no-connection"}
    assert answer.json()["broker"] == {"ok": True}
