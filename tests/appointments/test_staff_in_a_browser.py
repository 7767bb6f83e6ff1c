"""The clinic's day in a real browser, and every page of it as a phone and a screen, in light and dark."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from appointments.commands import clinic_day
from appointments.models import Appointment, Request, Schedule
from appointments.states import Asked, Status
from portal.kernel import clock
from portal.people.models import Person, Role
from tests.appointments import at_hand, clinic
from tests.appointments.at_hand import appointment, schedule, slot
from tests.people.signed_in import signed_in
from tests.ui import browser
from tests.ui.browser import SCREEN, new_context, put_away
from tests.youth_access import families

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Ánne-Márjá Elisabet Šuoŋŋá-Kristoffersen Utsi"


class Morning:
    """A clinic in eight days: booked, cancelled, free, in a group, overlapping, protected, and wishes that wait."""

    def __init__(self) -> None:
        self.at = (clock.local_now() + timedelta(days=8)).replace(hour=8, minute=0, second=0, microsecond=0)
        self.kari, self.book = at_hand.person(), schedule(name="Dr. Hansen, ortopedi")
        self.treating = families.person("Lise Myrnes", home="c" * 64)
        families.treats(self.treating, self.kari)
        self.one = self._booked(self.kari, 0, instruction="Faste fra midnatt.", place="Inngang B, 3. etasje")
        self._booked(at_hand.person(name=LONG), 30, channel="url")
        self._booked(at_hand.person(name="Ole Hansen"), 45)
        hidden = at_hand.person(name="Berit Eira")
        families.register_says(hidden, protected=True)
        self._booked(hidden, 120, confirmed_at=clock.now())
        self._booked(at_hand.person(name="Per Lie"), 150, status=Status.CANCELLED, cancelled_at=clock.now())
        for minutes in (180, 210, 240):
            slot(self.book, self.at + timedelta(minutes=minutes))
        slot(schedule(name="Ryggskole"), self.at + timedelta(hours=5), minutes=90, capacity=8)
        self.video = clinic.wish(self.one, comment="Jeg bor i Kautokeino.\nDet er fem timer å kjøre.")
        self.failed = clinic.wish(self.one, "cancel", state=Asked.FAILED, made_at=clock.now() - timedelta(days=3))

    @property
    def day(self) -> str:
        return self.at.date().isoformat()

    def _booked(self, who: Person, minutes: int, **facts: object) -> Appointment:
        return appointment(who, self.book, self.at + timedelta(minutes=minutes), **facts)


@pytest.fixture
def morning(transactional_db: None) -> Morning:
    with transaction.atomic():
        return Morning()


def seat(
    chromium: Browser, live_server: LiveServer, who: Person, role: Role = Role.CLERK, *, width: int = SCREEN
) -> Iterator[BrowserContext]:
    """A browser in which this person is signed in."""
    client = signed_in(Client(), who, [role])
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


def anne() -> Person:
    return at_hand.person(active=False, name="Anne Bjørnsen")


def places(morning: Morning) -> list[str]:
    return [
        clinic.at(morning.day),
        clinic.at(morning.day, "uke/"),
        clinic.at((morning.at + timedelta(days=30)).date().isoformat()),
        clinic.at("99.99.9999"),
        f"{clinic.BOOK}onsker/",
        f"{clinic.BOOK}onsker/{morning.video.pk}/",
        f"{clinic.BOOK}onsker/{morning.failed.pk}/",
        f"{clinic.BOOK}{morning.one.pk}/",
        clinic.at(morning.day, "avlys/"),
        clinic.at(morning.day, "apne/"),
    ]


def test_every_page_is_sound(chromium: Browser, live_server: LiveServer, morning: Morning) -> None:
    for context in seat(chromium, live_server, anne()):
        for path in places(morning):
            page = opened(context, f"{live_server.url}{path}")
            assert page.locator("h1").count() == 1, path
            browser.assert_sound_in_every_look(page)
            page.close()
    for context in seat(chromium, live_server, morning.treating, Role.CLINICIAN):
        for path in (places(morning)[0], places(morning)[7]):
            page = opened(context, f"{live_server.url}{path}")
            browser.assert_sound_in_every_look(page)
            page.close()


def test_a_clerk_answers_a_wish_opens_times_and_cancels_the_day(
    chromium: Browser, live_server: LiveServer, morning: Morning
) -> None:
    for context in seat(chromium, live_server, anne()):
        page = opened(context, f"{live_server.url}{clinic.at(morning.day)}")
        assert page.get_by_text("Utsi, Ánne-Márjá").is_visible()
        assert page.get_by_text("Skjermet person").is_visible()
        page.get_by_role("link", name="Ønsker som venter på svar").click()
        page.get_by_role("link", name="Ønsker video").click()
        page.get_by_label("Godkjenn").check()
        page.get_by_role("button", name="Send svaret").click()
        expect(page).to_have_title(re.compile("^Feil:"))
        browser.assert_sound_in_every_look(page)
        page.get_by_label("Adresse til videomøtet").fill("https://video.example/rom/7")
        page.get_by_role("button", name="Send svaret").click()
        assert page.get_by_text("Svaret er lagret.").is_visible()

        page.goto(f"{live_server.url}{clinic.at(morning.day)}")
        page.get_by_role("link", name="Åpne ledige tider").click()
        page.get_by_label("Navn på ny timebok").fill("Kveldspoliklinikk")
        page.get_by_label("Første time begynner").fill("17:00")
        page.get_by_label("Siste time er ferdig innen").fill("18:00")
        page.get_by_role("button", name="Åpne tidene").click()
        assert page.get_by_text("2 ledige tider er åpnet.").is_visible()
        page.get_by_role("button", name="Steng 17.00–17.30").click()
        assert page.get_by_text("Tiden er stengt.").is_visible()

        page.get_by_role("link", name="Avlys dagen").click()
        page.get_by_label("Klinikken må avlyse").check()
        page.get_by_label("Ja, avlys timene.").check()
        page.get_by_role("button", name="Avlys timene").click()
        assert page.get_by_text("4 timer blir avlyst.").is_visible()
        assert page.get_by_text("Blir avlyst nå").count() == 4
    with transaction.atomic():
        for each in Appointment.objects.exclude(status=Status.CANCELLED):
            clinic_day.cancel_one(appointment_id=each.pk)
    assert Request.objects.get(pk=morning.video.pk).state == Asked.ACCEPTED
    assert set(Appointment.objects.values_list("status", flat=True)) == {Status.CANCELLED}
    assert Schedule.objects.filter(source="portal").count() == 1


def test_the_book_leads_on_by_keyboard(chromium: Browser, live_server: LiveServer, morning: Morning) -> None:
    for context in seat(chromium, live_server, morning.treating, Role.CLINICIAN):
        page = opened(context, f"{live_server.url}{clinic.at(morning.day)}")
        link = page.get_by_role("link", name="Nordli, Kari")
        link.focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{morning.one.pk}/")
        assert page.get_by_text("Faste fra midnatt.").is_visible()
