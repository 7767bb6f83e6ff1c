"""Redis accepts and never answers: pages and the FHIR door must not notice, and nothing may be lost.

`python -m tests.faults.broker`. Exit 1 where the slowest hundredth of the answers takes 2 seconds or more, an answer
is not the expected one, or the letters taken in meanwhile are not carried out once Redis answers again.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

import httpx

from portal.demo.fill.browser import Browser
from tests.faults import books
from tests.faults.proxy import Proxy
from tests.faults.stage import Stage, open_stage, wait_for
from tests.faults.telling import say, show_table
from tests.faults.traffic import Order, Traffic

LIMIT_SECONDS = 2.0
READER = "kari-nordli"


def run(requests: int) -> bool:
    """Ask so many pages and send so many letters while Redis hangs; True when nobody noticed."""
    with open_stage("broker") as stage:
        parts = urlsplit(stage.environment["REDIS_URL"])
        assert parts.port is not None
        proxy = Proxy(parts.port)
        proxy.start()
        try:
            netloc = f"{parts.netloc.rsplit(':', 1)[0]}:{proxy.port}"
            stage.environment["REDIS_URL"] = parts._replace(netloc=netloc).geturl()
            stage.begin_web()
            return _while_it_hangs(stage, proxy, requests)
        finally:
            proxy.stop()


def _while_it_hangs(stage: Stage, proxy: Proxy, requests: int) -> bool:
    reader = next(person for person in stage.people() if person.slug == READER)
    orders = [Order(f"B-{n:06}", reader, 0) for n in range(requests + 5)]
    traffic = Traffic(stage.layout, orders, random.Random(1))
    with Browser() as browser, httpx.Client(trust_env=False, timeout=60) as client:
        browser.sign_in(stage.layout.portal_url, reader.name)
        well = [_timed(partial(_sent, traffic, client, order)) for order in orders[:5]]
        proxy.hang()
        say("Redis accepts and answers nothing")
        pages = [_timed(lambda: browser.visit(f"{stage.layout.portal_url}/brev/")) for _ in range(requests)]
        letters = [_timed(partial(_sent, traffic, client, order)) for order in orders[5:]]
    swallowed = proxy.swallowed
    proxy.pass_on()
    say("Redis answers again")
    stage.begin_workers()
    recovered = wait_for(
        "the letters to be decided", lambda: not books.unfinished(stage).get("letters not yet decided"), 120
    )
    rows: list[tuple[str, object]] = [
        ("letters sent while all is well, median ms", _ms(statistics.median(well))),
        ("pages asked for while Redis hangs", len(pages)),
        ("  median / p99 / slowest ms", _spread(pages)),
        ("letters sent while Redis hangs", len(letters)),
        ("  median / p99 / slowest ms", _spread(letters)),
        ("limit for p99, ms", _ms(LIMIT_SECONDS)),
        ("pieces of traffic swallowed", swallowed),
        ("wrong answers", len(traffic.wrong)),
        ("carried out after Redis answered again", "yes" if recovered else "NO"),
    ]
    show_table("Broker hangs", rows)
    fast = max(_p99(pages), _p99(letters)) < LIMIT_SECONDS
    return fast and recovered and swallowed > 0 and not traffic.wrong and len(traffic.sent) == len(orders)


def _sent(traffic: Traffic, client: httpx.Client, order: Order) -> None:
    answer = traffic.send(client, order)
    if answer is None or answer.status_code != 201:
        traffic.wrong.append(f"{order.key}: {answer.status_code if answer else 'no answer'}")
        return
    traffic.sent[order.key] = answer.headers["Location"].rsplit("/", 1)[-1]


def _timed(deed: Callable[[], object]) -> float:
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


def _p99(seconds: list[float]) -> float:
    return sorted(seconds)[max(int(len(seconds) * 0.99) - 1, 0)]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f}"


def _spread(seconds: list[float]) -> str:
    return " / ".join(_ms(each) for each in (statistics.median(seconds), _p99(seconds), max(seconds)))


def main() -> int:
    """Run it once."""
    return 0 if run(int(os.environ.get("FAULTS_REQUESTS", "100"))) else 1


if __name__ == "__main__":
    sys.exit(main())
