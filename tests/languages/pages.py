"""The pages that readers, clerks and operators meet, and what can be heard on them."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any, Final
from uuid import uuid4

from django.test import Client

from appointments.commands import asking, holding
from appointments.models import Clinic
from portal.kernel import clock
from portal.people.models import Person, Role
from tests.appointments import at_hand
from tests.letters import making
from tests.letters_staff import cases
from tests.people.signed_in import signed_in

SPOKEN_ATTRIBUTES: Final = frozenset({"aria-label", "alt", "title", "placeholder", "data-minute", "data-minutes"})
VOID: Final = frozenset({"meta", "link", "img", "input", "br", "hr"})
UNHEARD: Final = frozenset({"script", "style"})
LETTER_TITLE: Final = "Innkalling til undersøkelse av kneet"


class Heard(HTMLParser):
    """Every text of a page with the language it is marked as being in."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[tuple[str, str]] = []
        self.language = ""
        self._open: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        around = self._open[-1][1] if self._open else ""
        own = given.get("lang", around)
        if tag == "html":
            self.language = own
        for name in SPOKEN_ATTRIBUTES & given.keys():
            self.texts.append((given[name], own))
        if tag not in VOID:
            self._open.append((tag, own))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in [name for name, _language in self._open]:
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        words = re.sub(r"\s+", " ", data).strip()
        if words and self._open and self._open[-1][0] not in UNHEARD:
            self.texts.append((words, self._open[-1][1]))

    def in_the_pages_language(self) -> set[str]:
        """What is said in the language of the page itself."""
        return {words for words, language in self.texts if language == self.language}


SIGNED_OUT: Final = ("/", "/om/", "/om/tilgjengelighet/", "/om/personvern/", "/logg-ut/", "/logg-ut/utlopt/?grunn=idle")
REFUSED: Final = ("/logg-inn/svar/?error=access_denied", "/logg-inn/svar/?state=x&code=y")
READER: Final = (
    *("/", "/brev/", "/brev/?vis=uleste", "/innsyn/", "/innsyn/innstillinger/", "/logg-ut/"),
    *("/timer/", "/timer/?vis=tidligere", "/timer/bestill/", "/timer/kalender/"),
)
CLERK: Final = ("/behandler/brev/", "/behandler/brev/grupper/")
OPERATOR: Final = ("/drift/",)


@dataclass(frozen=True)
class Region:
    """Signed-in visitors, and letters in many states for them to meet."""

    visitors: dict[str, Client]
    reader_pages: tuple[str, ...]
    clerk_pages: tuple[str, ...]
    received_at: datetime

    def everywhere(self) -> list[tuple[str, str]]:
        """Who asks for which address."""
        return [
            *(("nobody", address) for address in (*SIGNED_OUT, *REFUSED, "/finnes-ikke/")),
            *(("reader", address) for address in (*READER, *self.reader_pages, "/finnes-ikke/")),
            *(("clerk", address) for address in (*CLERK, *self.clerk_pages)),
            *(("operator", address) for address in OPERATOR),
        ]

    def page(self, who: str, address: str, language: str) -> str:
        """The page in a language, as the switch would give it."""
        client = self.visitors[who]
        client.post("/sprak/", {"sprak": language, "tilbake": "/"})
        answer = client.get(address)
        assert answer.status_code < 300 or answer.status_code >= 400, (address, answer.status_code)
        assert answer.headers["Content-Language"] == language
        return answer.content.decode()


def region() -> Region:
    """A reader with letters, a clerk with tasks, an operator."""
    number = making.synthetic_pid()
    reader = making.person(pid=number)
    mine = making.decided(patient=reader, pid=number)
    unopened = making.decided(patient=reader, pid=number)
    postings = (cases.held("deceased"), cases.at_printer(), cases.returned(), cases.rejected(), cases.unknown())
    clerk_pages = [f"/behandler/brev/{posting.letter_id}/" for posting in postings]
    held = cases.held("given_up")
    clerk_pages += [
        f"/behandler/brev/{mine.id}/",
        f"/behandler/brev/{held.letter_id}/papir/{held.id}/frigi/",
        f"/behandler/brev/{held.letter_id}/papir/{held.id}/stopp/",
        f"/behandler/brev/{held.letter_id}/oppgave/{cases.task_of(held).id}/lukk/",
        f"/behandler/brev/grupper/given_up/{held.letter.type_id}/",
    ]
    visitors = {
        "nobody": Client(),
        "reader": signed_in(Client(), reader),
        "clerk": signed_in(Client(), cases.clerk(), [Role.CLERK]),
        "operator": signed_in(Client(), making.person(name="Oda Drift"), [Role.OPERATOR]),
    }
    reader_pages = (f"/brev/{mine.id}/", f"/brev/{unopened.id}/", *_appointments(reader))
    return Region(visitors, reader_pages, tuple(clerk_pages), mine.received_at)


def _appointments(reader: Person) -> tuple[str, ...]:
    """One that may be changed, one that is too near, one cancelled, one asked about; and times to choose among."""
    unit = making.unit()
    Clinic.objects.create(unit=unit, finding="Ta heisen.", preparation="Ta med legitimasjon.")
    where: dict[str, Any] = {"unit": unit, "unit_id": unit.pk, "title": ""}
    book = at_hand.schedule(unit=unit, name="Kontroll")
    soon = clock.now() + timedelta(days=3)
    at_hand.slots(book, 3, start=soon + timedelta(days=1))
    mine = at_hand.appointment(reader, book, soon, instruction="Faste fra midnatt.", **where)
    video = at_hand.appointment(reader, start=soon + timedelta(hours=4), channel="url", **where)
    late = at_hand.appointment(reader, start=clock.now() + timedelta(hours=5), **where)
    gone = at_hand.appointment(reader, start=soon, status="cancelled", cancelled_at=clock.now(), **where)
    at_hand.appointment(reader, start=clock.now() - timedelta(days=3), status="noshow", **where)
    eyes = making.eyes(reader.pk)
    held = holding.hold(slot_id=book.slots.latest("start").pk, eyes=eyes, appointment_id=mine.pk)
    asked = asking.ask_video(appointment_id=mine.pk, key=uuid4(), eyes=eyes)
    return (
        *(f"/timer/{each.pk}/" for each in (mine, video, late, gone)),
        *(f"/timer/{each.pk}/{tail}/" for each in (mine, late) for tail in ("endre", "avlys")),
        f"/timer/{mine.pk}/endre/bekreft/{held.pk}/",
        f"/timer/kvittering/{asked.pk}/",
        f"/timer/bestill/{book.pk}/",
    )
