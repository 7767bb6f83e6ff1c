"""What happens beside the main road: doubles, refusals, steps that come too late, and the nightly comparison."""

from datetime import timedelta
from uuid import uuid4

import pytest

from letters.addressing import Hold, Recipient
from letters.commands import (
    clerk,
    decision,
    fallback,
    intake,
    notices,
    opening,
    paper,
    receipts,
    reconciliation,
    rendering,
    stuck,
    withdrawal,
)
from letters.commands.receipts import Receipt
from letters.commands.reconciliation import Theirs
from letters.models import ClerkTask, Letter, LetterType, Notice, Posting
from letters.states import Digital, NoticeState, Postal, PostalEvent, Stage
from portal.kernel import clock
from portal.kernel.actor import system
from portal.outbox.models import Errand
from tests.letters import making

pytestmark = pytest.mark.django_db
LINES = ("Kari Nordli", "Storgata 1", "9008 Tromsø")


def submitted() -> Posting:
    return making.submitting(making.ready(making.posting_of(making.decided(making.NOT_A_USER))))


def accepted() -> Posting:
    posting = submitted()
    paper.note_accepted(posting_id=posting.id, provider_id="P-1", cause="submitted")
    return Posting.objects.get(pk=posting.pk)


def state_of(posting: Posting) -> str:
    return Posting.objects.values_list("state", flat=True).get(pk=posting.pk)


def test_intake_refuses_what_it_does_not_know() -> None:
    making.unit()
    pid = making.synthetic_pid()
    with pytest.raises(intake.UnknownUnit):
        intake.receive(order=making.order(pid, unit_resh="404"), by=making.SENDER)
    with pytest.raises(intake.UnknownLetterType):
        intake.receive(order=making.order(pid, type_code="brevdue"), by=making.SENDER)
    with pytest.raises(intake.UnknownReplaced):
        intake.receive(order=making.order(pid, replaces=uuid4()), by=making.SENDER)
    assert not Letter.objects.exists()


def test_rendering_twice_and_deciding_twice_change_nothing() -> None:
    letter = making.decided()
    rendering.keep_rendering(letter_id=letter.id, pdf=b"other", sha256="c" * 64, pages=9)
    decision.decide(letter_id=letter.id, registers=making.NOT_A_USER)
    assert Letter.objects.get().content_sha256 == "a" * 64
    assert Posting.objects.get().state == Postal.WAITING


def test_a_letter_that_cannot_be_made_or_decided_becomes_a_task() -> None:
    stuck = making.received()
    rendering.stop_unrendered(letter_id=stuck.id, code="render_failed")
    rendering.stop_unrendered(letter_id=stuck.id, code="render_failed")
    undecided = making.received()
    rendering.keep_rendering(letter_id=undecided.id, pdf=b"%PDF", sha256="a" * 64, pages=1)
    decision.stop_undecided(letter_id=undecided.id, code="unexpected")
    decision.stop_undecided(letter_id=undecided.id, code="unexpected")
    assert set(Letter.objects.values_list("stage", flat=True)) == {Stage.STUCK}
    assert sorted(ClerkTask.objects.values_list("reason", flat=True)) == ["render_failed", "undecided"]


def test_a_letter_withdrawn_before_it_is_decided_is_never_decided() -> None:
    letter = making.received()
    rendering.keep_rendering(letter_id=letter.id, pdf=b"%PDF", sha256="a" * 64, pages=1)
    withdrawal.withdraw(letter_id=letter.id, by=making.SENDER, reason="wrong")
    decision.decide(letter_id=letter.id, registers=making.READER_NOW)
    assert not Posting.objects.exists()
    assert Letter.objects.get().digital == Digital.NONE


def test_the_dead_get_a_task_and_nothing_else() -> None:
    letter = making.decided(making.reader(deceased=True))
    assert letter.digital == Digital.NONE
    assert making.posting_of(letter).state == Postal.HELD
    assert ClerkTask.objects.get().reason == "deceased"


def test_too_late_for_paper_is_paper_at_once_and_a_task_to_telephone() -> None:
    letter = making.decided(must_arrive_by=clock.now() + timedelta(days=2))
    assert making.posting_of(letter).state == Postal.DUE
    assert ClerkTask.objects.get().reason == "too_late"


