"""Wishes that wait at the clinic: who sees them, who answers, and what two who answer at once are told."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments.commands import answering
from appointments.models import Appointment, AppointmentLine, Reminder, Request
from appointments.states import Asked
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.kernel.actor import system
from portal.people.models import Person
from tests.appointments import at_hand, clinic
from tests.appointments.at_hand import NOW, appointment, oslo
from tests.appointments.clinic import BOOK, text, wish
from tests.youth_access import families
from tests.youth_access.staff_at_work import in_a_hurry

pytestmark = pytest.mark.django_db
QUEUE = f"{BOOK}onsker/"
TEN = oslo(2026, 12, 1, 10)
MEETING = "https://video.example/rom/7"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def kari() -> Person:
    return at_hand.person()


@pytest.fixture
def desk(db: None) -> Client:
    return clinic.clerk()


def there(asked: Request) -> str:
    return f"{QUEUE}{asked.pk}/"


def test_the_queue_holds_what_a_person_answers_and_what_did_not_get_through(kari: Person, desk: Client) -> None:
    one = appointment(kari, None, TEN)
    wish(one, "video", made_at=NOW - timedelta(days=3))
    wish(one, "short_notice")
    wish(None, "youth_wish", patient=at_hand.person(name="Ella Lie"))
    wish(one, "cancel", state=Asked.FAILED)
    wish(one, "move")
    wish(one, "confirm", state=Asked.ACCEPTED)
    page = text(desk, QUEUE)
    for word in ("Ønsker video", "Kan komme på kort varsel", "Ungdom ønsker en time", "Avbestilling av time"):
        assert word in page, word
    assert "Flytting av time" not in page
    assert "4 venter, eldste først." in page
    assert "3 dager" in page
    assert page.index("Ønsker video") < page.index("Kan komme på kort varsel")
    assert "lang vei" not in page
    row = AuditRow.objects.get(item_kind="request_list")
    assert len(row.details["requests"]) == 4


def test_clinicians_find_wishes_of_those_they_treat(kari: Person) -> None:
    mine = wish(appointment(kari, None, TEN))
    others = wish(appointment(at_hand.person(name="Ola Hansen"), None, TEN))
    desk = clinic.clinician(kari)
    page = text(desk, QUEUE)
    assert str(mine.pk) in page
    assert str(others.pk) not in page
    assert "Hansen" not in page
    assert "Jeg har lang vei" in text(desk, there(mine))
    assert desk.get(there(others)).status_code == 404
    assert desk.post(there(others), {"verdict": "refuse", "answer": "nei"}).status_code == 404
    refused = AuditRow.objects.filter(result="refused").values_list("action", flat=True)
    assert sorted(refused) == ["change", "read"]


def test_a_clerk_answers_and_never_reads_the_patients_own_words(kari: Person, desk: Client) -> None:
    asked = wish(appointment(kari, None, TEN), comment="HEMMELIG")
    page = text(desk, there(asked))
    assert "HEMMELIG" not in page
    assert "Det pasienten har skrevet selv, vises bare for dem som behandler pasienten." in page
    row = AuditRow.objects.get(action="case")
    assert (row.person_id, row.basis) == (kari.pk, "clerk_book")


def test_video_is_approved_with_an_address(kari: Person, desk: Client) -> None:
    one = appointment(kari, None, TEN)
    asked = wish(one)
    answer = desk.post(
        there(asked), {"verdict": "accept", "virtual_address": MEETING, "answer": "Velkommen"}, follow=True
    )
    assert "Svaret er lagret. Pasienten får beskjed." in answer.content.decode()
    one.refresh_from_db()
    asked.refresh_from_db()
    assert (one.channel, one.virtual_address) == ("url", MEETING)
    assert (asked.state, asked.answer) == (Asked.ACCEPTED, "Velkommen")
    assert asked.answered_by is not None
    assert Reminder.objects.filter(appointment=one, kind=Reminder.Kind.ANSWERED).exists()
    page = text(desk, there(asked))
    assert "Send svaret" not in page
    assert "Godkjent av Anne Bjørnsen" in page


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({}, "Velg om du vil godkjenne eller avslå."),
        ({"verdict": "maybe"}, "finnes ikke lenger"),
        ({"verdict": "accept"}, "Skriv adressen til videomøtet."),
        ({"verdict": "accept", "virtual_address": "http://video.example"}, "Skriv adressen til videomøtet."),
        ({"verdict": "accept", "virtual_address": "javascript:alert(1)"}, "Skriv adressen til videomøtet."),
        ({"verdict": "accept", "virtual_address": "https://" + "x" * 600}, "Teksten er for lang"),
        ({"verdict": "refuse"}, "Skriv hvorfor, så pasienten forstår det."),
        ({"verdict": "refuse", "answer": "  "}, "Skriv hvorfor, så pasienten forstår det."),
        ({"verdict": "refuse", "answer": "Gjelder 130372 48022"}, "Ta bort fødselsnummeret."),
        ({"verdict": "refuse", "answer": "x" * 1001}, "Teksten er for lang"),
    ],
)
def test_an_answer_that_makes_no_sense_is_told_in_words(
    kari: Person, desk: Client, answers: dict[str, str], told: str
) -> None:
    asked = wish(appointment(kari, None, TEN))
    answer = desk.post(there(asked), answers)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    asked.refresh_from_db()
    assert asked.state == Asked.WAITING


def test_of_two_who_answer_at_once_one_does_and_both_are_told(kari: Person, desk: Client) -> None:
    one = appointment(kari, None, TEN)
    asked = wish(one)
    other = clinic.clerk("Bo Eriksen")
    for browser in (desk, other):
        assert "Send svaret" in text(browser, there(asked))
    assert desk.post(there(asked), {"verdict": "refuse", "answer": "Du må undersøkes"}).status_code == 302
    late = other.post(there(asked), {"verdict": "accept", "virtual_address": MEETING}, follow=True)
    assert "Ønsket er alt besvart. Avslått av Anne Bjørnsen" in late.content.decode()
    assert "Svaret ditt er ikke lagret." in late.content.decode()
    one.refresh_from_db()
    asked.refresh_from_db()
    assert (asked.state, one.channel, one.virtual_address) == (Asked.REFUSED, "", "")
    assert AppointmentLine.objects.filter(appointment=one, kind__startswith="request.").count() == 1


def test_whoever_comes_second_in_the_same_instant_is_told_too(
    kari: Person, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = wish(appointment(kari, None, TEN))
    real = answering.refuse

    def overtaken(**words: object) -> None:
        real(request_id=asked.pk, by=system("dips"), answer="full")
        real(**words)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(answering, "refuse", overtaken)
    answer = desk.post(there(asked), {"verdict": "refuse", "answer": "Du må undersøkes"}, follow=True)
    assert "Ønsket er alt besvart." in answer.content.decode()
    asked.refresh_from_db()
    assert asked.answer == "full"


def test_a_yes_to_what_can_no_longer_be_is_told_as_the_no_it_became(kari: Person, desk: Client) -> None:
    one = appointment(kari, None, TEN)
    asked = wish(one)
    Appointment.objects.update(status="fulfilled")
    answer = desk.post(there(asked), {"verdict": "accept", "virtual_address": MEETING}, follow=True)
    assert "Ønsket er derfor avslått." in answer.content.decode()
    one.refresh_from_db()
    assert one.virtual_address == ""


def test_what_did_not_get_through_is_settled_by_hand(kari: Person, desk: Client) -> None:
    one = appointment(kari, None, TEN)
    asked = wish(one, "cancel", state=Asked.FAILED)
    page = text(desk, there(asked))
    assert "Kom ikke fram til journalsystemet" in page
    assert "Timens nummer i journalsystemet" in page
    assert desk.post(there(asked), {"verdict": "accept", "record_id": "J-77"}).status_code == 302
    one.refresh_from_db()
    asked.refresh_from_db()
    assert (one.status, asked.record_id) == ("cancelled", "J-77")


def test_a_youths_wish_is_answered_by_the_clinic(desk: Client) -> None:
    ella = families.person("Ella Lie", born=date(2012, 5, 1))
    asked = wish(None, "youth_wish", patient=ella, comment="HEMMELIG")
    assert "HEMMELIG" not in text(desk, there(asked))
    assert "HEMMELIG" in text(clinic.clinician(ella), there(asked))
    assert desk.post(there(asked), {"verdict": "accept", "answer": "Vi ringer deg"}).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == (Asked.ACCEPTED, "Vi ringer deg")


def test_in_an_emergency_one_looks_and_answers_nothing(kari: Person) -> None:
    asked = wish(appointment(kari, None, TEN))
    desk = clinic.clinician()
    in_a_hurry(desk, kari)
    page = text(desk, there(asked))
    assert "Jeg har lang vei" in page
    assert "Send svaret" not in page
    assert desk.post(there(asked), {"verdict": "refuse", "answer": "nei"}).status_code == 404


def test_an_appointment_shut_to_health_personnel_shuts_its_wishes_too(kari: Person) -> None:
    asked = wish(appointment(kari, None, TEN, security_codes=["NORS"]))
    desk = clinic.clinician(kari)
    assert desk.get(there(asked)).status_code == 404
    assert "Nordli" not in text(desk, QUEUE)


def test_the_queue_turns_pages_keeps_its_unit_and_costs_the_same(kari: Person) -> None:
    one = appointment(kari, None, TEN)
    desks = (clinic.clerk(), clinic.clinician(kari))
    wish(one, "cancel", state=Asked.FAILED)
    counts = []
    for round_ in range(2):
        if round_:
            Request.objects.bulk_create(
                Request(
                    person=kari,
                    unit_id=one.unit_id,
                    appointment=one,
                    kind="cancel",
                    key=uuid4(),
                    state=Asked.FAILED,
                    made_at=NOW,
                    made_by=kari.pk,
                    made_as="self",
                    answered_at=NOW,
                )
                for _n in range(200)
            )
        for desk in desks:
            with CaptureQueriesContext(connection) as counted:
                page = text(desk, QUEUE)
            counts.append(clinic.statements(counted))
    assert counts[:2] == counts[2:]
    assert "201 venter" in page
    assert "side=2" in page
    assert "enhet=" in text(desks[0], f"{QUEUE}?enhet={one.unit_id}")
    for odd in ("side=999", "side=abc", "side=-1", "enhet=finnes-ikke", f"side={'9' * 400}"):
        assert "venter, eldste først" in text(desks[0], f"{QUEUE}?{odd}")


def test_nothing_there_is_404(desk: Client) -> None:
    assert desk.get(f"{QUEUE}{uuid4()}/").status_code == 404
    assert desk.post(f"{QUEUE}{uuid4()}/", {}).status_code == 404
