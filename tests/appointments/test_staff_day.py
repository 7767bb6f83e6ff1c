"""What the clinic does with its days, page by page: opens and closes times, and cancels."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from appointments.codes import END_OF_WAIT
from appointments.models import Schedule, Slot
from portal.kernel import clock
from portal.people.models import Person
from tests.appointments import at_hand, clinic
from tests.appointments.at_hand import NOW, appointment, oslo, schedule, slot
from tests.appointments.clinic import BOOK, at, text

pytestmark = pytest.mark.django_db
TEN = oslo(2026, 12, 1, 10)


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


def test_times_are_opened_and_closed_by_hand(desk: Client) -> None:
    at_hand.unit()
    there = at(rest="apne/")
    assert "Ny timebok" in text(desk, there)
    form = {
        "schedule": "ny",
        "name": "Kveldspoliklinikk",
        "booking": "open",
        "day": "2026-12-01",
        "first": "17.00",
        "last": "19:00",
        "minutes": "30",
        "capacity": "1",
    }
    assert desk.post(there, form).status_code == 302
    page = text(desk, at())
    assert "4 ledige tider er åpnet." in page
    assert page.count("entry--free") == 4
    book = Schedule.objects.get()
    again = desk.post(there, form | {"schedule": str(book.pk), "first": "18:15"})
    assert again.status_code == 422
    assert "Timen som begynner 18.15, overlapper" in again.content.decode()
    night = desk.post(there, form | {"schedule": str(book.pk), "day": "2027-03-28", "first": "02:30", "last": "05:00"})
    assert "Klokka 02.30 finnes ikke denne natten" in night.content.decode()
    assert 'value="02:30"' in night.content.decode(), "what was entered is kept"
    first = Slot.objects.order_by("start").first()
    assert first is not None
    assert desk.post(f"{BOOK}ledig/{first.pk}/steng/").status_code == 302
    assert text(desk, at()).count("entry--free") == 3
    assert "ikke ledig lenger" in desk.post(f"{BOOK}ledig/{first.pk}/steng/", follow=True).content.decode()
    assert desk.post(f"{BOOK}ledig/{uuid4()}/steng/").status_code == 404
    assert desk.get(f"{BOOK}ledig/{first.pk}/steng/").status_code == 405


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": ""}, "Skriv et navn på den nye timeboken."),
        ({"booking": ""}, "Velg hvem som kan bestille."),
        ({"booking": "everyone"}, "finnes ikke lenger"),
        ({"schedule": str(uuid4())}, "finnes ikke lenger"),
        ({"day": "99.99.9999"}, "Skriv datoen med dag"),
        ({"day": "2150-01-01"}, "mindre enn tre år unna"),
        ({"day": "2026-11-01"}, "Tiden er allerede passert"),
        ({"first": "25:00"}, "Skriv klokkeslettet slik: 09.30."),
        ({"first": "kl ni"}, "Skriv klokkeslettet slik: 09.30."),
        ({"last": "08:00"}, "Siste time må være ferdig etter at første begynner."),
        ({"minutes": "-1"}, "5 eller høyere"),
        ({"minutes": "9" * 400}, "720 eller lavere"),
        ({"minutes": "240"}, "ikke plass til en eneste time"),
        ({"capacity": "0"}, "1 eller høyere"),
        ({"capacity": "en"}, "Skriv et helt tall"),
        ({"name": "x" * 151}, "Teksten er for lang"),
    ],
)
def test_times_that_make_no_sense_are_told_in_words(desk: Client, wrong: dict[str, str], told: str) -> None:
    at_hand.unit()
    form = {
        "schedule": "ny",
        "name": "Kveld",
        "booking": "open",
        "day": "2026-12-01",
        "first": "09:00",
        "last": "11:00",
        "minutes": "30",
        "capacity": "1",
    }
    answer = desk.post(at(rest="apne/"), form | wrong)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Slot.objects.exists()


def test_a_day_is_cancelled_by_a_clerk_who_is_shown_how_many(kari: Person, desk: Client) -> None:
    mine, others = schedule(name="Dr. Hansen"), schedule(name="Dr. Lie")
    for n in range(3):
        appointment(at_hand.person(), mine, TEN + timedelta(hours=n))
    appointment(at_hand.person(), others, TEN)
    slot(mine, TEN + timedelta(hours=5))
    there = at(rest="avlys/")
    page = text(desk, there)
    assert "4 timer blir avlyst, og 1 ledig plass stenges. Journalsystemet får vite om hver time" in page
    assert "Dr. Hansen (3 timer)" in page
    assert 'name="seen" value="4"' in page
    reason = f"{END_OF_WAIT}|9"
    unsure = desk.post(there, {"reason": reason, "resource": "alt", "seen": "4"})
    assert unsure.status_code == 422
    assert "Kryss av for at du vil avlyse." in unsure.content.decode()
    appointment(at_hand.person(), others, TEN + timedelta(hours=2))
    stale = desk.post(there, {"reason": reason, "resource": "alt", "seen": "4", "sure": "on"})
    assert stale.status_code == 422
    assert "Dagen har nå 5 timer." in stale.content.decode()
    assert 'name="seen" value="5"' in stale.content.decode()
    done = {"reason": reason, "resource": str(mine.resource), "seen": "5", "sure": "on"}
    assert desk.post(there, done).status_code == 302
    assert "3 timer blir avlyst." in text(desk, at())
    again = desk.post(there, done | {"seen": "2"}, follow=True)
    assert "0 timer blir avlyst." in again.content.decode()
    assert clinic.clinician().post(there, done).status_code == 404


def test_a_day_that_is_over_or_a_forged_form_is_not_cancelled(kari: Person, desk: Client) -> None:
    appointment(kari, None, NOW - timedelta(days=1))
    assert desk.get(at("2026-11-22", "avlys/")).status_code == 302
    assert "Dagen er over" in text(desk, at("2026-11-22"))
    forged = desk.post(at(rest="avlys/"), {"reason": "x|y", "resource": str(uuid4()), "seen": "abc", "sure": "on"})
    assert forged.status_code == 422
    assert desk.get(f"{BOOK}avlys/").status_code == 404
    assert desk.get(f"{BOOK}avlys/?enhet=000&dag=2026-12-01").status_code == 404
