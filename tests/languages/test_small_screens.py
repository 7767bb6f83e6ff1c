"""Words of another length still fit a telephone, and pages are as sound in every language as in the first."""

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from playwright.sync_api import Browser, BrowserContext
from pytest_django.live_server_helper import LiveServer

from portal.site import counterpart_watch
from portal.ui import languages
from tests.languages import pages
from tests.ui import browser

pytestmark = pytest.mark.django_db(transaction=True)
LONGEST_WORDS = "se"


@pytest.mark.parametrize("code", ["nn", "se", "en"])
def test_every_page_fits_a_telephone(
    code: str, chromium: Browser, live_server: LiveServer, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counterpart_watch, "_watch", counterpart_watch.Watch(list))
    with transaction.atomic():
        region = pages.region()
    visits = region.everywhere() if code == LONGEST_WORDS else [("reader", each) for each in pages.READER]
    for who in dict.fromkeys(who for who, _address in visits):
        client = region.visitors[who]
        client.post("/sprak/", {"sprak": code, "tilbake": "/"})
        context = browser.new_context(chromium, width=browser.PHONE)
        _take_seat(context, client, live_server.url)
        for address in [address for visitor, address in visits if visitor == who]:
            page = context.new_page()
            browser.watch(page)
            page.goto(f"{live_server.url}{address}")
            assert page.locator("html").get_attribute("lang") == code
            browser.assert_page_is_sound(page, asked="everything" if code == LONGEST_WORDS else "all but colours")
            page.close()
        browser.put_away(context)


def _take_seat(context: BrowserContext, client: Client, url: str) -> None:
    """Let the browser be signed in as the client is, in the language it chose."""
    for name in {settings.SESSION_COOKIE_NAME, languages.COOKIE} & client.cookies.keys():
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])
