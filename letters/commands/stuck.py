"""Letters that were found stuck, one or a whole group: a person chooses to send, drop or telephone.

Nothing here goes out by itself. A letter that has lain for weeks may be wrong by now, so each group gets a choice with
a reason (St. Olavs 2023: 9,294 late copies were deliberately not sent).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from letters.commands import clerk, history
from letters.commands.ask_clerk import open_task
from letters.commands.clerk_marks import NotPossible, close, lock_task, remember, staff
from letters.models import ClerkTask
from letters.queries.for_staff import PHONE
from letters.states import Postal, PostalEvent, Stage
from portal.outbox import commands as outbox

GROUP_LIMIT = 500
# Reasons that may be sent as a group. The others need a look at each letter: who lives where, who has died.
SENDABLE = frozenset(
    {
        ClerkTask.Reason.RENDER_FAILED,
        ClerkTask.Reason.UNDECIDED,
        ClerkTask.Reason.GIVEN_UP,
        ClerkTask.Reason.REJECTED,
        ClerkTask.Reason.RETURNED,
        ClerkTask.Reason.ADDRESS_RETURNED,
    }
)
_STEP_BACK = {
    ClerkTask.Reason.RENDER_FAILED: (Stage.RECEIVED, "letters.render"),
    ClerkTask.Reason.UNDECIDED: (Stage.RENDERED, "letters.decide"),
}


@dataclass(frozen=True, slots=True)
class GroupOutcome:
    """How a group went. `refused` are those where the choice is not possible; they stay open tasks.

    Letters that somebody else dealt with at the same moment are in neither number.
    """

    done: int
    refused: int


def settle_group(
    *, reason: str, type_code: str, choice: str, by: UUID, note: str, until: datetime, limit: int = GROUP_LIMIT
) -> GroupOutcome:
    """Carry out one choice ("send", "drop" or "phone") for a group's open tasks, the oldest `limit` of them.

    Tasks opened after `until`, which the person has not seen, are left alone. Each letter is its own transaction.
    """
    ids = (
        ClerkTask.objects.filter(
            reason=reason, letter__type_id=type_code, resolved_at__isnull=True, opened_at__lte=until
        )
        .exclude(step=PHONE)
        .order_by("opened_at", "id")
        .values_list("id", flat=True)[:limit]
    )
    deed = _DEEDS[choice]
    done = refused = 0
    for task_id in list(ids):
        try:
            deed(task_id, by, note)
            done += 1
        except NotPossible as error:
            refused += error.code != "already-resolved"
    return GroupOutcome(done, refused)


@transaction.atomic
def try_again(*, task_id: UUID, by: UUID, note: str) -> None:
    """Let a letter that could not be made or decided try once more. Raises NotPossible when it is not stuck."""
    task = lock_task(task_id)
    letter = task.letter
    back = _STEP_BACK.get(ClerkTask.Reason(task.reason))
    if back is None or letter.stage != Stage.STUCK or letter.withdrawn_at is not None:
        raise NotPossible("not-stuck")
    letter.stage, errand = back
    letter.save(update_fields=["stage"])
    remember(letter, "tried_again", by=by, note=note)
    close(task, by=by, resolution="tried_again", note=note)
    tried = ClerkTask.objects.filter(letter=letter, reason=task.reason, resolution="tried_again").count()
    # The same question may come up again, and a question is asked once for each step: this one steps aside.
    ClerkTask.objects.filter(pk=task.pk).update(step=f"try-{tried}")
    outbox.put(errand, letter.id, step=f"clerk-{tried}", needed_by=letter.must_arrive_by)


@transaction.atomic
def put_on_phone_list(*, task_id: UUID, by: UUID, note: str) -> None:
    """The patient is to be telephoned: held paper is stopped, and a task remains until somebody has called."""
    task = lock_task(task_id)
    posting = task.posting
    if posting is not None and posting.state == Postal.UNKNOWN:
        raise NotPossible("still-unknown")
    if posting is not None and posting.state == Postal.HELD and task.reason == posting.hold_reason:
        history.move(posting, PostalEvent.CANCEL, by=staff(by), cause="to-be-telephoned")
    close(task, by=by, resolution="to_phone", note=note)
    remember(task.letter, "to_phone", by=by, note=note, posting=posting)
    open_task(task.letter, task.reason, posting=posting, step=PHONE)


def _send(task_id: UUID, by: UUID, note: str) -> None:
    columns = ("reason", "posting_id", "posting__state", "resolved_at")
    reason, posting_id, state, resolved_at = ClerkTask.objects.values_list(*columns).get(pk=task_id)
    if resolved_at is not None:
        raise NotPossible("already-resolved")
    if reason not in SENDABLE:
        raise NotPossible("one-by-one")
    if posting_id is None:
        try_again(task_id=task_id, by=by, note=note)
    elif state == Postal.HELD:
        clerk.release(posting_id=posting_id, by=by, note=note, seen=reason)
    elif state == Postal.POSTED:
        raise NotPossible("one-by-one")
    else:
        clerk.send_again(posting_id=posting_id, by=by, note=note)


def _drop(task_id: UUID, by: UUID, note: str) -> None:
    clerk.resolve(task_id=task_id, by=by, resolution="dropped", note=note)


def _phone(task_id: UUID, by: UUID, note: str) -> None:
    put_on_phone_list(task_id=task_id, by=by, note=note)


_DEEDS: dict[str, Callable[[UUID, UUID, str], None]] = {"send": _send, "drop": _drop, "phone": _phone}
CHOICES = tuple(_DEEDS)
