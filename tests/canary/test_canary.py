"""Two hundred people whose names and numbers must not turn up: through every flow, and then looked for everywhere.

CANARIES sets how many.
"""

import os
import re
from uuid import uuid4

import httpx
import pytest
from django.db import transaction

from letters.models import Letter
from portal.kernel import clock
from portal.people import queries
from portal.people.models import Person, Role
from portal.people.register_snapshots import take_snapshots
from tests.canary.birds import Bird, Nest, nests
from tests.canary.trail import Browser, Trail, collect, followed
from tests.people.signed_in import signed_in
from tests.sign_in.visitor import Visitor
from tests.stories.living import Alive, Patient
from tests.youth_access import families

FAMILIES = int(os.environ.get("CANARIES", "200")) // 4
THOROUGH = 5
"""So many families go through every flow; the rest through registers, a letter, the worker and one reading."""
NUMBERS_NEVER = (
    "Redis",
    "Celery",
    "URLs",
    "file names",
    "headers",
    "messages",
    "database",
    "sessions",
    "logs",
    "SQL log",
)
NAMES_NEVER = (
    "Redis", "Celery", "URLs", "file names", "headers", "messages", "sessions", "logs", "outbox_errand",
    "audit_auditrow", "machines", "error pages 500",
)  # fmt: skip


def test_no_name_and_no_number_is_let_out(alive: Alive, monkeypatch: pytest.MonkeyPatch) -> None:
    with followed() as trail:
        homes = nests(alive, FAMILIES)
        birds = [bird for home in homes for bird in home]
        take_snapshots([bird.person for bird in birds])
        for number, home in enumerate(homes):
            live_through(alive, trail, home, thoroughly=number < THOROUGH)
        by_hospital_and_staff(alive, trail, homes)
        errors(trail, homes[0], monkeypatch)
        over_http(alive, trail)
        trail.left["messages"] += [
            repr({name: value for name, value in each.items() if name != "to"}) for each in alive.messages()
        ]
        with transaction.atomic():
            collect(trail)
    missed = report(trail, birds)
    assert not missed, "\n".join(map(str, missed))
    for where in ("logs", "SQL log", "Redis", "URLs", "sessions", "messages", "outbox_errand", "pages", "machines"):
        assert trail.left[where], f"nothing was looked at in {where}"


def test_each_is_found_wherever_it_stands() -> None:
    trail = Trail()
    trail.leave("logs", "x01010112345678y Kvitrbabaa|Kvitrbababaz 010101 12345 Pipbadofi")
    sought = {"10101123456": "number", "010101 12345": "number", "Kvitrbababa": "name", "Pipbadofi": "name"}
    assert len(trail.hits("logs", sought)) == 4
    assert trail.hits("logs", {"Pipbadoba": "name", "99999999999": "number"}) == []


def report(trail: Trail, birds: list[Bird]) -> list[tuple[str, str, str]]:
    """Where a number or a name stands that must not; what stood around it is cut so that it tells no more."""
    numbers = {bird.pid: "number" for bird in birds} | {f"{bird.pid[:6]} {bird.pid[6:]}": "number" for bird in birds}
    numbers |= {queries.pid_of(person): "number" for person in Person.objects.all()}
    names = {word: "name" for bird in birds for word in (bird.given, bird.family)}
    pages = [where for where in trail.left if "pages" in where]
    found = [(where, *hit) for where in (*NUMBERS_NEVER, *pages, "machines") for hit in trail.hits(where, numbers)[:3]]
    return found + [(where, *hit) for where in NAMES_NEVER for hit in trail.hits(where, names)[:3]]


def live_through(alive: Alive, trail: Trail, home: Nest, *, thoroughly: bool) -> None:
    """Letters come, notices go out, a parent reads."""
    whose = home if thoroughly else (home.mother,)
    came = {bird.pid: alive.receive(Patient(bird.pid, bird.person)) for bird in whose}
    alive.work()
    mother = Browser(trail)
    signed_in(mother.client, home.mother.person)
    letter = came[home.mother.pid]
    for path in ("/", "/brev/", f"/brev/{letter.pk}/"):
        mother.get(path)
    if not thoroughly:
        return
    mother.get(f"/brev/{letter.pk}/pdf")
    mother.post("/brev/sok/", {"sok": "innkalling", "for_person": home.mother.person.pk})
    for path in ("/brev/?vis=sok", "/innsyn/", "/innsyn/innstillinger/", "/innsyn/samtykke/", "/paa-vegne-av/"):
        mother.get(path)
    for_another(mother, home.child, came[home.child.pid])
    for_another(mother, home.youth, came[home.youth.pid])
    gives_fullmakt(mother, home)
    father = Browser(trail)
    signed_in(father.client, home.father.person)
    for_another(father, home.mother, letter)


