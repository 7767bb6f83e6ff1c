"""A clinician's way in, in a real browser: from the front page through HelseID, and from a citizen's session."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.people.models import Role, SignInSession
from tests.sign_in.cast import CLINICIAN, employed
from tests.sign_in.test_fresh import signed_in_for
from tests.sign_in.test_in_a_browser import sound
from tests.ui.browser import PHONE, SCREEN, new_context, put_away, watch

pytestmark = pytest.mark.django_db(transaction=True)


def chooses(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name="Hvem vil du logge inn som?")).to_be_visible()
    page.get_by_role("link", name=name).first.click()


@pytest.mark.parametrize(
    ("width", "dark", "scripts"), [(PHONE, False, True), (SCREEN, True, True), (PHONE, True, False)]
)
def test_a_clinician_signs_in_works_and_signs_out(
    chromium: Browser, portal_url: str, standins_url: str, width: int, dark: bool, scripts: bool
) -> None:
    employed(CLINICIAN[0], Role.CLINICIAN)
    context = new_context(chromium, width=width, dark=dark, scripts=scripts)
    page = context.new_page()
    seen = watch(page)

    # Given a clinician at the front page, who follows the quiet link for staff
    page.goto(f"{portal_url}/")
    page.get_by_role("link", name="Logg inn med HelseID").click()
    expect(page.get_by_text("ikke den ekte HelseID")).to_be_visible()
    if scripts:
        sound(page)

    # When she chooses herself, then she is in the back office, as a clinician
    chooses(page, CLINICIAN[1])
    expect(page).to_have_url(re.compile(f"^{re.escape(portal_url)}/behandler/"))
    assert SignInSession.objects.get().hpr_number

    # When she signs out, then she is out at HelseID too, and our page is the last
    page.goto(f"{portal_url}/logg-ut/")
    page.get_by_role("button", name="Logg ut nå").click()
    expect(page.get_by_role("link", name="Logg inn igjen")).to_be_visible()
    assert SignInSession.objects.get().ending == SignInSession.Ending.SIGNED_OUT
    page.goto(f"{portal_url}/logg-inn/ansatt/")
    expect(page.get_by_role("link", name="Fortsett som")).to_have_count(0)
    assert not seen.csp_reports, seen.csp_reports
    assert not seen.script_errors, seen.script_errors
    assert seen.hosts == {urlsplit(portal_url).netloc, urlsplit(standins_url).netloc}
    put_away(context)


@pytest.mark.parametrize(("width", "dark"), [(PHONE, False), (SCREEN, True)])
def test_a_clinician_who_came_as_a_citizen_is_led_to_helseid(
    chromium: Browser, portal_url: str, width: int, dark: bool
) -> None:
    employed(CLINICIAN[0], Role.CLINICIAN)
    context = new_context(chromium, width=width, dark=dark)
    page = context.new_page()
    watch(page)
    page.goto(f"{portal_url}/logg-inn/")
    chooses(page, CLINICIAN[1])
    expect(page.get_by_text("Du er logget inn som innbygger.")).to_be_visible()
    sound(page)
    page.goto(f"{portal_url}/behandler/")
    expect(page.get_by_role("heading", name="Denne siden krever HelseID")).to_be_visible()
    sound(page)
    page.get_by_role("main").get_by_role("link", name="Logg inn med HelseID").click()
    chooses(page, CLINICIAN[1])
    expect(page).to_have_url(re.compile(f"^{re.escape(portal_url)}/behandler/"))
    put_away(context)


@pytest.mark.parametrize(("width", "dark"), [(PHONE, True), (SCREEN, False)])
def test_the_pages_of_refusal_and_of_a_new_proof_are_sound(
    chromium: Browser, portal_url: str, width: int, dark: bool
) -> None:
    context = new_context(chromium, width=width, dark=dark)
    page = context.new_page()
    watch(page)
    page.goto(f"{portal_url}/logg-inn/ansatt/")
    chooses(page, "Wenche Sandmo")
    expect(page.get_by_role("heading", name="Denne innloggingen er for ansatte")).to_be_visible()
    sound(page)
    page.goto(f"{portal_url}/logg-inn/")
    page.goto(f"{page.url}&acr=substantial")
    chooses(page, "Kari Nordli")
    expect(page.get_by_text("Har du ikke BankID? Spør banken din.")).to_be_visible()
    sound(page)
    page.goto(f"{portal_url}/logg-inn/")
    chooses(page, "Kari Nordli")
    expect(page).to_have_url(f"{portal_url}/")
    signed_in_for(10)
    page.goto(f"{portal_url}/logg-inn/pa-nytt/?next=/innsyn/bekreft/x/")
    expect(page.get_by_role("heading", name="Vis hvem du er på nytt")).to_be_visible()
    sound(page)
    put_away(context)


@pytest.mark.urls("tests.sign_in.sensitive_urls")
@pytest.mark.parametrize(("width", "scripts"), [(PHONE, False), (SCREEN, True)])
def test_a_form_sent_too_late_is_sent_after_all(chromium: Browser, portal_url: str, width: int, scripts: bool) -> None:
    context = new_context(chromium, width=width, scripts=scripts)
    page = context.new_page()
    page.goto(f"{portal_url}/logg-inn/?next=/sensitive/")
    chooses(page, "Kari Nordli")
    page.get_by_label("Ord").fill("Hemmelig «tekst» & <b>")
    signed_in_for(6)
    page.get_by_role("button", name="Gi fullmakt").click()
    expect(page.get_by_text("Vi har tatt vare på det du fylte ut")).to_be_visible()
    page.get_by_role("link", name="Logg inn på nytt").click()
    chooses(page, "Kari Nordli")
    expect(page.get_by_role("heading", name="Fullfør det du holdt på med")).to_be_visible()
    if scripts:
        sound(page)
    page.get_by_role("button", name="Send det nå").click()
    expect(page.get_by_text("Sendt: Hemmelig «tekst» & <b>")).to_be_visible()
    put_away(context)
