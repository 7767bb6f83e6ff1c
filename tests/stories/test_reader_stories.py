"""Finding one's way: many letters, languages, sign-in and its limits, and the pages that belong to nobody."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from portal.kernel import clock
from portal.people.models import SignInSession
from tests.scenarios.many import many_waiting
from tests.stories.living import Alive, Patient
from tests.stories.reader import TITLE, Hospital, Reader, known_person

pytestmark = pytest.mark.usefixtures("alive")


def test_forty_five_letters_are_paged_filtered_and_searched(alive: Alive, reader: Reader) -> None:
    many_waiting(alive, 45, Patient(*known_person(alive, "kari-nordli")))
    reader.when_signs_in()
    reader.then_sees("45 uleste")
    reader.then_the_page_is_sound_in_every_look()
    reader.when_opens("/brev/")
    found = _titles(reader)
    assert len(found) == 20
    reader.then_the_page_is_sound_in_every_look()
    for more in (20, 5):
        reader.page.locator("a[rel=next]").click()
        reader.page.wait_for_load_state()
        found += _titles(reader)
        assert len(_titles(reader)) == more
    assert len(set(found)) == 45
    assert reader.page.locator("a[rel=next]").count() == 0
    reader.then_the_page_is_sound_in_every_look()

    reader.when_opens("/brev/")
    reader.when_searches("Brev nr. 17")
    reader.then_is_at("/brev/?vis=sok")
    assert "17" not in reader.page.url
    assert _titles(reader) == ["Brev nr. 17"]
    reader.then_the_page_is_sound_in_every_look()
    reader.when_follows("Brev nr. 17")
    reader.then_sees("Det blir ikke sendt i posten.")
    reader.page.go_back()
    assert _titles(reader) == ["Brev nr. 17"]
    reader.when_searches("<script>alert(1)</script> finnes ikke")
    reader.then_sees("Vi fant ingen brev", "Prøv færre eller andre ord.")
    reader.then_the_page_is_sound_in_every_look()
    reader.when_follows("Vis alle brev")
    reader.then_is_at("/brev/")
    reader.page.get_by_role("link", name="Uleste", exact=True).click()
    reader.then_is_at("/brev/?vis=uleste")
    assert "Brev nr. 17" not in _titles(reader)


def _titles(reader: Reader) -> list[str]:
    reader.page.wait_for_load_state()
    return reader.page.locator("a.row__link").all_inner_texts()


def test_the_language_switch_keeps_the_page_and_the_choice_follows_the_person(
    alive: Alive, hospital: Hospital, reader: Reader
) -> None:
    pid, person = known_person(alive, "kari-nordli")
    hospital.when_it_sends(pid)
    reader.when_signs_in()
    reader.when_opens("/brev/?vis=uleste")
    for code, name in (
        ("nn", "Nynorsk"),
        ("se", "Davvisámegiella"),
        ("en", "English"),
        ("nb", "Bokmål"),
        ("se", "Davvi"),
    ):
        reader.page.get_by_role("button", name=name).click()
        reader.page.wait_for_load_state()
        reader.then_is_at("/brev/?vis=uleste")
        assert reader.page.locator("html").get_attribute("lang") == code
        expect(reader.page.get_by_role("link", name=TITLE)).to_be_visible()
        reader.then_the_page_is_sound_in_every_look()
    reader.when_follows(TITLE)
    assert reader.page.locator("article.sheet").get_attribute("lang") == "nb"
    person.refresh_from_db()
    assert person.language == "se"
    reader.when_opens("/innsyn/innstillinger/")
    reader.then_the_page_is_sound_in_every_look()
    reader.page.get_by_label("Bokmål").check()
    reader.page.locator("main button[type=submit]").click()
    reader.then_sees("Språket er lagret.")
    reader.then_the_page_is_sound_in_every_look()


def test_a_warning_comes_before_the_session_ends_and_afterwards_the_way_back_is_kept(
    alive: Alive, hospital: Hospital, reader: Reader, settings: Settings
) -> None:
    pid, _person = known_person(alive, "kari-nordli")
    letter = hospital.when_it_sends(pid)
    reader.when_signs_in()
    settings.SESSION_WARNING = settings.SESSION_IDLE_LIMIT - timedelta(seconds=3)
    reader.when_opens(f"/brev/{letter.id}/")
    dialog = reader.page.locator("dialog#session")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_text("Du blir snart logget ut")).to_be_visible()
    settings.SESSION_WARNING = timedelta(minutes=5)
    dialog.get_by_role("button", name="Fortsett").click()
    expect(dialog).not_to_be_visible()

    long_ago = clock.real_now() - settings.SESSION_IDLE_LIMIT - timedelta(minutes=1)
    SignInSession.objects.update(last_seen_at=long_ago, started_at=long_ago)
    reader.page.reload()
    expect(reader.page.get_by_role("heading", name="Du er logget ut")).to_be_visible()
    reader.then_sees("Det er over 30 minutter siden")
    reader.then_the_page_is_sound_in_every_look()
    reader.page.locator("main").get_by_role("link", name="Logg inn igjen").click()
    reader.when_chooses_at_idporten()
    reader.then_is_at(f"/brev/{letter.id}/")


def test_a_deep_link_comes_back_to_its_letter_after_sign_in(alive: Alive, hospital: Hospital, reader: Reader) -> None:
    pid, _person = known_person(alive, "kari-nordli")
    letter = hospital.when_it_sends(pid)
    reader.when_opens(f"/brev/{letter.id}/")
    letter.refresh_from_db()
    assert letter.opened_at is None
    reader.when_chooses_at_idporten()
    reader.then_is_at(f"/brev/{letter.id}/")
    reader.then_sees("Det blir ikke sendt i posten.")


def test_the_open_pages_and_the_empty_ones_are_sound(alive: Alive, reader: Reader) -> None:
    for path in ("/om/", "/om/tilgjengelighet/", "/om/personvern/", "/finnes-ikke/", "/logg-ut/"):
        reader.when_opens(path)
        reader.then_the_page_is_sound_in_every_look()
    known_person(alive, "kari-nordli")
    reader.when_signs_in()
    reader.then_sees("Ingenting venter på deg")
    reader.then_the_page_is_sound_in_every_look()
    reader.when_opens("/brev/")
    reader.then_sees("Du har ingen brev som venter")
    reader.then_the_page_is_sound_in_every_look()
    reader.then_only_our_own_hosts_were_asked()


def test_a_second_tab_is_signed_out_with_the_first(alive: Alive, hospital: Hospital, reader: Reader) -> None:
    pid, _person = known_person(alive, "kari-nordli")
    hospital.when_it_sends(pid)
    reader.when_signs_in()
    other = reader.context.new_page()
    other.goto(f"{alive.portal_url}/brev/")
    expect(other.get_by_role("link", name=TITLE)).to_be_visible()
    reader.when_signs_out()
    other.reload()
    expect(other.get_by_role("link", name=TITLE)).to_have_count(0)
