"""The whole product alive in one test: the portal on a port, the stand-ins in a process of their own, a committed
database, and the workers stepped by hand so that every test decides what happens before what.

The fixtures stand in `tests.stories.fixtures`, which conftest files may import before the settings are named.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from uuid import UUID

from django.conf import settings
from django.db import transaction

from letters import sweeps
from letters.commands import fallback, intake, rendering
from letters.models import ClerkTask, Letter, LetterEvent, Posting
from portal.kernel import clock
from portal.outbox.work import work
from portal.people.commands import record_sign_in, register_person
from portal.people.models import Person
from tests.counterparts.running import World, pdf, wait
from tests.letters import making
from tests.stories.server import Door

START = datetime(2026, 11, 23, 10, tzinfo=clock.OSLO)
"""A Monday morning, in daytime: notices go at once."""

HOME = {"lines": ["Storgata 1"], "postal_code": "9008", "town": "Tromsø"}


@dataclass(frozen=True)
class Patient:
    """Someone both registers know."""

    pid: str = field(repr=False)
    person: Person


@dataclass
class Alive:
    """The running product as a test holds it."""

    portal_url: str
    world: World
    door: Door

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Speak to the stand-ins; the JSON of an answer that must be a yes."""
        status, answer = self.world.ask(method, path, body)
        assert status < 300, (status, answer)
        return answer

    # -- time -------------------------------------------------------------------------------------------------------

    def set_clock(self, instant: datetime) -> None:
        """Move the clock that portal and stand-ins share."""
        clock.move(instant - clock.real_now())

    def time_passes(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> None:
        clock.move(clock.offset() + timedelta(days=days, hours=hours, minutes=minutes))

    # -- people and letters -----------------------------------------------------------------------------------------

    def patient(
        self, *, name: str = "Kari Nordli", born: date = date(1982, 5, 3), active: bool = True, **changes: Any
    ) -> Patient:
        """A fresh patient in both registers, who has signed in before unless told otherwise.

        `changes` are the population register's fields; those under `contact` the contact register's.
        """
        pid = making.synthetic_pid(born)
        contact = changes.pop("contact", {})
        fresh = clock.now().isoformat()
        reachable = {"mobile": "+4740123456", "mobile_updated": fresh, "mobile_verified": fresh}
        self.change(pid, name=name, birth_date=born.isoformat(), **({"residence": HOME} | changes))
        self.change_contact(pid, **(reachable | contact))
        person = register_person(pid=pid)
        if active:
            record_sign_in_now(person)
        return Patient(pid, person)

    def change(self, pid: str, **fields: Any) -> None:
        """Change a person in the population register."""
        self.ask("PATCH", f"/population-register/persons/{pid}", fields)

    def change_contact(self, pid: str, **fields: Any) -> None:
        """Change a person in the contact register."""
        self.ask("PATCH", f"/contact-register/persons/{pid}", fields)

    def receive(self, patient: Patient, **changes: Any) -> Letter:
        """A letter taken in and rendered (as a small PDF: the renderer has tests of its own); not yet decided."""
        making.unit()
        reception = intake.receive(order=making.order(patient.pid, **changes), by=making.SENDER)
        content = pdf(words=str(reception.letter_id)[:8])
        rendering.keep_rendering(letter_id=reception.letter_id, pdf=content, sha256=_digest(content), pages=1)
        return Letter.objects.get(pk=reception.letter_id)

    def letter(self, patient: Patient, **changes: Any) -> Letter:
        """A letter on its way: received, and all errands carried out that can be now."""
        letter = self.receive(patient, **changes)
        self.work()
        return Letter.objects.get(pk=letter.pk)

    # -- workers ----------------------------------------------------------------------------------------------------

    def work(self, *queues: str) -> int:
        """Let workers carry out what is due, in one queue or all, until nothing moves any more."""
        total = 0
        for _round in range(20):
            finished = sum(work(queue, seconds=60) for queue in queues or settings.WORKER_QUEUES)
            total += finished
            if not finished:
                break
        return total

    def sweep(self) -> int:
        """The fallback sweep, then the workers."""
        found = fallback.sweep()
        self.work()
        return found

    def check_routes(self) -> None:
        """The sweep that asks the contact register about patients with waiting letters."""
        sweeps.check_routes()
        self.work()

    def finish(self, posting: Posting, state: str) -> None:
        """Press a button in the printer's tray: `returned` or `failed`."""
        address = f"{self.world.url}/print/orders/{fresh(posting).provider_id}/finish"
        with urlopen(Request(address, urlencode({"state": state}).encode())) as answer:  # noqa: S310 (loopback)
            assert answer.status == 200

    # -- what can be seen -------------------------------------------------------------------------------------------

    def orders(self, letter: Letter | None = None) -> list[dict[str, Any]]:
        """The sheets at the printer, those of one letter or all."""
        rows: list[dict[str, Any]] = self.ask("GET", "/print/orders.json")
        return [row for row in rows if letter is None or row["letter"] == str(letter.id)]

    def messages(self) -> list[dict[str, Any]]:
        """Every SMS and e-mail handed over."""
        rows: list[dict[str, Any]] = self.ask("GET", "/messages.json")
        return rows


def record_sign_in_now(person: Person) -> None:
    """As if the person had just been here."""
    with transaction.atomic():
        record_sign_in(person=person, at=clock.now())


def fresh(posting: Posting) -> Posting:
    """The row as it stands now."""
    return Posting.objects.select_related("letter__person").get(pk=posting.pk)


def posting_of(letter: Letter) -> Posting:
    """The letter's only paper copy."""
    return Posting.objects.get(letter=letter)


def moves(letter: Letter | UUID) -> list[str]:
    """The kinds of the letter's history, oldest first."""
    letter_id = letter.id if isinstance(letter, Letter) else letter
    return list(LetterEvent.objects.filter(letter_id=letter_id).order_by("id").values_list("kind", flat=True))


def open_reasons(letter: Letter) -> list[str]:
    """The reasons of the open tasks about a letter."""
    return sorted(ClerkTask.objects.filter(letter=letter, resolved_at=None).values_list("reason", flat=True))


def wait_for_state(posting: Posting, state: str, seconds: float = 90.0) -> None:
    """Until the printer's receipt has been taken by the portal."""
    wait(lambda: Posting.objects.filter(pk=posting.pk, state=state).exists(), seconds)


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()
