"""The access log in a real browser: sound as a phone and a screen, in light and dark, and on paper."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from portal.audit.basis import Basis
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.people.models import Person
from tests.audit.items_in_memory import Letters
from tests.audit.written import write
from tests.people.signed_in import signed_in
from tests.ui import browser
from tests.ui.browser import PHONE, SCREEN, new_context, put_away
from tests.youth_access import families
from youth_access.eyes import ACTING_FOR

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def seated(
    chromium: Browser, live_server: LiveServer, who: Person, acting_for: Person | None = None, *, width: int, dark: bool
) -> Iterator[Page]:
    """Somebody signed in at a browser of their own."""
    client = signed_in(Client(), who)
    if acting_for is not None:
        session = client.session
        session[ACTING_FOR] = str(acting_for.pk)
        session.save()
    context = new_context(chromium, width=width, dark=dark)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    host = urlsplit(live_server.url).hostname or ""
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "domain": host, "path": "/"}])
    page = context.new_page()
    browser.watch(page)
    yield page
    put_away(context)


def picture(page: Page, name: str) -> None:
    """Kept only for whoever wants to look, in the folder named by AUDIT_PICTURES."""
    folder = os.environ.get("AUDIT_PICTURES")
    if folder:
        browser.screenshot(page, Path(folder), name)


@transaction.atomic
def a_busy_year(letters: Letters) -> families.Family:
    """Everyone who may stand in a log stands in this one."""
    mine = families.family()
    kari = mine.mother
    staff = families.person("Anne-Margrethe Kristoffersen Storhaug"), families.person("Liv Lege")
    now = clock.now()
    for number in range(24):
        item = letters.add(kari.pk)
        with clock.stopped_at(now - timedelta(days=number // 3, minutes=number)):
            facts = [
                {"by": kari.pk, "basis": "self"},
                {"by": staff[0].pk, "kind": "staff", "action": "case", "basis": "clerk"},
                {"by": mine.father.pk, "basis": "FU"},
                {"by": mine.proxy.pk, "basis": "FU", "result": AuditRow.Result.REFUSED},
                {"by": staff[1].pk, "kind": "staff", "action": "preview", "basis": "emergency"},
                {"by": "letters.fallback", "kind": "system", "action": "sent", "basis": Basis()},
            ][number % 6]
            write(about=kari.pk, item_id=item, **facts)  # type: ignore[arg-type]  # facts of every kind
    return mine


def test_a_full_log(chromium: Browser, live_server: LiveServer, letters: Letters) -> None:
    mine = a_busy_year(letters)
    with seated(chromium, live_server, mine.mother, width=SCREEN, dark=False) as page:
        page.goto(f"{live_server.url}/innsyn/")
        expect(page.get_by_role("heading", name="Innsyn", exact=True, level=1)).to_be_visible()
        expect(page.get_by_text("Viser 20 innsyn, nyeste først.")).to_be_visible()
        browser.assert_sound_in_every_look(page, lambda look: picture(page, f"full-{look}"))
        page.get_by_role("link", name="Eldre innsyn").click()
        expect(page.get_by_text("Viser 4 innsyn, nyeste først.")).to_be_visible()
        page.get_by_label("Tjeneste").select_option(label="Brev")
        page.get_by_role("button", name="Vis", exact=True).click()
        expect(page.get_by_text("Viser 20 innsyn som passer.")).to_be_visible()
        browser.assert_sound_in_every_look(page)


@pytest.mark.parametrize("width", [PHONE, SCREEN])
def test_an_empty_and_a_closed_log(chromium: Browser, live_server: LiveServer, letters: Letters, width: int) -> None:
    with transaction.atomic():
        born = clock.today().replace(year=clock.today().year - 13)
        mine = families.family(born=born)
    with seated(chromium, live_server, mine.father, width=width, dark=False) as page:
        page.goto(f"{live_server.url}/innsyn/")
        expect(page.get_by_text("Ingen innsyn å vise")).to_be_visible()
        picture(page, f"empty-{width}")
        browser.assert_page_is_sound(page)
    with seated(chromium, live_server, mine.mother, mine.child, width=width, dark=False) as page:
        page.goto(f"{live_server.url}/innsyn/")
        expect(page.get_by_text("Loggen vises ikke her")).to_be_visible()
        picture(page, f"closed-{width}")
        browser.assert_page_is_sound(page)


def test_on_paper_stand_the_log_and_whose_it_is(
    chromium: Browser, live_server: LiveServer, letters: Letters, tmp_path: Path
) -> None:
    mine = a_busy_year(letters)
    with seated(chromium, live_server, mine.mother, width=SCREEN, dark=True) as page:
        page.goto(f"{live_server.url}/innsyn/")
        page.emulate_media(media="print", color_scheme="light")
        expect(page.get_by_text("Innsynslogg for Mona Mor, skrevet ut")).to_be_visible()
        expect(page.get_by_label("Tjeneste")).to_be_hidden()
        expect(page.get_by_role("heading", name="Er det noe som ikke stemmer?")).to_be_hidden()
        expect(page.get_by_text("Liv Lege leste et brev").first).to_be_visible()
        picture(page, "paper")
        assert page.pdf(path=tmp_path / "log.pdf", format="A4")
