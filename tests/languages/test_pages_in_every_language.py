"""Pages in each language: the switch keeps the page, nothing is left in bokmål, dates are read day first."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django import forms
from django.test import Client
from django.utils import formats, translation
from django.utils.translation import gettext

from portal.counterparts.probe import CounterpartHealth
from portal.people.models import Person
from portal.site import counterpart_watch
from portal.ui import dates, languages
from portal.ui.forms import PortalForm
from tests.languages import pages
from tests.letters import making
from tests.people.signed_in import signed_in
from tools import messages

IN_EACH = {
    "nb": ("Dette venter på deg", "Brev", "Det blir ikke sendt i posten.", "Vi finner ikke siden"),
    "nn": ("Dette ventar på deg", "Brev", "Det blir ikkje sendt i posten.", "Vi finn ikkje sida"),
    "se": ("Dát vuordá du", "Reivvet", "Dat ii sáddejuvvo poasttas.", "Mii eat gávnna siiddu"),
    "en": ("Waiting for you", "Letters", "It will not be sent by post.", "We cannot find the page"),
}
SAID_ALIKE_EVERYWHERE = re.compile(
    r"Helse Nord|Min helse|SMS|Id|Mine|Status|dips|[0-9a-f]{8}|\d+ ms"
    r"|Kari Nordli|Anne Bjørnsen|Oda Drift|Ortopedisk poliklinikk, UNN Tromsø"
    r"|Innkalling til time|(: )?Innkalling til undersøkelse av kneet( – Min helse)?"
    rf"|{'|'.join(languages.NAMES.values())}"
)


@pytest.fixture
def region(db: None, monkeypatch: pytest.MonkeyPatch) -> pages.Region:
    def ask() -> list[CounterpartHealth]:
        return [CounterpartHealth("print_provider", gettext("Trykkeriet"), True, gettext("Svarer"), 5)]

    monkeypatch.setattr(counterpart_watch, "_watch", counterpart_watch.Watch(ask))
    return pages.region()


@pytest.mark.parametrize("code", languages.NAMES)
def test_front_inbox_letter_and_errors_speak_the_language(code: str, region: pages.Region) -> None:
    addresses = ("/", "/brev/", region.reader_pages[0], "/finnes-ikke/")
    for address, expected in zip(addresses, IN_EACH[code], strict=True):
        heard = pages.Heard(region.page("reader", address, code))
        assert heard.language == code
        assert expected in " ".join(sorted(heard.in_the_pages_language())), address


@pytest.mark.parametrize("code", ["en", "se"])
def test_no_page_says_anything_in_bokmaal(code: str, region: pages.Region) -> None:
    """What a page says alike in bokmål and in another language was never translated; names and codes are excepted."""
    left = {
        (address, words)
        for who, address in region.everywhere()
        for words in _in_both(region, who, address, code)
        if re.search(r"[^\W\d_]{2}", words) and not SAID_ALIKE_EVERYWHERE.fullmatch(words)
    }
    assert sorted(left) == []


def _in_both(region: pages.Region, who: str, address: str, code: str) -> set[str]:
    here, there = (pages.Heard(region.page(who, address, each)) for each in (languages.DEFAULT, code))
    assert (here.language, there.language) == (languages.DEFAULT, code)
    return here.in_the_pages_language() & there.in_the_pages_language()


def test_a_letter_keeps_its_own_language_inside_a_page_of_another(region: pages.Region) -> None:
    for address in (region.reader_pages[0], "/brev/"):
        heard = pages.Heard(region.page("reader", address, "se"))
        assert (pages.LETTER_TITLE, "nb") in heard.texts, address
    letter = pages.Heard(region.page("reader", region.reader_pages[0], "se"))
    assert ("Du har fått time.", "nb") in letter.texts


@pytest.mark.parametrize("code", languages.NAMES)
def test_the_switch_keeps_the_page_and_the_choice(code: str, region: pages.Region, client: Client) -> None:
    address = region.reader_pages[0]
    answer = region.visitors["reader"].post("/sprak/", {"sprak": code, "tilbake": address})
    assert (answer.status_code, answer.headers["Location"]) == (302, address)
    assert Person.objects.get(name="Kari Nordli", language=code)
    client.post("/sprak/", {"sprak": code, "tilbake": "/om/"})
    assert f'<html lang="{code}"' in client.get("/om/").content.decode()


def test_a_visitor_gets_the_language_of_the_browser(client: Client) -> None:
    for header, code in (("se-NO,nb;q=0.5", "se"), ("en-GB", "en"), ("nn", "nn"), ("no", "nb")):
        page = client.get("/finnes-ikke/", headers={"Accept-Language": header}).content.decode()
        assert f'<html lang="{code}"' in page
        assert IN_EACH[code][3] in page


def test_northern_sami_reads_and_writes_numbers_of_a_date_day_first() -> None:
    with translation.override("se"):
        assert forms.DateField().clean("10.05.2026") == forms.DateField().clean("10/05/2026") == date(2026, 5, 10)
        assert formats.date_format(date(2026, 5, 10), "SHORT_DATE_FORMAT") == "10.05.2026"
        assert formats.date_format(datetime(2026, 5, 10, 7, 5, tzinfo=UTC), "TIME_FORMAT") == "07.05"
        assert formats.get_format("FIRST_DAY_OF_WEEK") == 1


def test_letters_dates_are_in_the_words_of_each_language(region: pages.Region) -> None:
    for code in languages.NAMES:
        with translation.override(code):
            shown = dates.plain_date(region.received_at)
        words = pages.Heard(region.page("reader", region.reader_pages[0], code)).in_the_pages_language()
        assert shown.replace(dates.NBSP, " ") in words


def every_form() -> Iterator[type[PortalForm]]:
    waiting = [PortalForm]
    while waiting:
        found = waiting.pop()
        waiting += found.__subclasses__()
        if found.__module__.startswith(("letters", "portal")):
            yield found


def test_error_texts_of_forms_are_ours_and_translated() -> None:
    known = {message.id for message in messages.entries(messages.wanted())}
    found = list(every_form())
    assert len(found) > 5
    for form in found:
        for name, field in form().fields.items():
            with translation.override("nb"):
                texts = {code: str(text) for code, text in field.error_messages.items()}
            assert {code: text for code, text in texts.items() if text not in known} == {}, (form, name)


def test_a_form_says_what_is_wrong_in_the_readers_language(db: None, client: Client) -> None:
    person = making.person()
    signed_in(client, person)
    for code, expected in (("en", "What you chose no longer exists."), ("se", "Dat maid válljejit, ii gávdno šat.")):
        client.post("/sprak/", {"sprak": code, "tilbake": "/"})
        answer = client.post("/innsyn/innstillinger/", {"sprak": "xx"})
        assert answer.status_code == 422
        assert expected in answer.content.decode()
