"""What a named person may do when the machine has stopped: release, stop, send again, settle."""

import uuid
from uuid import UUID

from django.db import transaction

from letters.commands import history, withdrawal
from letters.commands.ask_clerk import open_task
from letters.commands.clerk_marks import NotPossible, close, lock_task, open_tasks, remember, staff
from letters.commands.starting import start_posting
from letters.models import ClerkTask, Posting
from letters.states import STOPPABLE, Postal, PostalEvent
from portal.kernel import clock
from portal.outbox import commands as outbox

__all__ = ["NotPossible", "put_back", "release", "resolve", "send_again", "settle_unknown", "stop", "take"]

# An address under protection is released by two persons (Normen, fact sheet 55), and so is a letter to a home whose
# parents may not see it.
FOUR_EYES = frozenset({"protected_address", "parents_denied"})
# The dead and the unknown are never written to by pressing a button; a code nobody knows must be understood first.
NEVER_RELEASED = frozenset({"deceased", "unknown_person", "no_address", "no_parent_at_address", "unknown_code"})
# An order with unknown outcome is settled first: its sheet may already be in the post.
RESENDABLE = frozenset({Postal.RETURNED, Postal.REJECTED, Postal.CANCELLED, Postal.POSTED})


@transaction.atomic
def release(*, posting_id: UUID, by: UUID, note: str, seen: str | None = None) -> bool:
    """Let a held posting go on. True when it goes, False when a second person must agree first.

    `seen` is the hold's reason as the clerk saw it; another reason by now needs another decision. Raises NotPossible
    when it is not held, may never be released, or the same person approves twice.
    """
    posting = _lock_in_state(posting_id, {Postal.HELD})
    reason = posting.hold_reason
    if seen is not None and seen != reason:
        raise NotPossible("changed-meanwhile", reason)
    if reason in NEVER_RELEASED:
        raise NotPossible("never-released", reason)
    if reason in FOUR_EYES and not _is_second_person(posting, by, note):
        return False
    history.move(
        posting,
        PostalEvent.RELEASE,
        by=staff(by),
        cause=reason,
        hold_reason="",
        released_reasons=[*posting.released_reasons, reason],
    )
    remember(posting.letter, "released", by=by, note=note, posting=posting)
    for task in open_tasks(posting).filter(reason=reason):
        close(task, by=by, resolution="released", note=note)
    outbox.put(
        "letters.hand_over",
        posting.id,
        step=f"release-{len(posting.released_reasons)}",
        needed_by=posting.must_arrive_by,
    )
    return True


def _is_second_person(posting: Posting, by: UUID, note: str) -> bool:
    """Whether another person has approved this hold before; else note the first approval on its task.

    A hold without an open task gets one: nothing is ever released by one person because a task was missing.
    """
    task = open_tasks(posting).filter(reason=posting.hold_reason).last() or ClerkTask.objects.create(
        letter=posting.letter,
        posting=posting,
        reason=posting.hold_reason,
        step=f"approve-{uuid.uuid4().hex[:8]}",
        opened_at=clock.now(),
    )
    if task.first_approval_by == by:
        raise NotPossible("second-person-needed")
    if task.first_approval_by is not None:
        return True
    task.first_approval_by = by
    task.save(update_fields=["first_approval_by"])
    remember(posting.letter, "first_approval", by=by, note=note, posting=posting)
    return False


@transaction.atomic
def stop(*, posting_id: UUID, by: UUID, note: str) -> str:
    """Stop a posting. "stopped" at once, or "asked" when it is at the printer and the printer must confirm.

    Raises NotPossible when it is too late.
    """
    posting = history.lock_posting(posting_id)
    remember(posting.letter, "stop_asked", by=by, note=note, posting=posting)
    if posting.state in STOPPABLE:
        _cancel(posting, by=by, cause="stopped-by-clerk")
        for task in open_tasks(posting):
            close(task, by=by, resolution="stopped", note=note)
        return "stopped"
    if posting.state == Postal.ACCEPTED:
        withdrawal.ask_printer_to_cancel(posting, by=staff(by), cause="stopped-by-clerk")
        return "asked"
    raise NotPossible("too-late")


