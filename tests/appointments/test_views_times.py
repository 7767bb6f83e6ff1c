"""Choosing another time, holding and confirming it; and booking a time."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from appointments.commands import answering
from appointments.models import Appointment, Request, Reservation
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people.models import Person
from tests.appointments import at_hand
from tests.appointments.at_hand import DAY, NOW, appointment, schedule, slot, slots
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


# Another time.


def choose_first(screen: Screen, path: str) -> str:
    """Hold the first of the offered times; where that leads."""
    return screen.sends(path, slot=field(screen.html(path), "slot"))


def test_from_choosing_to_the_receipt_and_the_old_time_stands_meanwhile(kari: Person, screen: Screen) -> None:
    book = schedule()
    mine = appointment(kari, book)
    slots(book, 4)
    path = f"/timer/{mine.id}/endre/"
    page = screen.opens(path)
    assert "Du beholder denne timen til sykehuset har sagt ja til en ny." in page
    assert "Uke 49 Tirsdag 1. desember" in page
    assert "10.30–11.00" in page
    confirm = choose_first(screen, path)
    held = Reservation.objects.get()
    assert confirm == f"{path}bekreft/{held.id}/"
    page = screen.opens(confirm)
    assert "Vi holder timen av for deg til kl. " in page
    assert "Timen du har nå: torsdag 3. desember kl. 10.00–10.30" in page
    key = screen.key_at(confirm)
    receipts = {screen.sends(confirm, key=key) for _ in range(2)}
    [asked] = Request.objects.all()
    assert receipts == {f"/timer/kvittering/{asked.id}/"}
    page = screen.opens(receipts.pop())
    assert "Vi har bedt sykehuset om å flytte timen" in page
    assert "Den gamle timen gjelder til sykehuset har svart." in page
    mine.refresh_from_db()
    assert mine.start == DAY + timedelta(days=2)
    page = screen.opens(f"/timer/{mine.id}/")
    assert "å flytte timen til tirsdag 1. desember kl. 10.00. Timen som står her, gjelder til" in page
    assert "Endre time" not in page
    assert "Venter på ny tid" in screen.opens("/timer/")
    assert screen.is_led_from(confirm) == f"/timer/kvittering/{asked.id}/"


def test_a_refused_move_leaves_the_old_time_intact_and_says_so(kari: Person, screen: Screen) -> None:
    book = schedule()
    mine = appointment(kari, book)
    slots(book, 2)
    confirm = choose_first(screen, f"/timer/{mine.id}/endre/")
    receipt = screen.sends(confirm, key=screen.key_at(confirm))
    answering.refuse(request_id=Request.objects.get().pk, by=HOSPITAL, answer="Legen er på kurs den dagen.")
    page = screen.opens(f"/timer/{mine.id}/")
    assert "Sykehuset kunne ikke flytte timen. Timen som står her, gjelder som før." in page
    assert "Legen er på kurs den dagen." in page
    assert "Torsdag 3. desember kl. 10.00" in page
    assert "Endre time" in page
    assert "Timen du hadde, gjelder som før." in screen.opens(receipt)


def test_an_accepted_move_shows_the_new_time_and_the_chain(kari: Person, screen: Screen) -> None:
    book = schedule()
    mine = appointment(kari, book)
    slots(book, 2)
    confirm = choose_first(screen, f"/timer/{mine.id}/endre/")
    screen.sends(confirm, key=screen.key_at(confirm))
    answering.accept(request_id=Request.objects.get().pk, by=HOSPITAL)
    page = screen.opens(f"/timer/{mine.id}/")
    assert "Tirsdag 1. desember kl. 10.00–10.30" in page
    assert "Du ba om ny tid" in page
    assert "Timen ble flyttet til tirsdag 1. desember kl. 10.00" in page


def test_nothing_chosen_says_what_to_do_and_a_taken_time_shows_the_others(kari: Person, screen: Screen) -> None:
    book = schedule()
    mine = appointment(kari, book)
    first, second = slots(book, 2)
    path = f"/timer/{mine.id}/endre/?tid=morning"
    assert "Velg en ledig time." in screen.sends(path, 422)
    assert "Velg en av timene i listen." in screen.sends(path, 422, slot="tull")
    at_hand.held(at_hand.person(name="Ola Nordli"), first)
    assert screen.sends(path, slot=first.id) == path
    page = screen.opens(path)
    assert "Noen andre tok den timen akkurat nå. Timen du har, er som før. Velg en annen." in page
    assert "10.30–11.00" in page
    assert f'value="{second.id}"' in screen.html(path)
    mine.refresh_from_db()
    assert mine.start == DAY + timedelta(days=2)
    screen.sends(path, 404, slot=uuid4())


def test_a_lapsed_hold_is_told_of_and_leads_back_to_the_times(kari: Person, screen: Screen) -> None:
    book = schedule()
    mine = appointment(kari, book)
    slots(book, 2)
    path = f"/timer/{mine.id}/endre/"
    confirm = choose_first(screen, path)
    key = screen.key_at(confirm)
    at_hand.lapse_now(Reservation.objects.get())
    assert screen.sends(confirm, key=key) == path
    assert "Den tiden er ute. Velg en time på nytt." in screen.opens(path)
    assert screen.is_led_from(confirm) == path
    assert not Request.objects.exists()


def test_letting_go_gives_the_time_back_at_once(kari: Person, screen: Screen) -> None:
    book = schedule()
    mine = appointment(kari, book)
    wanted = slot(book)
    path = f"/timer/{mine.id}/endre/"
    confirm = choose_first(screen, path)
    assert screen.sends(confirm, gjor="slipp") == path
    assert "Timen er ikke lenger holdt av" in screen.opens(path)
    assert at_hand.held(at_hand.person(name="Ola"), wanted).state == "held"


def test_choosing_another_lets_go_of_the_first(kari: Person, screen: Screen) -> None:
    book = schedule()
    mine = appointment(kari, book)
    times = slots(book, 4)
    path = f"/timer/{mine.id}/endre/"
    for each in times:
        screen.sends(path, slot=each.id)
    assert Reservation.objects.get(state="held").slot_id == times[-1].id
    assert Reservation.objects.filter(state="released").count() == 3


def test_somebody_elses_hold_is_missing(kari: Person, screen: Screen) -> None:
    book = schedule()
    mine = appointment(kari, book)
    other = at_hand.person(name="Ola")
    theirs = at_hand.held(other, slot(book))
    screen.opens(f"/timer/{mine.id}/endre/bekreft/{theirs.id}/", 404)
    screen.opens(f"/timer/bestill/bekreft/{theirs.id}/", 404)
    screen.sends(f"/timer/bestill/bekreft/{theirs.id}/", 404, key=uuid4())
    assert Reservation.objects.get(pk=theirs.pk).state == "held"


def test_the_first_three_days_are_shown_then_more_and_the_sieve_stays(kari: Person, screen: Screen) -> None:
    book = schedule()
    mine = appointment(kari, book, start=DAY + timedelta(days=40))
    for number in range(12):
        slot(book, DAY + timedelta(days=number))
        slot(book, DAY + timedelta(days=number, hours=4))
    path = f"/timer/{mine.id}/endre/"
    page = screen.opens(path)
    assert "Torsdag 3. desember" in page
    assert "Fredag 4. desember" not in page
    assert "24 ledige timer på 12 dager." in page
    assert "Vis 7 dager til" in page
    assert "Torsdag 10. desember" in screen.opens(f"{path}?dager=10")
    tuesdays = screen.opens(f"{path}?ukedag=1&tid=afternoon")
    assert "2 ledige timer på 2 dager." in tuesdays
    assert "14.00–14.30" in tuesdays
    assert "10.00–10.30" not in tuesdays.split("Velg ny time")[1]
    assert "Ingen ledige timer passer" in screen.opens(f"{path}?ukedag=1&tid=evening")
    for nonsense in ("ukedag=x", "ukedag=99", "tid=natt", "dager=-1", f"dager={'9' * 5000}", "dager=x"):
        assert "24 ledige timer" in screen.opens(f"{path}?{nonsense}")


# Booking.


def test_booking_from_the_list_of_places_to_the_receipt(kari: Person, screen: Screen) -> None:
    book = schedule(name="Influensavaksine", comment="Ta med helsekort.")
    slots(book, 2)
    schedule(booking="closed", name="Bare sykehuset")
    page = screen.opens("/timer/bestill/")
    assert "Influensavaksine" in page
    assert "Åpen for alle" in page
    assert "Bare sykehuset" not in page
    path = f"/timer/bestill/{book.id}/"
    assert "Ta med helsekort." in screen.opens(path)
    confirm = choose_first(screen, path)
    held = Reservation.objects.get()
    assert confirm == f"/timer/bestill/bekreft/{held.id}/"
    assert "Vi ber sykehuset om timen. Den er avtalt når de har svart ja." in screen.opens(confirm)
    key = screen.key_at(confirm)
    receipts = {screen.sends(confirm, key=key) for _ in range(3)}
    assert len(receipts) == 1
    receipt = receipts.pop()
    assert "Vi har bedt sykehuset om timen" in screen.opens(receipt)
    [made] = Appointment.objects.all()
    assert made.status == "proposed"
    assert "Venter på svar" in screen.opens("/timer/")
    answering.accept(request_id=Request.objects.get().pk, by=HOSPITAL)
    assert "Timen er avtalt" in screen.opens(receipt)


def test_a_refused_booking_is_told_as_a_no_and_not_as_a_cancellation(kari: Person, screen: Screen) -> None:
    book = schedule(name="Influensavaksine")
    slots(book, 2)
    confirm = choose_first(screen, f"/timer/bestill/{book.id}/")
    screen.sends(confirm, key=screen.key_at(confirm))
    answering.refuse(request_id=Request.objects.get().pk, by=HOSPITAL)
    page = screen.opens("/timer/")
    assert "Sykehuset sa nei" in page
    made = Appointment.objects.get()
    page = screen.opens(f"/timer/{made.id}/")
    assert "Sykehuset kunne ikke gi deg denne timen." in page
    assert "Sykehuset avlyste" not in page


def test_a_group_shows_how_many_places_are_left(kari: Person, screen: Screen) -> None:
    book = schedule(name="Lærings- og mestringskurs")
    course = slot(book, capacity=8)
    at_hand.held(at_hand.person(name="Ola"), course)
    assert "I gruppe, 7 plasser igjen" in screen.opens("/timer/bestill/")
    assert "7 plasser igjen" in screen.opens(f"/timer/bestill/{book.id}/")


def test_places_that_are_closed_to_somebody_are_missing(kari: Person, screen: Screen) -> None:
    closed = schedule(booking="referral")
    wanted = slot(closed)
    screen.opens(f"/timer/bestill/{closed.id}/", 404)
    screen.sends(f"/timer/bestill/{closed.id}/", 404, slot=wanted.id)
    screen.opens(f"/timer/bestill/{uuid4()}/", 404)
    assert "Ingen timer å bestille nå" in screen.opens("/timer/bestill/")
