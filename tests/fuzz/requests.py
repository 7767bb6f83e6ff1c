"""Makes requests: every address, every method, every role, and bodies that are nearly right or not at all."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings

from portal.counterparts.signing import signed_headers
from portal.kernel import clock
from tests.appointments import nhn, nhn_timetable
from tests.fhir.orders import body as fhir_order
from tests.fuzz import nasty
from tests.fuzz.addresses import ADMIN, Known

OWN_ROOM = {
    "signed_out": ("om/", "livez", "logg-inn/", "sprak/"),
    "citizen": ("brev/", "timer/", "innsyn/", "paa-vegne-av/"),
    "clerk": ("behandler/brev/", "behandler/timer/"),
    "clinician": ("behandler/tilgang/", "behandler/timer/"),
    "operator": ("drift/aerend", "innsyn/"),
    "system": ("fhir/", "oauth/"),
}
"""Where each has something to do: every third request goes there, so that enough of them get past the door."""
ROLES = ("signed_out", "citizen", "clerk", "clinician", "operator", "system")
FORM = "application/x-www-form-urlencoded"
SLOW_ROUTES = frozenset({"readyz", "metrics", "drift/"})


@dataclass(frozen=True)
class Asked:
    """One request, so that a failure can be sent again by hand."""

    role: str
    method: str
    route: str
    path: str
    content_type: str = ""
    body: bytes = field(default=b"", repr=False)
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        sent = f"[{self.content_type[:60]}] {self.headers} {self.body[:300]!r}"
        return f"{self.role}: {self.method} {self.path[:300]} {sent}"


@dataclass
class Maker:
    """Makes the requests of one run. `keys` are printers' keys that exist."""

    random: Random
    routes: list[str]
    known: Known
    keys: tuple[str, ...]

    def requests(self, count: int) -> Iterator[Asked]:
        """So many; each address gets its turn with each role, then again."""
        plain = [route for route in self.routes if not route.startswith(ADMIN) and route not in SLOW_ROUTES]
        rare = [route for route in self.routes if route not in plain]
        for number in range(count):
            role = ROLES[number % len(ROLES)]
            turn = number // len(ROLES)
            own = [route for route in plain if route.startswith(OWN_ROOM[role])]
            if rare and number % 23 == 0:
                yield self._request(role, rare[turn % len(rare)])
            elif own and turn % 3 == 0:
                yield self._told() if role == "system" else self._visit(role, own[turn // 3 % len(own)])
            else:
                yield self._request(role, plain[turn % len(plain)])

    def _told(self) -> Asked:
        """What a record system tells when nothing is wrong with it but the headers, perhaps."""
        route = self.random.choice(("fhir/Appointment", "fhir/Schedule"))
        body = json.dumps(self._resource(route)).encode()
        headers = nasty.headers(self.random)
        headers.pop("Content-Length", None)  # the test client itself fails where more is promised than sent
        return Asked("system", "POST", route, f"/{route}", "application/fhir+json", body, headers)

    def _visit(self, role: str, route: str) -> Asked:
        """An ordinary look at a page of one's own, with odd questions and headers at the most."""
        path = f"{self.known.path(route, self.random)}?{nasty.query(self.random)}"
        return Asked(role, "GET", route, path, headers=nasty.headers(self.random))

    def _request(self, role: str, route: str) -> Asked:
        random = self.random
        path = self.known.path(route, random)
        if random.random() < 0.06:
            path += random.choice(["/", "//", "%00", "%ff", "%ED%A0%80", "?", "%2e%2e/", ";x=1", "x" * 3000, "%2f"])
        if random.random() < 0.6:
            path = f"{path}?{nasty.query(random)}"
        method = random.choice(nasty.METHODS)
        if method.upper() in ("GET", "HEAD", "OPTIONS", "TRACE") and random.random() < 0.95:
            return Asked(role, method, route, path, headers=nasty.headers(random))
        content_type, body, headers = self._body(route)
        headers = nasty.headers(random) | headers
        if content_type.startswith("multipart/"):
            headers.pop("Content-Length", None)  # the test client itself fails where more is promised than sent
        return Asked(role, method, route, path, content_type, body, headers)

    def _body(self, route: str) -> tuple[str, bytes, dict[str, str]]:
        random = self.random
        if route.startswith("kvitteringer/") and random.random() < 0.8:
            content = nasty.changed(random, self._callback(route))
            return "application/json", content, signed_headers(settings.COUNTERPART_SECRET, content)
        if route.startswith("fhir/") and random.random() < 0.6:
            return "application/fhir+json", nasty.changed(random, self._resource(route)), {}
        if route.startswith("timer/") and random.random() < 0.6:
            return FORM, self._time_form().encode(), {}
        if random.random() < 0.6:
            return FORM, nasty.query(random).encode(), {}
        if random.random() < 0.3:
            return "multipart/form-data; boundary=xyz", self._multipart(), {}
        return random.choice(nasty.CONTENT_TYPES), random.choice(nasty.BYTES), {}

    def _resource(self, route: str) -> dict[str, Any]:
        """What a record system sends to an address, and now and then what it sends to another."""
        made: dict[str, Callable[[], dict[str, Any]]] = {
            "Appointment": nhn.timenotifikasjon,
            "Schedule": nhn_timetable.schedule,
            "Slot": lambda: nhn_timetable.slot(nhn_timetable.schedule()),
        }
        kind = route.split("/")[1] if self.random.random() < 0.9 else self.random.choice(sorted(made))
        return made.get(kind, fhir_order)()

    def _time_form(self) -> str:
        """What the pages of appointments ask for, rightly for the most part."""
        random = self.random
        good = {
            "slot": random.choice(self.known.ids),
            "key": random.choice([*self.known.ids, str(UUID(int=random.getrandbits(128)))]),
            "reason": random.choice(["ill", "other", "x"]),
            "comment": nasty.pick_text(random),
            "gjor": random.choice(["slipp", ""]),
        }
        kept = random.sample(sorted(good), random.randrange(1, len(good) + 1))
        return "&".join([*(f"{name}={quote(good[name])}" for name in kept), nasty.query(random)])

    def callback(self, route: str) -> Asked:
        """A signed message from a provider, right or nearly."""
        content = nasty.changed(self.random, self._callback(route))
        headers = signed_headers(settings.COUNTERPART_SECRET, content)
        return Asked("signed_out", "POST", route, f"/{route}", "application/json", content, headers)

    def _callback(self, route: str) -> dict[str, Any]:
        random = self.random
        common = {"event_id": str(random.randrange(10**6)), "occurred_at": clock.now().isoformat(), "reason": "x"}
        if route.endswith("varsel/"):
            return common | {"key": f"notice-{random.choice(self.known.ids)}", "kind": "delivered", "channel": "sms"}
        return common | {
            "key": random.choice(self.keys),
            "kind": random.choice(["received", "posted", "returned", "failed", "cancelled"]),
            "provider_id": "T-1",
            "pages": 2,
        }

    def _multipart(self) -> bytes:
        random = self.random
        part = b'--xyz\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % (
            random.choice(nasty.NAMES).encode(),
            random.choice([b"", b'; filename="x\x00.pdf"', b"; filename*=UTF-8''%ff", b"; filename=" + b"x" * 500]),
            random.choice(nasty.BYTES),
        )
        return part * random.randrange(1, 4) + random.choice([b"--xyz--\r\n", b"--xyz", b""])
