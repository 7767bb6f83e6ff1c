"""Two test letters at every start: one that a person reads on screen, and one that comes out of the printer."""

import uuid
from collections.abc import Iterable

from portal.demo import http
from portal.demo.errors import DemoError
from portal.demo.fill.browser import Browser
from portal.demo.fill.record_system import RecordSystem
from portal.demo.fill.region import Inhabitant
from portal.demo.fill.texts import CANARY
from portal.demo.layout import Layout

READERS = ("kanari-fugl",)
PAPER_READERS = ("kanari-papir", "ingeborg-nesje")  # somebody whom nothing digital reaches
SECONDS = 60.0


def prove(layout: Layout, people: list[Inhabitant], hospital: RecordSystem) -> None:
    """Send both, and come back when one is read and the other lies in the printer's tray."""
    unit = hospital.units[0]["resh"]
    reader = _first(people, READERS)
    printed = hospital.send(f"KANARI-{uuid.uuid4()}", _first(people, PAPER_READERS).pid, unit, CANARY)
    shown = hospital.send(f"KANARI-{uuid.uuid4()}", reader.pid, unit, CANARY)
    with Browser() as browser:
        browser.sign_in(layout.portal_url, reader.name)
        http.wait_until("the canary letter in the inbox", lambda: _is_listed(browser, layout, shown), SECONDS)
        if CANARY.title not in browser.visit(f"{layout.portal_url}/brev/{shown}/"):
            raise DemoError("the canary letter is in the inbox but does not open")
    http.wait_until("the canary letter in the printer's tray", lambda: _is_printed(layout, printed), SECONDS)


def _is_listed(browser: Browser, layout: Layout, letter: str) -> bool:
    return f"/brev/{letter}/" in browser.visit(f"{layout.portal_url}/brev/")


def _is_printed(layout: Layout, letter: str) -> bool:
    orders = http.get_json(f"{layout.standins_url}/print/orders.json")
    return any(order["letter"] == letter for order in orders)


def _first(people: Iterable[Inhabitant], slugs: tuple[str, ...]) -> Inhabitant:
    found = {person.slug: person for person in people}
    for slug in slugs:
        if slug in found:
            return found[slug]
    raise DemoError(f"the stand-ins' list lacks {slugs[0]}, who gets the test letter")
