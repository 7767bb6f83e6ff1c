"""Letters found stuck weeks later: a person chooses for each group, and nothing goes by itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from letters.commands import stuck
from letters.models import ClerkTask, Letter, Posting
from letters.queries.for_staff import PHONE
from letters.states import Postal
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.outbox.models import Errand
from portal.people.models import Person
from tests.letters_staff import cases

pytestmark = pytest.mark.django_db
GROUPS = "/behandler/brev/grupper/"
NOTE = "Gjennomgått med avdelingen, gjelder fortsatt"


def choose(client: Client, reason: str, choice: str, **other: Any) -> str:
    answers = {"choice": choice, "note": NOTE, "until": clock.now().isoformat()} | other
    response = client.post(f"{GROUPS}{reason}/innkalling/", answers, follow=True)
    assert response.status_code == 200, response.content.decode()
    page: str = response.content.decode()
    assert "is undefined" not in page
    return page


def states(postings: list[Posting]) -> set[str]:
    return set(Posting.objects.filter(pk__in=[each.pk for each in postings]).values_list("state", flat=True))


def test_groups_are_counted_by_reason_and_type(desk: Client) -> None:
    for _each in range(3):
        cases.held("given_up")
    cases.rejected()
    page = desk.get(GROUPS).content.decode()
    assert f"{GROUPS}given_up/innkalling/" in page
    assert page.index("given_up") < page.index("rejected")
    shown = desk.get(f"{GROUPS}given_up/innkalling/").content.decode()
    assert "3 brev. Det eldste har ventet i under ett minutt." in shown


def test_nothing_is_sent_before_somebody_chooses(desk: Client) -> None:
    letter = cases.unrendered()
    before = Errand.objects.count()
    desk.get(f"{GROUPS}render_failed/innkalling/")
    refused = desk.post(f"{GROUPS}render_failed/innkalling/", {"choice": "send", "until": clock.now().isoformat()})
    assert refused.status_code == 422
    assert "Skriv hvorfor" in refused.content.decode()
    assert Errand.objects.count() == before
    assert Letter.objects.get(pk=letter.pk).stage == "stuck"


def test_send_brings_every_kind_of_stuck_letter_on_its_way(desk: Client) -> None:
    held, rejected = [cases.held("given_up") for _each in range(2)], cases.rejected()
    stopped = [cases.unrendered(), cases.undecided()]
    assert "Valget er utført for 2 brev." in choose(desk, "given_up", "send")
    for reason in ("rejected", "render_failed", "undecided"):
        assert "Valget er utført for 1 brev." in choose(desk, reason, "send")
    assert states(held) == {Postal.READY}
    assert Posting.objects.filter(letter=rejected.letter, state=Postal.DUE).count() == 1
    assert [Letter.objects.get(pk=each.pk).stage for each in stopped] == ["received", "rendered"]
    assert not ClerkTask.objects.filter(resolved_at=None).exists()
    assert AuditRow.objects.filter(action__in=["released", "sent_again", "tried_again"]).count() == 5


def test_drop_stops_the_paper_for_good(desk: Client) -> None:
    held = [cases.held("no_address") for _each in range(2)]
    assert "Valget er utført for 2 brev." in choose(desk, "no_address", "drop")
    assert states(held) == {Postal.CANCELLED}
    assert not Errand.objects.filter(kind="letters.hand_over").exists()


def test_phone_stops_the_paper_and_leaves_a_task_until_somebody_has_called(desk: Client) -> None:
    posting = cases.held("given_up")
    choose(desk, "given_up", "phone")
    task = cases.task_of(posting)
    assert (task.step, states([posting])) == (PHONE, {Postal.CANCELLED})
    assert "Ring pasienten: Noe uventet stoppet brevet" in desk.get("/behandler/brev/").content.decode()
    assert "Gruppen er tom" in choose(desk, "given_up", "send")
    assert states([posting]) == {Postal.CANCELLED}


@pytest.mark.parametrize("reason", ["protected_address", "deceased", "withheld", "no_address"])
def test_some_groups_are_never_sent_together(desk: Client, reason: str) -> None:
    posting = cases.held(reason)
    page = desk.get(f"{GROUPS}{reason}/innkalling/").content.decode()
    assert 'value="send"' not in page
    assert "kan ikke sendes samlet" in page
    address = f"{GROUPS}{reason}/innkalling/"
    answers = {"choice": "send", "note": NOTE, "until": clock.now().isoformat()}
    assert desk.post(address, answers).status_code == 422
    assert states([posting]) == {Postal.HELD}


def test_the_command_itself_refuses_what_the_page_does_not_offer(anne: Person) -> None:
    posting = cases.held("protected_address")
    outcome = stuck.settle_group(
        reason="protected_address", type_code="innkalling", choice="send", by=anne.pk, note=NOTE, until=clock.now()
    )
    assert (outcome.done, outcome.refused) == (0, 1)
    assert states([posting]) == {Postal.HELD}


def test_what_came_after_the_page_was_shown_is_left_alone(desk: Client) -> None:
    shown = clock.now()
    with clock.stopped_at(shown + timedelta(minutes=1)):
        posting = cases.held("given_up")
        choose(desk, "given_up", "send", until=shown.isoformat())
    assert states([posting]) == {Postal.HELD}


def test_a_large_group_is_taken_in_portions(anne: Person) -> None:
    postings = [cases.held("given_up") for _each in range(3)]
    asked = {"reason": "given_up", "type_code": "innkalling", "choice": "send", "by": anne.pk, "note": NOTE}
    assert stuck.settle_group(**asked, until=clock.now(), limit=2).done == 2  # type: ignore[arg-type]  # see above
    assert states(postings[:2]) == {Postal.READY}
    assert states(postings[2:]) == {Postal.HELD}


def test_letters_that_cannot_follow_the_choice_stay_open(desk: Client) -> None:
    posting = cases.unknown()
    page = choose(desk, "outcome_unknown", "drop")
    assert "1 brev kunne ikke tas med." in page
    assert cases.task_of(posting).resolved_at is None
