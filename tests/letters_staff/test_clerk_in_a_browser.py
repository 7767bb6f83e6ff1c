"""A clerk's morning in a real browser, and every page as a phone and a screen, in light and dark."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from letters.models import Posting
from portal.kernel import clock
from portal.people.models import Person, Role
from tests.letters import making
from tests.letters_staff import cases
from tests.people.signed_in import signed_in
from tests.ui import browser
from tests.ui.browser import PHONE, SCREEN, new_context, put_away

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Ánne-Márjá Elisabet Šuoŋŋá-Kristoffersen Utsi"


@pytest.fixture
def region(transactional_db: None) -> list[Posting]:
    """A morning's tasks: old and new, held, returned, unknown, protected, stuck on their way in."""
    with transaction.atomic():
        return _morning()


def _morning() -> list[Posting]:
    with clock.stopped_at(clock.now() - timedelta(days=6)):
        old = [cases.returned(**cases.patient("Lars Aslaksen")), cases.unknown(**cases.patient(LONG))]
    with clock.stopped_at(clock.now() - timedelta(days=2)):
        old += [cases.held("protected_address"), cases.held("no_address", **cases.patient("Ole Hansen"))]
    soon = clock.now() + timedelta(days=4)
    cases.unrendered(**cases.patient("Ingrid Moen"), type_code="vedtak", must_arrive_by=soon)
    for _each in range(3):
        old.append(cases.held("given_up", **cases.patient("Berit Eira")))
    return old


def seat(chromium: Browser, live_server: LiveServer, who: Person, *, width: int) -> Iterator[BrowserContext]:
    """A browser in which this person is signed in."""
    client = signed_in(Client(), who, [Role.CLERK])
    context = new_context(chromium, width=width)
    host = urlsplit(live_server.url).hostname or ""
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "domain": host, "path": "/"}])
    yield context
    put_away(context)


def opened(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    browser.watch(page)
    page.goto(url)
    return page


def test_every_page_is_sound(chromium: Browser, live_server: LiveServer, region: list[Posting]) -> None:
    returned, unknown, protected, homeless = region[:4]
    task = cases.task_of(returned)
    paths = [
        "/behandler/brev/",
        "/behandler/brev/?vis=mine",
        "/behandler/brev/grupper/",
        "/behandler/brev/grupper/given_up/innkalling/",
        "/behandler/brev/grupper/no_address/innkalling/",
        *(reverse("clerk:letter", args=[each.letter_id]) for each in (returned, unknown, protected, homeless)),
        reverse("clerk:settle", args=[unknown.letter_id, unknown.id]),
        reverse("clerk:release", args=[protected.letter_id, protected.id]),
        reverse("clerk:stop", args=[homeless.letter_id, homeless.id]),
        reverse("clerk:resolve", args=[returned.letter_id, task.id]),
    ]
    for context in seat(chromium, live_server, cases.clerk(), width=SCREEN):
        for path in paths:
            page = opened(context, f"{live_server.url}{path}")
            assert page.locator("h1").count() == 1, path
            browser.assert_sound_in_every_look(page)
            page.close()
        page = opened(context, f"{live_server.url}{paths[-2]}")
        page.get_by_role("button", name="Stopp papiret").click()
        expect(page).to_have_title(re.compile("^Feil:"))
        browser.assert_sound_in_every_look(page)
        page.goto(f"{live_server.url}/behandler/brev/")
        page.get_by_label("Finn et brev").fill(making.synthetic_pid())
        page.get_by_role("button", name="Finn", exact=True).click()
        assert page.get_by_role("heading", name="Fant ingen brev").is_visible()
        browser.assert_sound_in_every_look(page)


def test_a_protected_letter_from_queue_to_release_by_two(
    chromium: Browser, live_server: LiveServer, region: list[Posting]
) -> None:
    protected = region[2]
    for context in seat(chromium, live_server, cases.clerk(), width=SCREEN):
        page = opened(context, f"{live_server.url}/behandler/")
        row = page.locator(".task", has_text="Skjermet person")
        row.get_by_role("button", name="Ta").click()
        assert page.get_by_text("Oppgaven er din.").is_visible()
        _approve(page, "Bekreftet med enheten")
        assert page.get_by_text("En annen ansatt må også godkjenne").is_visible()
        assert page.get_by_role("link", name="Godkjenn").count() == 0
    for context in seat(chromium, live_server, cases.clerk("Bo Eriksen"), width=PHONE):
        page = opened(context, f"{live_server.url}{reverse('clerk:letter', args=[protected.letter_id])}")
        assert page.get_by_text("Anne Bjørnsen har godkjent").is_visible()
        _approve(page, "Enig")
        assert page.get_by_text("Papiret er frigitt.").is_visible()
        assert page.get_by_text("Begrunnelse: Bekreftet med enheten").is_visible()
        browser.assert_page_is_sound(page)
    assert Posting.objects.get(pk=protected.pk).state == "ready"


def _approve(page: Page, note: str) -> None:
    page.get_by_role("link", name="Godkjenn").click()
    page.get_by_label("Begrunnelse").fill(note)
    page.get_by_role("button", name="Godkjenn").click()
