"""Citizens' lists of appointments, one appointment, and the front page: what they say to whom."""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from appointments.commands import answering
from appointments.models import PreparationTask, Request
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people.models import Person
from portal.ui import links
from tests.appointments import at_hand
from tests.appointments.at_hand import DAY, NOW, appointment, oslo
from tests.appointments.at_screen import Screen

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
    assert "Neste time des 1 tir Tirsdag 1. desember kl. 10.00–10.30 om 8 dager Kontroll av kneet" in page
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
    assert "Avlyste timer" in page
    assert "Avlyst time" in page


def test_a_bundle_is_one_row_with_its_parts_and_has_the_time_of_the_first(kari: Person, screen: Screen) -> None:
    main = appointment(kari, title="Konsultasjon", start=DAY + timedelta(hours=2))
    appointment(kari, title="Røntgen", start=DAY, part_of=main)
    page = screen.opens("/timer/")
    assert "Neste time des 1 tir Tirsdag 1. desember fra kl. 10.00" in page
    assert "Timen har flere deler: kl. 10.00–10.30: Røntgen kl. 12.00–12.30: Konsultasjon" in page
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
        "Torsdag 3. desember kl. 10.00–10.30",
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
        "canAcknowledge": "Bekreft at timen passer",
        "canChangeAppointment": "Endre time",
        "canUseShortNotice": "Kan komme på kort varsel",
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
    assert "kan ikke avlyses her" in screen.opens(screen.is_led_from(f"/timer/{mine.id}/avlys/"))
    screen.sends(f"/timer/{mine.id}/avlys/", 404, key=uuid4(), reason="ill")
    assert AuditRow.objects.filter(result="refused", item_id=str(mine.id)).count() == 1


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
    assert "Sykehuset avlyste timen mandag 23. november. Ikke møt opp til denne timen." in page
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


# The front page and the menu.


def test_the_front_page_has_the_next_appointment_what_to_confirm_and_what_to_do(kari: Person, screen: Screen) -> None:
    soon = appointment(kari, title="Kontroll av kneet", start=NOW + timedelta(days=3))
    appointment(kari, title="Senere time", start=NOW + timedelta(days=30))
    PreparationTask.objects.create(appointment=soon, number=0, kind="form", title="Svar på skjema om helsen")
    PreparationTask.objects.create(appointment=soon, number=1, kind="letter", title="Les brevet")
    page = screen.opens("/")
    assert "Neste time" in page
    assert "Kontroll av kneet" in page
    assert "Bekreft timen «Kontroll av kneet»" in page
    assert "Svar på skjema om helsen" in page
    assert "Les brevet" not in page
    assert "Senere time" not in page
    assert "1 å bekrefte" in page
    screen.sends(f"/timer/{soon.id}/bekreft/", key=uuid4())
    answering.accept(request_id=Request.objects.get().pk, by=HOSPITAL)
    page = screen.opens("/")
    assert "Bekreft timen" not in page
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
