"""From the hospital's record system to the reader's screen, or to the letter box."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from letters.models import Letter
from letters.states import Postal
from tests.stories.living import Alive, posting_of, wait_for_state
from tests.stories.reader import TITLE, Hospital, Reader, known_person
from tests.youth_access import families

pytestmark = pytest.mark.usefixtures("alive")


def test_a_letter_is_sent_announced_read_kept_and_left(alive: Alive, hospital: Hospital, reader: Reader) -> None:
    """The whole way: FHIR, a neutral SMS, ID-porten, front page, inbox, letter, receipt, PDF, out again."""
    pid, _person = known_person(alive, "kari-nordli")
    letter = hospital.when_it_sends(pid)
    [sms] = [message for message in alive.messages() if message["channel"] == "sms"]
    for telling in (TITLE, "kne", "Kari", "Nordli", "sykehus", letter.unit.name, letter.unit.hospital, pid):
        assert telling.lower() not in sms["text"].lower()
    assert len(sms["text"]) <= 160

    reader.when_opens("/")
    reader.then_the_page_is_sound_in_every_look()
    reader.when_signs_in()
    reader.then_sees("Hei, Kari", f"Les brevet «{TITLE}»", "ellers sender vi det i posten")
    reader.then_the_page_is_sound_in_every_look()
    reader.then_nothing_is_kept_by_the_browser()
    reader.when_opens("/brev/")
    reader.then_sees(TITLE, "Ulest", "Åpne innen")
    reader.then_the_page_is_sound_in_every_look()
    reader.when_follows(TITLE)
    reader.then_is_at(f"/brev/{letter.id}/")
    reader.then_sees("Møt i ekspedisjonen", "Du åpnet brevet", "Det blir ikke sendt i posten.")
    reader.then_the_page_is_sound_in_every_look()
    reader.then_nothing_is_kept_by_the_browser()
    link = reader.page.get_by_role("link", name="Last ned PDF").get_attribute("href")
    pdf = reader.context.request.get(f"{alive.portal_url}{link}")
    assert (pdf.headers["content-type"], pdf.body()[:5]) == ("application/pdf", b"%PDF-")
    reader.page.emulate_media(media="print")
    expect(reader.page.locator("header.top")).not_to_be_visible()
    expect(reader.page.locator("article.sheet")).to_be_visible()
    reader.page.emulate_media(media="screen")
    alive.time_passes(days=5)
    alive.sweep()
    assert alive.orders() == []

    reader.when_signs_out()
    reader.then_the_page_is_sound_in_every_look()
    reader.page.go_back()
    reader.then_does_not_see("Møt i ekspedisjonen")
    reader.when_opens(f"/brev/{letter.id}/")
    expect(reader.page.get_by_role("heading", name="Hvem vil du logge inn som?")).to_be_visible()
    reader.then_only_our_own_hosts_were_asked()


def test_a_letter_nobody_opens_is_printed_once_and_the_page_says_so(
    alive: Alive, hospital: Hospital, reader: Reader
) -> None:
    pid, _person = known_person(alive, "kari-nordli")
    letter = hospital.when_it_sends(pid)
    alive.time_passes(days=4, minutes=5)
    alive.sweep()
    alive.time_passes(minutes=2)
    wait_for_state(posting_of(letter), Postal.POSTED)
    alive.sweep()
    [order] = alive.orders()
    assert order["copies"] == 1
    assert order["recipient_lines"] == ["Kari Nordli", "Storgata 112", "9008 Tromsø"]
    reader.when_signs_in()
    reader.when_opens("/brev/")
    reader.then_sees(TITLE)
    reader.when_follows(TITLE)
    reader.then_sees("Brevet er også sendt i posten.", "Brevet ble sendt i posten")
    reader.then_does_not_see("Det blir ikke sendt i posten.")
    reader.then_the_page_is_sound_in_every_look()
    reader.when_opens("/brev/")
    reader.then_sees("Også sendt i posten")
    reader.then_the_page_is_sound_in_every_look()


def test_a_withdrawn_letter_stays_marked_if_it_was_read_and_is_gone_if_not(
    alive: Alive, hospital: Hospital, reader: Reader
) -> None:
    pid, _person = known_person(alive, "kari-nordli")
    read, unread = hospital.when_it_sends(pid, title="Time på mandag"), hospital.when_it_sends(pid, title="Ny prøve")
    reader.when_signs_in()
    reader.when_opens(f"/brev/{read.id}/")
    for letter in (read, unread):
        hospital.when_it_withdraws(letter)
    reader.page.reload()
    reader.then_sees("Sykehuset trakk tilbake dette brevet")
    reader.then_the_page_is_sound_in_every_look()
    reader.when_opens("/brev/")
    reader.then_sees("Time på mandag", "Trukket tilbake")
    reader.then_does_not_see("Ny prøve")
    reader.when_opens(f"/brev/{unread.id}/")
    reader.then_sees("Vi finner ikke siden")
    alive.time_passes(days=9)
    alive.sweep()
    assert alive.orders() == []


def test_somebody_elses_letter_is_missing_in_the_same_words_as_one_that_never_was(
    alive: Alive, hospital: Hospital, reader: Reader
) -> None:
    pid, _person = known_person(alive, "kari-nordli")
    letter = hospital.when_it_sends(pid)
    reader.when_signs_in("Torbjørn Ytterås")
    pages = []
    for path in (f"/brev/{letter.id}/", "/brev/6f1f4b1c-0000-4000-8000-000000000000/", f"/brev/{letter.id}/pdf"):
        answer = reader.context.request.get(f"{alive.portal_url}{path}")
        assert answer.status == 404
        reader.when_opens(path)
        pages.append(reader.page.locator("main").inner_text())
        reader.then_does_not_see(TITLE)
    assert len({_without_reference(words) for words in pages}) == 1
    reader.then_the_page_is_sound_in_every_look()
    assert Letter.objects.get(pk=letter.pk).opened_at is None


def _without_reference(words: str) -> str:
    return "\n".join(line for line in words.splitlines() if "koden" not in line)


def test_everything_works_without_scripts(alive: Alive, hospital: Hospital, reader_without_scripts: Reader) -> None:
    reader = reader_without_scripts
    pid, _person = known_person(alive, "kari-nordli")
    hospital.when_it_sends(pid)
    reader.when_signs_in()
    reader.when_follows("Les brevet")
    reader.then_sees("Det blir ikke sendt i posten.")
    reader.when_opens("/brev/")
    reader.when_searches("kneet")
    reader.then_sees("Viser 1 brev som passer.")
    reader.when_opens("/brev/?vis=uleste")
    reader.then_sees("Du har åpnet alle brevene dine.")
    reader.page.get_by_role("button", name="Davvisámegiella").click()
    assert reader.page.locator("html").get_attribute("lang") == "se"
    assert urlsplit(reader.page.url).path == "/brev/"
    reader.page.get_by_role("button", name="Bokmål").click()
    reader.when_signs_out()
    reader.when_opens("/brev/")
    expect(reader.page.get_by_role("heading", name="Hvem vil du logge inn som?")).to_be_visible()


def test_a_parent_is_told_of_a_childs_letter_reads_it_for_the_child_and_no_paper_follows(
    alive: Alive, hospital: Hospital, reader: Reader
) -> None:
    known_person(alive, "ingrid-myrvang")
    pid, child = known_person(alive, "live-myrvang", active=False)
    letter = hospital.when_it_sends(pid)
    [sms] = [message for message in alive.messages() if message["channel"] == "sms"]
    for telling in (TITLE, "Live", "Myrvang", "barn", letter.unit.name):
        assert telling.lower() not in sms["text"].lower()

    reader.when_signs_in("Ingrid Myrvang")
    reader.then_does_not_see(TITLE)
    reader.when_opens("/paa-vegne-av/")
    reader.page.get_by_role("button", name=re.compile("Velg.*Live Myrvang")).click()
    reader.when_opens("/brev/")
    reader.then_sees(TITLE, "Ulest", "Søk i brevene til Live Myrvang")
    reader.then_the_page_is_sound_in_every_look()
    reader.when_follows(TITLE)
    reader.then_sees("Møt i ekspedisjonen", "Det blir ikke sendt i posten.")
    reader.then_the_page_is_sound_in_every_look()
    assert Letter.objects.get(pk=letter.pk).opened_as == "FO"
    families.block_parents(child)
    reader.when_opens(f"/brev/{letter.id}/")
    reader.then_does_not_see("Møt i ekspedisjonen")
    alive.time_passes(days=6)
    alive.sweep()
    assert alive.orders() == []
