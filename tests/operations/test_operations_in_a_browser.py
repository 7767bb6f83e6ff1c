"""The operators' pages in a real browser: sound as a phone and a screen, in light and dark, well and not."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django import Settings as Changeable
from pytest_django.live_server_helper import LiveServer

from portal.counterparts.probe import CounterpartHealth
from portal.outbox import queries as outbox
from portal.people.models import Role
from tests.letters import making
from tests.operations import busy
from tests.people.signed_in import signed_in
from tests.ui import browser
from tests.ui.browser import PHONE, SCREEN, new_context, put_away

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = [(PHONE, False), (SCREEN, True)]


@pytest.fixture(params=SIZES, ids=["phone", "dark-screen"])
def page(
    request: pytest.FixtureRequest, chromium: Browser, live_server: LiveServer, transactional_db: None
) -> Iterator[Page]:
    """An operator's browser, with nothing opened yet."""
    width, dark = request.param
    context = new_context(chromium, width=width, dark=dark)
    with transaction.atomic():
        client = signed_in(Client(), making.person(name="Oda Drift"), [Role.OPERATOR])
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    host = urlsplit(live_server.url).hostname or ""
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "domain": host, "path": "/"}])
    page = context.new_page()
    browser.watch(page)
    yield page
    put_away(context)


def picture(page: Page, name: str, request: pytest.FixtureRequest) -> None:
    """Kept only for whoever wants to look, in the folder named by OPERATIONS_PICTURES."""
    folder = os.environ.get("OPERATIONS_PICTURES")
    if folder:
        browser.screenshot(page, Path(folder), f"{name}-{request.node.callspec.id}")


def test_a_week_without_trouble(page: Page, live_server: LiveServer, request: pytest.FixtureRequest) -> None:
    with transaction.atomic():
        busy.week(trouble=False)
    page.goto(f"{live_server.url}/drift/")
    picture(page, "well", request)
    assert page.get_by_text("Vi ser ingenting galt akkurat nå.").is_visible()
    browser.assert_page_is_sound(page)
    assert page.locator("svg.chart__bars rect").count() > 45
    assert page.title() == "Kommer brevene fram? – Min helse for ansatte"


def test_a_week_with_trouble(
    page: Page,
    live_server: LiveServer,
    request: pytest.FixtureRequest,
    health: list[CounterpartHealth],
    settings: Changeable,
) -> None:
    settings.FLOWER_URL = "https://flower.example/"
    health[0] = CounterpartHealth("print_provider", "Trykkeriet", False, "Tar ikke imot forbindelsen", 3)
    with transaction.atomic():
        busy.week(trouble=True)
    page.goto(f"{live_server.url}/drift/")
    for summary in page.locator("details.plot__numbers summary").all():
        summary.click()
    picture(page, "trouble", request)
    assert page.get_by_role("heading", name="Uåpnede brev går ikke i posten i tide").is_visible()
    browser.assert_page_is_sound(page)


def test_an_errand_is_let_try_again_by_keyboard(
    page: Page, live_server: LiveServer, request: pytest.FixtureRequest
) -> None:
    with transaction.atomic():
        busy.week(trouble=True)
    errand = outbox.given_up()[0]
    page.goto(f"{live_server.url}{reverse('operations:errand', args=[errand.pk])}")
    page.get_by_role("button", name="Prøv igjen nå").click()
    browser.assert_page_is_sound(page)
    picture(page, "errand", request)
    page.get_by_label("Hvorfor prøver du igjen?").fill("Registeret svarer igjen")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/drift/")
    assert page.get_by_text("Ærendet prøves igjen nå.").is_visible()
    assert errand.pk not in [each.pk for each in outbox.given_up()]
