"""Ten thousand odd requests at every address, as everybody, in process; and addresses that only read do only read.

`FUZZ_REQUESTS=100000` sends more, `FUZZ_SEED` others. A failure prints the request.
"""

import logging
import os
import traceback
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.test import Client
from django.test.client import ClientHandler
from pytest_django import Settings

from appointments.commands import asking, feeds, holding
from letters.models import Letter, Posting
from portal.counterparts.probe import CounterpartHealth
from portal.kernel import clock
from portal.people.models import Person, Role, SignInSession
from portal.people.queries import pid_of
from portal.site import counterpart_watch
from portal.ui.charsets import with_readable_charset
from tests.appointments import at_hand
from tests.fhir.clients import signed_in as system_signed_in
from tests.fuzz.addresses import ADMIN, LISTED, Known, all_routes
from tests.fuzz.requests import ROLES, Asked, Maker
from tests.letters import making
from tests.letters_staff import cases
from tests.people.signed_in import signed_in
from tests.youth_access import families
from youth_access.commands import emergency
from youth_access.models import AccessTask

pytestmark = pytest.mark.django_db
REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "10000"))
PARTS = 4
"""Several tests, so that several processes can share them."""
SEED = int(os.environ.get("FUZZ_SEED", "20261122"))

MAY_SAY_503 = frozenset(
    {
        "logg-inn/",
        "logg-inn/svar/",
        "logg-inn/ansatt/",
        "logg-inn/ansatt/svar/",
        "logg-inn/pa-nytt/videre/",
        "readyz",
    }
)
"""They say that ID-porten or HelseID, or a part of ours, does not answer, which in these tests is so."""
MAY_BE_KEPT = frozenset({".well-known/idporten-jwks.json", "timer/kalender/<str:token>.ics"})
TELLING = (b"Traceback (most recent", b'File "/', b"psycopg", b"DJANGO_SETTINGS", b"is undefined", b"Exception Value")
_KINDS = ("Appointment", "Schedule", "Slot", "Task")
ENDS_SESSIONS = ("/logg-ut", "/logg-inn", "/admin/logout")


class Guarded(ClientHandler):
    """The framework's test handler behind the guard that production's WSGI application has."""

    def __call__(self, environ: dict[str, Any]) -> Any:
        return super().__call__(with_readable_charset(environ))


class Everybody:
    """One client for each role, signed in anew whenever a request has ended the session."""

    def __init__(self) -> None:
        self.trouble: list[str] = []
        self.handler = Guarded(
            enforce_csrf_checks=False
        )  # one for all: it reads every static file's name when it starts
        self.people: dict[str, tuple[Person, list[Role]]] = {
            "citizen": (making.person(name="Kari Nordli"), []),
            "clerk": (making.person(name="Anne Bjørnsen"), [Role.CLERK]),
            "clinician": (making.person(name="Lise Myrnes"), [Role.CLINICIAN, Role.REVIEWER]),
            "operator": (making.person(name="Oda Drift"), [Role.OPERATOR]),
        }
        self.clients = {role: self._sign_in(role) for role in ROLES}
        self.bearer = system_signed_in(Client(), "dips", *(f"system/{kind}.cruds" for kind in _KINDS))
        got_request_exception.connect(self._note_trouble)

    def _sign_in(self, role: str) -> Client:
        client = Client(raise_request_exception=False)
        client.handler = self.handler
        if role in self.people:
            signed_in(client, *self.people[role])
        return client

    def _note_trouble(self, **_signal: Any) -> None:
        self.trouble.append(traceback.format_exc()[-3000:])

    def send(self, asked: Asked) -> Any:
        """Send it as whoever asks; streams are read to their end."""
        headers = (self.bearer if asked.role == "system" else {}) | asked.headers
        client = self.clients[asked.role]
        answer: Any = client.generic(
            asked.method, asked.path, asked.body, content_type=asked.content_type, headers=headers
        )
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if asked.path.startswith(ENDS_SESSIONS) or "Cookie" in asked.headers or "session" not in client.cookies:
            self.clients[asked.role] = self._sign_in(asked.role)
        return answer, body

    def stop(self) -> None:
        got_request_exception.disconnect(self._note_trouble)


