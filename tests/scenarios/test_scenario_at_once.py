"""Scenarios 37 and 42 to 45: letters found stuck, everybody at once, mixed versions, a lost second, a busy morning."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.test import Client

from letters import hand_over, sweeps, tasks
from letters.commands import clerk, fallback, intake, opening, rendering, stuck
from letters.models import ClerkTask, Letter, Posting, Reconciliation
from letters.states import Digital, Postal, Stage
from portal.kernel import clock
from portal.kernel.models import PeriodicRun
from portal.outbox.models import Errand
from portal.people.models import Role
from tests.letters import making
from tests.people.signed_in import signed_in
from tests.scenarios.at_once import alone, at_once
from tests.scenarios.many import many_waiting
from tests.stories.living import Alive, fresh, moves

LETTERS = int(os.environ.get("SCENARIO_LETTERS", "10000"))
OPENINGS = 40


def ready_posting(alive: Alive) -> Posting:
    """Paper on the brink of the point of no return."""
    alive.receive(alive.patient(active=False))
    alive.work("letters")
    return making.ready(Posting.objects.latest("created_at"))


def test_s37_given_many_letters_stuck_for_six_weeks_then_nothing_goes_until_a_person_chooses_for_each_group(
    alive: Alive,
) -> None:
    stuck_ones = [intake_only(alive) for _ in range(20)]
    for letter in stuck_ones:
        rendering.stop_unrendered(letter_id=letter.id, code="template-broken")
    other_type = intake_only(alive, type_code="vedtak")
    rendering.stop_unrendered(letter_id=other_type.id, code="template-broken")
    alive.time_passes(days=42)
    for job in (fallback.sweep, sweeps.find_lost, sweeps.check_routes):
        job()
    alive.work("letters", "post", "notices")
    assert (alive.orders(), alive.messages()) == ([], [])
    assert set(Letter.objects.values_list("stage", flat=True)) == {Stage.STUCK}
    asked: dict[str, Any] = {
        "reason": ClerkTask.Reason.RENDER_FAILED,
        "type_code": "innkalling",
        "by": uuid4(),
        "until": clock.now(),
    }
    outcome = stuck.settle_group(choice="send", note="Gjelder fortsatt", limit=15, **asked)
    assert (outcome.done, outcome.refused) == (15, 0)
    assert stuck.settle_group(choice="drop", note="For gamle", **asked).done == 5
    stages = Letter.objects.filter(type_id="innkalling").values_list("stage", flat=True)
    assert sorted(stages) == [Stage.RECEIVED] * 15 + [Stage.STUCK] * 5
    assert Letter.objects.get(pk=other_type.pk).stage == Stage.STUCK
    assert ClerkTask.objects.filter(resolved_at=None).count() == 1


def test_s37_given_all_workers_dead_for_six_weeks_then_what_fell_due_meanwhile_waits_for_a_person(alive: Alive) -> None:
    overdue = [alive.letter(alive.patient()) for _ in range(3)]
    untried = intake_only(alive)
    alive.time_passes(days=42)
    PeriodicRun.objects.update_or_create(
        name="letters.fallback",
        defaults={"every": timedelta(minutes=1), "succeeded_at": clock.real_now() - timedelta(days=42)},
    )
    young = alive.letter(alive.patient())
    Posting.objects.filter(letter=young).update(due_at=clock.now() - timedelta(minutes=1))
    tasks.let_fall_due()
    alive.work()
    assert {order["letter"] for order in alive.orders()} == {str(young.id)}
    for letter in overdue:
        assert fresh(letter.postings.get()).state == Postal.HELD
        assert ClerkTask.objects.get(letter=letter).reason == ClerkTask.Reason.GIVEN_UP
    assert Letter.objects.get(pk=untried.pk).stage == Stage.STUCK

    tasks.let_fall_due()  # an ordinary round again: what a person has not settled still waits
    alive.work()
    assert len(alive.orders()) == 1


def intake_only(alive: Alive, **changes: Any) -> Letter:
    """A letter that has just come in."""
    making.unit()
    patient = alive.patient(active=False)
    return Letter.objects.get(pk=intake.receive(order=making.order(patient.pid, **changes), by=making.SENDER).letter_id)


@pytest.mark.parametrize("_round", range(4))
def test_s42_given_two_who_press_stop_while_the_dispatcher_submits_then_one_outcome_that_both_see(
    alive: Alive, _round: int
) -> None:
    posting = ready_posting(alive)
    clerks = [alive.patient(name=f"Ansatt {name}").person for name in ("Bø", "Li")]
    stops = [lambda who=who: clerk.stop(posting_id=posting.id, by=who.pk, note="feil dato") for who in clerks]
    answers = at_once([*stops, lambda: hand_over.hand_over(posting.id)])
    assert all(isinstance(each, clerk.NotPossible | str) for each in answers[:2]), answers
    assert answers[2] is None
    alive.work()
    state = fresh(posting).state
    copies = [order["copies"] for order in alive.orders()]
    assert (state, copies) in [
        (Postal.CANCELLED, []),
        (Postal.ACCEPTED, [1]),
        (Postal.CANCEL_ASKED, [1]),
    ]
    if "stopped" in answers:
        assert state == Postal.CANCELLED
        assert "postal.hand_over" not in moves(posting.letter)
    pages = [signed_in(Client(), who, [Role.CLERK]).get(f"/behandler/brev/{posting.letter_id}/") for who in clerks]
    assert [page.status_code for page in pages] == [200, 200]


def test_s43_given_an_errand_of_a_newer_version_then_an_older_worker_leaves_it_and_goes_on(alive: Alive) -> None:
    posting = ready_posting(alive)
    newer = Errand.objects.create(
        kind="letters.from_a_newer_version",
        queue="post",
        subject=uuid4(),
        key="newer",
        run_after=clock.now() - timedelta(days=1),
        urgency=clock.now() - timedelta(days=1),
        created_at=clock.now(),
    )
    alive.work()
    assert [order["key"] for order in alive.orders()] == [posting.key]
    newer.refresh_from_db()
    assert (newer.state, newer.attempts, newer.lease) == (Errand.State.WAITING, 0, None)


def test_s44_given_a_database_that_loses_the_hand_over_then_the_same_key_goes_again_and_one_copy(alive: Alive) -> None:
    posting = ready_posting(alive)
    with transaction.atomic():
        hand_over.hand_over(posting.id)
        transaction.set_rollback(True)
    assert fresh(posting).state == Postal.READY
    assert [order["copies"] for order in alive.orders()] == [1]
    alive.work()
    assert fresh(posting).state in (Postal.ACCEPTED, Postal.POSTED)
    assert [(order["key"], order["copies"]) for order in alive.orders()] == [(posting.key, 1)]


def test_s44_given_a_database_that_loses_the_letter_itself_then_the_comparison_finds_the_sheet(alive: Alive) -> None:
    alive.world.behave("print", "no_receipts")
    posting = ready_posting(alive)
    alive.work()
    lost = ready_posting(alive)
    with transaction.atomic():
        hand_over.hand_over(lost.id)
        transaction.set_rollback(True)
    Errand.objects.filter(subject=lost.id).delete()
    Posting.objects.filter(pk=lost.pk).update(key="dis-restored-without-it")
    alive.time_passes(minutes=10)
    sweeps.reconcile_with_printer()
    result = Reconciliation.objects.get()
    assert (result.ghosts, result.missing, result.doubled) == ([lost.key], [], [])
    assert (result.ours, result.theirs) == (1, 2)
    assert fresh(posting).state == Postal.ACCEPTED


def test_s45_given_very_many_letters_due_at_once_then_no_opener_waits_for_the_sweep(
    alive: Alive, monkeypatch: pytest.MonkeyPatch
) -> None:
    many_waiting(alive, LETTERS)
    alive.time_passes(days=4, minutes=1)
    batches, one_batch = [0], fallback.sweep_batch

    def counted() -> int:
        found = one_batch()
        batches.append(found)
        return found

    monkeypatch.setattr(fallback, "sweep_batch", counted)
    with ThreadPoolExecutor(1) as other:
        sweep = other.submit(alone, fallback.sweep)
        waited = [_batches_while(batches, letter_id) for letter_id in _some_waiting()]
        swept = sweep.result(timeout=600)
    assert swept + OPENINGS >= LETTERS
    assert not Posting.objects.filter(state=Postal.WAITING).exists()
    assert not Posting.objects.exclude(state=Postal.CANCELLED).filter(letter__digital=Digital.OPENED).exists()
    assert len(batches) > LETTERS // fallback.BATCH
    assert sorted(waited)[int(OPENINGS * 0.9)] <= 2, waited


def _some_waiting() -> list[UUID]:
    """Unopened letters here and there."""
    unopened = Letter.objects.filter(digital=Digital.AVAILABLE).order_by("source_key")
    return list(unopened.values_list("id", flat=True))[:: LETTERS // OPENINGS][:OPENINGS]


def _batches_while(batches: list[int], letter_id: UUID) -> int:
    """How many batches of the sweep went by while somebody opened a letter: one that is just then in work, at most."""
    before = len(batches)
    letter = Letter.objects.get(pk=letter_id)
    opening.open_letter(letter_id=letter_id, reader=letter.person_id)
    return len(batches) - before
