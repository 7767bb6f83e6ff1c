"""The same journey in a real browser, under the real Content-Security-Policy, on a phone and on a screen."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.people.models import SignInSession
from tests.ui.browser import (
    PHONE,
    SCREEN,
    assert_no_axe_violations,
    assert_no_horizontal_scroll,
    assert_targets_large_enough,
    new_context,
    put_away,
    watch,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "scripts"), [(PHONE, True), (SCREEN, False)])
def test_in_and_out_again(chromium: Browser, portal_url: str, width: int, scripts: bool) -> None:
    context = new_context(chromium, width=width, scripts=scripts)
    page = context.new_page()
    watch(page)
    page.goto(f"{portal_url}/logg-inn/")
    expect(page.get_by_role("heading", name="Hvem vil du logge inn som?")).to_be_visible()
    page.get_by_role("link", name="Kari Nordli").click()
    expect(page).to_have_url(f"{portal_url}/")
    assert SignInSession.objects.get().ended_at is None
    page.goto(f"{portal_url}/logg-ut/")
    page.get_by_role("button", name="Logg ut nå").click()
    expect(page.get_by_role("heading", name="Du er logget ut", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(f"^{re.escape(portal_url)}/logg-ut/$"))
    page.go_back()
    page.goto(f"{portal_url}/innsyn/fortsett/")
    assert '"signed_in": false' in page.content()
    put_away(context)


def test_the_providers_sign_out_reaches_us_through_its_frame(
    chromium: Browser, portal_url: str, standins_url: str
) -> None:
    """Signing out at ID-porten itself, as another service would: our session ends though our page was not involved."""
    context = new_context(chromium)
    page = context.new_page()
    page.goto(f"{portal_url}/logg-inn/")
    page.get_by_role("link", name="Kari Nordli").click()
    expect(page).to_have_url(f"{portal_url}/")
    with page.expect_response(re.compile("/logg-ut/idporten/")) as call:
        page.goto(f"{standins_url}/identity/endsession")
    assert call.value.status == 200
    assert SignInSession.objects.get().ending == SignInSession.Ending.PROVIDER
    put_away(context)


def sound(page: Page) -> None:
    """What every page owes its reader; hosts are told apart at the end, since this journey crosses two."""
    assert_no_axe_violations(page)
    assert_no_horizontal_scroll(page)
    assert_targets_large_enough(page)


@pytest.mark.parametrize(("width", "dark"), [(PHONE, False), (SCREEN, False), (SCREEN, True)])
def test_every_page_on_the_way_is_sound(
    chromium: Browser, portal_url: str, standins_url: str, width: int, dark: bool
) -> None:
    context = new_context(chromium, width=width, dark=dark)
    page = context.new_page()
    seen = watch(page)
    page.goto(f"{portal_url}/logg-inn/")
    sound(page)
    page.goto(f"{page.url}&acr=low")
    page.get_by_role("link", name="Kari Nordli").click()
    expect(page.get_by_role("heading", name="Du må logge inn på en sikrere måte")).to_be_visible()
    sound(page)
    page.goto(f"{portal_url}/logg-inn/")
    page.get_by_role("link", name="Kari Nordli").click()
    expect(page).to_have_url(f"{portal_url}/")
    page.goto(f"{portal_url}/logg-ut/")
    sound(page)
    page.get_by_role("button", name="Logg ut nå").click()
    expect(page.get_by_role("link", name="Logg inn igjen")).to_be_visible()
    sound(page)
    page.goto(f"{portal_url}/logg-ut/utlopt/?grunn=idle&next=/brev/")
    sound(page)
    assert not seen.csp_reports, seen.csp_reports
    assert not seen.script_errors, seen.script_errors
    assert seen.hosts == {urlsplit(portal_url).netloc, urlsplit(standins_url).netloc}
    put_away(context)