@pytest.fixture
def everybody(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Everybody]:
    """All roles, and counterparts that nobody waits for."""
    settings.FHIR_REQUESTS_PER_MINUTE = settings.OAUTH_TOKENS_PER_MINUTE = 10**9
    settings.IDENTITY_ISSUER = "http://localhost:9/identity"
    settings.HELSEID_ISSUER = "http://localhost:9/identity/helseid"
    well = [CounterpartHealth("print_provider", "Trykkeriet", True, "Svarer", 12)]
    monkeypatch.setattr(counterpart_watch, "_watch", counterpart_watch.Watch(lambda: well))
    cache.clear()
    logging.disable(logging.CRITICAL)
    made = Everybody()
    yield made
    made.stop()
    logging.disable(logging.NOTSET)


@pytest.fixture
def known(everybody: Everybody) -> Known:
    """Letters of the citizen and of others in every state a page can meet."""
    mine = everybody.people["citizen"][0]
    letters = [making.decided(patient=mine, pid=pid_of(mine)) for _ in range(3)]
    postings = [cases.held("given_up"), cases.held("protected_address"), cases.at_printer(), cases.returned()]
    postings += [cases.unknown(), cases.rejected(), cases.held("no_address")]
    stuck = [cases.unrendered(), cases.undecided(), making.decided()]
    rows = [*letters, *stuck, *[posting.letter for posting in postings]]
    ids = [str(row.pk) for row in rows] + [str(posting.pk) for posting in postings]
    ids += [str(task) for row in rows for task in row.tasks.values_list("id", flat=True)]
    ids += [str(notice) for row in letters for notice in row.notices.values_list("id", flat=True)]
    ids += _access_rows(everybody.people["clinician"][0], mine)
    ids += _time_rows(mine)
    return Known((*ids, "00000000-0000-0000-0000-000000000000", str(mine.pk)))


def _time_rows(patient: Person) -> list[str]:
    """Appointments of the citizen, free times, one of them held, something asked for, and a calendar."""
    book = at_hand.schedule()
    times = at_hand.slots(book, 5, start=clock.now() + timedelta(days=4))
    one = at_hand.appointment(patient, book, clock.now() + timedelta(days=3))
    part = at_hand.appointment(patient, start=clock.now() + timedelta(days=3, hours=1), part_of=one)
    other = at_hand.appointment(patient, book, clock.now() + timedelta(days=9))
    eyes = making.eyes(patient.pk)
    held = holding.hold(slot_id=times[0].pk, eyes=eyes, appointment_id=one.pk)
    asked = asking.ask_video(appointment_id=other.pk, key=uuid4(), eyes=eyes)
    feed, _token = feeds.make(eyes=eyes)
    return [str(row.pk) for row in (book, *times, one, part, other, held, asked, feed)]


def _access_rows(clinician: Person, patient: Person) -> list[str]:
    """A child whom the clinician treats, and a grown-up with a fullmakt, in every state a page of access can meet."""
    child, parent = (
        families.family(born=clock.today() - timedelta(days=14 * 366)).child,
        families.person("Bodil Rognan"),
    )
    referral = families.referral(child, outcome="parents_denied")
    families.treats(clinician, child)
    families.treats(clinician, patient)
    looked = emergency.begin(clinician_id=parent.pk, patient_id=child.pk, reason="acute", note="Vakt", flags=())
    rows = [child, parent, referral, *referral.assessments.all(), families.wish(child), families.block_parents(child)]
    rows += [looked, families.fullmakt(patient, parent), families.keep_out(patient, clinician=parent)]
    return [str(row.pk) for row in rows] + [str(pk) for pk in AccessTask.objects.values_list("pk", flat=True)]


def test_every_address_is_known_to_the_fuzz() -> None:
    assert {route for route in all_routes() if not route.startswith(ADMIN)} == LISTED


