"""Letters in any state, made by the commands themselves so that no test starts from an impossible row."""

import itertools
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from letters.addressing import Recipient
from letters.commands import decision, intake, paper, rendering
from letters.commands.decision import Registers
from letters.commands.paper import Sheets
from letters.models import Letter, Posting
from letters.orders import LetterOrder
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people.commands import record_sign_in, register_person
from portal.people.models import Person, Unit
from portal.people.viewer import Viewer
from youth_access.eyes import Eyes, eyes_for

SENDER = Actor("sender", "dips")
READER_NOW = Registers(
    registered=True,
    deceased=False,
    ages=(44, 44),
    active_user=True,
    reserved=False,
    can_be_notified=True,
    fresh_channels=("sms",),
)
NOT_A_USER = replace(READER_NOW, active_user=False)
_WEIGHTS_1 = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_WEIGHTS_2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_serial = itertools.count(100)
_keys = itertools.count(1)


def synthetic_pid(born: date = date(1982, 5, 3)) -> str:
    """A fresh synthetic number (month + 80) with both check digits right."""
    for serial in _serial:
        digits = [int(d) for d in f"{born.day:02d}{born.month + 80:02d}{born.year % 100:02d}{serial % 1000:03d}"]
        first = -sum(w * d for w, d in zip(_WEIGHTS_1, digits, strict=True)) % 11
        second = -sum(w * d for w, d in zip(_WEIGHTS_2, [*digits, first], strict=True)) % 11
        if first < 10 and second < 10:
            return "".join(map(str, [*digits, first, second]))
    raise AssertionError


def unit() -> Unit:
    return Unit.objects.get_or_create(
        resh="100082",
        defaults={
            "name": "Ortopedisk poliklinikk",
            "hospital": "UNN Tromsø",
            "phone": "77 62 60 00",
            "return_lines": ["Postboks 100", "9038 Tromsø"],
        },
    )[0]


def person(*, active: bool = True, name: str = "Kari Nordli", pid: str | None = None) -> Person:
    made = register_person(pid=pid or synthetic_pid(), name=name, birth_date=date(1982, 5, 3), birth_year=1982)
    if active:
        record_sign_in(person=made, at=clock.now())
    return made


def order(pid: str, **changes: object) -> LetterOrder:
    number = next(_keys)
    made = LetterOrder(
        source="dips",
        key=f"B-{number}",
        fingerprint=f"{number:064x}",
        identifiers=(f"https://dips.example/brev|B-{number}",),
        raw=b"{}",
        type_code="innkalling",
        patient_pid=pid,
        unit_resh=unit().resh,
        title="Innkalling til undersøkelse av kneet",
        language="nb",
        body_html="<p>Du har fått time.</p>",
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # tests name LetterOrder's own fields


def received(patient: Person | None = None, pid: str | None = None, **changes: object) -> Letter:
    """A letter as intake leaves it."""
    number = pid or synthetic_pid()
    patient = patient or person(pid=number)
    unit()
    reception = intake.receive(order=order(number, **changes), by=SENDER)
    return Letter.objects.get(pk=reception.letter_id)


def decided(registers: Registers = READER_NOW, **changes: object) -> Letter:
    """A letter that is rendered and whose channel is decided."""
    made = received(**changes)  # type: ignore[arg-type]  # as above
    rendering.keep_rendering(letter_id=made.id, pdf=b"%PDF-1.7", sha256="a" * 64, pages=1)
    decision.decide(letter_id=made.id, registers=registers)
    return Letter.objects.get(pk=made.id)


def posting_of(letter: Letter) -> Posting:
    return letter.postings.get()


def ready(posting: Posting) -> Posting:
    """DUE -> READY."""
    paper.prepare(posting_id=posting.id, outcome=Recipient("patient", ("Kari Nordli", "Storgata 1", "9008 Tromsø")))
    return Posting.objects.get(pk=posting.id)


def submitting(posting: Posting) -> Posting:
    """READY -> SUBMITTING."""
    lines = ("Kari Nordli", "Storgata 1", "9008 Tromsø")
    sheets = Sheets(pdf=b"%PDF-1.7 x", sha256="b" * 64, window=lines, pages=2, sheets=1, address_digest="d" * 64)
    assert paper.begin_hand_over(posting_id=posting.id, outcome=Recipient("patient", lines), sheets=sheets)
    return Posting.objects.get(pk=posting.id)


def due_at(posting_id: UUID) -> datetime:
    return Posting.objects.values_list("due_at", flat=True).get(pk=posting_id)


def reader(**changes: object) -> Registers:
    """An ordinary reader, but for what is named."""
    return replace(READER_NOW, **changes)  # type: ignore[arg-type]  # tests name Registers' own fields


def eyes(person_id: UUID, patient_id: UUID | None = None) -> Eyes:
    """A person's eyes on a patient, or on themselves, now."""
    return eyes_for(viewer(person_id), patient_id or person_id, clock.now())


def viewer(person_id: UUID) -> Viewer:
    """A person as someone signed in."""
    return Viewer(person_id, "Kari Nordli", frozenset(), "idporten-loa-high", clock.now())
