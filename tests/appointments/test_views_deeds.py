"""What a patient does with one appointment: confirm, ask, cancel; and the receipts that follow."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from appointments.commands import answering
from appointments.models import Request
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people.models import Person
from tests.appointments import at_hand
from tests.appointments.at_hand import DAY, NOW, appointment
from tests.appointments.at_screen import Screen, field

pytestmark = pytest.mark.django_db
HOSPITAL = Actor("sender", "dips")


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def kari() -> Person:
    return at_hand.person(name="Kari Nordli")


@pytest.fixture
def screen(kari: Person) -> Screen:
    return Screen(kari)


# What takes one button.


@pytest.mark.parametrize(
    ("what", "kind", "words"),
    [
        ("bekreft", "confirm", "Takk for at du bekreftet"),
        ("kort-varsel", "short_notice", "Vi har sagt fra at det passer på kort varsel"),
        ("video", "video", "Vi har spurt om timen kan være på video"),
    ],
)
def test_one_button_gives_one_request_and_one_receipt_however_often_it_is_pressed(
    kari: Person, screen: Screen, what: str, kind: str, words: str
) -> None:
    mine = appointment(kari)
    page = screen.html(f"/timer/{mine.id}/")
    form = page[page.index(f"/timer/{mine.id}/{what}/") :]
    key = field(form, "key")
    receipts = {screen.sends(f"/timer/{mine.id}/{what}/", key=key) for _ in range(3)}
    [asked] = Request.objects.all()
    assert asked.kind == kind
    assert receipts == {f"/timer/kvittering/{asked.id}/"}
    page = screen.opens(receipts.pop())
    assert words in page
    assert "Sendt mandag 23. november kl. 09.00" in page


def test_a_form_without_its_key_is_missing(kari: Person, screen: Screen) -> None:
    mine = appointment(kari)
    for key in ("", "x", "1" * 5000):
        screen.sends(f"/timer/{mine.id}/bekreft/", 404, key=key)
    screen.sends(f"/timer/{mine.id}/bekreft/", 404)


def test_a_form_filled_in_for_another_person_is_not_carried_out(kari: Person, screen: Screen) -> None:
    mine = appointment(kari)
    answer = screen.client.post(f"/timer/{mine.id}/bekreft/", {"for_person": uuid4(), "key": uuid4()})
    assert answer.status_code == 409
    assert not Request.objects.exists()


def test_a_video_wish_shows_until_it_is_answered_and_can_be_taken_back(kari: Person, screen: Screen) -> None:
    mine = appointment(kari)
    receipt = screen.sends(f"/timer/{mine.id}/video/", key=uuid4())
    page = screen.opens(f"/timer/{mine.id}/")
    assert "Vi har spurt sykehuset om timen kan være på video" in page
    assert "Be om videotime" not in page
    assert screen.sends(f"{receipt}trekk/") == receipt
    assert "Du har trukket det tilbake" in screen.opens(receipt)
    assert "Be om videotime" in screen.opens(f"/timer/{mine.id}/")


def test_a_refused_video_wish_says_why_and_that_the_visit_stands(kari: Person, screen: Screen) -> None:
    mine = appointment(kari)
    screen.sends(f"/timer/{mine.id}/video/", key=uuid4())
    answering.refuse(request_id=Request.objects.get().pk, by=HOSPITAL, answer="Legen må undersøke kneet.")
    page = screen.opens(f"/timer/{mine.id}/")
    assert "Sykehuset kan ikke ta timen på video. Møt opp som avtalt. Svaret var: «Legen må undersøke kneet.»" in page


def test_a_refusal_code_of_the_record_system_is_no_word_to_a_patient(kari: Person, screen: Screen) -> None:
    mine = appointment(kari)
    screen.sends(f"/timer/{mine.id}/video/", key=uuid4())
    answering.refuse(request_id=Request.objects.get().pk, by=HOSPITAL, answer="slot_busy")
    assert "slot_busy" not in screen.opens(f"/timer/{mine.id}/")


# Cancelling.


def test_cancelling_asks_why_and_gives_a_receipt_while_the_appointment_stands(kari: Person, screen: Screen) -> None:
    mine = appointment(kari)
    path = f"/timer/{mine.id}/avlys/"
    key = screen.key_at(path)
    page = screen.sends(path, 422, key=key, reason="", comment="Jeg er bortreist.")
    assert "Velg en grunn" in page
    assert "Jeg er bortreist." in page
    receipts = {screen.sends(path, key=key, reason="ill", comment="Jeg er bortreist.") for _ in range(2)}
    assert len(receipts) == 1
    receipt = receipts.pop()
    assert "Vi har sagt fra om at du vil avlyse" in screen.opens(receipt)
    mine.refresh_from_db()
    assert mine.status == "booked"
    assert "Avlysing er sendt" in screen.opens("/timer/")
    page = screen.opens(f"/timer/{mine.id}/")
    assert "Timen står til sykehuset har svart." in page
    assert "Avlys time" not in page
    assert "Jeg er bortreist." not in page
    answering.accept(request_id=Request.objects.get().pk, by=HOSPITAL)
    assert "Timen er avlyst" in screen.opens(receipt)
    assert "Ikke møt opp til denne timen." in screen.opens(f"/timer/{mine.id}/")


def test_inside_the_limit_there_is_the_fee_and_the_telephone_and_no_form(kari: Person, screen: Screen) -> None:
    at_hand.clinic(fee=1631)
    mine = appointment(kari, start=NOW + timedelta(hours=23))
    path = f"/timer/{mine.id}/avlys/"
    page = screen.opens(path)
    assert "Det er for sent å avlyse her" in page
    assert "gebyr på 1 631 kroner" in page
    assert "77 62 60 00" in page
    assert "Hvorfor vil du avlyse?" not in page
    assert screen.sends(path, key=uuid4(), reason="ill") == path
    assert not Request.objects.exists()
    late = screen.opens(f"/timer/{mine.id}/endre/")
    assert "Det er for sent å endre timen her" in late
    assert "Hold av timen" not in late


def test_cancelling_the_main_one_asks_about_each_part(kari: Person, screen: Screen) -> None:
    main = appointment(kari, title="Konsultasjon")
    part = appointment(kari, title="Røntgen", part_of=main, start=DAY)
    phoned = appointment(kari, title="Blodprøve", part_of=main, start=DAY, flags=[])
    path = f"/timer/{main.id}/avlys/"
    page = screen.opens(path)
    assert "Hva med Røntgen, tirsdag 1. desember kl. 10.00?" in page
    assert "Disse må du ringe om: tirsdag 1. desember kl. 10.00–10.30: Blodprøve" in page
    key = screen.key_at(path)
    assert "Velg om du vil avlyse eller beholde denne: Røntgen" in screen.sends(path, 422, key=key, reason="ill")
    name = f"part_{part.id.hex}"
    screen.sends(path, key=key, reason="ill", more={name: "keep"})
    assert [asked.appointment_id for asked in Request.objects.all()] == [main.id]
    answering.refuse(request_id=Request.objects.get().pk, by=HOSPITAL)
    screen.sends(path, key=uuid4(), reason="ill", more={name: "cancel", f"part_{phoned.id.hex}": "cancel"})
    about = set(Request.objects.filter(state="waiting").values_list("appointment_id", flat=True))
    assert about == {main.id, part.id}
    receipt = Request.objects.get(state="waiting", appointment=main)
    page = screen.opens(f"/timer/kvittering/{receipt.id}/")
    assert "Dette gjelder" in page
    assert page.index("Konsultasjon") < page.index("Røntgen")
    assert "Blodprøve" not in page
