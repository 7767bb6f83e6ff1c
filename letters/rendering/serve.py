"""The loop of a child process: one request at a time, under limits, until the portal hangs up.

The child holds no secrets (its environment is empty), opens no connections, and is thrown away after trouble.
"""

import ctypes
import os
import resource
import select
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from typing import BinaryIO, Final

from letters.rendering import wire

Task = Callable[[wire.Message], wire.Message]

_PR_SET_PDEATHSIG: Final = 1
_OPEN_FILES: Final = 64


class Refused(Exception):
    """A task says no, with a code for the portal. Never carries content."""

    def __init__(self, code: str, kind: str = "failed") -> None:
        super().__init__(code)
        self.code = code
        self.kind = kind


def serve(tasks: Mapping[str, Task], *, memory_bytes: int, dies_with_parent: bool) -> None:
    """Answer requests from stdin on a private copy of stdout until stdin closes."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _confine(memory_bytes, dies_with_parent)
    threading.Thread(target=_leave_when_parent_is_gone, args=(requests.fileno(),), daemon=True).start()
    wire.send(answers, wire.Message({"ready": True}))
    _answer_all(tasks, requests, answers)


def _answer_all(tasks: Mapping[str, Task], requests: BinaryIO, answers: BinaryIO) -> None:
    while (request := wire.receive(requests)) is not None:
        answer, sound = _attempt(tasks, request)
        wire.send(answers, answer)
        if not sound:
            return


def _attempt(tasks: Mapping[str, Task], request: wire.Message) -> tuple[wire.Message, bool]:
    """The answer, and whether this process is still fit to go on."""
    try:
        _renew_cpu_allowance(int(request.facts["cpu_seconds"]))
        answer = tasks[request.facts["task"]](request)
        return wire.Message({"ok": True, **answer.facts}, answer.parts), True
    except Refused as refusal:
        return _refusal(refusal.code, refusal.kind), True
    except MemoryError:
        return _refusal("out_of_memory"), False
    except RecursionError:
        return _refusal("too_deep"), False
    except BaseException as error:
        # Also what does not derive from Exception (WeasyPrint's fatal fetching error): the loop must answer.
        return _refusal(type(error).__name__), False


def _refusal(code: str, kind: str = "failed") -> wire.Message:
    return wire.Message({"ok": False, "code": code, "kind": kind})


def _confine(memory_bytes: int, dies_with_parent: bool) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    if dies_with_parent and sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _renew_cpu_allowance(seconds: int) -> None:
    """From now on at most so many seconds of processor time; the kernel ends the process at the limit."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(usage.ru_utime + usage.ru_stime) + 1 + seconds, hard))


def _leave_when_parent_is_gone(descriptor: int) -> None:
    """The pipe hangs up when the portal's process ends, whichever of its threads started us."""
    poller = select.poll()
    poller.register(descriptor, select.POLLHUP)
    poller.poll()
    os._exit(0)
