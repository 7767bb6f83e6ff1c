"""Clinicians' pages in a real browser: sound on a phone and a screen, in light and dark; one morning's work by hand."""

import os
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from portal.kernel import clock
from portal.people.models import Person, Role
from portal.people.queries import pid_of
from tests.people.signed_in import signed_in
from tests.ui import browser
from tests.ui.browser import PHONE, SCREEN, new_context, put_away
from tests.youth_access import families
from tests.youth_access.families import Family
from tests.youth_access.staff_at_work import HOME, at, clinician, papers
from youth_access import sweeps
from youth_access.commands import emergency
from youth_access.facts import Outcome
from youth_access.models import BreakGlass, ReferralAssessment

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture
def morning(transactional_db: None) -> tuple[Family, Person]:
    """A child who turns twelve next week, with most of what a page can show, and the clinician."""
    born = clock.today() + timedelta(days=6)
    with transaction.atomic():
        mine = families.family(born=date(born.year - 12, born.month, born.day), consented=True)
        who = clinician("Ánne-Márjá Elisabet Šuoŋŋá-Kristoffersen Utsi")
        families.treats(who, mine.child)
        done = families.referral(mine.child)
        denied = families.assess(done, Outcome.PARENTS_DENIED, until=clock.now() + timedelta(days=40))
        ReferralAssessment.objects.filter(pk=denied.pk).update(reason="weighty", note="Pågående sak i barnevernet")
        families.referral(
            mine.child, families.unit("4200009", "Barne- og ungdomspsykiatrisk poliklinikk", confidential=True)
        )
        families.wish(mine.child)
        families.block_parents(mine.child, mine.former)
        families.keep_out(mine.child, clinician("Samir Haddadi"))
        sweeps.look()
        stranger = families.family(born=date(2013, 2, 2)).child
        emergency.begin(
            clinician_id=who.pk, patient_id=stranger.pk, reason="acute", note="Bevisstløs", flags=("family",)
        )
    return mine, who


def seat(chromium: Browser, url: str, who: Person, role: Role, *, width: int) -> BrowserContext:
    """A browser in which a member of staff is signed in."""
    client = signed_in(Client(), who, [role])
    context = new_context(chromium, width=width)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    host = urlsplit(url).hostname or ""
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "domain": host, "path": "/"}])
    return context


def opened(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    browser.watch(page)
    page.goto(url)
    return page


def addresses(mine: Family) -> Iterator[tuple[str, str]]:
    """Every page of a clinician that stands by itself."""
    yield "forside", HOME
    yield "pasient", at(mine.child)
    yield "forhandsvis", at(mine.child, "forhandsvis/")
    yield "steng", at(mine.child, "stengt/ny/")
    yield "onske", at(mine.child, "onske/ny/")
    yield "fullmakt", at(mine.child, "fullmakt/ny/")


def test_every_page_is_sound(chromium: Browser, live_server: LiveServer, morning: tuple[Family, Person]) -> None:
    mine, who = morning
    context = seat(chromium, live_server.url, who, Role.CLINICIAN, width=SCREEN)
    with papers() as kept:
        item = kept.add(mine.child, "Innkalling til samtale", codes=["N"])
        kept.add(mine.child, "Svar på prøvene dine", codes=["NORN_XYZ"])
        about = ReferralAssessment.objects.get().referral_id
        more = [
            ("vurder", at(mine.child, f"henvisning/{about}/vurder/")),
            ("koder", at(mine.child, f"koder/letter/{item.id}/")),
        ]
        for name, address in [*addresses(mine), *more]:
            page = opened(context, live_server.url + address)
            browser.assert_sound_in_every_look(page, partial(_look, page, name))
            page.close()
        reviewer = seat(chromium, live_server.url, clinician("Gunvor Aasli"), Role.REVIEWER, width=SCREEN)
        for name, address in (("kontroll", ""), ("nodtilgang", f"{BreakGlass.objects.get().pk}/")):
            page = opened(reviewer, f"{live_server.url}{HOME}kontroll/{address}")
            browser.assert_sound_in_every_look(page, partial(_look, page, name))
        put_away(reviewer)
    put_away(context)


def test_a_clinician_assesses_a_referral_and_sees_what_parents_see_then(
    chromium: Browser, live_server: LiveServer, morning: tuple[Family, Person]
) -> None:
    mine, who = morning
    context = seat(chromium, live_server.url, who, Role.CLINICIAN, width=SCREEN)
    page = opened(context, live_server.url + HOME)
    page.get_by_label("Finn en pasient").fill(pid_of(mine.child))
    page.get_by_role("button", name="Finn").click()
    page.get_by_role("heading", name="Nora Barn").wait_for()
    assert pid_of(mine.child) not in page.url
    page.get_by_role("link", name=re.compile("^Vurder.*Barne- og")).click()
    page.get_by_role("button", name="Lagre vurderingen").click()
    expect(page).to_have_title(re.compile("^Feil:"))
    page.get_by_label("Åpen for barnet og foreldrene", exact=True).check()
    page.get_by_label("Grunn", exact=True).select_option("nothing_against")
    page.get_by_role("button", name="Lagre vurderingen").click()
    page.get_by_text("Vurderingen er lagret").wait_for()
    page.get_by_role("link", name="Forhåndsvis for pårørende").click()
    browser.assert_page_is_sound(page)
    assert page.get_by_role("table").count() == 2
    put_away(context)


def test_emergency_access_by_hand(chromium: Browser, live_server: LiveServer, morning: tuple[Family, Person]) -> None:
    mine, _who = morning
    context = seat(chromium, live_server.url, clinician("Astrid Fossheim"), Role.CLINICIAN, width=PHONE)
    page = opened(context, live_server.url + HOME)
    page.get_by_label("Finn en pasient").fill(pid_of(mine.child))
    page.get_by_role("button", name="Finn").click()
    _picture(page, "ingen-relasjon-360")
    browser.assert_page_is_sound(page)
    page.get_by_role("link", name="Gå til nødtilgang").click()
    _picture(page, "be-om-nodtilgang-360")
    browser.assert_page_is_sound(page)
    page.get_by_label("Akutt behandling nå").check()
    page.get_by_label("Begrunnelse").fill("Bevisstløs i mottak")
    page.get_by_role("button", name="Åpne med nødtilgang").click()
    page.get_by_text("minutter igjen").wait_for()
    _picture(page, "i-nodtilgang-360")
    browser.assert_page_is_sound(page)
    page.get_by_role("button", name="Avslutt nødtilgangen").click()
    page.get_by_text("Nødtilgangen er avsluttet").wait_for()
    put_away(context)


def _look(page: Page, name: str, look: str) -> None:
    _picture(page, f"{name}-{look}")


def _picture(page: Page, name: str) -> None:
    if PICTURES:
        browser.screenshot(page, Path(PICTURES), name)
