"""Citizens' pages of appointments in a real browser: sound on a phone and a screen, in light and dark."""

import os
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from appointments.commands import answering
from appointments.models import Appointment, Clinic, PreparationTask, Request, Schedule
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people.models import Person
from tests.appointments import at_hand
from tests.appointments.at_hand import appointment, schedule, slot
from tests.people.signed_in import signed_in
from tests.ui import browser
from tests.ui.browser import PHONE, SCREEN, new_context, put_away
from tests.youth_access import families
from youth_access.eyes import ACTING_FOR
from youth_access.facts import Outcome

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = os.environ.get("PICTURES", "")
HOSPITAL = Actor("sender", "dips")


class Morning:
    """A patient with most of what the pages can show."""

    def __init__(self) -> None:
        self.kari = at_hand.person(name="Kari Nordli")
        at_hand.clinic(
            finding="Gå inn hovedinngangen (inngang A) og følg grønn linje til heisen. Klinikken er i 3. etasje.\n\n"
            "Meld deg i luken når du kommer. Er du ikke tidlig ute, gjør det ikke noe: vi venter i ti minutter.",
            preparation="Ta med legitimasjon og en liste over medisinene dine.",
        )
        families.unit("4200003", "Radiologisk avdeling")
        self.book = schedule(name="Ortopedisk poliklinikk", booking="referral")
        self.vaccine = schedule(
            name="Influensavaksine", type_code="Vaksine", comment="Ta med helsekortet ditt. Det tar ti minutter."
        )
        self.course = schedule(name="Lærings- og mestringskurs for deg med leddgikt og deres pårørende")
        tomorrow = self.day(1)
        for number in range(14):
            for hour in (0, 0.5, 2, 4.5):
                start = tomorrow + timedelta(days=number, hours=hour)
                slot(self.book, start)
                slot(self.vaccine, start, minutes=10)
        slot(self.course, tomorrow + timedelta(days=20), capacity=8, minutes=120)
        self.main = appointment(
            self.kari,
            self.book,
            self.day(8),
            title="Undersøkelse av kneet",
            place="Inngang B, 2. etasje",
            practitioner="Overlege Anne Bjørnsen",
            instruction="Ikke spis eller drikk de siste seks timene før timen.\nDu kan ta medisinene dine som vanlig.",
            description="Vi undersøker kneet og snakker om hva som kan hjelpe. Det tar omtrent en halv time.",
            call_in_letter="https://dips.example/brev|B-1",
        )
        for number, (kind, title, state) in enumerate(
            [
                ("form", "Svar på skjema om helsen din", "open"),
                ("reading", "Les om undersøkelsen", "open"),
                ("letter", "Les innkallingsbrevet", "done"),
            ]
        ):
            PreparationTask.objects.create(
                appointment=self.main,
                number=number,
                kind=kind,
                title=title,
                reference="https://helse.example/kne" if kind == "reading" else "",
                state=state,
                settled_at=clock.now() if state == "done" else None,
            )
        self.part = appointment(
            self.kari, start=self.day(8) - timedelta(hours=1), title="Røntgen av kneet", part_of=self.main
        )
        self.soon = appointment(
            self.kari,
            start=self.day(3),
            title="Samtale med sykepleier",
            channel="url",
            virtual_address="https://video.example/1",
        )
        self.far = appointment(self.kari, self.book, self.day(40), title="Kontroll etter operasjon")
        self.cancelled = appointment(
            self.kari,
            start=self.day(12),
            title="Time hos fysioterapeut",
            status="cancelled",
            cancelled_at=clock.now(),
            cancelled_by="hospital",
        )
        appointment(self.kari, start=self.day(-40), title="Første samtale", status="fulfilled")
        appointment(self.kari, start=self.day(-80), title="Blodprøve", status="noshow")

    @staticmethod
    def day(days: int) -> datetime:
        at = clock.local_now().replace(hour=10, minute=15, second=0, microsecond=0)
        return at + timedelta(days=days)


@pytest.fixture
def morning(transactional_db: None) -> Morning:
    with transaction.atomic():
        made = Morning()
        Schedule.objects.filter(pk=made.book.pk).update(booking="referral")
        families.referral(made.kari)
    return made


def seat(
    chromium: Browser,
    url: str,
    who: Person,
    acting_for: Person | None = None,
    *,
    width: int = SCREEN,
    scripts: bool = True,
) -> BrowserContext:
    """A browser in which somebody is signed in."""
    client = signed_in(Client(), who)
    if acting_for is not None:
        session = client.session
        session[ACTING_FOR] = str(acting_for.pk)
        session.save()
    context = new_context(chromium, width=width, scripts=scripts)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    host = urlsplit(url).hostname or ""
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "domain": host, "path": "/"}])
    return context


