"""Receipts from the printer: facts about the past, kept as they came, applied only forward."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from letters.commands import history
from letters.commands.ask_clerk import close_overtaken, open_task
from letters.models import ClerkTask, Posting, PrintReceipt
from letters.states import POSTAL_MOVES, Postal, PostalEvent
from portal.kernel import clock
from portal.kernel.actor import system

_RECEIVER = system("letters.receipts")
_LARGEST_ID = 80


@dataclass(frozen=True, slots=True)
class Receipt:
    """One verified message from the printer. `kind` is received, posted, returned, failed or cancelled."""

    event_id: str
    key: str
    kind: str
    occurred_at: datetime
    provider_id: str
    pages: int | None
    raw: bytes


@transaction.atomic
def take(receipt: Receipt) -> bool:
    """Keep a receipt and move the posting if that is forward; False for a repeat or an order we do not know.

    An unknown key is kept too: the nightly comparison shows it as a ghost.
    """
    posting_id = Posting.objects.filter(key=receipt.key).values_list("id", flat=True).first()
    posting = history.lock_posting(posting_id) if posting_id is not None else None
    row = PrintReceipt(
        event_id=receipt.event_id[:_LARGEST_ID],
        key=receipt.key[:60],
        kind=receipt.kind,
        occurred_at=receipt.occurred_at,
        received_at=clock.now(),
        raw=receipt.raw,
        posting=posting,
    )
    PrintReceipt.objects.bulk_create([row], ignore_conflicts=True)
    if posting is None or not PrintReceipt.objects.filter(pk=row.pk).exists():
        return False
    moved = _apply(posting, receipt)
    PrintReceipt.objects.filter(pk=row.pk).update(moved=moved)
    return moved


def _apply(posting: Posting, receipt: Receipt) -> bool:
    if receipt.pages is not None and posting.pages and receipt.pages != posting.pages:
        open_task(posting.letter, ClerkTask.Reason.CONFLICT, posting=posting, step="page-count")
    before = Postal(posting.state)
    steps = _path(before, receipt.kind)
    for event in steps:
        history.move(posting, event, by=_RECEIVER, cause=f"receipt-{receipt.kind}", **_changes(event, posting, receipt))
    if not steps and receipt.kind == "posted" and before in (Postal.CANCELLED, Postal.REJECTED, Postal.HELD):
        open_task(posting.letter, ClerkTask.Reason.CONFLICT, posting=posting, step="posted-all-the-same")
    _follow_up(posting, receipt.kind, moved=bool(steps))
    return bool(steps)


_TARGETS: dict[str, tuple[PostalEvent, ...]] = {
    "received": (PostalEvent.ACCEPT,),
    "posted": (PostalEvent.POST,),
    "returned": (PostalEvent.RETURN,),
    "failed": (PostalEvent.REJECT,),
    "cancelled": (PostalEvent.CONFIRM_CANCEL,),
}


def _path(state: Postal, kind: str) -> tuple[PostalEvent, ...]:
    """The moves that bring the state to what the receipt tells; none when that would not be forward.

    A receipt for a posting that we believed not handed over (READY) tells that it was.
    """
    events = _TARGETS.get(kind, ())
    if kind == "returned" and (state, PostalEvent.POST) in POSTAL_MOVES:
        events = (PostalEvent.POST, PostalEvent.RETURN)
    if state == Postal.READY and kind in ("received", "posted"):
        events = (PostalEvent.HAND_OVER, *events)
    for event in events:
        if (state, event) not in POSTAL_MOVES:
            return ()
        state = POSTAL_MOVES[state, event]
    return events


def _changes(event: PostalEvent, posting: Posting, receipt: Receipt) -> dict[str, object]:
    changes: dict[str, object] = {}
    if event in (PostalEvent.ACCEPT, PostalEvent.POST):
        changes["provider_id"] = posting.provider_id or receipt.provider_id or "told-by-receipt"
        changes["handed_over_at"] = posting.handed_over_at or receipt.occurred_at
    if event == PostalEvent.POST:
        changes["posted_at"] = receipt.occurred_at
    if event == PostalEvent.RETURN:
        changes["returned_at"] = receipt.occurred_at
    return changes


def _follow_up(posting: Posting, kind: str, *, moved: bool) -> None:
    if not moved:
        return
    close_overtaken(posting, ClerkTask.Reason.OUTCOME_UNKNOWN)
    if kind == "returned":
        open_task(posting.letter, ClerkTask.Reason.RETURNED, posting=posting)
    if kind == "failed":
        open_task(posting.letter, ClerkTask.Reason.REJECTED, posting=posting)
