"""Starts the stand-ins as a process of their own, for tests, drills and benchmarks."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

BLOCKING_THREADS = 64
"""A hanging call holds a thread for as long as it hangs."""

SECONDS_TO_START = 30.0
SECONDS_TO_STOP = 5.0


class DidNotStart(Exception):
    """The stand-ins ended, or did not answer in time; the text is the end of their log."""


@dataclass
class RunningStandins:
    """A running process. `url` has no slash at the end; `log` is where it writes."""

    url: str
    log: Path
    process: subprocess.Popen[bytes] = field(repr=False)

    def stop(self) -> None:
        """End the process and wait for it; harmless to repeat."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()


def free_port() -> int:
    """A port on loopback that nobody listens to right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start_standins(  # one argument per thing a caller may want to share with the portal
    folder: Path,
    portal_url: str,
    *,
    secret: str,
    clock_file: Path | None = None,
    port: int | None = None,
    keep_state: bool = False,
    environment: Mapping[str, str] | None = None,
) -> RunningStandins:
    """Start the stand-ins and wait until they answer.

    `folder` takes the log, and the state where `keep_state`. `clock_file` is the clock shared with the portal; without
    it the clock cannot be moved. `environment` is added last. Raises `DidNotStart`.
    """
    chosen = port if port is not None else free_port()
    url = f"http://localhost:{chosen}"
    settings = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.counterparts.standins.settings",
        "PYTHONPATH": str(Path(__file__).resolve().parents[3]),
        "PORTAL_ENV": "test",
        "PORTAL_URL": portal_url,
        "STANDINS_PORT": str(chosen),
        "STANDINS_URL": url,
        "IDENTITY_ISSUER": f"{url}/identity",
        "COUNTERPART_SECRET": secret,
        "STANDINS_STATE": str(folder) if keep_state else "",
        "PORTAL_CLOCK_FILE": str(clock_file) if clock_file is not None else "",
        **(environment or {}),
    }
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "standins.log"
    with log.open("ab") as output:
        process = subprocess.Popen(_command(chosen), env=settings, stdout=output, stderr=output)  # noqa: S603 (our own)
    running = RunningStandins(url, log, process)
    _wait_for(running)
    return running


def _command(port: int) -> list[str]:
    application = "portal.counterparts.standins.wsgi:application"
    options = ["--interface", "wsgi", "--no-ws", "--workers", "1", "--blocking-threads", str(BLOCKING_THREADS)]
    return [sys.executable, "-m", "granian", "--host", "127.0.0.1", "--port", str(port), *options, application]


def _wait_for(running: RunningStandins) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and running.process.poll() is None:
        try:
            with urlopen(f"{running.url}/people.json", timeout=2):  # noqa: S310 (our own loopback address)
                return
        except (URLError, OSError):
            time.sleep(0.1)
    running.stop()
    raise DidNotStart(running.log.read_text(errors="replace")[-2000:])
