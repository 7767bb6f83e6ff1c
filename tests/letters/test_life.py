"""A letter's life through its commands, on a real database."""

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from letters.addressing import Hold, Recipient
from letters.commands import clerk, fallback, intake, notices, opening, paper, receipts, resealing, withdrawal
from letters.commands.receipts import Receipt
from letters.models import ClerkTask, Letter, LetterEvent, LetterSource, Notice, Posting, PrintReceipt
from letters.queries import on_screen, visible_to
from letters.queries.for_sender import order_of
from letters.states import Digital, Postal, PostalEvent
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.outbox.models import Errand
from tests.letters import making

pytestmark = pytest.mark.django_db


def receipt(posting: Posting, kind: str, event_id: str = "", pages: int | None = None) -> Receipt:
    return Receipt(event_id or f"{posting.key}-{kind}", posting.key, kind, clock.now(), "P-1", pages, b"{}")


def test_an_unopened_letter_gets_one_posting_when_its_limit_runs_out() -> None:
    letter = making.decided()
    posting = making.posting_of(letter)
    assert (letter.digital, posting.state) == (Digital.AVAILABLE, Postal.WAITING)
    with clock.stopped_at(posting.due_at - timedelta(seconds=1)):
        assert fallback.sweep() == 0
    with clock.stopped_at(posting.due_at):
        assert fallback.sweep() == 1
        assert fallback.sweep() == 0
    assert Posting.objects.get().state == Postal.DUE
    assert Errand.objects.filter(kind="letters.prepare", subject=posting.id).count() == 1


def test_a_fast_worker_clock_prints_nothing_early(monkeypatch: pytest.MonkeyPatch) -> None:
    posting = making.posting_of(making.decided())
    Posting.objects.filter(pk=posting.pk).update(due_at=clock.real_now() + timedelta(minutes=5))
    monkeypatch.setattr(clock, "real_now", lambda: posting.due_at + timedelta(minutes=10))
    assert fallback.sweep() == 0


def test_opening_stops_the_paper_once_and_for_all() -> None:
    letter = making.decided()
    opening.open_letter(letter_id=letter.id, reader=letter.person_id)
    first = Letter.objects.get().opened_at
    with clock.stopped_at(clock.now() + timedelta(days=9)):
        opening.open_letter(letter_id=letter.id, reader=letter.person_id)
        assert fallback.sweep() == 0
    assert Letter.objects.get().opened_at == first
    assert Posting.objects.get().state == Postal.CANCELLED
    assert AuditRow.objects.filter(action="read", item_id=str(letter.id)).count() == 2
    assert set(Notice.objects.values_list("state", flat=True)) == {"dropped"}


def test_opening_after_the_point_of_no_return_lets_the_paper_go() -> None:
    letter = making.decided()
    posting = making.posting_of(letter)
    with clock.stopped_at(posting.due_at):
        fallback.sweep()
    posting = making.submitting(making.ready(posting))
    opening.open_letter(letter_id=letter.id, reader=letter.person_id)
    assert Posting.objects.get().state == Postal.SUBMITTING
    events = list(LetterEvent.objects.order_by("id").values_list("kind", flat=True))
    assert events.index("postal.hand_over") < events.index("digital.open")


def test_opening_just_before_hand_over_stops_it() -> None:
    letter = making.decided()
    posting = making.posting_of(letter)
    with clock.stopped_at(posting.due_at):
        fallback.sweep()
    posting = making.ready(posting)
    opening.open_letter(letter_id=letter.id, reader=letter.person_id)
    assert Posting.objects.get().state == Postal.CANCELLED
    recipient = Recipient("patient", ("A", "B", "C"))
    assert not paper.begin_hand_over(posting_id=posting.id, outcome=recipient, sheets=None)


def test_paper_that_is_obligatory_goes_although_the_letter_is_opened() -> None:
    registers = making.reader(reserved=True)
    letter = making.decided(registers)
    opening.open_letter(letter_id=letter.id, reader=letter.person_id)
    assert Posting.objects.get().state == Postal.DUE
    assert not Notice.objects.exists()


