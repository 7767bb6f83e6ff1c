"""The portal over real HTTP inside the test process, behind a door that a test can close before it empties tables.

A browser keeps its connection for several pages, and so does the thread that serves it with its own to the database.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, Thread, local
from typing import Any
from weakref import WeakSet

import psycopg
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db.backends.signals import connection_created
from django.test.testcases import QuietWSGIRequestHandler

LONGEST_WAIT_SECONDS = 3.0
_thread = local()
_kept: WeakSet[psycopg.Connection] = WeakSet()


@dataclass
class Door:
    """Lets requests through while it is open, and knows how many are inside."""

    application: Callable[..., Iterable[bytes]]
    is_open: bool = True
    _inside: int = 0
    _lock: Any = field(default_factory=Lock)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """One request; 503 while the door is closed, as from a portal that is away."""
        with self._lock:
            if not self.is_open:
                start_response("503 Service Unavailable", [("Content-Length", "0")])
                return []
            self._inside += 1
        _thread.serves = True
        return Leaving(self.application(environ, start_response), self._left)

    def _left(self) -> None:
        with self._lock:
            self._inside -= 1

    def open(self) -> None:
        """Let everyone in; who was cut off in between is not counted any more."""
        with self._lock:
            self.is_open, self._inside = True, 0

    def close(self) -> None:
        """Let nobody in, and wait until those inside have left."""
        self.is_open = False
        until = time.monotonic() + LONGEST_WAIT_SECONDS
        while self._inside > 0 and time.monotonic() < until:
            time.sleep(0.01)


class Leaving:
    """An answer that tells when it has been sent."""

    def __init__(self, answer: Iterable[bytes], left: Callable[[], None]) -> None:
        self._answer, self._left = answer, left

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer)

    def close(self) -> None:
        """The server has sent everything, or given up."""
        try:
            getattr(self._answer, "close", lambda: None)()
        finally:
            self._left()


def _stay_open(connection: Any, **_signal: Any) -> None:
    """Until its thread ends with the browser's connection, not only for one request."""
    if getattr(_thread, "serves", False):
        connection.close_at = None
        _kept.add(connection.connection)


@contextmanager
def portal_on_a_port() -> Iterator[tuple[str, Door]]:
    """The portal's address and its door. It sees what has been committed."""
    connection_created.connect(_stay_open, dispatch_uid="stories")
    door = Door(StaticFilesHandler(WSGIHandler()))
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    server.daemon_threads = True
    server.set_app(door)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}", door
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        for each in list(_kept):
            each.close()