def opened(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    browser.watch(page)
    page.goto(url)
    return page


def looked_at(page: Page, name: str) -> None:
    """In every look, with a picture of each where pictures are asked for."""
    assert "is undefined" not in page.content()
    assert page.locator("h1").count() == 1
    browser.assert_sound_in_every_look(page, partial(_picture, page, name))


def _picture(page: Page, name: str, look: str) -> None:
    if PICTURES:
        browser.screenshot(page, Path(PICTURES), f"{name}-{look}")


def addresses(morning: Morning) -> Iterator[tuple[str, str]]:
    yield "forside", "/"
    yield "timer", "/timer/"
    yield "tidligere", "/timer/?vis=tidligere"
    yield "time", f"/timer/{morning.main.id}/"
    yield "video", f"/timer/{morning.soon.id}/"
    yield "avlyst", f"/timer/{morning.cancelled.id}/"
    yield "endre", f"/timer/{morning.main.id}/endre/"
    yield "endre-smalt", f"/timer/{morning.main.id}/endre/?ukedag=2&tid=evening"
    yield "avlys", f"/timer/{morning.main.id}/avlys/"
    yield "bestill", "/timer/bestill/"
    yield "bestill-kurs", f"/timer/bestill/{morning.course.id}/"
    yield "kalender", "/timer/kalender/"


def test_every_page_is_sound(chromium: Browser, live_server: LiveServer, morning: Morning) -> None:
    context = seat(chromium, live_server.url, morning.kari)
    for name, address in addresses(morning):
        page = opened(context, live_server.url + address)
        looked_at(page, name)
        page.close()
    page = opened(context, f"{live_server.url}/timer/{morning.main.id}/")
    page.emulate_media(media="print")
    for hidden in ("header.top", ".deeds"):
        expect(page.locator(hidden).first).not_to_be_visible()
    for shown in (".appointment .title", "#forberedelse", "#finn-fram"):
        expect(page.locator(shown)).to_be_visible()
    _picture(page, "time", "print")
    put_away(context)


@pytest.mark.parametrize(("width", "scripts"), [(SCREEN, True), (PHONE, True), (PHONE, False)])
def test_moving_an_appointment_by_hand(
    chromium: Browser, live_server: LiveServer, morning: Morning, width: int, scripts: bool
) -> None:
    context = seat(chromium, live_server.url, morning.kari, width=width, scripts=scripts)
    page = opened(context, f"{live_server.url}/timer/")
    page.get_by_role("link", name="Kontroll etter operasjon").click()
    page.get_by_role("link", name="Endre time").click()
    page.get_by_role("button", name="Hold av timen").click()
    expect(page.get_by_text("Velg en ledig time.").first).to_be_visible()
    expect(page).to_have_title(re.compile("^Feil:"))
    if scripts:
        expect(page.locator("#feil")).to_be_focused()
    page.locator("#feil").get_by_role("link", name="Velg en ledig time.").click()
    assert page.url.endswith("#id_slot_0")
    _sound(page, f"endre-feil-{width}-{scripts}", scripts)
    page.get_by_role("link", name=re.compile("^Vis 7 dager til")).click()
    page.locator("input[name=slot]").last.check()
    page.get_by_role("button", name="Hold av timen").click()
    expect(page.get_by_role("heading", name="Er denne timen riktig?")).to_be_visible()
    expect(page.get_by_text(re.compile("Vi holder timen av for deg til kl.")).first).to_be_visible()
    expect(page.get_by_text("10 minutter igjen.")).to_have_count(1 if scripts else 0)
    _sound(page, f"hold-{width}-{scripts}", scripts)
    page.get_by_role("button", name="Be om denne timen i stedet").dblclick()
    expect(page.get_by_role("heading", name="Vi har bedt sykehuset om å flytte timen")).to_be_visible()
    _sound(page, f"kvittering-{width}-{scripts}", scripts)
    asked = Request.objects.get()
    page.get_by_role("link", name="Se alle timene").click()
    expect(page.get_by_text("Venter på ny tid")).to_be_visible()
    _sound(page, f"timer-venter-{width}-{scripts}", scripts)
    with transaction.atomic():
        answering.refuse(request_id=asked.pk, by=HOSPITAL, answer="Legen er på kurs den dagen.")
    page.get_by_role("link", name="Kontroll etter operasjon").click()
    expect(page.get_by_text("Timen som står her, gjelder som før.").first).to_be_visible()
    _sound(page, f"time-nei-{width}-{scripts}", scripts)
    put_away(context)


def _sound(page: Page, name: str, scripts: bool) -> None:
    """Axe is a script; without scripts the page is only looked at for its width."""
    if scripts:
        looked_at(page, name)
        return
    browser.assert_no_horizontal_scroll(page)
    _picture(page, name, "light")


@pytest.mark.parametrize("scripts", [True, False])
def test_cancelling_a_bundle_by_hand(
    chromium: Browser, live_server: LiveServer, morning: Morning, scripts: bool
) -> None:
    context = seat(chromium, live_server.url, morning.kari, width=PHONE, scripts=scripts)
    page = opened(context, f"{live_server.url}/timer/{morning.main.id}/")
    page.get_by_role("link", name="Avlys time").click()
    page.get_by_role("button", name="Avlys timen").click()
    expect(page.get_by_text("Velg en grunn.").first).to_be_visible()
    _sound(page, f"avlys-feil-{scripts}", scripts)
    page.get_by_label("Avlys denne også").check()
    page.get_by_label("Jeg er syk den dagen").check()
    page.get_by_label(re.compile("Vil du si noe mer")).fill("Har fått influensa.")
    page.get_by_role("button", name="Avlys timen").click()
    expect(page.get_by_role("heading", name="Vi har sagt fra om at du vil avlyse")).to_be_visible()
    _sound(page, f"avlys-kvittering-{scripts}", scripts)
    assert Request.objects.count() == 2
    put_away(context)


def test_a_calendar_is_made_shown_once_and_ended(chromium: Browser, live_server: LiveServer, morning: Morning) -> None:
    context = seat(chromium, live_server.url, morning.kari, width=PHONE)
    page = opened(context, f"{live_server.url}/timer/kalender/")
    page.get_by_role("button", name="Lag en adresse").click()
    address = page.get_by_label("Adresse", exact=True).input_value()
    assert address.endswith(".ics")
    looked_at(page, "kalender-ny")
    page.reload()
    expect(page.get_by_label("Adresse", exact=True)).to_have_count(0)
    page.get_by_role("button", name=re.compile("^Avslutt")).click()
    expect(page.get_by_text("Adressen virker ikke lenger.")).to_be_visible()
    put_away(context)


def test_a_parent_and_a_youth_of_fourteen(chromium: Browser, live_server: LiveServer, transactional_db: None) -> None:
    with transaction.atomic():
        today = clock.today()
        family = families.family(born=date(today.year - 14, 1, 2), consented=True)
        opened_for = families.referral(family.child, families.unit("4200009", "Ungdomsklinikken"), Outcome.OPEN)
        Clinic.objects.create(unit_id="4200009", youth_wish=True)
        for title, codes in (("Kontroll av tennene", []), ("Samtale om prevensjon", ["NORN_FORANS"])):
            appointment(
                family.child,
                start=Morning.day(5 if codes else 9),
                title=title,
                security_codes=codes,
                referral_ids=[opened_for.pk],
            )
    mother = seat(chromium, live_server.url, family.mother, family.child, width=PHONE)
    for name, address in (("forelder-forside", "/"), ("forelder-timer", "/timer/")):
        page = opened(mother, live_server.url + address)
        expect(page.get_by_text("Kontroll av tennene").first).to_be_visible()
        expect(page.get_by_text("prevensjon")).to_have_count(0)
        looked_at(page, name)
    put_away(mother)
    own = seat(chromium, live_server.url, family.child, width=PHONE)
    page = opened(own, f"{live_server.url}/timer/")
    expect(page.get_by_text("Samtale om prevensjon").first).to_be_visible()
    looked_at(page, "ungdom-timer")
    page.get_by_role("link", name="Se timen").click()
    looked_at(page, "ungdom-time")
    page.goto(f"{live_server.url}/timer/onske/")
    looked_at(page, "onske")
    page.get_by_label("Ungdomsklinikken, UNN Tromsø").check()
    page.get_by_role("button", name="Send ønsket").click()
    expect(page.get_by_role("heading", name="Vi har sendt ønsket ditt")).to_be_visible()
    looked_at(page, "onske-kvittering")
    put_away(own)


def test_the_longest_words_and_too_late(chromium: Browser, live_server: LiveServer, transactional_db: None) -> None:
    with transaction.atomic():
        kari = at_hand.person(name="Ánne-Márjá Elisabet Šuoŋŋá-Kristoffersen Utsi")
        unit = families.unit("4200011", "Lungerehabiliteringspoliklinikken for langtidsoppfølging")
        made = appointment(
            kari,
            start=clock.now() + timedelta(hours=20),
            unit=unit,
            unit_id=unit.pk,
            title="Lungefunksjonsundersøkelsesoppfølgingskonsultasjon hos tverrfaglig rehabiliteringsteam",
            practitioner="Spesialsykepleier Ánne-Márjá Elisabet Šuoŋŋá-Kristoffersen Utsi",
            place="Universitetssykehuset Nord-Norge, Åsgårdveien 1234567890, inngang Ø, underetasjen",
        )
        slot(schedule(), clock.now() + timedelta(days=3))
    context = seat(chromium, live_server.url, kari, width=PHONE)
    for name, address in (
        ("lang-timer", "/timer/"),
        ("lang-time", f"/timer/{made.id}/"),
        ("sent-avlys", f"/timer/{made.id}/avlys/"),
        ("sent-endre", f"/timer/{made.id}/endre/"),
    ):
        page = opened(context, live_server.url + address)
        looked_at(page, name)
        page.close()
    put_away(context)
    assert Appointment.objects.get().status == "booked"
