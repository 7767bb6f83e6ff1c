"""Citizens' pages of appointments: what they say, what they let one do, and the receipts that follow."""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from appointments.commands import answering
from appointments.models import Appointment, PreparationTask, Request, Reservation
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people.models import Person
from portal.ui import links
from tests.appointments import at_hand
from tests.appointments.at_hand import DAY, NOW, appointment, oslo, schedule, slot, slots
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


# The list.


def test_the_list_shows_the_next_one_large_the_later_ones_and_those_that_are_over(kari: Person, screen: Screen) -> None:
    appointment(kari, title="Kontroll av kneet", start=DAY)
    appointment(kari, title="Ny kontroll", start=DAY + timedelta(days=30))
    appointment(kari, title="Gammel kontroll", start=NOW - timedelta(days=30), status="fulfilled")
    page = screen.opens("/timer/")
    assert "Neste time des 1 tir tirsdag 1. desember kl. 10.00–10.30 om 8 dager Kontroll av kneet" in page
    assert page.index("Kontroll av kneet") < page.index("Senere") < page.index("Ny kontroll")
    assert "Gammel kontroll" not in page
    earlier = screen.opens("/timer/?vis=tidligere")
    assert "Gammel kontroll" in earlier
    assert "Ny kontroll" not in earlier


def test_an_empty_list_says_so(screen: Screen) -> None:
    assert "Du har ingen kommende timer" in screen.opens("/timer/")
    assert "Ingen tidligere timer" in screen.opens("/timer/?vis=tidligere")


def test_what_was_entered_in_error_is_nowhere(kari: Person, screen: Screen) -> None:
    gone = appointment(kari, title="Feilført", status="entered-in-error")
    assert "Feilført" not in screen.opens("/timer/")
    screen.opens(f"/timer/{gone.id}/", 404)
    screen.opens(f"/timer/{gone.id}/kalender.ics", 404)


def test_a_cancelled_one_stands_apart_and_never_as_the_next_one(kari: Person, screen: Screen) -> None:
    appointment(kari, title="Avlyst time", status="cancelled", cancelled_at=NOW, cancelled_by="hospital")
    page = screen.opens("/timer/")
    assert "Neste time" not in page
    assert "Blir ikke noe av" in page
    assert "Avlyst time" in page


def test_a_bundle_is_one_row_with_its_parts_and_has_the_time_of_the_first(kari: Person, screen: Screen) -> None:
    main = appointment(kari, title="Konsultasjon", start=DAY + timedelta(hours=2))
    appointment(kari, title="Røntgen", start=DAY, part_of=main)
    page = screen.opens("/timer/")
    assert "Timen har flere deler: tirsdag 1. desember kl. 10.00–10.30: Røntgen" in page
    assert "Neste time des 1 tir tirsdag 1. desember kl. 10.00–10.30" in page
    assert page.count("Røntgen") == 1
    single = screen.opens(f"/timer/{main.id}/")
    assert "Dette hører sammen med timen" in single
    assert "Røntgen" in single


def test_the_list_turns_pages(kari: Person, screen: Screen) -> None:
    for number in range(25):
        appointment(kari, title=f"Time{number:02}", start=DAY + timedelta(days=number))
    first, second = screen.opens("/timer/"), screen.opens("/timer/?side=2")
    assert "Time20" in first
    assert "Time21" not in first
    assert "Time21" in second
    assert "Neste time" not in second
    assert "Time24" in screen.opens("/timer/?side=9999999999")
    assert "Time00" in screen.opens("/timer/?side=x")


def test_each_look_at_a_list_leaves_one_row_with_every_appointment_on_it(kari: Person, screen: Screen) -> None:
    main = appointment(kari, start=DAY)
    part = appointment(kari, start=DAY + timedelta(hours=1), part_of=main)
    off = appointment(kari, status="cancelled", cancelled_at=NOW)
    screen.opens("/timer/")
    [row] = AuditRow.objects.filter(item_kind="appointment_list")
    assert set(row.details["appointments"]) == {str(each.id) for each in (main, part, off)}
    assert (row.action, row.person_id, row.actor_id) == ("read", kari.pk, str(kari.pk))


# One appointment.


