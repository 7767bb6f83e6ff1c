"""The clinic's book: who is named to whom, what is free, what overlaps, and what each look leaves behind."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments.codes import END_OF_WAIT
from appointments.commands import clinic_day, codes
from appointments.models import Appointment
from appointments.states import Status
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.kernel.actor import Actor, system
from portal.people.models import Person, Role, Unit
from tests.appointments import at_hand, clinic
from tests.appointments.at_hand import NOW, appointment, held, oslo, schedule, slot
from tests.appointments.clinic import BOOK, at, text, wish
from tests.people.signed_in import signed_in
from tests.youth_access import families

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


def test_a_clerk_sees_names_times_and_status_and_not_what_it_is_about(kari: Person, desk: Client) -> None:
    one = appointment(kari, schedule(name="Dr. Hansen"), TEN, title="Gastroskopi", instruction="Faste fra midnatt")
    page = text(desk, at())
    assert "Nordli, Kari (44)" in page
    assert "10.00–10.30" in page
    assert "Avtalt" in page
    assert "Dr. Hansen" in page
    assert "Tirsdag 1. desember" in page.replace("\xa0", " ")
    case = text(desk, f"{BOOK}{one.pk}/")
    assert "Hva timen gjelder, vises bare for dem som behandler pasienten." in case
    for hidden in ("Gastroskopi", "Faste"):
        assert hidden not in page + case
    rows = AuditRow.objects.filter(actor_kind="staff").order_by("id").values_list("action", "item_id", "person_id")
    assert list(rows) == [("book.day", one.unit_id, None), ("case", str(one.pk), kari.pk)]
    assert AuditRow.objects.get(action="book.day").details == {"appointments": [str(one.pk)]}
    assert AuditRow.objects.get(action="case").details == {"words": False}


def test_a_clinician_sees_whom_they_treat_and_others_as_busy_times(kari: Person) -> None:
    ola = at_hand.person(name="Ola Hansen")
    mine, others = appointment(kari, None, TEN, title="Gastroskopi"), appointment(ola, None, TEN, title="Koloskopi")
    desk = clinic.clinician(kari)
    page = text(desk, at())
    assert "Nordli, Kari (44)" in page
    assert "Hansen" not in page
    assert "Pasient du ikke behandler" in page
    assert str(others.pk) not in page
    case = text(desk, f"{BOOK}{mine.pk}/")
    assert "Gastroskopi" in case
    assert f"/behandler/tilgang/{kari.pk}/" in case
    refused = desk.get(f"{BOOK}{others.pk}/")
    missing = desk.get(f"{BOOK}{uuid4()}/")
    assert (refused.status_code, missing.status_code) == (404, 404)
    row = AuditRow.objects.get(result="refused")
    assert (row.item_kind, row.item_id, row.person_id) == ("appointment", str(others.pk), ola.pk)


def test_the_patient_who_has_shut_a_clinician_out_is_a_busy_time_to_them(kari: Person) -> None:
    one = appointment(kari, None, TEN)
    who = families.person("Lise Myrnes", home="c" * 64)
    families.treats(who, kari)
    desk = signed_in(Client(), who, [Role.CLINICIAN])
    assert "Nordli, Kari" in text(desk, at())
    codes.set_codes(appointment_id=one.pk, codes=["NORS"], withheld_until=None, reason="x", by=system("tests"))
    assert "Nordli, Kari" not in text(desk, at())
    assert desk.get(f"{BOOK}{one.pk}/").status_code == 404
    Appointment.objects.update(security_codes=[])
    families.keep_out(kari, who)
    assert "Nordli, Kari" not in text(desk, at())
    assert desk.get(f"{BOOK}{one.pk}/").status_code == 404


def test_somebody_with_a_protected_address_is_masked(kari: Person, desk: Client) -> None:
    one = appointment(kari, None, TEN)
    families.register_says(kari, protected=True)
    for page in (text(desk, at()), text(desk, f"{BOOK}{one.pk}/")):
        assert "Skjermet person" in page
        assert "Nordli" not in page
    treating = clinic.clinician(kari)
    assert "Nordli" not in text(treating, at())
    assert "Nordli, Kari" in text(treating, f"{BOOK}{one.pk}/")


def test_citizens_and_other_roles_find_nothing_there(kari: Person) -> None:
    one = appointment(kari, None, TEN)
    places = [BOOK, at(), at(rest="uke/"), at(rest="onsker/"), at(rest="avlys/"), at(rest="apne/"), f"{BOOK}{one.pk}/"]
    for roles in ([], [Role.OPERATOR], [Role.REVIEWER]):
        browser = signed_in(Client(), at_hand.person(), roles)
        assert {browser.get(place).status_code for place in places} == {404}
    assert {Client().get(place).status_code for place in places} == {302}
    assert clinic.clinician().get(at(rest="avlys/")).status_code == 404


def test_free_times_with_places_left_and_a_taken_one_is_not_among_them(kari: Person, desk: Client) -> None:
    group, single = schedule(name="Kurs"), schedule(name="Dr. Hansen")
    eight = slot(group, TEN, capacity=8)
    slot(single, TEN)
    taken = slot(single, TEN + timedelta(hours=1))
    held(kari, eight)
    held(kari, taken)
    page = text(desk, at())
    assert "7 ledige plasser" in page
    assert "0 timer, 8 ledige plasser" in page
    assert page.count("entry--free") == 2
    assert page.count("/steng/") == 1, "one that somebody holds is not closed"


def test_overlaps_are_warned_about_and_parts_and_groups_are_not(kari: Person, desk: Client) -> None:
    one_room, kurs = schedule(), schedule()
    ola = at_hand.person(name="Ola Hansen")
    whole = appointment(kari, one_room, TEN)
    appointment(kari, None, TEN, part_of=whole)
    places = slot(kurs, TEN, capacity=8)
    for name in ("Per Lie", "Inger Lie"):
        appointment(at_hand.person(name=name), kurs, TEN, slot=places)
    assert "overlapper" not in text(desk, at())
    appointment(ola, one_room, TEN + timedelta(minutes=15))
    page = text(desk, at())
    assert page.count("Overlapper en annen time i samme timebok") == 2
    assert "2 timer overlapper hverandre." in page
    appointment(ola, None, TEN + timedelta(minutes=15))
    assert text(desk, at()).count("Pasienten har en annen time samtidig") == 1
    Appointment.objects.filter(person=ola).update(status=Status.CANCELLED, cancelled_at=NOW)
    assert "overlapper" not in text(desk, at())


def test_a_week_in_numbers_names_nobody(kari: Person, desk: Client) -> None:
    book = schedule()
    appointment(kari, book, TEN)
    appointment(kari, book, oslo(2026, 12, 6, 23, 30))
    appointment(kari, book, oslo(2026, 12, 7, 0, 0))
    appointment(kari, book, TEN, status="cancelled", cancelled_at=NOW)
    slot(book, oslo(2026, 12, 2, 9), capacity=3)
    page = text(desk, at(rest="uke/"))
    assert "Uke 49" in page
    assert page.count("<strong>1 time</strong>") == 2
    assert "1 avlyst" in page
    assert "3 ledige" in page
    assert "Nordli" not in page


def test_next_and_previous_and_today_and_the_unit_opened_last(desk: Client) -> None:
    other = Unit.objects.create(resh="4200009", name="Zoologen", hospital="Åsgård")
    at_hand.unit()
    page = text(desk, f"{BOOK}?enhet={other.pk}&dag=2026-12-31")
    for day in ("2026-12-30", "2027-01-01", "2026-11-23"):
        assert f"enhet={other.pk}&amp;dag={day}" in page
    assert '<option value="4200009" selected>' in text(desk, BOOK)
    assert "Mandag 23. november (i dag)" in text(desk, BOOK).replace("\xa0", " ")
    assert "enhet=4200009&amp;dag=2026-12-07" in text(desk, f"{BOOK}uke/?enhet=4200009&dag=2026-12-01")


def test_one_that_is_about_to_be_cancelled_says_so(kari: Person, desk: Client) -> None:
    appointment(kari, None, TEN)
    clinic_day.cancel_day(
        unit_id=at_hand.unit().pk,
        day=TEN.date(),
        reason_system=END_OF_WAIT,
        reason="9",
        by=system("tests"),
    )
    assert "Blir avlyst nå" in text(desk, at())


def test_the_night_that_has_an_hour_twice_tells_which(kari: Person, desk: Client) -> None:
    appointment(kari, None, oslo(2027, 10, 31, 2, 30))
    appointment(kari, None, oslo(2027, 10, 31, 2, 30, fold=1))
    page = text(desk, at("2027-10-31"))
    assert "(sommertid)" in page
    assert "(vintertid)" in page


@pytest.mark.parametrize(
    "day", ["99.99.9999", "0001-01-01", "9999-12-31", "2200-01-01", "i morgen", "2026-02-30", "x" * 500]
)
def test_a_day_that_makes_no_sense_is_told_in_words_and_kept(desk: Client, day: str) -> None:
    at_hand.unit()
    for rest in ("", "uke/"):
        page = text(desk, at(day, rest), 422)
        assert "Skriv datoen med dag" in page or "mindre enn tre år unna" in page
        assert day[:100] in page
    assert clinic.clerk().get(at(day, "avlys/")).status_code == 404


def test_a_unit_that_does_not_exist_is_told_in_words(desk: Client) -> None:
    at_hand.unit()
    assert "Denne enheten finnes ikke" in text(desk, f"{BOOK}?enhet=000000&dag=2026-12-01", 422)
    Unit.objects.update(active=False)
    assert desk.get(BOOK).status_code == 422


def test_norwegian_days_may_be_written_as_people_write_them(desk: Client) -> None:
    at_hand.unit()
    assert "Tirsdag 1. desember" in text(desk, at("01.12.2026")).replace("\xa0", " ")


def test_a_full_day_costs_no_more_queries_than_an_empty_one(kari: Person) -> None:
    book = schedule()
    appointment(kari, book, TEN)
    slot(book, TEN)
    desks = (clinic.clerk(), clinic.clinician(kari))
    for desk in desks:
        desk.get(at())
    counts = []
    for round_ in range(2):
        if round_:
            start = oslo(2026, 12, 1, 8)
            for n in range(200):
                appointment(at_hand.person(), book, start + timedelta(minutes=n))
                slot(book, start + timedelta(minutes=n), minutes=1)
        for desk in desks:
            for place in (at(), at(rest="uke/")):
                with CaptureQueriesContext(connection) as counted:
                    text(desk, place)
                counts.append(clinic.statements(counted))
    assert counts[:4] == counts[4:]


def test_the_case_tells_who_did_what_and_when_and_notes_stay_out(kari: Person, desk: Client) -> None:
    one = appointment(kari, None, TEN)
    wish(one, comment="HEMMELIG ØNSKE")
    by = Actor("staff", str(at_hand.person(name="Bo Eriksen").pk))
    codes.set_codes(appointment_id=one.pk, codes=["NORN_FORANS"], withheld_until=None, reason="HEMMELIG", by=by)
    clinic_day.cancel_day(unit_id=one.unit_id, day=TEN.date(), reason_system=END_OF_WAIT, reason="9", by=by)
    clinic_day.cancel_one(appointment_id=one.pk)
    page = text(desk, f"{BOOK}{one.pk}/")
    for word in ("Sperrekoder endret", "Dagen avlyst av klinikken", "Bo Eriksen", "Avlyst", "Klinikken må avlyse"):
        assert word in page, word
    assert "Ønsker video" in page
    assert "HEMMELIG" not in page
    assert "NORN_FORANS" not in page
    treating = text(clinic.clinician(kari), f"{BOOK}{one.pk}/")
    assert "Kontroll" in treating


def test_the_menu_has_a_line_for_the_book_with_what_waits(kari: Person) -> None:
    wish(appointment(kari, None, TEN))
    assert "1 ønske venter" in text(clinic.clerk(), BOOK)
    assert "1 ønske venter" in text(clinic.clinician(kari), BOOK)
    assert "ønske venter" not in text(clinic.clinician(), BOOK)
