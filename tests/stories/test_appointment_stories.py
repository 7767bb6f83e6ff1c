"""From the hospital's timebok to the patient's screen and calendar, with the record system at the other end."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from appointments.models import Appointment, Request, Schedule
from portal.kernel import clock
from portal.people.models import Person
from tests.appointments import at_hand
from tests.stories.living import Alive
from tests.stories.reader import Reader, known_person
from tests.youth_access import families

pytestmark = pytest.mark.usefixtures("alive")
TITLE = "Undersøkelse av kneet"


def given_an_appointment(who: Person) -> tuple[Appointment, Schedule]:
    """In nine days at ten, at a clinic with free times the days before."""
    start = clock.local_now().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=9)
    book = at_hand.schedule(booking="closed", name="Ortopedi")
    at_hand.slots(book, 3, start=start - timedelta(days=4))
    return at_hand.appointment(who, book, start, title=TITLE), book


def when_holds_the_first_time(reader: Reader) -> None:
    reader.page.locator("input[name=slot]").first.check()
    reader.page.get_by_role("button", name="Hold av timen").click()


def test_a_patient_asks_for_another_time_and_the_hospital_says_yes(alive: Alive, reader: Reader) -> None:
    pid, kari = known_person(alive, "kari-nordli")
    mine, _book = given_an_appointment(kari)
    reader.when_signs_in()
    reader.then_sees("Neste time", TITLE, "Onsdag 2. desember", "kl. 10.00–10.30", "om 9 dager")
    reader.then_the_page_is_sound_in_every_look()
    reader.then_nothing_is_kept_by_the_browser()
    reader.when_follows("Se timen")
    reader.when_follows("Endre time")
    when_holds_the_first_time(reader)
    reader.then_sees("Er denne timen riktig?", "Vi holder timen av for deg til kl.", "10 minutter igjen.")
    reader.page.get_by_role("button", name="Be om denne timen i stedet").click()
    reader.then_sees("Den gamle timen gjelder til sykehuset har svart.")
    reader.then_the_page_is_sound_in_every_look()
    alive.work()
    reader.page.reload()
    reader.then_sees("Timen er flyttet", "Lørdag 28. november")
    mine.refresh_from_db()
    assert (mine.sequence, Request.objects.get().state) == (1, "accepted")
    for message in alive.messages():
        for telling in (TITLE, "kne", "Kari", "Nordli", "Barneklinikken", "UNN", pid):
            assert telling.lower() not in message["text"].lower()
    reader.when_opens(f"/timer/{mine.id}/")
    reader.then_sees("Du ba om ny tid", "Timen ble flyttet til lørdag 28. november")
    reader.then_the_page_is_sound_in_every_look()
    file = reader.context.request.get(f"{alive.portal_url}/timer/{mine.id}/kalender.ics")
    assert (file.headers["cache-control"], b"SEQUENCE:1\r\n" in file.body()) == ("no-store", True)
    reader.when_signs_out()
    reader.page.go_back()
    reader.then_does_not_see(TITLE)
    reader.then_only_our_own_hosts_were_asked()


def test_two_want_the_same_time_and_the_second_loses_nothing(
    alive: Alive, reader: Reader, reader_without_scripts: Reader
) -> None:
    _pid, kari = known_person(alive, "kari-nordli")
    _pid, torbjorn = known_person(alive, "torbjorn-ytteras")
    mine, book = given_an_appointment(kari)
    theirs = at_hand.appointment(torbjorn, book, mine.start + timedelta(days=1) if mine.start else at_hand.DAY)
    second = reader_without_scripts
    reader.when_signs_in()
    second.when_signs_in("Torbjørn Ytterås")
    reader.when_opens(f"/timer/{mine.id}/endre/")
    second.when_opens(f"/timer/{theirs.id}/endre/")
    when_holds_the_first_time(reader)
    reader.then_sees("Er denne timen riktig?")
    when_holds_the_first_time(second)
    second.then_sees("Noen andre tok den timen akkurat nå. Timen du har, er som før. Velg en annen.")
    when_holds_the_first_time(second)
    second.then_sees("Er denne timen riktig?", "Vi holder timen av for deg til kl.")
    reader.page.get_by_role("button", name="Nei, velg en annen").click()
    reader.then_sees("Timen er ikke lenger holdt av")
    second.page.get_by_role("button", name="Be om denne timen i stedet").click()
    second.then_sees("Vi har bedt sykehuset om å flytte timen")
    alive.work()
    assert Request.objects.get().appointment_id == theirs.id


def test_everything_from_booking_to_cancelling_works_without_scripts(
    alive: Alive, reader_without_scripts: Reader
) -> None:
    reader = reader_without_scripts
    known_person(alive, "kari-nordli")
    start = clock.local_now().replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=3)
    at_hand.slots(at_hand.schedule(name="Influensavaksine"), 2, start=start)
    reader.when_signs_in()
    reader.when_opens("/timer/")
    reader.when_follows("Bestill time")
    reader.when_follows("Influensavaksine")
    reader.page.get_by_label("Tid på dagen").select_option("afternoon")
    reader.page.get_by_role("button", name="Vis timer").click()
    when_holds_the_first_time(reader)
    reader.page.get_by_role("button", name="Be om denne timen").click()
    reader.then_sees("Vi har bedt sykehuset om timen")
    alive.work()
    reader.page.reload()
    reader.then_sees("Timen er avtalt")
    reader.when_follows("Influensavaksine")
    reader.when_follows("Avlys time")
    reader.page.get_by_label("Jeg trenger ikke timen lenger").check()
    reader.page.get_by_role("button", name="Avlys timen").click()
    reader.then_sees("Vi har sagt fra om at du vil avlyse")
    alive.work()
    reader.page.reload()
    reader.then_sees("Timen er avlyst", "Ikke møt opp til den.")
    assert Appointment.objects.get().status == "cancelled"
    reader.when_opens("/timer/")
    reader.then_sees("Avlyste timer")


def test_a_parent_moves_a_childs_appointment_until_it_is_kept_from_parents(alive: Alive, reader: Reader) -> None:
    known_person(alive, "ingrid-myrvang")
    _pid, child = known_person(alive, "live-myrvang", active=False)
    mine, _book = given_an_appointment(child)
    reader.when_signs_in("Ingrid Myrvang")
    reader.then_does_not_see(TITLE)
    reader.when_opens("/paa-vegne-av/")
    reader.page.get_by_role("button", name=re.compile("Velg.*Live Myrvang")).click()
    reader.when_opens("/timer/")
    reader.then_sees("Timene til Live Myrvang", TITLE)
    reader.then_the_page_is_sound_in_every_look()
    reader.when_follows("Se timen")
    reader.page.get_by_role("button", name="Bekreft at timen passer").click()
    reader.then_sees("Takk for at du bekreftet")
    alive.work()
    mine.refresh_from_db()
    assert mine.confirmed_at is not None
    families.block_parents(child)
    reader.when_opens(f"/timer/{mine.id}/")
    reader.then_does_not_see(TITLE)
    expect(reader.page.get_by_text("ingen tilgang").or_(reader.page.locator("h1")).first).to_be_visible()
