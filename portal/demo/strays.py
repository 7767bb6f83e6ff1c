"""Finds processes that belong to a demo folder, whoever started them, so that none survives its demo.

Every process of a demo carries the mark PORTAL_DEMO in its environment; a helper that left its process group, or one
whose supervisor was killed, is found by it.
"""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

MARK = "PORTAL_DEMO"
PATIENCE_SECONDS = 5.0


def end_strays(folder: Path) -> int:
    """End every other process that carries this folder's mark; tells how many there were."""
    found = _marked(folder)
    for how in (signal.SIGTERM, signal.SIGKILL):
        for pid in _marked(folder):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, how)
        give_up = time.monotonic() + PATIENCE_SECONDS
        while _marked(folder) and time.monotonic() < give_up:
            time.sleep(0.05)
    return len(found)


def _marked(folder: Path) -> list[int]:
    mark = f"{MARK}={folder}".encode()
    own = {os.getpid(), os.getppid()}
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if pid not in own and mark in _environment(pid)]


def _environment(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []
