"""Several things at the very same moment, each in a thread with a database connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import close_old_connections, connection

LONGEST_SECONDS = 60


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Let all calls begin together; what each gave back, or the exception it ended with."""
    start = Barrier(len(calls))

    def one(call: Callable[[], Any]) -> Any:
        start.wait(timeout=LONGEST_SECONDS)
        return alone(call)

    with ThreadPoolExecutor(len(calls)) as pool:
        futures = [pool.submit(one, call) for call in calls]
        return [_outcome(future) for future in futures]


def alone(call: Callable[[], Any]) -> Any:
    """One call on this thread, which gives its connection back."""
    try:
        close_old_connections()
        return call()
    finally:
        connection.close()


def _outcome(future: "Future[Any]") -> Any:
    try:
        return future.result(timeout=LONGEST_SECONDS)
    except Exception as error:
        return error
