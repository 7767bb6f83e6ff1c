"""Starts the parts of a demo in order, keeps them alive, and stops every one of them."""

import fcntl
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.demo import http, keys, prepare, programs, strays
from portal.demo.errors import DemoError
from portal.demo.layout import Layout
from portal.demo.process import Process, Program
from portal.embedded import servers
from portal.embedded.errors import EmbeddedServerError

START_SECONDS = 60.0
GRACE_SECONDS = 10.0
WATCH_SECONDS = 0.5
LOCK = "lock"

Say = Callable[[str], None]


class Supervisor:
    """One demo, from its first process to its last."""

    def __init__(self, layout: Layout, say: Say) -> None:
        self.layout = layout
        self.say = say
        self.secrets: dict[str, str] = {}
        self.environment: dict[str, str] = {}
        self._servers: servers.Servers | None = None
        self._processes: list[Process] = []

    def start(self) -> None:
        """Bring up every process; afterwards web, stand-ins and Flower answer."""
        self._make_folders()
        self.secrets = keys.load_or_make(self.layout.folder)
        self.say("starting database and broker")
        self._servers = servers.ensure(self.layout.folder)
        self.environment = self._common_environment(self._servers)
        self._run(programs.standins(self.layout))
        self.say("preparing tables and static files")
        prepare.everything(self.layout, self.environment)
        self.say("starting web, workers and scheduler")
        self._run(programs.web(self.layout))
        for program in programs.workers(self.layout):
            self._run(program)
        self._run(programs.flower(self.layout, self.secrets["FLOWER_PASSWORD"]))
        self._wait_for(programs.STANDINS, f"{self.layout.standins_url}/people.json")
        self._wait_for("web", f"{self.layout.portal_url}/livez")
        self._wait_for("flower", f"{self.layout.flower_url}/healthcheck")

    def manage_all(self, calls: list[prepare.Call]) -> None:
        """Run some of Django's commands in this demo's environment."""
        prepare.manage_all(calls, self.environment, self.layout.logs)

    def watch(self) -> None:
        """Keep every part alive until somebody stops the demo."""
        while True:
            time.sleep(WATCH_SECONDS)
            self.look_once()

    def look_once(self) -> None:
        """Start again whatever has died, and say so."""
        for name, server in self._embedded():
            if not server.alive:
                server.kill()
                self.say(f"{name} ended and is started again")
                try:
                    server.start()
                except EmbeddedServerError as problem:
                    self.say(str(problem))
        for process in self._processes:
            told = process.revive()
            if told:
                self.say(told)

    def stop(self) -> None:
        """Stop every process: first the portal's own, then the counterparts they talk to, then broker and database."""
        counterparts = [process for process in self._processes if process.name == programs.STANDINS]
        own = [process for process in self._processes if process not in counterparts]
        for wave in (own, counterparts):
            for process in wave:
                process.ask_to_stop()
            deadline = time.monotonic() + GRACE_SECONDS
            for process in wave:
                process.make_stop(deadline)
        self._processes.clear()
        strays.end_strays(self.layout.folder)
        if self._servers is not None:
            self._servers.stop()
            self._servers = None

    def _embedded(self) -> Iterator[tuple[str, servers.Embedded]]:
        if self._servers is not None:
            yield from self._servers.embedded()

    def _run(self, program: Program) -> None:
        process = Process(program, self.environment, self.layout.logs)
        self._processes.append(process)
        process.start()

    def _wait_for(self, name: str, url: str) -> None:
        process = next(process for process in self._processes if process.name == name)

        def answers() -> bool:
            if process.exit_code() is not None:
                raise DemoError(f"{name} did not start; {process.log_file} ends:\n{process.log_tail()}")
            return http.answers(url)

        http.wait_until(f"{name} at {url} (see {process.log_file})", answers, START_SECONDS)

    def _make_folders(self) -> None:
        for folder in (self.layout.folder, self.layout.logs, self.layout.folder / "standins"):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)

    def _common_environment(self, running: servers.Servers) -> dict[str, str]:
        layout = self.layout
        secrets = {name: value for name, value in self.secrets.items() if name != "FLOWER_PASSWORD"}
        return {
            **os.environ,
            **secrets,
            strays.MARK: str(layout.folder),
            "PORTAL_ENV": "demo",
            "DATABASE_URL": running.database_url,
            "REDIS_URL": running.redis_url,
            "PORTAL_URL": layout.portal_url,
            "STANDINS_URL": layout.standins_url,
            "STANDINS_PORT": str(layout.standins_port),
            "IDENTITY_ISSUER": f"{layout.standins_url}/identity",
            "STANDINS_STATE": str(layout.folder / "standins"),
            "FLOWER_URL": layout.flower_url,
            "PORTAL_CLOCK_FILE": str(layout.folder / "clock.json"),
            "STATIC_ROOT": str(layout.folder / "static"),
            "PYTHONUNBUFFERED": "1",
        }


@contextmanager
def sole_owner(layout: Layout) -> Iterator[None]:
    """Hold the demo's folder alone; first end what a killed supervisor may have left, and start over if asked to."""
    layout.folder.mkdir(parents=True, exist_ok=True)
    with (layout.folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoError(f"a demo already runs in {layout.folder}; give this one another DEMO_DIR") from None
        strays.end_strays(layout.folder)
        if layout.fresh:
            _empty(layout.folder)
        yield


def _empty(folder: Path) -> None:
    """Remove an earlier demo's things, and only those: a mistyped DEMO_DIR must not cost anybody's files."""
    things = [thing for thing in folder.iterdir() if thing.name != LOCK]
    if things and not (folder / "secrets.json").exists():
        raise DemoError(f"{folder} holds other things than a demo; FRESH=1 will not remove them")
    for thing in things:
        if thing.is_dir():
            shutil.rmtree(thing)
        else:
            thing.unlink()


def stop_on_signals() -> None:
    """Let Ctrl-C and SIGTERM end the demo the same way."""

    def interrupt(number: int, _frame: object) -> None:
        for known in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(known, signal.SIG_IGN)
        raise KeyboardInterrupt(number)

    for known in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(known, interrupt)
