"""Clerks' pages: who gets in, what is shown and what never is, and what a look leaves behind."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from letters.commands import opening, withdrawal
from letters.models import ClerkTask, Letter, LetterEvent, Posting
from letters.queries import for_staff
from letters.states import Digital
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.people.models import Person, Role
from tests.letters import making
from tests.letters_staff import cases
from tests.people.signed_in import signed_in

pytestmark = pytest.mark.django_db
QUEUE = "/behandler/brev/"
FIND = "/behandler/brev/finn/"


def text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    page: str = response.content.decode()
    assert "is undefined" not in page
    return page


def case_of(letter: Letter) -> str:
    return reverse("clerk:letter", args=[letter.id])


def addresses(posting: Posting) -> list[tuple[str, str]]:
    letter, task = posting.letter_id, cases.task_of(posting).id
    get = [QUEUE, "/behandler/brev/funnet/", "/behandler/brev/grupper/", "/behandler/brev/grupper/returned/innkalling/"]
    get += [reverse("clerk:letter", args=[letter])]
    papers = [
        reverse(f"clerk:{name}", args=[letter, posting.id]) for name in ("release", "stop", "send-again", "settle")
    ]
    tasks = [reverse(f"clerk:{name}", args=[letter, task]) for name in ("resolve", "try-again")]
    post = [reverse(f"clerk:{name}", args=[letter, task]) for name in ("take", "put-back")]
    both = papers + tasks
    return [("get", each) for each in get + both] + [("post", each) for each in [FIND, *post, *both]]


@pytest.mark.parametrize("roles", [[], [Role.OPERATOR], [Role.CLINICIAN], [Role.REVIEWER]])
def test_other_roles_meet_the_same_404_as_a_page_that_is_not_there(roles: list[Role]) -> None:
    posting = cases.returned()
    client = signed_in(Client(), cases.clerk("Nils"), roles)
    for method, address in addresses(posting):
        assert getattr(client, method)(address).status_code == 404, (method, address)
    assert not AuditRow.objects.filter(basis="clerk").exists()


def test_signed_out_leads_to_sign_in(client: Client) -> None:
    posting = cases.returned()
    for method, address in addresses(posting):
        response = getattr(client, method)(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/logg-inn/")
    assert ClerkTask.objects.get().assigned_to is None


def test_a_form_without_its_token_is_refused(anne: Person) -> None:
    posting = cases.returned()
    client = signed_in(Client(enforce_csrf_checks=True), anne, [Role.CLERK])
    for method, address in addresses(posting):
        if method == "post":
            assert client.post(address, {"note": "x"}).status_code == 403, address
    assert Posting.objects.count() == 1


def test_unknown_letters_and_others_papers_are_404(desk: Client) -> None:
    posting, other = cases.returned(), cases.returned()
    assert desk.get(reverse("clerk:letter", args=[uuid4()])).status_code == 404
    assert desk.get(reverse("clerk:stop", args=[other.letter_id, posting.id])).status_code == 404
    assert desk.get("/behandler/brev/grupper/nothing/innkalling/").status_code == 404


def test_landing_leads_clerks_to_their_queue_and_others_to_their_menu(desk: Client) -> None:
    assert desk.get("/behandler/")["Location"] == QUEUE
    clinician = signed_in(Client(), cases.clerk("Lege"), [Role.CLINICIAN])
    assert clinician.get("/behandler/").status_code == 200
    assert signed_in(Client(), cases.clerk("Borger")).get("/behandler/").status_code == 404


def test_the_queue_tells_why_how_long_for_whom_and_with_whom(desk: Client) -> None:
    with clock.stopped_at(clock.now() - timedelta(days=5)):
        posting = cases.returned(**cases.patient("Lars Aslaksen"))
    page = text(desk.get(QUEUE))
    for words in ("Brevet er kommet i retur", "Lars Aslaksen, f. 03.05.1982", "Innkalling til time", "5 dager"):
        assert words in page
    assert "Ortopedisk poliklinikk, UNN Tromsø" in page
    assert "Innkalling til undersøkelse av kneet" not in page
    desk.post(reverse("clerk:take", args=[posting.letter_id, cases.task_of(posting).id]))
    assert "Din" in text(desk.get(QUEUE))
    row = AuditRow.objects.filter(action="tasks").latest("id")
    assert row.details == {"letters": [str(posting.letter_id)]}


def test_the_queue_is_sieved(desk: Client) -> None:
    mine, free, held = cases.returned(), cases.rejected(), cases.held("withheld")
    desk.post(reverse("clerk:take", args=[mine.letter_id, cases.task_of(mine).id]))

    def shown(query: str) -> set[str]:
        page = text(desk.get(f"{QUEUE}{query}"))
        return {str(each.letter_id) for each in (mine, free, held) if str(each.letter_id) in page}

    assert shown("") == {str(each.letter_id) for each in (mine, free, held)}
    assert shown("?vis=mine") == {str(mine.letter_id)}
    assert shown("?vis=ledige") == {str(free.letter_id), str(held.letter_id)}
    assert shown("?vis=ledige&grunn=withheld") == {str(held.letter_id)}
    assert len(shown("?vis=tull&grunn=tull&etter=tull")) == 3


def test_a_protected_person_is_masked_everywhere(desk: Client) -> None:
    patient = cases.patient("Hemmelig Navnesen")
    posting = cases.held("protected_address", **patient)
    making.submitting(making.ready(making.posting_of(other := cases.letter_on_paper(**patient))))
    key = Letter.objects.get(pk=other.pk).source_key
    pages = [text(desk.get(QUEUE)), text(desk.get(case_of(posting.letter))), text(desk.get(case_of(other)))]
    pages.append(text(desk.post(FIND, {"sought": key}, follow=True)))
    for page in pages:
        assert "Skjermet person" in page
    for page in pages:
        for secret in ("Hemmelig", "Navnesen", "03.05.1982", "Storgata", "9008"):
            assert secret not in page


def test_addresses_are_nowhere_on_a_letters_page(desk: Client) -> None:
    page = text(desk.get(case_of(cases.posted().letter)))
    for part in ("Storgata", "9008", "b" * 64, "d" * 64):
        assert part not in page


def test_many_tasks_cost_no_more_queries_than_one(desk: Client, anne: Person) -> None:
    cases.rejected()

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            text(desk.get(QUEUE))
        return len(queries)

    desk.get(QUEUE)
    one = cost()
    letter = Letter.objects.get()
    ClerkTask.objects.bulk_create(
        ClerkTask(letter=letter, reason="conflict", step=str(n), opened_at=clock.now(), assigned_to=anne.pk)
        for n in range(200)
    )
    assert cost() == one


def test_every_task_is_on_exactly_one_page(desk: Client) -> None:
    letter = cases.rejected().letter
    now = clock.now()
    ClerkTask.objects.bulk_create(
        ClerkTask(letter=letter, reason="conflict", step=str(n), opened_at=now) for n in range(59)
    )
    seen: list[object] = []
    after = ""
    for _page in range(3):
        page = for_staff.open_tasks(uuid4(), after=after)
        seen += [task.id for task in page.tasks]
        after = page.newer
    assert after == ""
    assert len(seen) == len(set(seen)) == 60
    assert "etter=" in text(desk.get(QUEUE))


def test_a_letter_tells_its_whole_life(desk: Client) -> None:
    letter = making.decided()
    opening.open_letter(letter_id=letter.id, reader=letter.person_id)
    withdrawal.withdraw(letter_id=letter.id, by=making.SENDER, reason="wrong")
    page = text(desk.get(case_of(letter)))
    for words in (
        "Regel C16: Skjerm først, papir hvis brevet ikke åpnes",
        "Har brukt portalen de siste 18 månedene",
        "44 år",
        "Åpnet",
        "av pasienten",
        "Papir stoppet",
        "Brevet ble åpnet",
        "Avsenderens system",
        "Avsenderen trakk brevet tilbake",
        "Første varsel, SMS",
        "Ikke nødvendig lenger",
    ):
        assert words in page, words
    row = AuditRow.objects.get(action="case")
    assert (row.person_id, row.item_id) == (letter.person_id, str(letter.id))


def test_every_event_has_words(desk: Client) -> None:
    for posting in (cases.returned(), cases.rejected(), cases.unknown(), cases.held("no_address")):
        page = text(desk.get(case_of(posting.letter)))
        for kind in LetterEvent.objects.filter(letter=posting.letter).values_list("kind", flat=True):
            if "." in kind:
                assert kind not in page
    for letter in (cases.unrendered(), cases.undecided()):
        assert "Brevet stoppet på vei inn" in text(desk.get(case_of(letter)))


def test_sent_is_said_from_a_receipt_and_nothing_else(desk: Client) -> None:
    waiting = [making.posting_of(making.decided()), cases.at_printer(), cases.unknown(), cases.rejected()]
    for posting in waiting:
        assert "Sendt i posten" not in text(desk.get(case_of(posting.letter))), posting.state
    posted = text(desk.get(case_of(cases.posted().letter)))
    assert "Sendt i posten" in posted
    assert "Levert til Posten" in posted
    assert "P-77" in posted


def test_a_clerk_sees_what_became_of_a_letter_and_never_its_words(desk: Client) -> None:
    letter = making.decided()
    assert "Du har fått time" in letter.body_html
    assert "Du har fått time" not in text(desk.get(case_of(letter)))
    assert desk.get(f"/brev/{letter.id}/").status_code == desk.get(f"/brev/{letter.id}/pdf").status_code == 404
    letter.refresh_from_db()
    assert (letter.digital, letter.opened_at) == (Digital.AVAILABLE, None)


@pytest.mark.parametrize("how", ["reference", "uuid", "key"])
def test_a_letter_is_found_and_the_search_is_noted(desk: Client, how: str) -> None:
    letter = making.decided()
    making.decided()
    sought = {"reference": str(letter.id)[:8].upper(), "uuid": str(letter.id), "key": letter.source_key}[how]
    response = desk.post(FIND, {"sought": f" {sought} "})
    assert response["Location"] == case_of(letter)
    row = AuditRow.objects.get(action="find")
    assert (row.person_id, row.details) == (letter.person_id, {"by": "key" if how == "key" else "reference"})


@pytest.mark.parametrize("spaced", [False, True])
def test_a_patient_is_found_by_number_and_the_number_is_kept_nowhere(desk: Client, *, spaced: bool) -> None:
    pid = making.synthetic_pid()
    patient = making.person(pid=pid)
    letters = [making.decided(patient=patient, pid=pid) for _each in range(2)]
    written = f"{pid[:6]} {pid[6:]}" if spaced else pid
    response = desk.post(FIND, {"sought": written})
    assert response["Location"] == "/behandler/brev/funnet/"
    page = text(desk.get(response["Location"]))
    for letter in letters:
        assert case_of(letter) in page
    assert pid not in page
    assert written not in page
    assert pid not in str(dict(desk.session))
    rows = list(AuditRow.objects.filter(action="find"))
    assert [(row.person_id, row.details) for row in rows] == [(patient.pk, {"by": "person"})]
    assert pid not in str([vars(row) for row in AuditRow.objects.all()])


def test_finding_nobody_is_noted_too_and_says_no_more_than_nothing(desk: Client) -> None:
    pid = making.synthetic_pid()
    page = text(desk.post(FIND, {"sought": pid}, follow=True))
    assert "Fant ingen brev" in page
    assert pid not in page
    assert AuditRow.objects.get(action="find").person_id is None


def test_finding_takes_words_and_comes_by_post_only(desk: Client) -> None:
    assert desk.get(FIND).status_code == 405
    empty = desk.post(FIND, {"sought": "  "})
    assert empty.status_code == 422
    assert "Skriv en referanse" in empty.content.decode()
    too_long = desk.post(FIND, {"sought": "9" * 300})
    assert too_long.status_code == 422
    assert "9" * 20 not in too_long.content.decode()


def test_the_clerks_line_stands_in_the_menu_of_clerks_only(desk: Client) -> None:
    cases.returned()
    page = text(desk.get(QUEUE))
    assert "1 oppgave</span>" in page
    operator = signed_in(Client(), cases.clerk("Drift"), [Role.OPERATOR])
    assert QUEUE not in text(operator.get("/behandler/"))