def test_receipts_out_of_order_and_doubled_give_one_move_each() -> None:
    posting = making.submitting(making.ready(making.posting_of(making.decided(making.NOT_A_USER))))
    assert receipts.take(receipt(posting, "posted"))
    assert not receipts.take(receipt(posting, "received"))
    assert not receipts.take(receipt(posting, "received", "again"))
    assert not receipts.take(receipt(posting, "posted"))
    paper.note_accepted(posting_id=posting.id, provider_id="P-1", cause="submitted")
    posting = Posting.objects.get()
    assert (posting.state, posting.provider_id) == (Postal.POSTED, "P-1")
    assert PrintReceipt.objects.count() == 3
    assert LetterEvent.objects.filter(kind="postal.post").count() == 1
    assert not posting.documents.exists()


def test_a_receipt_for_an_unknown_key_is_kept_and_moves_nothing() -> None:
    assert not receipts.take(Receipt("e", "dis-nobody", "posted", clock.now(), "P", None, b"{}"))
    assert PrintReceipt.objects.get().posting is None


def test_a_receipt_reaches_a_posting_we_believed_not_sent() -> None:
    posting = making.submitting(making.ready(making.posting_of(making.decided(making.NOT_A_USER))))
    paper.note_not_sent(posting_id=posting.id, event=PostalEvent.LOSE_REPLY, cause="timeout")
    paper.note_not_sent(posting_id=posting.id, event=PostalEvent.NOT_FOUND, cause="lookup")
    assert receipts.take(receipt(posting, "posted"))
    assert Posting.objects.get().state == Postal.POSTED


def test_returned_mail_makes_a_task_and_flags_the_address() -> None:
    posting = making.submitting(making.ready(making.posting_of(making.decided(making.NOT_A_USER))))
    receipts.take(receipt(posting, "returned"))
    assert Posting.objects.get().state == Postal.RETURNED
    assert ClerkTask.objects.get().reason == ClerkTask.Reason.RETURNED


def test_all_notices_failed_means_paper_now() -> None:
    registers = making.reader(fresh_channels=("sms", "email"))
    letter = making.decided(registers)
    first = list(letter.notices.filter(round="first"))
    assert len(first) == 2
    notices.note_failed(notice_id=first[0].id, failure="bounced")
    assert Posting.objects.get().state == Postal.WAITING
    notices.note_failed(notice_id=first[1].id, failure="bounced")
    assert Posting.objects.get().state == Postal.DUE


def test_withdrawal_takes_the_letter_off_the_screen_and_stops_everything() -> None:
    letter = making.decided()
    withdrawal.withdraw(letter_id=letter.id, by=making.SENDER, reason="wrong")
    withdrawal.withdraw(letter_id=letter.id, by=making.SENDER, reason="wrong")
    assert Letter.objects.get().digital == Digital.HIDDEN
    assert Posting.objects.get().state == Postal.CANCELLED
    assert LetterEvent.objects.filter(kind="withdrawn").count() == 1


def test_withdrawal_of_a_letter_at_the_printer_asks_the_printer() -> None:
    letter = making.decided(making.NOT_A_USER)
    posting = making.submitting(making.ready(making.posting_of(letter)))
    paper.note_accepted(posting_id=posting.id, provider_id="P-1", cause="submitted")
    withdrawal.withdraw(letter_id=letter.id, by=making.SENDER, reason="wrong")
    assert Posting.objects.get().state == Postal.CANCEL_ASKED
    paper.note_cancelled(posting_id=posting.id, cause="printer")
    assert Posting.objects.get().state == Postal.CANCELLED


def test_a_new_letter_supersedes_the_old_and_corrects_paper_already_sent() -> None:
    pid = making.synthetic_pid()
    patient = making.person(pid=pid)
    old = making.decided(making.NOT_A_USER, patient=patient, pid=pid)
    making.submitting(making.ready(making.posting_of(old)))
    new = making.decided(patient=patient, pid=pid, replaces=old.id)
    assert Letter.objects.get(pk=old.pk).withdrawn_reason == "superseded"
    posting = making.posting_of(new)
    assert (posting.state, posting.obligatory) == (Postal.DUE, True)


