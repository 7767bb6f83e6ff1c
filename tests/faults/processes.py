"""The drill's own processes: started, killed in every way a process can die, and started again at once."""

import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from portal.demo.layout import ROOT
from portal.demo.process import Program
from portal.embedded import identity


class Running:
    """One program of the portal with its children, in a session of its own."""

    def __init__(self, program: Program, environment: Mapping[str, str], logs: Path) -> None:
        self.name = program.name
        self.log_file = logs / f"{program.name}.log"
        self._command = identity.launch_command("plain", program.command, when_orphaned=signal.SIGKILL)
        self._environment = {**environment, **program.environment}
        self._popen: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; its output goes to its log."""
        with self.log_file.open("ab") as log:
            self._popen = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def alive(self) -> bool:
        """Whether its first process runs."""
        return self._popen is not None and self._popen.poll() is None

    def start_again_if_dead(self) -> bool:
        """What a supervisor does; True when it had died."""
        if self.alive():
            return False
        self.start()
        return True

    @property
    def pid(self) -> int:
        """Its first process."""
        assert self._popen is not None
        return self._popen.pid

    def children(self) -> list[int]:
        """The processes its first process has started: a worker's pool."""
        return children_of(self.pid)

    def grandchildren(self) -> list[int]:
        """What those have started: the renderers."""
        return [pid for child in self.children() for pid in children_of(child)]

    def kill_tree(self) -> None:
        """SIGKILL to everything at once, as when a container is removed."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._reap()

    def kill_parent(self) -> None:
        """SIGKILL to the first process alone; its children must notice by themselves."""
        kill(self.pid)
        self._reap()

    def stop(self) -> None:
        """End it and whatever it has started; a drill that is over needs no good order."""
        if self._popen is not None:
            self.kill_tree()

    def _reap(self) -> None:
        assert self._popen is not None
        self._popen.wait()


def kill(pid: int) -> None:
    """SIGKILL to one process, if it is still there."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def children_of(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(word) for word in task.read_text().split()]
    return found
