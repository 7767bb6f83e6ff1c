"""The operators' pages: who may see them, what they say, and what they never say."""

import re
from dataclasses import replace
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from letters.addressing import Hold
from letters.commands import paper, reconciliation
from portal.audit.models import AuditRow
from portal.counterparts.probe import CounterpartHealth
from portal.kernel import clock, periodic
from portal.outbox.models import Errand
from portal.people.models import Role
from portal.site.figures import expected_jobs
from tests.letters import making
from tests.people.signed_in import signed_in

pytestmark = pytest.mark.django_db
CANARY_NAME, CANARY_TITLE, CANARY_PID = "Kanari Fuglesang", "Kanarifuglens hemmelige tittel", "05839012341"
PAGE = "/drift/"


def text_of(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def given_up(code: str = "http_422") -> Errand:
    letter = making.received()
    errand = Errand.objects.get(subject=letter.id)
    Errand.objects.filter(pk=errand.pk).update(state="given_up", last_error=code)
    return errand


def run_all_jobs() -> None:
    for job in expected_jobs():
        periodic.run(job.name, job.every, lambda: 0)


def address_of(errand: Errand) -> str:
    return reverse("operations:errand", args=[errand.pk])


@pytest.mark.parametrize("roles", [[], [Role.CLERK], [Role.CLINICIAN, Role.REVIEWER]])
def test_without_the_role_the_pages_do_not_exist(roles: list[Role]) -> None:
    client = signed_in(Client(), making.person(), roles)
    errand = given_up()
    missing = client.get("/finnes-ikke/")
    for answer in (client.get(PAGE), client.get(address_of(errand)), client.post(address_of(errand), {})):
        assert answer.status_code == missing.status_code == 404
    assert Errand.objects.get(pk=errand.pk).state == "given_up"


def test_signed_out_is_sent_to_sign_in_and_back(client: Client) -> None:
    answer = client.get(PAGE)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/logg-inn/?next=%2Fdrift%2F"


def test_the_question_comes_first_and_is_answered(operator: Client) -> None:
    run_all_jobs()
    page = text_of(operator)
    assert "Kommer brevene fram? Ja. Vi ser ingenting galt akkurat nå." in page
    assert "må ses på" not in page
    assert "Svarer" in page


def test_what_is_wrong_stands_on_top_in_plain_words(operator: Client, health: list[CounterpartHealth]) -> None:
    run_all_jobs()
    health[0] = CounterpartHealth("print_provider", "Trykkeriet", False, "Er ute av drift", 5)
    page = text_of(operator)
    assert "Ja, men noe må følges opp. " in page
    assert "1 ting må ses på En annen part svarer ikke Gjelder: Trykkeriet." in page
    assert "Er ute av drift" in page


def test_a_portal_without_a_scheduler_says_so(operator: Client) -> None:
    page = text_of(operator)
    assert "Det er ikke sikkert. Noe må ses på nå. " in page
    assert "En fast jobb går ikke haster Gjelder: Ser etter ærend som venter" in page
    assert "Har aldri gått" in page


def test_a_failing_job_shows_its_code_and_not_its_words(operator: Client) -> None:
    run_all_jobs()

    def fail() -> int:
        raise ValueError(CANARY_PID)

    with pytest.raises(ValueError, match=CANARY_PID):
        periodic.run("letters.routes", expected_jobs()[0].every, fail)
    page = text_of(operator)
    assert "Feilet sist: ValueError" in page
    assert CANARY_PID not in page


def test_no_name_title_or_number_is_anywhere(operator: Client) -> None:
    patient = making.person(name=CANARY_NAME)
    registers = replace(making.READER_NOW, active_user=False)
    letter = making.decided(registers, patient=patient, title=CANARY_TITLE, body_html="<p>Hemmelig kanari</p>")
    paper.prepare(posting_id=making.posting_of(letter).id, outcome=Hold("no_address"))
    errand = Errand.objects.create(
        kind="letters.ask_cancel",
        queue="post",
        subject=letter.id,
        key="x",
        state="given_up",
        run_after=clock.now(),
        urgency=clock.now(),
        created_at=clock.now(),
        last_error="http_422",
    )
    reconciliation.reconcile(start=letter.received_at, end=clock.now(), theirs=[])
    for address in (PAGE, address_of(errand), "/metrics", "/readyz", "/livez"):
        content = operator.get(address).content.decode().lower()
        assert "kanari" not in content, address
        assert "hemmelig" not in content, address
        assert "nordli" not in content, address
        assert not re.search(r"(?<![\d.])\d{11}(?!\d)", content), address


def test_the_page_asks_the_same_number_of_questions_at_any_size(operator: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            text_of(operator)
        return len(queries)

    given_up()
    asked()
    before = asked()
    for _ in range(4):
        given_up("another")
        making.decided(type_code="vedtak")
    assert asked() == before <= 36, "a third of them are the figures of access and audit"


def test_flower_is_linked_where_there_is_one(operator: Client, settings: Settings) -> None:
    assert "Flower" not in text_of(operator)
    settings.FLOWER_URL = "https://flower.example/"
    assert 'href="https://flower.example/"' in operator.get(PAGE).content.decode()


def test_an_errand_that_was_given_up_is_let_try_again(operator: Client) -> None:
    errand = given_up()
    assert address_of(errand) in operator.get(PAGE).content.decode()
    assert "http_422" in text_of(operator, address_of(errand))
    answer = operator.post(address_of(errand), {"begrunnelse": "Trykkeriet er oppe igjen"}, follow=True)
    assert "Ærendet prøves igjen nå." in answer.content.decode()
    fresh = Errand.objects.get(pk=errand.pk)
    assert (fresh.state, fresh.attempts) == ("waiting", 0)
    row = AuditRow.objects.get(action="errand_retried")
    assert (row.item_kind, row.item_id, row.actor_kind) == ("errand", str(errand.pk), "staff")
    assert row.details == {"kind": "letters.render", "error": "http_422", "note": "Trykkeriet er oppe igjen"}


def test_two_operators_press_at_once_and_one_deed_is_noted(operator: Client) -> None:
    errand = given_up()
    for _ in range(2):
        answer = operator.post(address_of(errand), {"begrunnelse": "En gang til"}, follow=True)
    assert "ikke lenger gitt opp" in answer.content.decode()
    assert AuditRow.objects.filter(action="errand_retried").count() == 1
    assert operator.get(address_of(errand)).status_code == 404


@pytest.mark.parametrize(
    ("note", "words"),
    [("", "Skriv hvorfor du prøver igjen."), (f"Gjelder {CANARY_PID}", "Ta bort fødselsnummeret."), ("x" * 201, "201")],
)
def test_a_reason_is_needed_and_may_hold_no_number(operator: Client, note: str, words: str) -> None:
    errand = given_up()
    answer = operator.post(address_of(errand), {"begrunnelse": note})
    assert answer.status_code == 422
    assert words in answer.content.decode() or words == "201"
    assert Errand.objects.get(pk=errand.pk).state == "given_up"
    assert not AuditRow.objects.filter(action="errand_retried").exists()


def test_operators_find_the_page_on_their_menu_and_clerks_do_not(operator: Client) -> None:
    assert 'href="/drift/"' in operator.get("/behandler/").content.decode()
    clerk = signed_in(Client(), making.person(), [Role.CLERK])
    assert 'href="/drift/"' not in clerk.get("/behandler/", follow=True).content.decode()


def test_the_page_only_reads(operator: Client) -> None:
    assert operator.post(PAGE).status_code == 405