def test_a_service_message_to_a_reserved_reader_is_on_screen_alone() -> None:
    letter = making.decided(making.reader(reserved=True), type_code="informasjon")
    assert letter.digital == Digital.AVAILABLE
    assert not Posting.objects.exists()
    assert not Notice.objects.exists()


def test_a_type_that_never_goes_to_paper_is_on_screen_and_notified() -> None:
    letter = making.decided(type_code="tilbakemelding")
    assert (letter.digital, Posting.objects.count(), letter.notices.count()) == (Digital.AVAILABLE, 0, 1)


def test_a_task_without_paper_is_opened_for_a_digital_letter_that_comes_too_late() -> None:
    LetterType.objects.filter(code="innkalling").update(fallback_unit="working_days", fallback_amount=3)
    making.decided(making.reader(reserved=True), must_arrive_by=clock.now() + timedelta(days=1), type_code="innkalling")
    assert ClerkTask.objects.get().reason == "too_late"


def test_falling_due_now_is_for_unopened_letters() -> None:
    letter = making.decided()
    opening.open_letter(letter_id=letter.id, reader=letter.person_id)
    assert not fallback.fall_due_now(letter_id=letter.id, by=system("t"), cause="x")


def test_a_newly_reserved_reader_gets_obligatory_paper_now() -> None:
    letter = making.decided()
    assert fallback.make_obligatory(letter_id=letter.id, by=system("t"), cause="newly-reserved")
    assert not fallback.make_obligatory(letter_id=letter.id, by=system("t"), cause="newly-reserved")
    opening.open_letter(letter_id=letter.id, reader=letter.person_id)
    posting = Posting.objects.get()
    assert (posting.state, posting.obligatory) == (Postal.DUE, True)


def test_a_notice_goes_its_way_once() -> None:
    notice = making.decided().notices.get(round="first")
    assert notices.still_wanted(notice_id=notice.id)
    notices.note_sent(notice_id=notice.id, provider_id="m-1")
    notices.note_sent(notice_id=notice.id, provider_id="m-2")
    assert not notices.still_wanted(notice_id=notice.id)
    notices.note_silent(notice_id=notice.id)
    notices.note_silent(notice_id=notice.id)
    assert Notice.objects.get(pk=notice.pk).state == NoticeState.UNCONFIRMED
    notices.note_delivered(notice_id=notice.id)
    notices.note_delivered(notice_id=notice.id)
    notices.note_failed(notice_id=notice.id, failure="late")
    kept = Notice.objects.get(pk=notice.pk)
    assert (kept.state, kept.provider_id) == (NoticeState.DELIVERED, "m-1")


def test_a_notice_for_a_letter_taken_off_the_screen_is_dropped() -> None:
    letter = making.decided()
    notice = letter.notices.get(round="first")
    Letter.objects.filter(pk=letter.pk).update(digital=Digital.HIDDEN)
    assert not notices.still_wanted(notice_id=notice.id)
    assert Notice.objects.get(pk=notice.pk).state == NoticeState.DROPPED


def test_preparing_and_handing_over_do_nothing_out_of_turn() -> None:
    posting = accepted()
    paper.prepare(posting_id=posting.id, outcome=Recipient("patient", LINES))
    assert not paper.begin_hand_over(posting_id=posting.id, outcome=Recipient("patient", LINES), sheets=None)
    paper.note_accepted(posting_id=posting.id, provider_id="P-2", cause="again")
    paper.note_not_sent(posting_id=posting.id, event=PostalEvent.LOSE_REPLY, cause="x")
    paper.note_cancelled(posting_id=posting.id, cause="x")
    kept = Posting.objects.get()
    assert (kept.state, kept.provider_id) == (Postal.ACCEPTED, "P-1")


def test_circumstances_that_change_before_hand_over_hold_the_paper() -> None:
    posting = making.ready(making.posting_of(making.decided(making.NOT_A_USER)))
    assert not paper.begin_hand_over(posting_id=posting.id, outcome=Hold("deceased"), sheets=None)
    assert Posting.objects.get().hold_reason == "deceased"