def test_the_page_tells_when_where_how_to_find_it_and_how_to_prepare(kari: Person, screen: Screen) -> None:
    at_hand.clinic(finding="Gå inn hovedinngangen.\nTa heisen til 3.", preparation="Ta med legitimasjon.")
    mine = appointment(
        kari,
        title="MR av kneet",
        place="Inngang B, 3. etasje",
        practitioner="Overlege Anne Bjørnsen",
        instruction="Ikke spis de siste seks timene.",
        description="Undersøkelsen tar 40 minutter.",
    )
    page = screen.opens(f"/timer/{mine.id}/")
    for words in (
        "MR av kneet",
        "Barneklinikken, UNN Tromsø",
        "torsdag 3. desember kl. 10.00–10.30",
        "Inngang B, 3. etasje",
        "Overlege Anne Bjørnsen",
        "Ikke spis de siste seks timene.",
        "Ta med legitimasjon.",
        "Ta heisen til 3.",
        "Undersøkelsen tar 40 minutter.",
        "senest 24 timer før timen, ellers må du betale et gebyr på 1 500 kroner",
        "77 62 60 00",
    ):
        assert words in page, words
    [row] = AuditRow.objects.filter(item_kind="appointment", action="read")
    assert (row.item_id, row.person_id) == (str(mine.id), kari.pk)


@pytest.mark.parametrize("flags", [[], ["cancel"], ["canAcknowledge"], ["canChangeAppointment"]])
def test_only_what_is_flagged_is_offered(kari: Person, screen: Screen, flags: list[str]) -> None:
    mine = appointment(kari, flags=flags)
    page = screen.opens(f"/timer/{mine.id}/")
    words = {
        "cancel": "Avlys time",
        "canAcknowledge": "Bekreft at du kommer",
        "canChangeAppointment": "Endre time",
        "canUseShortNotice": "Jeg kan komme på kort varsel",
        "canChangeConferenceType": "Be om videotime",
    }
    assert {flag for flag, label in words.items() if label in page} == set(flags)


@pytest.mark.parametrize("what", ["bekreft", "kort-varsel", "video"])
def test_a_forged_post_for_what_is_not_flagged_is_missing_and_stands_in_the_audit(
    kari: Person, screen: Screen, what: str
) -> None:
    mine = appointment(kari, flags=[])
    screen.sends(f"/timer/{mine.id}/{what}/", 404, key=uuid4())
    assert not Request.objects.exists()
    [row] = AuditRow.objects.filter(result="refused")
    assert row.item_id == str(mine.id)


def test_a_forged_cancellation_is_missing_and_stands_in_the_audit(kari: Person, screen: Screen) -> None:
    mine = appointment(kari, flags=[])
    assert "kan ikke avlyses her" in screen.opens(screen_redirect(screen, f"/timer/{mine.id}/avlys/"))
    screen.sends(f"/timer/{mine.id}/avlys/", 404, key=uuid4(), reason="ill")
    assert AuditRow.objects.filter(result="refused", item_id=str(mine.id)).count() == 1


def screen_redirect(screen: Screen, path: str) -> str:
    answer = screen.client.get(path)
    assert answer.status_code == 302
    return str(answer["Location"])


def test_a_video_visit_has_its_way_in_and_only_a_web_address_becomes_a_link(kari: Person, screen: Screen) -> None:
    good = appointment(kari, channel="url", virtual_address="https://video.example/rom/1", virtual_key="4711")
    bad = appointment(kari, channel="url", virtual_address="javascript:alert(1)", start=DAY)
    page = screen.html(f"/timer/{good.id}/")
    assert 'href="https://video.example/rom/1"' in page
    assert "4711" in page
    assert "javascript:" not in screen.html(f"/timer/{bad.id}/")


def test_a_cancelled_appointment_says_that_one_need_not_come(kari: Person, screen: Screen) -> None:
    mine = appointment(
        kari, status="cancelled", cancelled_at=NOW, cancelled_by="hospital", instruction="Faste fra midnatt"
    )
    page = screen.opens(f"/timer/{mine.id}/")
    assert "Sykehuset avlyste timen mandag 23. november. Du skal ikke møte." in page
    assert "Faste fra midnatt" not in page
    assert "Dette kan du gjøre" not in page


def test_tasks_and_the_letter_are_links_only_where_there_is_something_to_open(kari: Person, screen: Screen) -> None:
    mine = appointment(kari, call_in_letter="https://dips.example/brev|B-1")
    for number, (kind, title, reference) in enumerate(
        [
            ("form", "Svar på skjema", "https://dips.example/skjema|1"),
            ("reading", "Les om MR", "https://helse.example/mr"),
            ("reading", "Les brosjyren", "file:///etc/passwd"),
            ("letter", "Les brevet", "https://dips.example/brev|B-1"),
        ]
    ):
        PreparationTask.objects.create(appointment=mine, number=number, kind=kind, title=title, reference=reference)
    page = screen.html(f"/timer/{mine.id}/")
    assert "Les innkallingsbrevet" not in page
    assert 'href="https://helse.example/mr"' in page
    assert "etc/passwd" not in page
    links.register("letter", lambda looker, name: "/brev/x/" if name.endswith("B-1") else "")
    try:
        page = screen.html(f"/timer/{mine.id}/")
    finally:
        links.unregister("letter")
    assert page.count('href="/brev/x/"') == 2
    assert "Les innkallingsbrevet" in page


