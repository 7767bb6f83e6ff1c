"""A whole portal of its own to do harm to: servers, stand-ins, web, workers and scheduler as real processes."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg

from portal.demo import http, keys, prepare, programs, strays
from portal.demo.fill.region import Inhabitant, inhabitants
from portal.demo.layout import Layout
from portal.demo.process import Program
from portal.demo.programs import PORTAL_SETTINGS
from portal.embedded import servers
from portal.embedded.server import free_port
from tests.faults.processes import Running
from tests.faults.telling import say

WORKERS = {
    "render": "render",
    "first": "letters,notices,receipts,periodic,post",
    "second": "post,letters,notices,periodic",
}
POOL = {"render": 2, "first": 2, "second": 2}
OWN_APPLICATION = "tests.faults.worker_app:app"
SCOPES = (
    "system/CommunicationRequest.write system/CommunicationRequest.read system/Communication.read"
    " system/Appointment.write"
)


@dataclass
class Stage:
    """Everything that runs, and the levers on it."""

    layout: Layout
    environment: dict[str, str]
    servers: servers.Servers
    parts: dict[str, Running] = field(default_factory=dict)

    @property
    def workers(self) -> list[Running]:
        """The Celery workers."""
        return [self.parts[name] for name in WORKERS if name in self.parts]

    def begin(self, program: Program) -> Running:
        """Start one more part."""
        part = Running(program, self.environment, self.layout.logs)
        part.start()
        self.parts[program.name] = part
        return part

    def begin_web(self) -> None:
        """The portal's pages and FHIR door; comes back when they answer."""
        self.begin(programs.web(self.layout))
        http.wait_until("the portal", lambda: http.answers(f"{self.layout.portal_url}/livez"), 60)

    def begin_workers(self) -> None:
        """Three workers and the scheduler."""
        for name, queues in WORKERS.items():
            self.begin(_worker(name, queues, POOL[name]))
        self.begin(_beat(self.layout))

    def revive(self) -> None:
        """Start what has died."""
        for part in self.parts.values():
            part.start_again_if_dead()

    def behave(self, counterpart: str, **how: object) -> None:
        """Pull a counterpart's lever."""
        http.post_json(f"{self.layout.standins_url}/{counterpart}/behave", how, {})

    def move_clock(self, **how: str) -> None:
        """`advance="P1D"` or `set=…` on the clock that everything here shares."""
        http.post_json(f"{self.layout.standins_url}/clock", how, {})

    def orders(self) -> list[dict[str, Any]]:
        """The printer's own list of what it would post."""
        with httpx.Client(trust_env=False, timeout=120) as asking:
            answer: list[dict[str, Any]] = asking.get(f"{self.layout.standins_url}/print/orders.json").json()
        return answer

    def people(self) -> list[Inhabitant]:
        """Who lives here."""
        return inhabitants(self.layout.standins_url)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the portal's database, past the portal."""
        with psycopg.connect(self.servers.database_url, autocommit=True, connect_timeout=5) as connection:
            return connection.execute(query.encode(), values or None).fetchall()

    def change(self, query: str) -> None:
        """Change something in the portal's database, past the portal."""
        with psycopg.connect(self.servers.database_url, autocommit=True, connect_timeout=5) as connection:
            connection.execute(query.encode())

    def number(self, query: str, *values: object) -> int:
        """The one number a query gives."""
        return int(self.rows(query, *values)[0][0])

    def close(self) -> None:
        """End every process of the stage."""
        for part in reversed(list(self.parts.values())):
            part.stop()
        strays.end_strays(self.layout.folder)
        self.servers.discard()


@contextmanager
def open_stage(name: str, extra: Mapping[str, str] | None = None) -> Iterator[Stage]:
    """Servers, tables and stand-ins, with the hospital let in; the caller starts web and workers.

    `extra` is added to every process's environment. What went wrong stays in the logs of FAULTS_DIR, where set.
    """
    kept = os.environ.get("FAULTS_DIR")
    folder = Path(kept).absolute() / name if kept else Path(tempfile.mkdtemp(prefix=f"dis-portal-{name}-"))
    shutil.rmtree(folder, ignore_errors=True)
    layout = _layout(folder)
    layout.logs.mkdir(parents=True)
    folder.chmod(0o700)
    stage = Stage(layout, {}, servers.ensure_embedded(folder))
    try:
        stage.environment = _environment(stage) | dict(extra or {})
        stage.begin(programs.standins(layout))
        prepare.everything(layout, stage.environment)
        http.wait_until("the stand-ins", lambda: http.answers(f"{layout.standins_url}/people.json"), 60)
        _let_the_hospital_in(stage)
        yield stage
    finally:
        stage.close()
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