def test_a_withdrawn_letter_that_the_printer_took_meanwhile_is_asked_back() -> None:
    posting = submitted()
    withdrawal.withdraw(letter_id=posting.letter_id, by=making.SENDER, reason="wrong")
    assert state_of(posting) == Postal.SUBMITTING
    paper.note_accepted(posting_id=posting.id, provider_id="P-1", cause="submitted")
    assert state_of(posting) == Postal.CANCEL_ASKED
    assert Errand.objects.filter(kind="letters.ask_cancel", subject=posting.id).exists()


def test_a_letter_opened_after_preparation_is_cancelled_at_the_point_of_no_return() -> None:
    letter = making.decided()
    posting = making.posting_of(letter)
    with clock.stopped_at(posting.due_at):
        fallback.sweep()
    posting = making.ready(posting)
    Letter.objects.filter(pk=letter.pk).update(
        digital=Digital.OPENED, opened_at=clock.now(), opened_by=letter.person_id
    )
    assert not paper.begin_hand_over(posting_id=posting.id, outcome=Recipient("patient", LINES), sheets=None)
    assert state_of(posting) == Postal.CANCELLED


def test_a_refused_order_becomes_a_task_and_only_at_the_printer() -> None:
    posting = making.ready(making.posting_of(making.decided(making.NOT_A_USER)))
    paper.note_rejected(posting_id=posting.id, cause="x")
    assert state_of(posting) == Postal.READY
    making.submitting(posting)
    paper.note_rejected(posting_id=posting.id, cause="bad-pdf")
    assert ClerkTask.objects.get().reason == ClerkTask.Reason.REJECTED


def test_a_step_given_up_holds_what_is_here_and_asks_about_what_is_there() -> None:
    here = making.posting_of(making.decided(making.NOT_A_USER))
    paper.stop_given_up(posting_id=here.id, code="unexpected")
    assert state_of(here) == Postal.HELD
    there = submitted()
    paper.stop_given_up(posting_id=there.id, code="unexpected")
    assert state_of(there) == Postal.SUBMITTING
    assert ClerkTask.objects.filter(posting=there, reason="outcome_unknown").exists()


def test_receipts_that_do_not_fit_are_told_to_a_person() -> None:
    posting = accepted()
    now = clock.now()
    assert receipts.take(Receipt("e1", posting.key, "posted", now, "P-1", 7, b"{}"))
    assert ClerkTask.objects.filter(step="page-count").exists()
    assert not receipts.take(Receipt("e2", posting.key, "nonsense", now, "P-1", 7, b"{}"))
    stopped = making.ready(making.posting_of(making.decided(making.NOT_A_USER)))
    withdrawal.withdraw(letter_id=stopped.letter_id, by=making.SENDER, reason="wrong")
    assert not receipts.take(Receipt("e3", stopped.key, "posted", now, "P-9", None, b"{}"))
    assert ClerkTask.objects.filter(posting=stopped, step="posted-all-the-same").exists()


def test_a_failed_order_is_a_task() -> None:
    posting = accepted()
    assert receipts.take(Receipt("e1", posting.key, "failed", clock.now(), "P-1", None, b"{}"))
    assert ClerkTask.objects.get().reason == ClerkTask.Reason.REJECTED


def test_the_comparison_finds_what_is_missing_what_is_strange_and_what_is_doubled() -> None:
    agreed, gone, lost, other = accepted(), accepted(), submitted(), submitted()
    for posting in (lost, other):
        paper.note_not_sent(posting_id=posting.id, event=PostalEvent.LOSE_REPLY, cause="timeout")
    theirs = [
        Theirs(agreed.key, "P-1", agreed.print_sha256, copies=2),
        Theirs(lost.key, "P-7", lost.print_sha256, copies=1),
        Theirs(other.key, "P-8", "another content", copies=1),
        Theirs("somebody-elses", "P-9", "x", copies=1),
    ]
    later = clock.now() + timedelta(minutes=5)
    with clock.stopped_at(later):
        found = reconciliation.reconcile(start=later - timedelta(days=1), end=later, theirs=theirs)
    assert (found.missing, found.ghosts, found.doubled, found.repaired) == (
        [gone.key],
        ["somebody-elses"],
        [agreed.key],
        [lost.key],
    )
    assert not found.agrees
    assert state_of(lost) == Postal.ACCEPTED
    assert state_of(other) == Postal.UNKNOWN
    assert ClerkTask.objects.get(posting=other).reason == ClerkTask.Reason.CONFLICT
    assert ClerkTask.objects.get(posting=gone).reason == ClerkTask.Reason.MISSING_AT_PRINTER