def test_the_two_hours_of_the_autumn_night_are_told_apart(kari: Person, screen: Screen) -> None:
    summer = appointment(kari, start=oslo(2027, 10, 31, 2, 30), title="Første")
    winter = appointment(kari, start=oslo(2027, 10, 31, 2, 30, fold=1), title="Andre")
    assert "kl. 02.30 (sommertid)" in screen.opens(f"/timer/{summer.id}/")
    assert "kl. 02.30 (vintertid)" in screen.opens(f"/timer/{winter.id}/")
    page = screen.opens("/timer/")
    assert page.index("(sommertid)") < page.index("(vintertid)")


# What takes one button.


@pytest.mark.parametrize(
    ("what", "kind", "words"),
    [
        ("bekreft", "confirm", "Takk for at du bekreftet"),
        ("kort-varsel", "short_notice", "Vi har sagt fra at du kan komme på kort varsel"),
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
    assert "Du skal ikke møte." in screen.opens(f"/timer/{mine.id}/")


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
    screen.sends(path, key=key, reason="ill", **{name: "keep"})
    assert [asked.appointment_id for asked in Request.objects.all()] == [main.id]
    answering.refuse(request_id=Request.objects.get().pk, by=HOSPITAL)
    screen.sends(path, key=uuid4(), reason="ill", **{name: "cancel", f"part_{phoned.id.hex}": "cancel"})
    about = set(Request.objects.filter(state="waiting").values_list("appointment_id", flat=True))
    assert about == {main.id, part.id}


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
    assert screen_redirect(screen, confirm) == f"/timer/kvittering/{asked.id}/"


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
    assert "torsdag 3. desember kl. 10.00" in page
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
    assert "tirsdag 1. desember kl. 10.00–10.30" in page
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
    assert screen_redirect(screen, confirm) == path
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
    assert "Vi ber sykehuset om timen. Den er din når de har svart ja." in screen.opens(confirm)
    key = screen.key_at(confirm)
    receipts = {screen.sends(confirm, key=key) for _ in range(3)}
    assert len(receipts) == 1
    receipt = receipts.pop()
    assert "Vi har bedt sykehuset om timen" in screen.opens(receipt)
    [made] = Appointment.objects.all()
    assert made.status == "proposed"
    assert "Venter på svar" in screen.opens("/timer/")
    answering.accept(request_id=Request.objects.get().pk, by=HOSPITAL)
    assert "Timen er din" in screen.opens(receipt)


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


# The front page and the menu.


def test_the_front_page_has_the_next_appointment_what_to_confirm_and_what_to_do(kari: Person, screen: Screen) -> None:
    soon = appointment(kari, title="Kontroll av kneet", start=NOW + timedelta(days=3))
    appointment(kari, title="Senere time", start=NOW + timedelta(days=30))
    PreparationTask.objects.create(appointment=soon, number=0, kind="form", title="Svar på skjema om helsen")
    PreparationTask.objects.create(appointment=soon, number=1, kind="letter", title="Les brevet")
    page = screen.opens("/")
    assert "Neste time" in page
    assert "Kontroll av kneet" in page
    assert "Bekreft at du kommer: Kontroll av kneet" in page
    assert "Svar på skjema om helsen" in page
    assert "Les brevet" not in page
    assert "Senere time" not in page
    assert "1 å bekrefte" in page
    screen.sends(f"/timer/{soon.id}/bekreft/", key=uuid4())
    answering.accept(request_id=Request.objects.get().pk, by=HOSPITAL)
    page = screen.opens("/")
    assert "Bekreft at du kommer" not in page
    assert "1 å bekrefte" not in page


def test_what_another_patient_has_is_missing_in_the_same_words(kari: Person, screen: Screen) -> None:
    theirs = appointment(at_hand.person(name="Ola"), title="Hemmelig time")
    nothing = uuid4()
    for tail in ("", "endre/", "avlys/", "kalender.ics"):
        pages = [screen.opens(f"/timer/{each}/{tail}", 404) for each in (theirs.id, nothing)]
        assert _plain(pages[0]) == _plain(pages[1])
    for tail in ("bekreft/", "video/", "kort-varsel/"):
        screen.sends(f"/timer/{theirs.id}/{tail}", 404, key=uuid4())
    assert not Request.objects.exists()


def _plain(page: str) -> str:
    """Without the error's own code and the session's end, which differ by themselves."""
    return re.sub(r"koden \w+|kl\. \d\d\.\d\d", "", page)
