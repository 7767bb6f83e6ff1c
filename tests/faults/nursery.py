"""A warm process that the victims of kill tests are forked from, as the children of a worker's pool are.

It has read the whole product and touched nothing: no connection, no thread. A victim that begins there begins at its
step, where a process started from nothing spends two seconds on reading the product first.

    python -m tests.faults.nursery < {"what": "queue", "name": "post", "output": "/a/file"}, one such line per victim
"""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from portal.config.celery import app
from portal.demo.layout import ROOT
from tests.faults import victim

SECONDS_TO_DIE = 30.0


class Victim:
    """A process that has begun a step. It is known by a handle, so that no other process can be taken for it."""

    def __init__(self, pid: int, output: Path) -> None:
        self._handle = os.pidfd_open(pid)
        self._output = output

    def alive(self) -> bool:
        """Whether it still runs."""
        return not self._over_within(0)

    def said(self) -> str:
        """What it has written."""
        return self._output.read_text()

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        assert self._over_within(SECONDS_TO_DIE), "it does not die"
        os.close(self._handle)

    def _over_within(self, seconds: float) -> bool:
        return bool(select.select([self._handle], [], [], seconds)[0])


class Nursery:
    """The warm process, seen from the test."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._logs = tempfile.TemporaryDirectory(prefix="victims-")
        self._born = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(self, what: str, name: str) -> Victim:
        """A process that begins the step."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._born += 1
        output = Path(self._logs.name) / f"{self._born}.log"
        output.touch()
        self._process.stdin.write(json.dumps({"what": what, "name": name, "output": str(output)}) + "\n")
        self._process.stdin.flush()
        return Victim(int(self._process.stdout.readline()), output)

    def close(self) -> None:
        """End it; victims have ended before."""
        self._process.communicate()
        self._logs.cleanup()


_open: dict[frozenset[tuple[str, str]], Nursery] = {}


def nursery(environment: Mapping[str, str]) -> Nursery:
    """The one whose victims have this environment, opened where there was none."""
    key = frozenset(environment.items())
    if key not in _open:
        _open[key] = Nursery(environment)
    return _open[key]


def close_all() -> None:
    """End those that are open."""
    while _open:
        _open.popitem()[1].close()


def main() -> None:
    """Read the product, then fork a victim for each line until there are no more."""
    app.finalize()
    app.loader.import_default_modules()
    for line in sys.stdin:
        _bury()
        assert threading.active_count() == 1
        pid = os.fork()
        if pid == 0:
            _live(**json.loads(line))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _bury() -> None:
    """Take leave of those that have died. Until then their numbers are given to no other process."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass


def _live(*, what: str, name: str, output: str) -> None:
    """A victim's life. It never comes back from here."""
    status = 1
    try:
        nothing, written = os.open(os.devnull, os.O_RDONLY), os.open(output, os.O_WRONLY)
        for old, new in ((0, nothing), (1, written), (2, written)):
            os.dup2(new, old)
        victim.main(what, name)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
