"""A posting's way from due to the printer. Each step is one transaction; the calls to others lie between them.

The point of no return is the commit of READY -> SUBMITTING in `begin_hand_over`: an opening that commits first stops
the paper, one that commits later does not.
"""

from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from letters.addressing import Hold, Recipient
from letters.commands import history
from letters.commands.ask_clerk import close_overtaken, open_task
from letters.models import ClerkTask, Document, Posting
from letters.states import Digital, Postal, PostalEvent
from portal.kernel import clock
from portal.kernel.actor import Actor, system
from portal.outbox import commands as outbox

_PREPARER = system("letters.prepare")
_DISPATCHER = system("letters.hand_over")


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sheets made ready for one posting."""

    pdf: bytes = field(repr=False)
    sha256: str
    window: tuple[str, ...] = field(repr=False)
    pages: int
    sheets: int
    address_digest: str


@transaction.atomic
def prepare(*, posting_id: UUID, outcome: Recipient | Hold) -> Posting:
    """DUE -> READY when there is somewhere to send it, else DUE -> HELD with a task for a person."""
    posting = history.lock_posting(posting_id)
    if posting.state != Postal.DUE:
        return posting
    if isinstance(outcome, Hold):
        hold(posting, outcome.reason, by=_PREPARER)
        return posting
    history.move(posting, PostalEvent.PREPARE, by=_PREPARER, cause=posting.cause, addressee=outcome.addressee)
    outbox.put("letters.hand_over", posting.id, needed_by=posting.must_arrive_by)
    return posting


def hold(posting: Posting, reason: str, *, by: Actor) -> None:
    """Stop a locked posting until a person has decided; asked anew for each stop."""
    history.move(posting, PostalEvent.HOLD, by=by, cause=reason, hold_reason=reason)
    open_task(posting.letter, reason, posting=posting, step=f"hold-{len(posting.released_reasons)}")


@transaction.atomic
def begin_hand_over(*, posting_id: UUID, outcome: Recipient | Hold, sheets: Sheets | None) -> bool:
    """READY -> SUBMITTING: the point of no return. False when the paper is not to go (opened, withdrawn, held).

    `outcome` is the address rule's answer from the registers a moment ago: death, protection and age as they are now.
    """
    posting = history.lock_posting(posting_id)
    if posting.state != Postal.READY:
        return False
    if _no_longer_wanted(posting):
        history.move(posting, PostalEvent.CANCEL, by=_DISPATCHER, cause="opened-or-withdrawn")
        return False
    if isinstance(outcome, Hold) or sheets is None:
        hold(posting, outcome.reason if isinstance(outcome, Hold) else "given_up", by=_DISPATCHER)
        return False
    _keep_sheets(posting, sheets)
    history.move(
        posting,
        PostalEvent.HAND_OVER,
        by=_DISPATCHER,
        cause=posting.cause,
        addressee=outcome.addressee,
        address_digest=sheets.address_digest,
        print_sha256=sheets.sha256,
        pages=sheets.pages,
        sheets=sheets.sheets,
    )
    return True


def _no_longer_wanted(posting: Posting) -> bool:
    letter = posting.letter
    opened = letter.digital == Digital.OPENED and not posting.obligatory
    return letter.withdrawn_at is not None or opened


def _keep_sheets(posting: Posting, sheets: Sheets) -> None:
    Document.objects.filter(posting=posting, kind=Document.Kind.PRINT).delete()
    Document.objects.create(
        letter=posting.letter,
        posting=posting,
        kind=Document.Kind.PRINT,
        data=sheets.pdf,
        window=list(sheets.window),
        sha256=sheets.sha256,
        pages=sheets.pages,
    )


@transaction.atomic
def note_accepted(*, posting_id: UUID, provider_id: str, cause: str) -> None:
    """The printer has the order; does nothing when a receipt has told so already."""
    posting = history.lock_posting(posting_id)
    if posting.state not in (Postal.SUBMITTING, Postal.UNKNOWN):
        return
    history.move(
        posting, PostalEvent.ACCEPT, by=_DISPATCHER, cause=cause, provider_id=provider_id, handed_over_at=clock.now()
    )
    close_overtaken(posting, ClerkTask.Reason.OUTCOME_UNKNOWN)
    if posting.letter.withdrawn_at is not None:
        history.move(posting, PostalEvent.ASK_CANCEL, by=_DISPATCHER, cause="withdrawn")
        outbox.put("letters.ask_cancel", posting.id)


@transaction.atomic
def note_not_sent(*, posting_id: UUID, event: PostalEvent, cause: str) -> None:
    """Surely not at the printer (NOT_SENT, NOT_FOUND), or nobody knows (LOSE_REPLY)."""
    posting = history.lock_posting(posting_id)
    expected = Postal.UNKNOWN if event == PostalEvent.NOT_FOUND else Postal.SUBMITTING
    if posting.state == expected:
        history.move(posting, event, by=_DISPATCHER, cause=cause)
        if event == PostalEvent.NOT_FOUND:
            close_overtaken(posting, ClerkTask.Reason.OUTCOME_UNKNOWN)


@transaction.atomic
def note_rejected(*, posting_id: UUID, cause: str, reason: str = ClerkTask.Reason.REJECTED) -> None:
    """The printer refuses the order: a person must look."""
    posting = history.lock_posting(posting_id)
    if posting.state in (Postal.SUBMITTING, Postal.UNKNOWN, Postal.ACCEPTED, Postal.CANCEL_ASKED):
        history.move(posting, PostalEvent.REJECT, by=_DISPATCHER, cause=cause)
        open_task(posting.letter, reason, posting=posting)


@transaction.atomic
def note_cancelled(*, posting_id: UUID, cause: str) -> None:
    """The printer confirms that the order was stopped."""
    posting = history.lock_posting(posting_id)
    if posting.state == Postal.CANCEL_ASKED:
        history.move(posting, PostalEvent.CONFIRM_CANCEL, by=_DISPATCHER, cause=cause)


@transaction.atomic
def ask_a_person(*, posting_id: UUID, code: str) -> None:
    """Nobody can say what became of an order: a person must telephone the printer. Asked once for each order."""
    posting = history.lock_posting(posting_id)
    asked = ClerkTask.objects.filter(posting=posting, reason=ClerkTask.Reason.OUTCOME_UNKNOWN)
    if posting.state == Postal.UNKNOWN and not asked.exists():
        open_task(posting.letter, ClerkTask.Reason.OUTCOME_UNKNOWN, posting=posting)
        history.note(posting.letter, "given_up", by=_DISPATCHER, cause=code[:60], posting=posting)


@transaction.atomic
def stop_given_up(*, posting_id: UUID, code: str) -> None:
    """A step failed for good or for a reason nobody foresaw: a person must look, and nothing is sent meanwhile."""
    posting = history.lock_posting(posting_id)
    if posting.state in (Postal.DUE, Postal.READY):
        posting.changed_at = clock.now()
        hold(posting, "given_up", by=_DISPATCHER)
    else:
        open_task(posting.letter, ClerkTask.Reason.OUTCOME_UNKNOWN, posting=posting)
    history.note(posting.letter, "given_up", by=_DISPATCHER, cause=code[:60], posting=posting)
