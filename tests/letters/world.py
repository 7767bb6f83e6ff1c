"""A small world around the letters: a printer, the registers and a killer, all in memory.

They stand behind the same ports as the real adapters. The real adapters are tried against the stand-ins over HTTP
elsewhere; here a machine needs thousands of runs with a crash at any point.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from unittest.mock import patch
from uuid import UUID

from letters.addressing import Recipient
from letters.commands.paper import Sheets
from letters.models import Posting
from portal.counterparts.contact_register import ContactPoint, ContactPreferences
from portal.counterparts.errors import ConflictingDuplicate, CounterpartDown, UnknownOutcome
from portal.counterparts.population_register import Address, Protection, RegisteredPerson
from portal.counterparts.print_provider import AcceptedOrder, CancelAnswer, FoundOrder, PrintOrder, ReceiptKind
from portal.kernel import clock

FRESH = datetime(2026, 10, 1, tzinfo=UTC)
HOME = Address(("Storgata 1",), "9008", "Tromsø", "NO")


class Killed(BaseException):
    """The worker is killed here."""


@dataclass
class Printer:
    """Dedups by key, as any print provider must; can drop its reply, be down, or die with the worker."""

    orders: dict[str, FoundOrder] = field(default_factory=dict)
    copies: dict[str, int] = field(default_factory=dict)
    mode: str = "ok"
    kill: str = ""

    def submit(self, order: PrintOrder) -> AcceptedOrder:
        if self.kill == "before":
            raise Killed
        if self.mode == "down":
            raise CounterpartDown("down")
        known = self.orders.get(order.key)
        if known is not None and known.sha256 != order.sha256:
            raise ConflictingDuplicate("other-content")
        if known is None:
            self.copies[order.key] = self.copies.get(order.key, 0) + 1
            self.orders[order.key] = FoundOrder(
                order.key,
                f"P-{len(self.orders)}",
                order.letter,
                order.sha256,
                order.pages,
                clock.now(),
                1,
                ReceiptKind.RECEIVED,
            )
        if self.kill == "after":
            raise Killed
        if self.mode == "accept_then_drop_reply":
            raise UnknownOutcome("timeout")
        return AcceptedOrder(self.orders[order.key].provider_id, duplicate=known is not None)

    def find(self, key: str) -> FoundOrder | None:
        if self.mode == "down":
            raise CounterpartDown("down")
        return self.orders.get(key)

    def find_by_letter(self, letter_id: UUID, sha256: str) -> FoundOrder | None:
        return next((o for o in self.orders.values() if (o.letter, o.sha256) == (letter_id, sha256)), None)

    def orders_received(self, from_: datetime, to: datetime) -> Iterator[FoundOrder]:
        yield from [o for o in self.orders.values() if from_ <= o.received_at < to]

    def cancel(self, key: str) -> CancelAnswer:
        return CancelAnswer.TOO_LATE if key in self.orders else CancelAnswer.UNKNOWN_KEY


@dataclass
class Registers:
    """One patient, whose circumstances change between any two steps."""

    died_on: date | None = None
    protection: Protection = Protection.NONE
    street: str = "Storgata 1"
    reserved: bool = False
    down: bool = False

    def population(self, pid: str) -> RegisteredPerson:
        if self.down:
            raise CounterpartDown("down")
        address = Address((self.street,), "9008", "Tromsø", "NO")
        return RegisteredPerson(
            pid,
            "Kari",
            None,
            "Nordli",
            date(1982, 5, 3),
            1982,
            self.died_on,
            self.protection,
            address,
            address,
            False,
            (),
        )

    def contact(self, pid: str) -> ContactPreferences:
        if self.down:
            raise CounterpartDown("down")
        mobile = ContactPoint("+4798765432", FRESH, FRESH)
        return ContactPreferences(pid, True, self.reserved, True, None, mobile, "nb")


class _Port:
    def __init__(self, look_up: object) -> None:
        self.look_up = look_up


def quick_sheets(posting: Posting, outcome: Recipient) -> Sheets:
    """Sheets without the renderer: the bytes follow from the letter and the address, as the real ones do."""
    pdf = f"{posting.letter_id}{outcome.lines}".encode()
    return Sheets(pdf, sha256(pdf).hexdigest(), outcome.lines, 2, 1, sha256(str(outcome.lines).encode()).hexdigest())


@contextmanager
def around(printer: Printer, registers: Registers) -> Iterator[None]:
    """Let the letters' errands meet this world."""
    population, contact = _Port(registers.population), _Port(registers.contact)
    with (
        patch("letters.hand_over.printer", lambda: printer),
        patch("letters.hand_over.make_sheets", quick_sheets),
        patch("letters.errands.printer", lambda: printer),
        patch("letters.sweeps.printer", lambda: printer),
        patch("letters.sweeps.contact", lambda: contact),
        patch("letters.registers.population", lambda: population),
        patch("letters.registers.contact", lambda: contact),
    ):
        yield