def test_an_order_overtaken_by_its_own_repeat_is_the_repeats_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    pid = making.synthetic_pid()
    making.unit()
    order = making.order(pid)
    first = intake.receive(order=order, by=making.SENDER)
    answers = [None]
    seen_before = intake._seen_before
    monkeypatch.setattr(intake, "_seen_before", lambda asked: answers.pop() if answers else seen_before(asked))
    assert intake.receive(order=order, by=making.SENDER) == intake.Reception(first.letter_id, created=False)
    assert Letter.objects.count() == 1


def test_a_reserved_readers_service_message_that_comes_too_late_is_a_task_without_paper() -> None:
    letter = making.decided(
        making.reader(reserved=True), type_code="informasjon", must_arrive_by=clock.now() + timedelta(days=1)
    )
    assert not letter.postings.exists()
    assert ClerkTask.objects.get().reason == "too_late"


def test_a_limit_too_short_for_a_reminder_has_none() -> None:
    LetterType.objects.filter(code="innkalling").update(fallback_unit="hours", fallback_amount=12)
    assert set(making.decided().notices.values_list("round", flat=True)) == {"first"}


def test_an_order_nobody_can_tell_of_is_asked_about_once() -> None:
    posting = submitted()
    paper.ask_a_person(posting_id=posting.id, code="x")
    assert not ClerkTask.objects.exists()
    paper.note_not_sent(posting_id=posting.id, event=PostalEvent.LOSE_REPLY, cause="timeout")
    paper.ask_a_person(posting_id=posting.id, code="x")
    paper.ask_a_person(posting_id=posting.id, code="x")
    assert ClerkTask.objects.get().reason == "outcome_unknown"


def test_group_deeds_leave_alone_what_a_person_must_see_one_by_one() -> None:
    by = making.person(name="A").id
    sent = accepted()
    receipts.take(Receipt("e1", sent.key, "posted", clock.now(), "P-1", 7, b"{}"))
    task = ClerkTask.objects.get(posting=sent)
    with pytest.raises(clerk.NotPossible):
        stuck.try_again(task_id=task.id, by=by, note="n")
    unknown = submitted()
    paper.note_not_sent(posting_id=unknown.id, event=PostalEvent.LOSE_REPLY, cause="timeout")
    paper.ask_a_person(posting_id=unknown.id, code="x")
    with pytest.raises(clerk.NotPossible):
        stuck.put_on_phone_list(task_id=ClerkTask.objects.get(posting=unknown).id, by=by, note="n")


def test_a_returned_letter_put_on_the_phone_list_keeps_its_paper_as_it_is() -> None:
    by = making.person(name="A").id
    posting = accepted()
    receipts.take(Receipt("e1", posting.key, "returned", clock.now(), "P-1", None, b"{}"))
    task = ClerkTask.objects.get(posting=posting)
    stuck.put_on_phone_list(task_id=task.id, by=by, note="n")
    assert state_of(posting) == Postal.RETURNED
    assert ClerkTask.objects.filter(posting=posting, resolved_at=None).count() == 1


@pytest.mark.parametrize(
    ("state", "resolved", "code"), [("posted", False, "one-by-one"), ("returned", True, "already-resolved")]
)
def test_sending_a_group_skips_what_was_posted_or_settled(state: str, resolved: bool, code: str) -> None:
    by = making.person(name="A").id
    posting = accepted()
    receipts.take(Receipt("e1", posting.key, state, clock.now(), "P-1", None, b"{}"))
    task = ClerkTask.objects.create(
        letter=posting.letter, posting=posting, reason="returned", step="again", opened_at=clock.now()
    )
    if resolved:
        clerk.resolve(task_id=task.id, by=by, resolution="phoned", note="n")
    with pytest.raises(clerk.NotPossible) as refused:
        stuck._send(task.id, by, "n")
    assert refused.value.code == code
