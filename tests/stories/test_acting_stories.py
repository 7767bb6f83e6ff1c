"""Acting for somebody else, as families do it: chosen, seen on every page, given, taken back, and never mixed up."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.kernel import clock
from portal.people.models import Person, SignInSession
from portal.people.register_snapshots import take_snapshot
from tests.stories.living import Alive
from tests.stories.reader import Reader, known_person
from tests.ui.browser import PHONE
from youth_access.models import Fullmakt, YouthConsent

pytestmark = pytest.mark.usefixtures("alive")
BANNER = re.compile("Du ser siden for Nora Aspelund .* som forelder")


@pytest.fixture
def phone(alive: Alive, chromium: Browser) -> Iterator[Reader]:
    """Somebody else, at a telephone that runs no scripts."""
    made = Reader(alive, chromium, width=PHONE, scripts=False)
    yield made
    made.leaves()


def _chooses(reader: Reader, name: str) -> None:
    reader.when_opens("/paa-vegne-av/")
    reader.page.get_by_role("button", name=re.compile(f"Velg.*{name}")).click()


def _banner(page: Page) -> None:
    expect(page.get_by_role("region", name="Du handler for en annen").get_by_text(BANNER)).to_be_visible()


@pytest.mark.parametrize("who", ["reader", "phone"])
def test_a_parent_acts_for_a_child_and_is_herself_again_with_one_click(
    alive: Alive, who: str, request: pytest.FixtureRequest
) -> None:
    mother: Reader = request.getfixturevalue(who)
    known_person(alive, "kristin-aspelund")
    mother.when_signs_in("Kristin Aspelund")
    mother.when_opens("/paa-vegne-av/?next=/brev/")
    mother.then_sees("Barnet ditt", "Deg selv")
    if mother.scripts:
        mother.then_the_page_is_sound_in_every_look()
    mother.page.get_by_role("button", name=re.compile("Velg.*Nora Aspelund")).click()
    mother.then_is_at("/brev/")
    for path in ("/brev/", "/", "/innsyn/innstillinger/", "/om/"):
        mother.when_opens(path)
        _banner(mother.page)
        expect(mother.page).to_have_title(re.compile("^For Nora: "))
    if mother.scripts:
        mother.when_opens("/brev/")
        mother.then_the_page_is_sound_in_every_look()
        mother.then_nothing_is_kept_by_the_browser()
    mother.page.get_by_role("button", name="Tilbake til meg selv").click()
    mother.then_is_at("/")
    mother.then_sees("Nå er du tilbake på dine egne sider.")
    mother.then_does_not_see("Du ser siden for")


def test_a_form_in_one_tab_is_not_sent_for_the_person_chosen_in_another(alive: Alive, phone: Reader) -> None:
    known_person(alive, "kristin-aspelund")
    phone.when_signs_in("Kristin Aspelund")
    _chooses(phone, "Nora Aspelund")
    phone.when_opens("/brev/")
    phone.page.get_by_role("searchbox").fill("kneet")
    other = phone.context.new_page()
    other.goto(f"{alive.portal_url}/")
    other.get_by_role("button", name="Tilbake til meg selv").click()
    with phone.page.expect_response(lambda each: each.url.endswith("/brev/sok/")) as answer:
        phone.page.get_by_role("button", name="Søk").click()
    assert answer.value.status == 409
    phone.then_sees("Du har byttet person i en annen fane", "Ingenting er sendt.")
    phone.page.get_by_role("button", name="Bytt tilbake til Nora Aspelund").click()
    _banner(phone.page)
    phone.then_sees("ingenting er sendt ennå")
    phone.page.get_by_role("button", name="Send det nå").click()
    phone.then_is_at("/brev/?vis=sok")
    expect(phone.page.get_by_role("searchbox")).to_have_value("kneet")


def test_the_page_of_two_tabs_and_the_one_of_a_lost_tie_are_sound(alive: Alive, reader: Reader) -> None:
    known_person(alive, "kristin-aspelund")
    reader.when_signs_in("Kristin Aspelund")
    _chooses(reader, "Nora Aspelund")
    reader.when_opens("/brev/")
    reader.context.request.get(f"{alive.portal_url}/")
    other = reader.context.new_page()
    other.goto(f"{alive.portal_url}/")
    other.get_by_role("button", name="Tilbake til meg selv").click()
    reader.page.get_by_role("button", name="Søk").click()
    reader.then_the_page_is_sound_in_every_look()
    reader.page.get_by_role("button", name="Bytt tilbake til Nora Aspelund").click()
    reader.then_the_page_is_sound_in_every_look()
    Person.objects.filter(name="Nora Aspelund").update(protected=True)
    reader.when_opens("/brev/")
    reader.then_sees("Du kan ikke lenger handle for denne personen")
    reader.then_does_not_see("Nora")
    reader.then_the_page_is_sound_in_every_look()
    reader.page.get_by_role("link", name="Se hvem du kan velge").click()
    reader.then_sees("Kan ikke velges nå", "Du kan ikke handle for denne personen her.")
    reader.then_the_page_is_sound_in_every_look()


def test_an_old_mother_gives_her_daughter_fullmakt_and_takes_it_back(
    alive: Alive, reader: Reader, phone: Reader
) -> None:
    known_person(alive, "oddrun-oyjord")
    pid = alive.world.person("unni-oyjord")["pid"]
    reader.when_signs_in("Oddrun Øyjord")
    reader.when_opens("/innsyn/fullmakter/")
    reader.then_sees("Du har ikke gitt noen fullmakt.")
    reader.then_the_page_is_sound_in_every_look()
    reader.page.get_by_role("link", name="Gi ny fullmakt").click()
    reader.then_the_page_is_sound_in_every_look()
    reader.page.get_by_role("button", name="Gå videre").click()
    reader.then_sees("Du må rette opp dette", "Velg minst én tjeneste.")
    reader.then_the_page_is_sound_in_every_look()
    reader.page.get_by_label("Fødselsnummeret").fill(pid)
    reader.page.get_by_label("Etternavn").fill("øyjord")
    reader.page.get_by_label("Brev fra sykehuset").check()
    reader.page.get_by_role("button", name="Gå videre").click()
    reader.then_is_at("/innsyn/fullmakter/ny/bekreft/")
    reader.then_sees("Unni Øyjord", "Brev fra sykehuset", "uten sluttdato", "Fullmakten er ikke gitt ennå.")
    reader.then_the_page_is_sound_in_every_look()
    assert pid not in reader.page.content()
    reader.page.get_by_role("button", name="Gi fullmakten").click()
    reader.then_sees("Fullmakten er gitt.", "Gjelder nå")
    reader.then_the_page_is_sound_in_every_look()

    phone.when_signs_in("Unni Øyjord")
    _chooses(phone, "Oddrun Øyjord")
    phone.when_opens("/brev/")
    phone.then_sees("som fullmektig")
    phone.when_opens("/innsyn/fullmakter/")
    phone.then_sees("Fullmakter kan du bare se og gi for deg selv.")

    reader.page.get_by_role("button", name="Trekk tilbake: Unni Øyjord").click()
    reader.then_sees("Fullmakten er avsluttet", "Tidligere fullmakter")
    reader.then_the_page_is_sound_in_every_look()
    phone.when_opens("/brev/")
    phone.then_sees("Du kan ikke lenger handle for denne personen")
    phone.then_does_not_see("Oddrun")
    assert Fullmakt.objects.get().revoked_at is not None


def test_a_youth_sees_the_consent_a_parent_gives_after_a_fresh_sign_in(
    alive: Alive, reader: Reader, phone: Reader
) -> None:
    known_person(alive, "elin-brattli")
    reader.when_signs_in("Elin Brattli")
    reader.when_opens("/innsyn/samtykke/")
    reader.then_the_page_is_sound_in_every_look()
    SignInSession.objects.update(authenticated_at=clock.real_now() - timedelta(minutes=6))
    reader.page.get_by_role("button", name=re.compile("Gi samtykke.*Emma Brattli")).click()
    reader.then_sees("Vis hvem du er på nytt")
    assert not YouthConsent.objects.exists()
    reader.page.get_by_role("link", name="Logg inn på nytt").click()
    reader.when_chooses_at_idporten("Elin Brattli")
    reader.page.get_by_role("button", name="Send det nå").click()
    reader.then_sees("Samtykket er gitt.", "Elin Brattli samtykket")
    reader.then_the_page_is_sound_in_every_look()

    phone.when_signs_in("Emma Brattli")
    phone.when_opens("/innsyn/samtykke/")
    phone.then_sees("Din tilgang", "Elin Brattli samtykket")

    reader.page.get_by_role("button", name=re.compile("Trekk samtykket.*Emma Brattli")).click()
    reader.then_sees("Samtykket er trukket tilbake.")
    phone.page.reload()
    phone.then_sees("Elin Brattli trakk samtykket")
    assert YouthConsent.objects.count() == 2


def test_whoever_comes_by_a_link_chooses_for_whom_before_it_opens(alive: Alive, phone: Reader) -> None:
    known_person(alive, "kristin-aspelund")
    phone.when_opens("/brev/?vis=uleste")
    phone.when_chooses_at_idporten("Kristin Aspelund")
    expect(phone.page.get_by_role("heading", name="Hvem vil du se sidene for?")).to_be_visible()
    phone.page.get_by_role("button", name=re.compile("Velg.*Nora Aspelund")).click()
    phone.then_is_at("/brev/?vis=uleste")
    _banner(phone.page)


def test_an_old_answer_from_the_register_is_asked_for_anew_and_a_register_that_is_away_is_said_honestly(
    alive: Alive, phone: Reader
) -> None:
    _pid, mother = known_person(alive, "kristin-aspelund")
    phone.when_signs_in("Kristin Aspelund")
    Person.objects.update(register_seen_at=clock.now() - timedelta(hours=25))
    alive.world.behave("population-register", "down")
    phone.when_opens("/paa-vegne-av/?next=/brev/")
    phone.then_sees("Vi får ikke sjekket med Folkeregisteret nå")
    phone.page.get_by_role("button", name="Sjekk på nytt").click()
    phone.then_is_at("/paa-vegne-av/")
    phone.then_does_not_see("Du ser siden for")
    phone.when_opens("/brev/")
    phone.then_sees("Du har ingen brev som venter")

    alive.world.behave("population-register", "ok")
    phone.when_opens("/paa-vegne-av/?next=/brev/")
    phone.page.get_by_role("button", name="Sjekk på nytt").click()
    phone.then_is_at("/brev/")
    _banner(phone.page)
    mother.refresh_from_db()
    assert mother.register_seen_at is not None
    assert clock.now() - mother.register_seen_at < timedelta(minutes=5)


def test_responsibility_that_moves_under_way_ends_it_at_the_next_click(alive: Alive, phone: Reader) -> None:
    pid = alive.world.person("nora-aspelund")["pid"]
    mother = alive.world.person("kristin-aspelund")["pid"]
    known_person(alive, "havard-aspelund")
    phone.when_signs_in("Håvard Aspelund")
    _chooses(phone, "Nora Aspelund")
    phone.when_opens("/brev/")
    phone.page.get_by_role("searchbox").fill("halvskrevet")
    alive.change(pid, parental_responsibility=[{"kind": "mor", "responsible_pid": mother}])
    take_snapshot(Person.objects.get(name="Nora Aspelund"))
    phone.page.get_by_role("button", name="Søk").click()
    phone.then_sees("Du kan ikke lenger handle for denne personen", "er ikke sendt og ikke lagret")
    phone.then_does_not_see("Nora", "halvskrevet")
    phone.page.get_by_role("link", name="Til mine egne sider").click()
    phone.then_is_at("/")
