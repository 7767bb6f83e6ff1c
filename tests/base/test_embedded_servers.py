"""The embedded servers start anywhere, keep what they promised, and leave nothing behind."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.embedded import postgres, servers, valkey
from portal.embedded.errors import EmbeddedServerError
from portal.embedded.server import free_port

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("database")


@pytest.fixture
def database(folder: Path) -> Iterator[postgres.PostgresServer]:
    server = postgres.start(folder)
    yield server
    server.stop()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[valkey.ValkeyServer]:
    server = valkey.start(tmp_path)
    yield server
    server.stop()


def _running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(int(child) for child in children)]


def test_the_role_is_no_superuser_but_owns_its_database(database: postgres.PostgresServer) -> None:
    with psycopg.connect(database.url, autocommit=True) as connection:
        row = connection.execute("SELECT current_user, current_setting('is_superuser')").fetchone()
        assert row == ("portal", "off")
        connection.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        connection.execute("CREATE DATABASE another")
        connection.execute("DROP DATABASE another")


def test_text_is_utf8_and_values_stay_out_of_the_log(database: postgres.PostgresServer) -> None:
    number = "15899812345"
    with psycopg.connect(database.url, autocommit=True) as connection:
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        assert connection.execute("SHOW jit").fetchone() == ("off",)
        connection.execute("CREATE TABLE IF NOT EXISTS seen (number text PRIMARY KEY)")
        connection.execute("INSERT INTO seen VALUES (%s) ON CONFLICT DO NOTHING", [number])
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO seen VALUES (%s)", [number])
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute(f"INSERT INTO seen VALUES ('{number}')")  # noqa: S608 (a value spelled out is the case)
    log = database.log_file.read_text()
    assert "duplicate key" in log
    assert number not in log


def test_nobody_connects_without_the_password(database: postgres.PostgresServer, broker: valkey.ValkeyServer) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"postgresql://postgres@127.0.0.1:{database.port}/postgres")
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=broker.port, retry=Retry(NoBackoff(), 0)).ping()


@pytest.mark.parametrize("how", ["kill", "immediate"])
def test_a_crash_loses_no_acknowledged_row(database: postgres.PostgresServer, how: str) -> None:
    acknowledged = -1
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS kept")
        connection.execute("CREATE TABLE kept (n int PRIMARY KEY)")
        for n in range(300):
            connection.execute("INSERT INTO kept VALUES (%s)", [n])
            acknowledged = n
        if how == "kill":
            database.kill()
        else:
            database.stop(immediate=True)
        with suppress(psycopg.OperationalError):
            while True:
                connection.execute("INSERT INTO kept VALUES (%s)", [acknowledged + 1])
                acknowledged += 1
    database.start()
    with psycopg.connect(database.url) as connection:
        row = connection.execute("SELECT count(*), max(n) FROM kept").fetchone()
    assert row is not None
    assert row[0] >= acknowledged + 1


def test_a_restart_keeps_port_and_rows(database: postgres.PostgresServer) -> None:
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS marks (at timestamptz)")
        connection.execute("INSERT INTO marks VALUES (now())")
    before = database.url, database.pid
    database.restart()
    assert database.url == before[0]
    assert database.pid != before[1]
    with psycopg.connect(database.url) as connection:
        assert connection.execute("SELECT count(*) > 0 FROM marks").fetchone() == (True,)


def test_an_interrupted_first_start_is_done_again(tmp_path: Path) -> None:
    (tmp_path / "cluster").mkdir()
    (tmp_path / "cluster" / "PG_VERSION").write_text("18")
    (tmp_path / "unfinished").touch()
    server = postgres.PostgresServer(tmp_path)
    if server.place != tmp_path:
        pytest.skip("root without user namespaces keeps its data elsewhere")
    server.start()
    server.stop()
    assert not (tmp_path / "unfinished").exists()


def test_stop_leaves_no_process(folder: Path) -> None:
    server = postgres.start(folder)
    family = _family(server.pid)
    assert len(family) > 3
    server.stop()
    assert [pid for pid in family if _running(pid)] == []
    with pytest.raises(EmbeddedServerError):
        assert server.pid


def test_a_folder_belongs_to_one_starter_at_a_time(database: postgres.PostgresServer) -> None:
    with pytest.raises(EmbeddedServerError, match="another process"):
        postgres.start(database.folder)


def test_two_stand_side_by_side_with_the_usual_ports_taken(
    database: postgres.PostgresServer, broker: valkey.ValkeyServer, tmp_path: Path
) -> None:
    taken = [_occupy(port) for port in (5432, 6379)]
    try:
        second = servers.ensure_embedded(tmp_path / "second", durable=False)
        assert second.postgres is not None
        assert second.valkey is not None
        assert second.postgres.port not in (5432, database.port)
        assert second.valkey.port not in (6379, broker.port)
        second.discard()
    finally:
        for listener in taken:
            if listener is not None:
                listener.close()
    assert not (tmp_path / "second" / "postgres").exists()


def _occupy(port: int) -> socket.socket | None:
    listener = socket.socket()
    try:
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.close()
        return None  # a real server has it already: just as good
    listener.listen()
    return listener


def test_the_environment_names_other_servers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/portal")
    monkeypatch.setenv("REDIS_URL", "redis://broker.example/3")
    named = servers.ensure(tmp_path)
    assert (named.database_url, named.redis_url) == ("postgresql://db.example/portal", "redis://broker.example/3")
    named.stop()
    assert list(tmp_path.iterdir()) == []


def test_folders_and_passwords_are_for_the_owner_only(
    database: postgres.PostgresServer, broker: valkey.ValkeyServer
) -> None:
    for private in (database.folder, broker.folder):
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
        assert stat.S_IMODE((private / "password").stat().st_mode) == 0o600
    assert stat.S_IMODE(broker.configuration.stat().st_mode) == 0o600
    command_line = Path(f"/proc/{broker.pid}/cmdline").read_text()
    assert broker.password not in command_line


def test_the_broker_keeps_its_queue_through_a_kill_and_never_evicts(broker: valkey.ValkeyServer) -> None:
    client = redis.Redis.from_url(broker.url)
    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    client.config_set("appendfsync", "always")
    client.rpush("queue", *[f"task-{n}" for n in range(501)])
    broker.kill()
    broker.start()
    assert client.llen("queue") == 501
    client.close()


def test_a_port_that_is_taken_is_an_error_that_shows_the_log(tmp_path: Path) -> None:
    port = free_port()
    listener = _occupy(port)
    assert listener is not None
    server = postgres.PostgresServer(tmp_path, port)
    with pytest.raises(EmbeddedServerError, match=r"did not start(.|\n)*127\.0\.0\.1"):
        server.start(seconds=1.0)
    listener.close()
    assert not server.alive


def test_servers_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys, time\n"
        "from portal.embedded import servers\n"
        "running = servers.ensure_embedded(pathlib.Path(sys.argv[1]), durable=False)\n"
        "print(running.postgres.pid, running.valkey.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout is not None
    pids = [int(word) for word in starter.stdout.readline().split()]
    assert len(pids) == 2
    os.kill(starter.pid, signal.SIGKILL)
    starter.wait()
    starter.stdout.close()
    give_up = time.monotonic() + 15
    while any(_running(pid) for pid in pids) and time.monotonic() < give_up:
        time.sleep(0.05)
    assert [pid for pid in pids if _running(pid)] == []
