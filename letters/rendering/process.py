"""Owns one child process: starts it, asks it, replaces it.

Plain `subprocess` with pipes and not `multiprocessing`: Celery's workers are daemonic and may have no
multiprocessing children. One request at a time; a process with several threads lets them queue.
"""

import atexit
import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from pathlib import Path
from typing import IO, Final

from letters.rendering import wire
from letters.rendering.errors import AddressDoesNotFit, RendererBusy, RendererUnavailable, RenderFailed, RenderTimeout

_ROOT: Final = Path(__file__).resolve().parents[2]
_FONTCONFIG: Final = Path(__file__).with_name("fonts.conf")
_START_SECONDS: Final = 90.0
_CHUNK: Final = 1 << 16


_ALL: Final["weakref.WeakSet[Child]"] = weakref.WeakSet()


class _Ended(Exception):
    """The child closed its end."""


class _TooSlow(Exception):
    """The deadline passed."""


class Child:
    """A child process that runs `module`. Safe to share between threads, not between forks."""

    def __init__(self, module: str, *, cpu_seconds: int, wall_seconds: float, renew_after: int) -> None:
        self._module = module
        self._cpu_seconds = cpu_seconds
        self._wall_seconds = wall_seconds
        self._renew_after = renew_after
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = ""
        self._requests = self._answers = -1
        self._answered = 0
        _ALL.add(self)

    @property
    def pid(self) -> int | None:
        """The running child's process id, for watchers and tests."""
        return self._process.pid if self._process else None

    def ask(self, task: str, facts: dict[str, object], parts: tuple[bytes, ...] = ()) -> wire.Message:
        """The child's answer.

        Raises RenderFailed or RenderTimeout for this request, RendererBusy or RendererUnavailable when it was
        not tried. A child that is killed from outside is replaced and asked once more.
        """
        request = wire.Message({"task": task, "cpu_seconds": self._cpu_seconds, **facts}, parts)
        if not self._lock.acquire(timeout=2 * self._wall_seconds):
            raise RendererBusy("renderer_busy")
        try:
            answer = self._exchange(request) or self._exchange(request)
        finally:
            self._lock.release()
        if answer is None:
            raise RenderFailed("child_died")
        if not answer.facts.get("ok"):
            raise _error(str(answer.facts.get("kind")), str(answer.facts.get("code")))
        return answer

    def close(self) -> None:
        """Let the child go; the next request starts a new one."""
        with self._lock:
            self._dismiss()

    def _exchange(self, request: wire.Message) -> wire.Message | None:
        """One try. None when the child vanished under it."""
        self._ensure_running()
        try:
            answer = self._converse(wire.encode(request), time.monotonic() + self._wall_seconds)
        except _TooSlow:
            self._dismiss()
            raise RenderTimeout("render_timeout") from None
        except wire.Garbled:
            self._dismiss()
            raise RenderFailed("garbled_answer") from None
        except (_Ended, OSError):
            if self._dismiss() == -signal.SIGXCPU:
                raise RenderTimeout("render_timeout") from None
            return None
        self._answered += 1
        if self._answered >= self._renew_after:
            self._dismiss()
        return answer

    def _ensure_running(self) -> None:
        if self._process is not None and self._process.poll() is None:
            return
        self._dismiss()
        self._folder = tempfile.mkdtemp(prefix="letters-")
        own_main_thread = threading.current_thread() is threading.main_thread()
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
            [sys.executable, "-P", "-B", "-m", self._module, "main" if own_main_thread else "thread"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_bare_environment(self._folder),
            bufsize=0,
        )
        self._requests = _descriptor(self._process.stdin)
        self._answers = _descriptor(self._process.stdout)
        self._answered = 0
        try:
            self._converse(b"", time.monotonic() + _START_SECONDS)
        except (_Ended, _TooSlow, OSError, wire.Garbled):
            self._dismiss()
            raise RendererUnavailable("renderer_unavailable") from None

    def _converse(self, outgoing: bytes, deadline: float) -> wire.Message:
        """Write everything and read one whole answer, never waiting past the deadline."""
        incoming = bytearray()
        wanted: int | None = None
        unsent = memoryview(outgoing)
        while wanted is None or len(incoming) < wire.PREFIX + wanted:
            readable, writable = self._wait(bool(unsent), deadline)
            if writable:
                unsent = unsent[os.write(self._requests, unsent[:_CHUNK]) :]
            if readable:
                chunk = os.read(self._answers, _CHUNK)
                if not chunk:
                    raise _Ended
                incoming += chunk
            if wanted is None and len(incoming) >= wire.PREFIX:
                wanted = wire.length(bytes(incoming[: wire.PREFIX]))
        return wire.decode(bytes(incoming[wire.PREFIX :]))

    def _wait(self, wants_to_write: bool, deadline: float) -> tuple[bool, bool]:
        poller = select.poll()
        poller.register(self._answers, select.POLLIN)
        if wants_to_write:
            poller.register(self._requests, select.POLLOUT)
        left = deadline - time.monotonic()
        events = dict(poller.poll(left * 1000)) if left > 0 else {}
        if not events:
            raise _TooSlow
        return self._answers in events, wants_to_write and self._requests in events

    def _dismiss(self) -> int | None:
        """End the child whatever it is doing; its exit status, None if there was none."""
        process, self._process = self._process, None
        if process is None:
            return None
        status = process.poll()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        status = _last_status(process) if status is None else status
        shutil.rmtree(self._folder, ignore_errors=True)
        return status

    def forget(self) -> None:
        """After a fork: drop the parent's child without touching it, and its lock with it."""
        process, self._process = self._process, None
        self._lock = threading.Lock()
        if process is not None:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
            process.returncode = 0


def _forget_all() -> None:
    """A forked worker must not talk to its parent's children: it gets its own."""
    for child in _ALL:
        child.forget()


def _close_all() -> None:
    """At the end of this process no child and no folder of theirs is left behind."""
    for child in _ALL:
        child.close()


os.register_at_fork(after_in_child=_forget_all)
atexit.register(_close_all)


def _descriptor(pipe: IO[bytes] | None) -> int:
    if pipe is None:
        raise RendererUnavailable("renderer_unavailable")
    os.set_blocking(pipe.fileno(), False)
    return pipe.fileno()


def _last_status(process: subprocess.Popen[bytes]) -> int:
    """A child that is on its way out gets a moment, so that its own reason for ending is seen."""
    try:
        return process.wait(timeout=0.2)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _bare_environment(folder: str) -> dict[str, str]:
    """Nothing of the portal's environment: no keys, no database, no proxy."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": folder,
        "TMPDIR": folder,
        "XDG_CACHE_HOME": folder,
        "FONTCONFIG_FILE": str(_FONTCONFIG),
        "PYTHONPATH": str(_ROOT),
        "PYTHONHASHSEED": "0",
        **{name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ},
    }


def _error(kind: str, code: str) -> Exception:
    if kind == "does_not_fit":
        return AddressDoesNotFit(code)
    return RenderFailed(code)
