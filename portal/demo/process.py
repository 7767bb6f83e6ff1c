"""One process of the demo: its command, its log, its end, and its rising again."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from portal.demo.layout import ROOT
from portal.embedded import identity

LARGEST_LOG = 20 * 1024 * 1024
LONGEST_PAUSE_SECONDS = 30.0
CALM_SECONDS = 60.0


@dataclass(frozen=True)
class Program:
    """What to run, under which name, with which additions to the common environment."""

    name: str
    command: list[str]
    environment: Mapping[str, str]


class Process:
    """A running program in a process group of its own, so that its children end with it."""

    def __init__(self, program: Program, environment: Mapping[str, str], logs: Path) -> None:
        self.name = program.name
        self.log_file = logs / f"{program.name}.log"
        self._command = identity.launch_command("plain", program.command, when_orphaned=signal.SIGTERM)
        self._environment = {**environment, **program.environment}
        self._popen: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._deaths = 0
        self._not_before = 0.0

    def start(self) -> None:
        """Start it; its output goes to its log file."""
        oversized = self.log_file.exists() and self.log_file.stat().st_size > LARGEST_LOG
        with self.log_file.open("wb" if oversized else "ab") as log:
            self._popen = subprocess.Popen(  # noqa: S603 (our own programs)
                self._command,
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._started = time.monotonic()

    def exit_code(self) -> int | None:
        """How it ended, or None while it runs."""
        return self._popen.poll() if self._popen else None

    def revive(self) -> str | None:
        """Start it again if it has died, after a pause that grows with each death; tells what was done."""
        code = self.exit_code()
        if code is None or time.monotonic() < self._not_before:
            return None
        if time.monotonic() - self._started > CALM_SECONDS:
            self._deaths = 0
        pause = min(2.0**self._deaths - 1, LONGEST_PAUSE_SECONDS)
        self._deaths += 1
        self._not_before = time.monotonic() + pause
        self._end_group(signal.SIGKILL)
        self.start()
        return f"{self.name} ended with {code} and was started again; see {self.log_file}"

    def ask_to_stop(self) -> None:
        """Let it finish what it has in hand; its children are its own business for now."""
        if self._popen is not None and self._popen.poll() is None:
            self._popen.terminate()

    def make_stop(self, deadline: float) -> None:
        """Wait until `deadline` (monotonic seconds), then end the whole group."""
        if self._popen is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._popen.wait(max(deadline - time.monotonic(), 0.0))
        self._end_group(signal.SIGKILL)
        self._popen.wait()

    def _end_group(self, how: signal.Signals) -> None:
        if self._popen is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._popen.pid, how)

    def log_tail(self, size: int = 1_500) -> str:
        """The end of its log, for a person who asks why."""
        if not self.log_file.exists():
            return ""
        return self.log_file.read_bytes()[-size:].decode(errors="replace")
