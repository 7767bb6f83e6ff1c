"""A test process and the database's processes that answer it stay on one core.

A question to the database wakes another process, and so does its answer. To wake one on another core takes several
times as long as to hand over on the same one, the more so on a virtual machine; and each test waits for its answers
anyway. What runs beside its test, as a browser does, is started on every core.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from django.db.backends.signals import connection_created

_EVERY: Final = frozenset(os.sched_getaffinity(0))


def stay_on_one(number: int) -> None:
    """Keep this process, the `number`th of the run, on one core; the processes are spread evenly."""
    cores = sorted(_EVERY)
    os.sched_setaffinity(0, {cores[number % len(cores)]})
    connection_created.connect(_bring_here, dispatch_uid="cores")


@contextmanager
def on_every_core() -> Iterator[None]:
    """What is started inside may run anywhere."""
    here = os.sched_getaffinity(0)
    os.sched_setaffinity(0, _EVERY)
    try:
        yield
    finally:
        os.sched_setaffinity(0, here)


def _bring_here(connection: Any, **_signal: Any) -> None:
    """Have the database's process for this connection on the same core, where the database is on this machine."""
    info = connection.connection.info
    pid = info.backend_pid
    if info.hostaddr not in ("", "127.0.0.1", "::1"):
        return
    with suppress(OSError):  # another user's database stays where it is
        if (Path("/proc") / str(pid) / "comm").read_text().startswith("postgres"):
            os.sched_setaffinity(pid, os.sched_getaffinity(0))
