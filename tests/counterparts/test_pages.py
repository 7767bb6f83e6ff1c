"""The stand-ins' pages for people, and the state that outlives a process."""

import re
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from portal.counterparts.contact_register.http import HttpContactRegister
from portal.counterparts.messaging import Message
from portal.counterparts.messaging_http import HttpMessageProvider
from portal.counterparts.print_provider.http import HttpPrintProvider
from tests.counterparts.running import SECRET, World, listening_portal, order, start_standins, wait

PAGES = (
    "/",
    "/people/kari-nordli",
    "/people/sara-fjara",
    "/phones",
    "/print/",
    "/levers",
    "/clock",
    "/record-system/",
    "/record-system/appointments",
)


def _page(world: World, path: str, form: dict[str, str] | None = None) -> str:
    data = urlencode(form).encode() if form is not None else None
    request = Request(f"{world.url}{path}", data, {"Accept": "text/html"})  # noqa: S310 (loopback, by http)
    with urlopen(request, timeout=20) as answer:  # noqa: S310 (the same)
        text: str = answer.read().decode()
        return text


@pytest.fixture
def busy(world: World) -> World:
    """A world with something on every page."""
    HttpPrintProvider(world.client("print")).submit(order())
    HttpMessageProvider(world.client("sms")).send(Message("on the page", "+4740000001", "Min helse", "Et brev venter."))
    return world


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_that_it_is_not_real_and_needs_no_script(busy: World, path: str) -> None:
    text = _page(busy, path)
    assert "Stedfortredere – ikke ekte." in text
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=", text)
    assert text.count("<h1") == 1


def test_people_link_to_the_portals_sign_in(world: World) -> None:
    assert f'href="{world.portal.url}/logg-inn/"' in _page(world, "/")


def test_a_button_changes_what_the_register_answers(world: World) -> None:
    register = HttpContactRegister(world.client("contact-register"))
    pid = world.person("solveig-brattfjell")["pid"]
    assert "Opphev reservasjonen" in _page(world, "/people/solveig-brattfjell/change", {"change": "reserve"})
    assert register.look_up(pid).reserved
    _page(world, "/people/solveig-brattfjell/change", {"change": "unreserve"})
    assert not register.look_up(pid).reserved


@pytest.mark.parametrize("path", ["/people/nobody", "/print/orders/T-nothing.pdf"])
def test_what_is_not_there(world: World, path: str) -> None:
    with pytest.raises(HTTPError) as answer:
        _page(world, path)
    with answer.value as refusal:
        assert refusal.code == 404


def test_a_returned_sheet_is_told_to_the_portal(world: World) -> None:
    printer = HttpPrintProvider(world.client("print"))
    sent = order()
    accepted = printer.submit(sent)
    wait(lambda: len(world.portal.about(sent.key)) == 2)
    _page(world, f"/print/orders/{accepted.provider_id}/finish", {"state": "returned"})
    wait(lambda: world.portal.about(sent.key)[-1]["kind"] == "returned")


def test_a_lever_is_pulled_from_its_page(world: World) -> None:
    text = _page(world, "/sms/behave", {"mode": "down", "times": "2", "seconds": ""})
    assert "2 kall igjen" in text
    assert "Spaker i bruk: SMS-leverandøren" in text


def test_a_letter_that_cannot_be_sent_says_why_and_keeps_the_words(world: World) -> None:
    pid = world.person("kari-nordli")["pid"]
    words = {"pid": pid, "resh": "4208101", "letter_type": "innkalling", "title": "En tittel", "body": "<p>Hei</p>"}
    text = _page(world, "/record-system/", words)
    assert "Fikk ikke levert" in text
    assert 'value="En tittel"' in text


def test_a_stopped_demo_remembers_its_people_and_its_sheets(tmp_path: Path) -> None:
    with listening_portal() as portal:
        pids = []
        sent = order()
        for _start in range(2):
            running = start_standins(tmp_path, portal.url, secret=SECRET, keep_state=True)
            try:
                world = World(running.url, portal)
                HttpPrintProvider(world.client("print")).submit(sent)
                pids.append(world.person("jonas-myrvang")["pid"])
                assert world.copies(sent.key) == 1
            finally:
                running.stop()
        assert pids[0] == pids[1]