def for_another(browser: Browser, whom: Bird, letter: Letter) -> None:
    """Choose somebody, look, be refused where the rules say so, and be oneself again."""
    browser.post("/paa-vegne-av/velg/", {"person": whom.person.pk})
    for path in ("/", "/brev/", f"/brev/{letter.pk}/", f"/brev/{letter.pk}/pdf", "/innsyn/", "/innsyn/fullmakter/"):
        browser.get(path)
    browser.post("/paa-vegne-av/tilbake/", {})


def gives_fullmakt(browser: Browser, home: Nest) -> None:
    """By the other's number and family name; also wrongly, also to oneself."""
    today = clock.today().strftime("%d.%m.%Y")
    form = {"areas": ["letter", "log"], "first_day": today, "last_day": ""}
    for number, name in (
        (home.father.pid, "Feil"),
        (home.mother.pid, home.mother.family),
        (home.father.pid, home.father.family),
    ):
        answer = browser.post("/innsyn/fullmakter/ny/", form | {"number": number, "family_name": name})
    assert answer.status_code == 302, answer.text[:3000]
    page = browser.get("/innsyn/fullmakter/ny/bekreft/")
    token = re.search(r'name="draft" value="([^"]+)"', page.text)
    assert token is not None
    browser.post("/innsyn/fullmakter/ny/bekreft/", {"draft": token[1]})
    browser.get("/innsyn/fullmakter/")


def by_hospital_and_staff(alive: Alive, trail: Trail, homes: list[Nest]) -> None:
    """Clerks and clinicians look for people by number, rightly and wrongly, and see their pages."""
    staff = {role: Browser(trail) for role in Role}
    people = {role: families.person(f"Ansatt {role.value}", home=families.NO_HOME) for role in Role}
    for role, browser in staff.items():
        signed_in(browser.client, people[role], [role])
    for home in homes[:THOROUGH]:
        families.treats(people[Role.CLINICIAN], home.youth.person)
        for bird in home:
            for sought in (bird.pid, f"{bird.pid[:6]} {bird.pid[6:]}"):
                staff[Role.CLERK].post("/behandler/brev/finn/", {"sought": sought})
                staff[Role.CLERK].get("/behandler/brev/funnet/")
                staff[Role.CLINICIAN].post("/behandler/tilgang/finn/", {"number": sought})
            staff[Role.CLINICIAN].post("/behandler/tilgang/finn/", {"number": bird.name})
        here = f"/behandler/tilgang/{home.youth.person.pk}/"
        for path in (here, f"{here}forhandsvis/", f"/behandler/tilgang/{home.child.person.pk}/"):
            staff[Role.CLINICIAN].get(path)
        staff[Role.CLINICIAN].post(f"{here}onske/ny/", {"note": f"Sagt av {home.youth.name}"})
    for path in ("/drift/", "/admin/people/person/", f"/admin/people/person/?q={uuid4()}"):
        staff[Role.OPERATOR].get(path)
    alive.work()


def errors(trail: Trail, home: Nest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing there, another person's form, nonsense, and a page that breaks."""
    browser = Browser(trail)
    signed_in(browser.client, home.mother.person)
    assert browser.get(f"/brev/{uuid4()}/").status_code == 404
    assert browser.get(f"/{home.mother.person.pk}").status_code == 404
    assert browser.post("/brev/sok/", {"sok": "x", "for_person": home.child.person.pk}).status_code == 409
    monkeypatch.setattr("letters.views.presenters.inbox_page", lambda *args, **more: args[99])
    assert browser.get("/brev/").status_code == 500
    monkeypatch.undo()


def over_http(alive: Alive, trail: Trail) -> None:
    """Signing in at the stand-in, over real HTTP, and what the machines that watch are told."""
    with httpx.Client(base_url=alive.portal_url, follow_redirects=True, timeout=30) as http:
        page = Visitor(http).signs_in("Kari Nordli")
        trail.left["URLs"] += [str(each.url) for each in (*page.history, page)]
        http.get("/brev/")
        Visitor(http).signs_out()
        trail.left["machines"] += [http.get(path).text for path in ("/metrics", "/readyz", "/livez")]