@pytest.mark.parametrize("part", range(PARTS))
def test_no_request_brings_anything_down_or_tells_what_it_should_not(
    everybody: Everybody, known: Known, part: int
) -> None:
    keys = (*Posting.objects.values_list("key", flat=True), "dis-nobody")
    maker = Maker(Random(SEED + part), all_routes(), known, keys)
    answers: Counter[tuple[str, int]] = Counter()
    share = -(-REQUESTS // PARTS)
    for asked in maker.requests(share):
        answer, body = everybody.send(asked)
        answers[asked.role, answer.status_code // 100] += 1
        _check(asked, answer, body, everybody.trouble)
    assert sum(answers.values()) == share
    for role in ROLES:
        assert answers[role, 2] > share // 100, answers
        assert answers[role, 4] > share // 100, answers


def test_a_provider_with_the_right_signature_may_say_anything(everybody: Everybody, known: Known) -> None:
    keys = (*Posting.objects.values_list("key", flat=True), "dis-nobody")
    maker = Maker(Random(SEED), [], known, keys)
    for number in range(REQUESTS // 8):
        asked = maker.callback("kvitteringer/trykk/" if number % 2 else "kvitteringer/varsel/")
        answer, body = everybody.send(asked)
        _check(asked, answer, body, everybody.trouble)
    clerk = everybody.clients["clerk"]
    for letter_id in Letter.objects.values_list("id", flat=True):
        assert clerk.get(f"/behandler/brev/{letter_id}/").status_code == 200


def _check(asked: Asked, answer: Any, body: bytes, trouble: list[str]) -> None:
    told = f"{asked}\n{answer.status_code} {body[:300]!r}\n{trouble[-1:]}"
    may_fail = answer.status_code == 503 and asked.route in MAY_SAY_503
    assert answer.status_code < 500 or may_fail, told
    assert not any(words in body for words in TELLING), told
    assert answer.headers.get("X-Content-Type-Options") == "nosniff", told
    assert "Content-Security-Policy" in answer.headers, told
    assert "X-Injected" not in answer.headers, told
    if asked.route not in MAY_BE_KEPT:
        assert "no-store" in answer.headers.get("Cache-Control", ""), told
    location = answer.headers.get("Location", "")
    assert not location.startswith(("//", "/\\", "https://evil", "http://evil", "javascript:")), told


READS = ("audit_auditrow", "audit_unsealed", "django_session", "people_signinsession")
OPENS = {"brev/<uuid:letter_id>/", "brev/<uuid:letter_id>/pdf"}
DIGEST = "SELECT md5(coalesce(string_agg(row::text, ',' ORDER BY row::text), '')) FROM "
TOUCHED = "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables WHERE schemaname = 'public'"


class Rows:
    """What every table holds, to tell which have changed. Only those that something was written to are read anew.

    PostgreSQL counts what the present transaction writes, also what is then rolled back: so a digest has the last word.
    """

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            self.names = [name for name in connection.introspection.table_names(cursor) if name not in READS]
        self.written = self._written()
        self.digests = {name: self._digest(name) for name in self.names}

    def changed(self) -> set[str]:
        """The tables whose rows are not what they were when this was last asked."""
        before, self.written = self.written, self._written()
        found = {name: self._digest(name) for name in self.names if self.written.get(name) != before.get(name)}
        changed = {name for name, digest in found.items() if digest != self.digests[name]}
        self.digests |= found
        return changed

    @staticmethod
    def _written() -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute(TOUCHED)
            return dict(cursor.fetchall())

    @staticmethod
    def _digest(name: str) -> str:
        with connection.cursor() as cursor:
            cursor.execute(DIGEST + f'"{name}" row')
            [digest] = cursor.fetchone()
        return str(digest)


def test_a_changed_row_is_noticed_and_one_rolled_back_is_not(everybody: Everybody) -> None:
    rows, person = Rows(), everybody.people["citizen"][0]
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(name="Kari Berg")
        transaction.set_rollback(True)
    assert rows.changed() == set()
    Person.objects.filter(pk=person.pk).update(name="Kari Berg")
    assert rows.changed() == {"people_person"}
    assert rows.changed() == set()


@pytest.mark.parametrize("role", ROLES)
def test_reading_changes_nothing_but_the_log_of_readings_and_an_opened_letter(
    everybody: Everybody, known: Known, role: str
) -> None:
    rows = Rows()
    random = Random(SEED)
    for route in all_routes():
        if route.startswith("readyz"):
            continue
        paths = [known.path(route, random) for _ in range(3 if "<" in route else 1)]
        opened = False
        for method in ("HEAD", "OPTIONS", "GET"):
            for path in paths:
                answer, _body = everybody.send(Asked(role, method, route, path))
                opened |= method == "GET" and route in OPENS and role == "citizen" and answer.status_code == 200
        moved = rows.changed()
        if opened:
            moved -= {"letters_letter", "letters_letterevent", "letters_posting", "letters_notice"}
        if f"/{route}".startswith(ENDS_SESSIONS):
            moved -= {"people_account"}  # signed in anew by the test itself
        assert not moved, (route, paths, moved)
    assert Letter.objects.exists()
    assert SignInSession.objects.exists()