def test_the_same_order_twice_is_one_letter_and_another_body_is_refused() -> None:
    pid = making.synthetic_pid()
    making.unit()
    order = making.order(pid)
    first = intake.receive(order=order, by=making.SENDER)
    assert intake.receive(order=order, by=making.SENDER) == intake.Reception(first.letter_id, created=False)
    with pytest.raises(intake.KeyReused):
        intake.receive(order=replace(order, fingerprint="other"), by=making.SENDER)
    assert Letter.objects.count() == 1


def test_a_held_protected_address_is_released_by_two_persons() -> None:
    posting = making.posting_of(making.decided(making.NOT_A_USER))
    paper.prepare(posting_id=posting.id, outcome=Hold("protected_address"))
    one, two = making.person(name="A").id, making.person(name="B").id
    assert not clerk.release(posting_id=posting.id, by=one, note="adresse bekreftet")
    with pytest.raises(clerk.NotPossible):
        clerk.release(posting_id=posting.id, by=one, note="igjen")
    assert clerk.release(posting_id=posting.id, by=two, note="enig")
    posting = Posting.objects.get()
    assert (posting.state, posting.released_reasons) == (Postal.READY, ["protected_address"])
    assert not ClerkTask.objects.filter(resolved_at=None).exists()


def test_the_dead_are_never_written_to_by_pressing_a_button() -> None:
    posting = making.posting_of(making.decided(making.NOT_A_USER))
    paper.prepare(posting_id=posting.id, outcome=Hold("deceased"))
    with pytest.raises(clerk.NotPossible):
        clerk.release(posting_id=posting.id, by=making.person().id, note="x")


def test_sending_again_is_a_new_copy_with_its_own_key_once() -> None:
    posting = making.submitting(making.ready(making.posting_of(making.decided(making.NOT_A_USER))))
    receipts.take(receipt(posting, "returned"))
    by = making.person().id
    again = clerk.send_again(posting_id=posting.id, by=by, note="ny adresse")
    assert again.key != posting.key
    with pytest.raises(clerk.NotPossible):
        clerk.send_again(posting_id=posting.id, by=by, note="en gang til")


def test_strangers_see_nothing_and_their_own_list_is_theirs() -> None:
    letter = making.decided()
    mine, stranger = making.eyes(letter.person_id), making.eyes(making.person(name="Ola").id)
    assert list(visible_to(mine)) == [letter]
    assert not visible_to(stranger).exists()
    assert on_screen.one(stranger, letter.id) is None
    assert on_screen.document(stranger, letter.id) is None
    assert on_screen.inbox(mine, search="kneet").letters == [letter]
    assert on_screen.inbox(stranger, search="kneet").letters == []


def test_history_cannot_be_changed_in_the_database() -> None:
    making.received()
    with pytest.raises(Exception, match="history"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE letters_letterevent SET kind = 'x'")


@pytest.mark.parametrize("sql", ["UPDATE audit_auditrow SET action='x'", "DELETE FROM audit_auditrow"])
def test_the_audit_cannot_be_changed_in_the_database(sql: str) -> None:
    letter = making.decided()
    opening.open_letter(letter_id=letter.id, reader=letter.person_id)
    with pytest.raises(Exception, match="history"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_order_is_kept_sealed_and_moves_to_a_new_key(settings: Settings) -> None:
    letter = making.received(raw='{"subject": "æøå"}'.encode())
    stored = bytes(LetterSource.objects.get().raw_sealed)
    assert b"subject" not in stored
    settings.PORTAL_SEALING_KEYS = f"next:{b64encode(b'n' * 32).decode()},{settings.PORTAL_SEALING_KEYS}"
    assert (resealing.reseal_orders(), resealing.reseal_orders()) == (1, 0)
    assert bytes(LetterSource.objects.get().raw_sealed) != stored
    kept = order_of(letter.id, "dips")
    assert kept is not None
    assert kept.raw == '{"subject": "æøå"}'.encode()