def wait_for(
    what: str, holds: Callable[[], bool], seconds: float, meanwhile: Callable[[], None] = lambda: None
) -> bool:
    """Wait until something holds; False, and a line about it, when time is up."""
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            say(f"waited {seconds:.0f} s in vain for {what}")
            return False
        meanwhile()
        time.sleep(0.25)
    return True


def wait_while_moving(what: str, left: Callable[[], int], stalled: float, meanwhile: Callable[[], None]) -> bool:
    """Wait until nothing is left, as long as it takes; False when what is left has not changed for so many seconds."""
    before, since = left(), time.monotonic()
    while before:
        meanwhile()
        time.sleep(0.5)
        now = left()
        if now != before:
            before, since = now, time.monotonic()
        elif time.monotonic() - since > stalled:
            say(f"{what}: nothing has moved for {stalled:.0f} s, {before} left")
            return False
    return True


def _layout(folder: Path) -> Layout:
    ports = [free_port() for _ in range(3)]
    return Layout(folder, ports[0], ports[1], ports[2], fresh=True, database_url="", redis_url="")


def _environment(stage: Stage) -> dict[str, str]:
    layout = stage.layout
    secrets = keys.load_or_make(layout.folder)
    secrets.pop("FLOWER_PASSWORD")
    return {
        **os.environ,
        **secrets,
        strays.MARK: str(layout.folder),
        "PORTAL_ENV": "demo",
        "DATABASE_URL": stage.servers.database_url,
        "REDIS_URL": stage.servers.redis_url,
        "PORTAL_URL": layout.portal_url,
        "STANDINS_URL": layout.standins_url,
        "STANDINS_PORT": str(layout.standins_port),
        "IDENTITY_ISSUER": f"{layout.standins_url}/identity",
        "STANDINS_STATE": "",
        "STANDINS_POSTING_SECONDS": "1.5",
        "STANDINS_DELIVERY_SECONDS": "0.5",
        "PORTAL_CLOCK_FILE": str(layout.folder / "clock.json"),
        "STATIC_ROOT": str(layout.folder / "static"),
        "SWEEP_SECONDS": "3",
        "DOORBELL_SECONDS": "1",
        "RECONCILE_SECONDS": "8",
        "RECONCILE_DAYS": "300",
        "FHIR_REQUESTS_PER_MINUTE": "60000",
        "PYTHONUNBUFFERED": "1",
    }


def _let_the_hospital_in(stage: Stage) -> None:
    record_system = f"{stage.layout.standins_url}/record-system"
    keys_at = ["--jwks-url", f"{record_system}/jwks.json", "--scope", SCOPES]
    calls: Sequence[list[str]] = (
        ["import_units", f"{record_system}/units.json"],
        ["register_fhir_client", "--client-id", "dips", "--name", "Sykehusets journalsystem", *keys_at],
    )
    each = [prepare.Call(arguments=arguments, environment={}) for arguments in calls]
    prepare.manage_all(each, stage.environment, stage.layout.logs)


def _worker(name: str, queues: str, processes: int) -> Program:
    options = ["--queues", queues, "--concurrency", str(processes), "--hostname", f"{name}@%h", "--loglevel=INFO"]
    return _celery(name, ["worker", *options, "--without-gossip", "--without-mingle"])


def _beat(layout: Layout) -> Program:
    schedule = str(layout.folder / "beat-schedule")
    return _celery("beat", ["beat", "--schedule", schedule, "--pidfile=", "--loglevel=INFO"])


def _celery(name: str, arguments: list[str]) -> Program:
    command = [sys.executable, "-m", "celery", "--app", OWN_APPLICATION, "--quiet", *arguments]
    return Program(name, command, PORTAL_SETTINGS)
