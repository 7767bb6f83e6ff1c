"""The hospital that sends letters over FHIR, and the patients who open them, each of them trying until it works."""

import base64
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import httpx

from portal.counterparts.standins.numbers import fhir_system
from portal.demo.errors import DemoError
from portal.demo.fill.browser import Browser
from portal.demo.fill.region import Inhabitant
from portal.demo.fill.texts import TEXTS, body_of
from portal.demo.layout import Layout

SECONDS_TO_ANSWER = 30.0
REPEATED = 0.03


@dataclass(frozen=True)
class Order:
    """One letter that the hospital wants sent.

    `opens` says from which share of the drill on its reader tries to open it (1.5: weeks later); None: never.
    """

    key: str
    patient: Inhabitant
    text: int
    opens: float | None = None


@dataclass
class Traffic:
    """Who sends and who opens, and what the portal has acknowledged of it."""

    layout: Layout
    orders: list[Order]
    rng: random.Random
    title: str = ""
    share: float = 0.0
    sent: dict[str, str] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    tries: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _threads: list[threading.Thread] = field(default_factory=list)
    _token: tuple[float, str] = (-1e9, "")

    def begin(self, *, senders: int, readers: dict[str, Browser]) -> None:
        """Start sending, and opening with the browsers given by slug."""
        queue = list(reversed(self.orders))
        jobs: list[Callable[[], None]] = [partial(self._send_all, queue)] * senders
        groups = [dict(list(readers.items())[n::3]) for n in range(3)]
        jobs += [partial(self._open_all, group, n) for n, group in enumerate(groups) if group]
        self._threads = [threading.Thread(target=job, daemon=True) for job in jobs]
        for thread in self._threads:
            thread.start()

    def all_sent(self) -> bool:
        """Whether the portal has acknowledged every letter."""
        return len(self.sent) == len(self.orders)

    def end(self) -> None:
        """Let nobody send or open any more."""
        self._stop.set()
        for thread in self._threads:
            thread.join(SECONDS_TO_ANSWER + 5)

    def _send_all(self, queue: list[Order]) -> None:
        with httpx.Client(trust_env=False, timeout=SECONDS_TO_ANSWER) as client:
            while not self._stop.is_set():
                with self._lock:
                    order = queue.pop() if queue else None
                    again = self.rng.random() < REPEATED
                if order is None:
                    return
                self._send_until_taken(client, order, first=True)
                if again:
                    self._send_until_taken(client, order, first=False)

    def _send_until_taken(self, client: httpx.Client, order: Order, *, first: bool) -> None:
        while not self._stop.is_set():
            self.tries += 1
            answer = self.send(client, order)
            if answer is None or answer.status_code in (401, 429) or answer.status_code >= 500:
                self._stop.wait(0.3)
                continue
            self._note(order, answer, first=first)
            return

    def _note(self, order: Order, answer: httpx.Response, *, first: bool) -> None:
        letter = answer.headers.get("Location", "").rstrip("/").rsplit("/", 1)[-1]
        expected = (200, 201) if first else (200,)
        known = self.sent.get(order.key)
        if answer.status_code not in expected or not letter or known not in (None, letter):
            told = "" if answer.is_success else answer.text[:400]
            self.wrong.append(f"{order.key}: {answer.status_code} {letter}{told}")
        self.sent.setdefault(order.key, letter)

    def send(self, client: httpx.Client, order: Order) -> httpx.Response | None:
        """Send once; the answer, or None where none came."""
        try:
            headers = {"Authorization": f"Bearer {self._fresh_token(client)}"}
            address = f"{self.layout.portal_url}/fhir/CommunicationRequest"
            return client.post(address, json=self._request(order), headers=headers)
        except (httpx.HTTPError, KeyError, ValueError):
            return None

    def _fresh_token(self, client: httpx.Client) -> str:
        with self._lock:
            if time.monotonic() - self._token[0] > 120:
                answer = client.get(f"{self.layout.standins_url}/record-system/token")
                self._token = (time.monotonic(), answer.json()["access_token"])
            return self._token[1]

    def _request(self, order: Order) -> dict[str, object]:
        text = TEXTS[order.text]
        data = base64.b64encode(body_of(text).encode()).decode()
        title = self.title if self.title and order.key.endswith("GIFT") else text.title
        return {
            "resourceType": "CommunicationRequest",
            "status": "active",
            "identifier": [{"system": "https://dips.example/brev", "value": order.key}],
            "category": [
                {"coding": [{"system": "https://dis-portal.example/fhir/letter-type", "code": text.letter_type}]}
            ],
            "subject": {"identifier": {"system": fhir_system(order.patient.pid), "value": order.patient.pid}},
            "sender": {"identifier": {"system": "urn:oid:2.16.578.1.12.4.1.4.102", "value": "4208101"}},
            "payload": [
                {"contentString": title},
                {"contentAttachment": {"contentType": "text/html", "language": "nb", "data": data}},
            ],
            "meta": {"security": [{"system": "urn:oid:2.16.578.1.12.4.1.1.9603", "code": "N"}]},
        }

    def _open_all(self, readers: dict[str, Browser], number: int) -> None:
        rng = random.Random(f"{self.rng.random()}-{number}")
        mine = [order for order in self.orders if order.opens is not None and order.patient.slug in readers]
        rng.shuffle(mine)
        while mine and not self._stop.is_set():
            order = mine.pop()
            letter = self.sent.get(order.key)
            too_early = letter is None or self.share < (order.opens or 0)
            if too_early or not self._open(readers[order.patient.slug], str(letter)):
                mine.insert(0, order)
            self._stop.wait(rng.uniform(0.001, 0.02) if too_early else rng.uniform(0.01, 0.12))

    def _open(self, browser: Browser, letter: str) -> bool:
        try:
            browser.visit(f"{self.layout.portal_url}/brev/{letter}/")
        except (DemoError, httpx.HTTPError):
            return False
        if "/logg-inn/" in browser.address:
            self.wrong.append("a session was lost")
            return False
        self.opened.add(letter)
        return True


def signed_in(layout: Layout, people: list[Inhabitant]) -> dict[str, Browser]:
    """A browser for each person, signed in through ID-porten's stand-in."""
    browsers: dict[str, Browser] = {}
    for person in people:
        browser = Browser()
        browser.sign_in(layout.portal_url, person.name)
        browsers[person.slug] = browser
    return browsers
