"""The stand-ins as a real process, and a portal that only listens; other folders' tests may use both."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import UUID, uuid4

import pikepdf

from portal.counterparts import signing
from portal.counterparts.client import CounterpartClient
from portal.counterparts.print_provider import PrintOrder
from portal.counterparts.standins.running import RunningStandins, start_standins

__all__ = [
    "SECRET",
    "ListeningPortal",
    "RunningStandins",
    "World",
    "order",
    "pdf",
    "start_standins",
    "start_world",
    "wait",
]

SECRET = "only-for-tests-" + "c" * 40
COUNTERPARTS = (
    "identity",
    "helseid",
    "contact-register",
    "population-register",
    "print",
    "sms",
    "email",
    "record-system",
)
A4 = (595, 842)


@dataclass
class ListeningPortal:
    """Takes callbacks, checks their signature, and answers as it is told to."""

    url: str
    told: list[dict[str, Any]] = field(default_factory=list)
    badly_signed: int = 0
    answers: list[int] = field(default_factory=list)

    def about(self, key: str) -> list[dict[str, Any]]:
        """Every callback for a key, in the order they came."""
        return [event for event in self.told if event["key"] == key]

    def take(self, path: str, headers: Any, body: bytes) -> int:
        if not path.startswith("/kvitteringer/"):
            return 503
        try:
            signing.verify(SECRET, headers, body)
        except signing.BadSignature:
            self.badly_signed += 1
            return 401
        answer = self.answers.pop(0) if self.answers else 200
        if answer == 200:
            self.told.append({"path": path, **json.loads(body)})
        return answer


@dataclass
class World:
    """Running stand-ins and the portal they report to."""

    url: str
    portal: ListeningPortal

    def client(self, path: str, seconds: float = 5.0, secret: str = SECRET) -> CounterpartClient:
        return CounterpartClient(base_url=f"{self.url}/{path}", secret=secret, seconds=seconds)

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Speak to the stand-ins as a trial does; the status and the JSON."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        try:
            request = Request(f"{self.url}{path}", data, headers, method=method)  # noqa: S310 (loopback, by http)
            with urlopen(request, timeout=20) as answer:  # noqa: S310 (the same)
                return answer.status, json.loads(answer.read())
        except HTTPError as refusal:
            with refusal:
                return refusal.code, json.loads(refusal.read())

    def behave(self, counterpart: str, mode: str, **more: float) -> None:
        status, answer = self.ask("POST", f"/{counterpart}/behave", {"mode": mode, **more})
        assert status == 200, answer

    def behave_all(self) -> None:
        for counterpart in COUNTERPARTS:
            self.behave(counterpart, "ok")

    def copies(self, key: str) -> int:
        """How many times the printer would have printed a key."""
        _status, rows = self.ask("GET", "/print/orders.json")
        return sum(row["copies"] for row in rows if row["key"] == key)

    def person(self, slug: str) -> dict[str, Any]:
        _status, rows = self.ask("GET", "/people.json")
        return next(row for row in rows if row["slug"] == slug)


@contextmanager
def start_world(folder: Path) -> Iterator[World]:
    """Stand-ins that post after a second and a half, and deliver messages at once."""
    with listening_portal() as portal:
        quick = {"STANDINS_POSTING_SECONDS": "1.5", "STANDINS_DELIVERY_SECONDS": "0.1"}
        clock_file = folder / "clock.json"
        standins = start_standins(folder, portal.url, secret=SECRET, clock_file=clock_file, environment=quick)
        try:
            yield World(standins.url, portal)
        finally:
            standins.stop()


@contextmanager
def listening_portal() -> Iterator[ListeningPortal]:
    """A portal that takes callbacks and nothing else."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(portal.take(self.path, self.headers, body))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_what: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        portal = ListeningPortal(f"http://127.0.0.1:{server.server_port}")
        Thread(target=server.serve_forever, daemon=True).start()
        yield portal
        server.shutdown()


def wait(what: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until something is so; fail if it never is."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def pdf(pages: int = 1, *, empty: bool = False, words: str = "Hei") -> bytes:
    """A small A4 letter."""
    document = pikepdf.new()
    for number in range(pages):
        page = document.add_blank_page(page_size=A4)
        text = "" if empty else f"BT 100 700 Td ({words} {number}) Tj ET"
        page.Contents = document.make_stream(text.encode())
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def order(*, key: str = "", letter: UUID | None = None, content: bytes | None = None, pages: int = 1) -> PrintOrder:
    """An order that the printer takes, with a key of its own unless one is given."""
    content = content if content is not None else pdf(pages)
    return PrintOrder(
        key=key or f"key-{uuid4()}",
        letter=letter or uuid4(),
        recipient_lines=("Kari Nordli", "Storgata 112", "9008 Tromsø"),
        sheets=(pages + 1) // 2,
        pages=pages,
        duplex=True,
        colour=False,
        sha256=sha256(content).hexdigest(),
        pdf=content,
    )
