"""The marks every deed of a clerk leaves: a line of history with the reason given, an audit row, a closed task."""

from uuid import UUID

from django.db.models import QuerySet

from letters.commands import history
from letters.models import ClerkTask, Letter, Posting
from portal.audit import commands as audit
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.errors import FinalError

LONGEST_NOTE = 500


class NotPossible(FinalError):
    """What the clerk asked for is not possible any more, or not possible for this person."""


def staff(person_id: UUID) -> Actor:
    """The clerk as the one who acts."""
    return Actor("staff", str(person_id))


def remember(letter: Letter, action: str, *, by: UUID, note: str, posting: Posting | None = None) -> None:
    """The line of history and the audit row of one deed. The letter must be locked."""
    history.note(letter, f"clerk.{action}", by=staff(by), posting=posting, details={"note": note[:LONGEST_NOTE]})
    audit.record(
        by=staff(by),
        action=action,
        item_kind="posting" if posting else "letter",
        item_id=posting.id if posting else letter.id,
        person_id=letter.person_id,
        basis="clerk",
    )


def close(task: ClerkTask, *, by: UUID, resolution: str, note: str) -> None:
    """Close a locked task, with what was done and why."""
    task.resolved_at, task.resolved_by, task.resolution = clock.now(), by, resolution
    task.note = note[:LONGEST_NOTE]
    task.save(update_fields=["resolved_at", "resolved_by", "resolution", "note"])


def open_tasks(posting: Posting) -> QuerySet[ClerkTask]:
    """The posting's open tasks, locked, oldest first. The letter must be locked already."""
    open_ones = ClerkTask.objects.select_for_update(no_key=True).filter(posting=posting, resolved_at__isnull=True)
    return open_ones.order_by("opened_at", "id")


def lock_task(task_id: UUID) -> ClerkTask:
    """A task with its letter and posting, locked in the order everybody else locks them. Raises NotPossible."""
    letter_id, posting_id = ClerkTask.objects.values_list("letter_id", "posting_id").get(pk=task_id)
    posting = history.lock_posting(posting_id) if posting_id else None
    letter = posting.letter if posting else history.lock(letter_id)
    task = ClerkTask.objects.select_for_update(no_key=True).get(pk=task_id)
    if task.resolved_at is not None:
        raise NotPossible("already-resolved")
    task.letter, task.posting = letter, posting
    return task
