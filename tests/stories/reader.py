"""A patient in front of a browser, and the hospital at the other end: what each does and sees, in the words of a story.

Methods are `given_`, `when_` and `then_`; each test strings them together. A reader signs in through the ID-porten
stand-in over real HTTP, and letters come in over /fhir/ with a token, as they do in production.
"""

import base64
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, expect

from letters.models import Letter
from portal.fhir.models import ApiClient
from portal.people.commands import UnitFacts, import_units, register_person
from portal.people.models import Person
from tests.fhir.clients import ALL_SCOPES
from tests.stories.living import Alive, record_sign_in_now
from tests.ui import browser as looks
from tests.ui.browser import SCREEN, Seen, new_context, put_away, watch

TITLE = "Innkalling til undersøkelse av kneet"
BODY = "<h2>Time hos oss</h2><p>Du har fått time til undersøkelse av kneet. Møt i ekspedisjonen kl. 10.15.</p>"


@dataclass
class Hospital:
    """The hospital's record system, which knows the portal's FHIR door and holds a token."""

    alive: Alive
    headers: dict[str, str] = field(default_factory=dict)
    sent: int = 0

    def given_it_is_connected(self) -> None:
        """Its units are known, and it has bought a token with its own key."""
        units = self.alive.ask("GET", "/record-system/units.json")
        import_units(units=[UnitFacts(**(unit | {"return_lines": tuple(unit["return_lines"])})) for unit in units])
        keys = f"{self.alive.world.url}/record-system/jwks.json"
        ApiClient.objects.create(client_id="dips", name="Journalsystemet", jwks_url=keys, scopes=list(ALL_SCOPES))
        token = self.alive.ask("GET", "/record-system/token")["access_token"]
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/fhir+json"}
        self.resh = units[0]["resh"]

    def when_it_sends(self, pid: str, *, title: str = TITLE, body: str = BODY, **more: Any) -> Letter:
        """One order; then the workers make the PDF, choose the way and notify."""
        self.sent += 1
        tree = {
            "resourceType": "CommunicationRequest",
            "status": "active",
            "identifier": [{"system": "https://dips.example/brev", "value": f"B-{self.sent}"}],
            "category": [{"coding": [{"system": "https://dis-portal.example/fhir/letter-type", "code": "innkalling"}]}],
            "subject": {"identifier": {"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": pid}},
            "sender": {"identifier": {"system": "urn:oid:2.16.578.1.12.4.1.4.102", "value": self.resh}},
            "payload": [{"contentString": title}, _html(body)],
        } | more
        address = f"{self.alive.portal_url}/fhir/CommunicationRequest"
        answer = httpx.post(address, json=tree, headers=self.headers, timeout=30)
        assert answer.status_code == 201, answer.text
        self.alive.work()
        return Letter.objects.get(pk=answer.headers["Location"].rpartition("/")[2])

    def when_it_withdraws(self, letter: Letter) -> None:
        """The same order again with status revoked."""
        address = f"{self.alive.portal_url}/fhir/CommunicationRequest/{letter.id}"
        tree = httpx.get(address, headers=self.headers).json() | {"status": "revoked"}
        answer = httpx.put(address, json=tree, headers=self.headers)
        assert answer.status_code == 200, answer.text


def _html(body: str) -> dict[str, Any]:
    data = base64.b64encode(body.encode()).decode()
    return {"contentAttachment": {"contentType": "text/html", "language": "nb", "data": data}}


def known_person(alive: Alive, slug: str, *, active: bool = True) -> tuple[str, Person]:
    """One of the stand-ins' own people, who has used the portal before unless told otherwise."""
    row = alive.world.person(slug)
    person = register_person(pid=row["pid"], name=row["name"])
    if active:
        record_sign_in_now(person)
    return row["pid"], person


class Reader:
    """Somebody at a browser of their own."""

    def __init__(self, alive: Alive, browser: Browser, *, width: int = SCREEN, scripts: bool = True) -> None:
        self.alive, self.width, self.scripts = alive, width, scripts
        self.context: BrowserContext = new_context(browser, width=width, scripts=scripts)
        self.page: Page = self.context.new_page()
        self.seen: Seen = watch(self.page)

    def when_opens(self, path: str = "/") -> None:
        """Type an address."""
        self.page.goto(f"{self.alive.portal_url}{path}")

    def when_signs_in(self, name: str = "Kari Nordli") -> None:
        """Press the button on the welcome page, and choose oneself at ID-porten."""
        self.when_opens("/")
        self.page.get_by_role("link", name="Logg inn med ID-porten").click()
        self.when_chooses_at_idporten(name)
        expect(self.page).to_have_url(f"{self.alive.portal_url}/")

    def when_chooses_at_idporten(self, name: str = "Kari Nordli") -> None:
        """Be that person at ID-porten; the browser is then back at the portal."""
        expect(self.page.get_by_role("heading", name="Hvem vil du logge inn som?")).to_be_visible()
        self.page.get_by_role("link", name=name).first.click()
        expect(self.page).to_have_url(re.compile(f"^{re.escape(self.alive.portal_url)}/"))
        self.seen.hosts.clear()

    def when_signs_out(self) -> None:
        """Press "Logg ut" in the header; ends at ID-porten and comes back."""
        self.page.locator("header").get_by_role("button", name="Logg ut").click()
        expect(self.page.get_by_role("heading", name="Du er logget ut", exact=True)).to_be_visible()
        self.seen.hosts.clear()

    def when_follows(self, words: str) -> None:
        """Click the first link with these words."""
        self.page.get_by_role("link", name=words).first.click()

    def when_searches(self, words: str) -> None:
        """Use the inbox's search field."""
        self.page.get_by_label("Søk i brevene dine").fill(words)
        self.page.get_by_role("button", name="Søk").click()

    def then_sees(self, *words: str) -> None:
        """All these words are on the page."""
        for each in words:
            expect(self.page.get_by_text(each).first).to_be_visible()

    def then_does_not_see(self, *words: str) -> None:
        for each in words:
            expect(self.page.get_by_text(each)).to_have_count(0)

    def then_is_at(self, path: str) -> None:
        expect(self.page).to_have_url(f"{self.alive.portal_url}{path}")

    def then_the_page_is_sound_in_every_look(self) -> None:
        """On a phone and a screen, in light and dark: readable, within the window, nothing refused by the policy."""
        assert self.page.locator("h1").count() == 1
        assert "is undefined" not in self.page.content()
        looks.assert_sound_in_every_look(self.page)

    def then_nothing_is_kept_by_the_browser(self) -> None:
        """The answer to this very address must not be stored."""
        answer = self.context.request.get(self.page.url)
        assert answer.headers["cache-control"] == "no-store"

    def then_only_our_own_hosts_were_asked(self) -> None:
        ours = {urlsplit(self.alive.portal_url).netloc, urlsplit(self.alive.world.url).netloc}
        assert self.seen.hosts <= ours
        assert self.seen.csp_reports == self.seen.script_errors == []

    def leaves(self) -> None:
        """Close the browser."""
        put_away(self.context)
