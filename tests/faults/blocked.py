"""Kills a process in the middle of a known step: a table it must write to is locked, and it dies while it waits.

The lock decides where it dies, so the test is the same every time: everything before the write has happened, the
write and everything after it has not.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from django.db import connection

from tests.faults.nursery import Victim, nursery

SECONDS_TO_REACH = 90.0
VICTIM = "victim"  # what the process that is to die calls itself towards PostgreSQL
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"


def database_url() -> str:
    """The address of this test run's own database."""
    name = connection.settings_dict["NAME"]
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def start_victim(what: str, name: str, environment: Mapping[str, str]) -> Victim:
    """A process that begins the step, in this test run's own database."""
    own = {"DATABASE_URL": database_url(), "PGAPPNAME": VICTIM}
    return nursery({**environment, **own}).begin(what, name)


def kill_at(table: str, mode: str, what: str, name: str, environment: Mapping[str, str]) -> None:
    """Start the step, let it run until it must wait for `table`, and kill it there."""
    with _locked(table, mode) as waits:
        victim = start_victim(what, name, environment)
        _kill_when(victim, waits)
    _wait(lambda: _connections_left() == 0, "the killed process's connection")


def kill_once(what: str, name: str, environment: Mapping[str, str], holds: Callable[[], bool]) -> None:
    """Start the step and kill it as soon as something holds."""
    victim = start_victim(what, name, environment)
    _kill_when(victim, holds)
    _wait(lambda: _connections_left() == 0, "the killed process's connection")


def _kill_when(victim: Victim, holds: Callable[[], bool]) -> None:
    try:
        until = time.monotonic() + SECONDS_TO_REACH
        while not holds():
            assert victim.alive(), victim.said()
            assert time.monotonic() < until, "the step was never reached"
            time.sleep(0.02)
    finally:
        victim.kill()


@contextmanager
def _locked(table: str, mode: str) -> Iterator[Callable[[], bool]]:
    with psycopg.connect(database_url()) as holder, psycopg.connect(database_url(), autocommit=True) as watcher:
        holder.execute(f"LOCK TABLE {table} IN {mode} MODE".encode())
        yield lambda: bool((watcher.execute(WAITING, [table]).fetchone() or [0])[0])
        holder.rollback()


def _connections_left() -> int:
    """The dead process's connections, until the server notices; never those that other tests have left behind."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s"
    with connection.cursor() as cursor:
        cursor.execute(query, [VICTIM])
        row = cursor.fetchone()
    return int(row[0])


def _wait(holds: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + SECONDS_TO_REACH
    while not holds():
        assert time.monotonic() < until, f"waited in vain for {what}"
        time.sleep(0.02)
