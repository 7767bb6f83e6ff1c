"""Scenarios 1 to 5: a letter nobody opens becomes one sheet; one that somebody opens does not, to the millisecond."""

from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import pytest
from django.db import transaction
from django.test import Client

from letters.commands import fallback, opening, paper
from letters.models import Posting
from letters.states import Postal
from portal.kernel import clock
from portal.outbox import doorbell, queries
from portal.outbox.models import Errand
from tests.letters.world import Killed
from tests.people.signed_in import signed_in
from tests.scenarios.at_once import alone
from tests.stories.living import Alive, fresh, moves, posting_of, wait_for_state

pytestmark = pytest.mark.usefixtures("alive")


def test_s01_given_an_unopened_letter_when_four_days_pass_then_one_paper_letter_one_job_one_key(alive: Alive) -> None:
    letter = alive.letter(alive.patient())
    posting = posting_of(letter)
    alive.time_passes(days=3, hours=23)
    assert alive.sweep() == 0
    alive.time_passes(hours=2)
    assert alive.sweep() == 1
    assert alive.sweep() == 0
    wait_for_state(posting, Postal.ACCEPTED)
    alive.time_passes(minutes=2)
    wait_for_state(posting, Postal.POSTED)
    [order] = alive.orders()
    assert (order["key"], order["letter"], order["copies"]) == (posting.key, str(letter.id), 1)
    assert fresh(posting).key == posting.key
    assert moves(letter).count("postal.hand_over") == 1


def test_s02_given_a_due_letter_when_the_opening_commits_before_the_sweep_then_no_paper(alive: Alive) -> None:
    letter = alive.letter(alive.patient())
    alive.time_passes(days=5)
    with ThreadPoolExecutor(1) as other, transaction.atomic():
        opening.open_letter(letter_id=letter.id, reader=letter.person_id)
        swept = other.submit(alone, fallback.sweep).result(timeout=20)
        assert swept == 0
    assert alive.sweep() == 0
    assert posting_of(letter).state == Postal.CANCELLED
    assert alive.orders() == []


def test_s02_given_a_sweep_that_came_first_when_it_is_opened_before_hand_over_then_no_paper(alive: Alive) -> None:
    letter = alive.letter(alive.patient())
    alive.time_passes(days=5)
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            assert fallback.sweep_batch() == 1
            opened = other.submit(alone, lambda: opening.open_letter(letter_id=letter.id, reader=letter.person_id))
            with pytest.raises(TimeoutError):
                opened.result(timeout=0.3)
        opened.result(timeout=20)
    alive.work()
    assert posting_of(letter).state == Postal.CANCELLED
    assert alive.orders() == []


def test_s03_given_the_point_of_no_return_when_opened_after_it_then_paper_goes_and_the_reader_is_told(
    alive: Alive,
) -> None:
    letter = alive.letter(alive.patient())
    alive.time_passes(days=5)
    alive.sweep()
    page = signed_in(Client(), letter.person).get(f"/brev/{letter.id}/").content.decode()
    assert "Brevet er også på vei i posten" in page
    assert moves(letter).index("postal.hand_over") < moves(letter).index("digital.open")
    alive.time_passes(minutes=2)
    wait_for_state(posting_of(letter), Postal.POSTED)
    again = signed_in(Client(), letter.person).get(f"/brev/{letter.id}/").content.decode()
    assert "Brevet er også sendt i posten." in again
    assert [order["copies"] for order in alive.orders()] == [1]


def test_s04_given_a_worker_killed_after_submitting_when_the_lease_runs_out_then_same_key_and_one_copy(
    alive: Alive,
) -> None:
    alive.world.behave("print", "no_receipts")
    posting = posting_of(alive.letter(alive.patient(active=False)))
    assert [order["key"] for order in alive.orders()] == [posting.key]
    second = alive.receive(alive.patient(active=False))
    with patch.object(paper, "note_accepted", side_effect=Killed), pytest.raises(Killed):
        alive.work()
    killed = posting_of(second)
    assert killed.state == Postal.SUBMITTING
    assert alive.work() == 0
    Errand.objects.filter(subject=killed.id, lease__isnull=False).update(lease_until=clock.real_now())
    alive.work()
    assert "postal.lose_reply" in moves(second)
    assert fresh(killed).state in (Postal.ACCEPTED, Postal.POSTED)
    assert [(order["key"], order["copies"]) for order in alive.orders(second)] == [(killed.key, 1)]


def test_s05_given_a_ring_that_was_never_sent_when_the_scheduler_looks_then_the_letter_goes(
    alive: Alive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorbell, "ring", lambda queue, **_: False)
    letter = alive.receive(alive.patient(active=False))
    while waiting := queries.queues_with_work():
        alive.work(*waiting)
    assert [order["letter"] for order in alive.orders()] == [str(letter.id)]


def test_s03_given_paper_still_here_when_opened_then_prepare_and_hand_over_do_nothing_any_more(alive: Alive) -> None:
    letter = alive.letter(alive.patient())
    posting = posting_of(letter)
    alive.time_passes(days=5)
    fallback.sweep()
    opening.open_letter(letter_id=letter.id, reader=letter.person_id)
    alive.work()
    paper.note_accepted(posting_id=posting.id, provider_id="late", cause="submitted")
    assert Posting.objects.get(pk=posting.pk).state == Postal.CANCELLED
    assert alive.orders() == []