@transaction.atomic
def send_again(*, posting_id: UUID, by: UUID, note: str) -> Posting:
    """Send the letter once more on paper, by a person's choice: a new copy with a key of its own.

    Raises NotPossible while the first copy may still arrive, when the letter is withdrawn, and when it has been sent
    again already.
    """
    before = _lock_in_state(posting_id, RESENDABLE)
    if before.letter.withdrawn_at is not None:
        raise NotPossible("withdrawn")
    cause = f"again:{before.id}"
    if Posting.objects.filter(letter=before.letter, cause=cause).exists():
        raise NotPossible("already-sent-again")
    posting = start_posting(
        before.letter,
        route="now",
        addressee="parent" if before.addressee == "parent" else "patient",
        cause=cause,
        due_at=clock.now(),
        by=staff(by),
        obligatory=True,
    )
    remember(posting.letter, "sent_again", by=by, note=note, posting=before)
    for task in open_tasks(before):
        close(task, by=by, resolution="sent_again", note=note)
    return posting


@transaction.atomic
def settle_unknown(*, posting_id: UUID, by: UUID, printed: bool, note: str) -> None:
    """A person has asked the printer: the order with unknown outcome was printed, or was not.

    What was not printed becomes a task again, for the choice of sending it anew; it is never forgotten here.
    """
    posting = _lock_in_state(posting_id, {Postal.UNKNOWN})
    event = PostalEvent.ACCEPT if printed else PostalEvent.REJECT
    changes = {"provider_id": "told-by-telephone", "handed_over_at": clock.now()} if printed else {}
    history.move(posting, event, by=staff(by), cause="settled-by-clerk", **changes)
    remember(posting.letter, "settled", by=by, note=note, posting=posting)
    for task in open_tasks(posting).filter(reason=ClerkTask.Reason.OUTCOME_UNKNOWN):
        close(task, by=by, resolution="settled", note=note)
    if not printed:
        open_task(posting.letter, ClerkTask.Reason.REJECTED, posting=posting, step="settled")


@transaction.atomic
def resolve(*, task_id: UUID, by: UUID, resolution: str, note: str) -> None:
    """Close a task that was dealt with outside the portal (telephoned, dropped, other).

    Paper held for this task is stopped with it. Raises NotPossible for a task already closed, for "other" while its
    paper is held (release or stop it), and while the printer's answer is unknown (settle it).
    """
    task = lock_task(task_id)
    posting = task.posting
    if posting is not None and posting.state == Postal.UNKNOWN:
        raise NotPossible("still-unknown")
    if posting is not None and posting.state == Postal.HELD and task.reason == posting.hold_reason:
        if resolution == "other":
            raise NotPossible("still-held")
        _cancel(posting, by=by, cause=resolution)
    close(task, by=by, resolution=resolution, note=note)
    remember(task.letter, f"task_{resolution}", by=by, note=note, posting=posting)


@transaction.atomic
def take(*, task_id: UUID, by: UUID) -> None:
    """Put one's own name on a task. Raises NotPossible when another has taken it, or it is closed."""
    task = lock_task(task_id)
    if task.assigned_to not in (None, by):
        raise NotPossible("taken-by-another")
    task.assigned_to = by
    task.save(update_fields=["assigned_to"])


@transaction.atomic
def put_back(*, task_id: UUID, by: UUID) -> None:
    """Take one's own name off a task. Raises NotPossible when another has it, or it is closed."""
    task = lock_task(task_id)
    if task.assigned_to not in (None, by):
        raise NotPossible("taken-by-another")
    task.assigned_to = None
    task.save(update_fields=["assigned_to"])


def _lock_in_state(posting_id: UUID, states: set[Postal] | frozenset[Postal]) -> Posting:
    posting = history.lock_posting(posting_id)
    if posting.state not in states:
        raise NotPossible("not-in-that-state", posting.state)
    return posting


def _cancel(posting: Posting, *, by: UUID, cause: str) -> None:
    history.move(posting, PostalEvent.CANCEL, by=staff(by), cause=cause)
