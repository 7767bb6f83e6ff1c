"""Every deed of a clerk through its page: done with a reason, once, and told in words when somebody was first."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from letters.addressing import Recipient
from letters.commands import paper, rendering, withdrawal
from letters.models import ClerkTask, LetterEvent, Posting
from letters.states import Postal
from portal.audit.models import AuditRow
from portal.outbox.models import Errand
from portal.people.models import Person
from tests.letters import making
from tests.letters_staff import cases

pytestmark = pytest.mark.django_db
NOTE = "Avtalt med pasienten på telefon"


def url(name: str, posting: Posting) -> str:
    return reverse(f"clerk:{name}", args=[posting.letter_id, posting.id])


def do(client: Client, address: str, **answers: Any) -> str:
    """Send a form; the text of the page it leads to."""
    response = client.post(address, {"note": NOTE} | answers, follow=True)
    assert response.status_code == 200, response.content.decode()
    assert response.redirect_chain
    return text(response)


def text(response: Any) -> str:
    page: str = response.content.decode()
    assert "is undefined" not in page
    return page


def state(posting: Posting) -> str:
    return Posting.objects.values_list("state", flat=True).get(pk=posting.pk)


def test_release_of_a_held_copy(desk: Client, anne: Person) -> None:
    posting = cases.held("address_returned")
    asked = text(desk.get(url("release", posting)))
    assert "Begrunnelse" in asked
    assert "papiret er frigitt" in do(desk, url("release", posting), seen="address_returned").lower()
    assert state(posting) == Postal.READY
    assert Errand.objects.filter(kind="letters.hand_over", subject=posting.id).exists()
    row = AuditRow.objects.get(action="released")
    assert (row.actor_id, row.person_id) == (str(anne.pk), posting.letter.person_id)
    event = LetterEvent.objects.get(kind="clerk.released")
    assert event.details == {"note": NOTE}
    assert not ClerkTask.objects.filter(resolved_at=None).exists()


def test_a_protected_address_takes_two_persons(desk: Client, other_desk: Client) -> None:
    posting = cases.held("protected_address")
    page = do(desk, url("release", posting), seen="protected_address")
    assert "En annen ansatt må også godkjenne" in page
    assert "Du har godkjent. En annen må også godkjenne." in page
    assert url("release", posting) not in page
    assert state(posting) == Postal.HELD
    again = do(desk, url("release", posting), seen="protected_address", note="Jeg vil likevel")
    assert "Du har alt godkjent" in again
    assert state(posting) == Postal.HELD
    seen_by_other = text(other_desk.get(reverse("clerk:letter", args=[posting.letter_id])))
    assert "Anne Bjørnsen har godkjent" in seen_by_other
    do(other_desk, url("release", posting), seen="protected_address")
    assert state(posting) == Postal.READY
    assert AuditRow.objects.filter(action__in=["first_approval", "released"]).count() == 2


def test_a_missing_task_does_not_make_two_persons_into_one(desk: Client) -> None:
    posting = cases.held("protected_address")
    ClerkTask.objects.all().delete()
    do(desk, url("release", posting), seen="protected_address")
    assert state(posting) == Postal.HELD
    assert ClerkTask.objects.get().first_approval_by is not None


def test_a_hold_for_another_reason_than_the_one_seen_is_not_released(desk: Client) -> None:
    posting = cases.held("withheld")
    page = do(desk, url("release", posting), seen="given_up")
    assert "holdt igjen av en annen grunn" in page
    assert state(posting) == Postal.HELD


def test_the_dead_are_not_written_to(desk: Client) -> None:
    posting = cases.held("deceased")
    page = text(desk.get(url("release", posting), follow=True))
    assert "kan ikke frigis" in page
    assert "Papiret kan ikke frigis" in do(desk, url("release", posting), seen="deceased")
    assert state(posting) == Postal.HELD


def test_stop_here_and_at_the_printer(desk: Client) -> None:
    held, printing = cases.held("withheld"), cases.at_printer()
    assert "Papiret er stoppet" in do(desk, url("stop", held))
    assert "Vi har bedt trykkeriet stoppe" in do(desk, url("stop", printing))
    assert (state(held), state(printing)) == (Postal.CANCELLED, Postal.CANCEL_ASKED)
    assert Errand.objects.filter(kind="letters.ask_cancel", subject=printing.id).exists()
    assert AuditRow.objects.filter(action="stop_asked").count() == 2


def test_two_clerks_and_the_dispatcher_at_once_give_one_outcome_that_both_see(desk: Client, other_desk: Client) -> None:
    posting = making.ready(making.posting_of(cases.letter_on_paper()))
    for client in (desk, other_desk):
        assert "Stopp papiret" in text(client.get(url("stop", posting)))
    first = do(desk, url("stop", posting))
    second = do(other_desk, url("stop", posting), note="Pasienten ringte meg også")
    recipient = Recipient("patient", ("A", "B", "C"))
    assert not paper.begin_hand_over(posting_id=posting.id, outcome=recipient, sheets=None)
    assert "Papiret er stoppet. Det blir ikke sendt." in first
    assert "Papiret er nå: Stoppet." in second
    assert "Sist endret av Anne Bjørnsen" in second
    assert LetterEvent.objects.filter(kind="postal.cancel").count() == 1
    assert LetterEvent.objects.filter(kind="clerk.stop_asked").count() == 1


def test_too_late_to_stop_when_the_dispatcher_was_first(desk: Client) -> None:
    posting = making.ready(making.posting_of(cases.letter_on_paper()))
    text(desk.get(url("stop", posting)))
    making.submitting(posting)
    page = do(desk, url("stop", posting))
    assert "Papiret er nå: Leveres til trykkeriet nå." in page
    assert "Sist endret av Portalen" in page
    assert state(posting) == Postal.SUBMITTING
    assert not LetterEvent.objects.filter(kind="clerk.stop_asked").exists()


def test_a_form_sent_twice_is_one_deed_and_no_complaint(desk: Client) -> None:
    posting = cases.returned()
    do(desk, url("send-again", posting))
    page = do(desk, url("send-again", posting))
    assert "alt sendt på nytt" not in page
    assert Posting.objects.filter(letter=posting.letter).count() == 2


def test_send_again_is_a_choice_made_once(desk: Client, other_desk: Client) -> None:
    posting = cases.returned()
    assert "En ny papirutgave er opprettet" in do(desk, url("send-again", posting))
    assert "alt sendt på nytt" in do(other_desk, url("send-again", posting))
    new = Posting.objects.exclude(pk=posting.pk).get()
    assert (new.state, new.obligatory) == (Postal.DUE, True)
    assert AuditRow.objects.filter(action="sent_again").count() == 1


def test_a_withdrawn_letter_is_not_sent_again(desk: Client) -> None:
    posting = cases.returned()
    withdrawal.withdraw(letter_id=posting.letter.id, by=making.SENDER, reason="wrong")
    assert "trukket brevet tilbake" in do(desk, url("send-again", posting))
    assert Posting.objects.count() == 1


def test_an_unknown_outcome_is_settled_before_anything_is_sent_again(desk: Client) -> None:
    posting = cases.unknown()
    assert "Ukjent" in do(desk, url("send-again", posting))
    assert Posting.objects.count() == 1
    assert posting.key in text(desk.get(url("settle", posting)))
    page = do(desk, url("settle", posting), printed="no")
    assert "ble ikke trykt" in page
    assert state(posting) == Postal.REJECTED
    assert cases.task_of(posting).reason == ClerkTask.Reason.REJECTED
    do(desk, url("send-again", posting))
    assert Posting.objects.count() == 2


def test_told_by_telephone_is_not_shown_as_posted(desk: Client) -> None:
    posting = cases.unknown()
    do(desk, url("settle", posting), printed="yes")
    assert state(posting) == Postal.ACCEPTED
    page = text(desk.get(reverse("clerk:letter", args=[posting.letter_id])))
    assert "Sendt i posten" not in page
    assert "Bekreftet på telefon" in page


def test_a_task_is_taken_by_one_and_can_be_put_back(desk: Client, other_desk: Client, anne: Person) -> None:
    task = cases.task_of(cases.returned())
    take = reverse("clerk:take", args=[task.letter_id, task.id])
    assert "Oppgaven er din" in do(desk, take)
    assert "Oppgaven er din" in do(desk, take)
    assert "Anne Bjørnsen har alt tatt oppgaven" in do(other_desk, take)
    assert ClerkTask.objects.get().assigned_to == anne.pk
    back = reverse("clerk:put-back", args=[task.letter_id, task.id])
    assert "Anne Bjørnsen har alt tatt oppgaven" in do(other_desk, back)
    assert "lagt tilbake" in do(desk, back)
    assert ClerkTask.objects.get().assigned_to is None


@pytest.mark.parametrize("resolution", ["telephoned", "dropped"])
def test_closing_a_task_stops_the_paper_it_held(desk: Client, resolution: str) -> None:
    posting = cases.held("no_address")
    task = cases.task_of(posting)
    page = do(desk, reverse("clerk:resolve", args=[posting.letter_id, task.id]), resolution=resolution)
    assert "papiret er stoppet" in page
    assert state(posting) == Postal.CANCELLED
    task.refresh_from_db()
    assert (task.resolution, task.note) == (resolution, NOTE)
    assert AuditRow.objects.filter(action=f"task_{resolution}").exists()


def test_held_paper_is_never_left_without_a_task(desk: Client) -> None:
    posting = cases.held("no_address")
    task = cases.task_of(posting)
    page = do(desk, reverse("clerk:resolve", args=[posting.letter_id, task.id]), resolution="other")
    assert "Papiret er fortsatt holdt igjen" in page
    assert cases.task_of(posting).resolved_at is None


def test_a_closed_task_tells_who_closed_it(desk: Client, other_desk: Client) -> None:
    posting = cases.returned()
    task = cases.task_of(posting)
    address = reverse("clerk:resolve", args=[posting.letter_id, task.id])
    do(desk, address, resolution="telephoned")
    assert "Anne Bjørnsen lukket den" in do(other_desk, address, resolution="dropped", note="Ikke nødvendig")
    assert ClerkTask.objects.get().resolution == "telephoned"


def test_a_letter_stopped_on_its_way_in_tries_again_and_comes_back_if_it_stops_again(desk: Client) -> None:
    letter = cases.unrendered()
    task = cases.task_of(letter)
    do(desk, reverse("clerk:try-again", args=[letter.id, task.id]))
    letter.refresh_from_db()
    assert letter.stage == "received"
    assert Errand.objects.filter(kind="letters.render", subject=letter.id).count() == 2
    rendering.stop_unrendered(letter_id=letter.id, code="font-missing")
    assert cases.task_of(letter).pk != task.pk


@pytest.mark.parametrize(("name", "extra"), [("release", {"seen": "withheld"}), ("stop", {})])
def test_a_missing_reason_stops_nothing_and_keeps_what_was_written(
    desk: Client, name: str, extra: dict[str, str]
) -> None:
    posting = cases.held("withheld")
    for note, told in [("", "Skriv hvorfor"), ("Gjelder 030582 12345 i går", "Ta bort fødselsnummeret")]:
        response = desk.post(url(name, posting), {"note": note} | extra)
        assert response.status_code == 422
        page = text(response)
        assert told in page
        assert note in page
        assert "<title>Feil:" in page
    assert state(posting) == Postal.HELD


def test_choices_must_be_made(desk: Client) -> None:
    posting, task = cases.unknown(), cases.task_of(cases.returned())
    settled = desk.post(url("settle", posting), {"note": NOTE})
    closed = desk.post(reverse("clerk:resolve", args=[task.letter_id, task.id]), {"note": NOTE})
    for response in (settled, closed):
        assert response.status_code == 422
        assert NOTE in text(response)
    assert state(posting) == Postal.UNKNOWN


def test_a_task_whose_outcome_is_unknown_cannot_be_closed_unsettled(desk: Client) -> None:
    posting = cases.unknown()
    address = reverse("clerk:resolve", args=[posting.letter_id, cases.task_of(posting).id])
    assert address not in text(desk.get(reverse("clerk:letter", args=[posting.letter_id])))
    assert "Avklar det med trykkeriet først" in do(desk, address, resolution="dropped")
    assert cases.task_of(posting).resolved_at is None
