"""The inbox and the FHIR door at a million letters, each against the plainest peer, request by request in turns.

Three servers with one worker and one thread each: ours, with the peers inside it, and a plain Django project. Ratios
are medians of response times over one kept connection.
"""

import http.client
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from portal.demo import http as demo_http
from portal.demo.layout import ROOT
from portal.embedded.server import free_port
from tests.bench.figures import Figure
from tests.bench.ground import Ground

WARM_UP = 15
PAIRS = 200
Ask = Callable[[], float]


def measure(ground: Ground) -> list[Figure]:
    """Inbox against a page with a session and one query; intake against a view that echoes."""
    known = ground.measure("tests.bench.visitor", "large")
    cookie = {"Cookie": known["cookie"]}
    bearer = {"Authorization": f"Bearer {known['token']}", "Content-Type": "application/fhir+json"}
    with _server(ground, "tests.bench.settings") as ours, _server(ground, "tests.bench.stock") as stock:
        orders = _orders(str(known["pid"]))
        one_order = json.dumps(next(orders))
        inbox, inside = _in_turns(_get(ours, "/brev/", cookie), _get(ours, "/bench/plain/", cookie))
        strict, outside = _in_turns(_get(ours, "/brev/", cookie), _get(stock, "/bench/plain/", cookie))
        fresh = lambda: json.dumps(next(orders))  # noqa: E731 (used once, here)
        intake = _post(ours, "/fhir/CommunicationRequest", bearer, fresh)
        echo = _post(stock, "/bench/echo/", {"Content-Type": "application/json"}, lambda: one_order)
        taken, echoed = _in_turns(intake, echo)
    return [
        _figure("inbox of 200 letters, at 1 M letters", "ms", inbox, "plain page, same process", inside, at_most=3.0),
        _figure("the same", "ms", strict, "plain page, plain project", outside, at_most=3.0),
        _figure("FHIR order taken in, at 1 M letters", "ms", taken, "bare DRF echo", echoed, at_most=25.0),
    ]


def measure_appointments(ground: Ground) -> list[Figure]:
    """The lists of a reader with 200 appointments, most of them over, against the same plain pages."""
    cookie = {"Cookie": ground.measure("tests.bench.visitor", "large")["cookie"]}
    figures = []
    with _server(ground, "tests.bench.settings") as ours, _server(ground, "tests.bench.stock") as stock:
        for name, path in (("coming", "/timer/"), ("earlier", "/timer/?vis=tidligere")):
            listed, plain = _in_turns(_get(ours, path, cookie), _get(ours, "/bench/plain/", cookie))
            title = f"{name} of 200 appointments, at 1 M"
            figures.append(_figure(title, "ms", listed, "plain page, same process", plain, at_most=3.0))
        strict, outside = _in_turns(_get(ours, "/timer/", cookie), _get(stock, "/bench/plain/", cookie))
    return [*figures, _figure("the first", "ms", strict, "plain page, plain project", outside, at_most=3.0)]


def _figure(name: str, unit: str, ours: list[float], peer_name: str, peer: list[float], at_most: float) -> Figure:
    mine, theirs = (statistics.median(each) * 1000 for each in (ours, peer))
    return Figure(name, unit, mine, peer_name, theirs, mine / theirs, at_most)


def _in_turns(first: Ask, second: Ask) -> tuple[list[float], list[float]]:
    for _ in range(WARM_UP):
        first()
        second()
    pairs = [(first(), second()) for _ in range(PAIRS)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def _get(port: int, path: str, headers: dict[str, str]) -> Ask:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    return lambda: _asked(connection, "GET", path, headers, None, 200)


def _post(port: int, path: str, headers: dict[str, str], body: Callable[[], str]) -> Ask:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    return lambda: _asked(connection, "POST", path, headers, body(), 201)


def _asked(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    headers: dict[str, str],
    body: str | None,
    status: int,
) -> float:
    began = time.perf_counter()
    connection.request(method, path, body=body, headers=headers)
    answer = connection.getresponse()
    content = answer.read()
    took = time.perf_counter() - began
    if answer.status != status:
        raise RuntimeError(f"{method} {path} answered {answer.status}: {content[:500]!r}")
    return took


def _orders(pid: str) -> Iterator[dict[str, Any]]:
    """Orders as the integration guide has them, each with an identifier of its own."""
    from tests.bench.order import order

    number = 0
    while True:
        number += 1
        yield order(pid, f"BENCH-{number}")


@contextmanager
def _server(ground: Ground, settings: str) -> Iterator[int]:
    port = free_port()
    options = ["--interface", "wsgi", "--no-ws", "--workers", "1", "--blocking-threads", "1"]
    command = [sys.executable, "-m", "granian", "--host", "127.0.0.1", "--port", str(port), *options]
    log = ground.layout.logs / f"{settings}.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [*command, "portal.config.wsgi:application"],
            cwd=ROOT,
            env=ground.within("large") | {"DJANGO_SETTINGS_MODULE": settings},
            stdout=out,
            stderr=out,
        )
    try:
        demo_http.wait_until(settings, lambda: _answers(port, process, log.read_text), 60)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _answers(port: int, process: "subprocess.Popen[bytes]", log: Callable[[], str]) -> bool:
    if process.poll() is not None:
        raise RuntimeError(log()[-2000:])
    try:
        _post(port, "/bench/echo/", {"Content-Type": "application/json"}, lambda: "{}")()
    except OSError:
        return False
    return True
