"""Handing one posting over to the printer.

Whatever happens in between (a killed worker, a cut connection, a forgetful printer), the order is looked up before it
is ever sent again, and always under the key that was minted with the posting.
"""

from datetime import timedelta
from uuid import UUID

from letters.addressing import Hold
from letters.commands import paper
from letters.models import ClerkTask, Document, Posting
from letters.paper_sheets import make_sheets
from letters.registers import recipient_of
from letters.states import Postal, PostalEvent
from portal.counterparts.errors import ConflictingDuplicate, CounterpartDown, Refused, UnknownOutcome
from portal.counterparts.print_provider import FoundOrder, PrintOrder
from portal.counterparts.print_provider.http import connect as printer
from portal.kernel import clock

_ASK_A_PERSON_AFTER = timedelta(hours=4)


def hand_over(posting_id: UUID) -> None:
    """Take a posting as far as it can go now.

    Raises CounterpartDown when the printer or the register does not answer (try again), UnknownOutcome when the
    printer may have taken the order (look it up next time).
    """
    posting = _fetch(posting_id)
    if posting.state == Postal.SUBMITTING:
        paper.note_not_sent(posting_id=posting_id, event=PostalEvent.LOSE_REPLY, cause="worker-lost")
        posting = _fetch(posting_id)
    if posting.state == Postal.UNKNOWN and not _settle(posting):
        return
    if posting.state in (Postal.UNKNOWN, Postal.READY) and _begin(posting_id):
        _submit(_fetch(posting_id))


def _fetch(posting_id: UUID) -> Posting:
    return Posting.objects.select_related("letter__person", "letter__unit", "letter__type").get(pk=posting_id)


def _settle(posting: Posting) -> bool:
    """Ask the printer what became of an order; True when it surely does not have it.

    A printer that cannot be asked is asked again, and after some hours a person is asked to telephone it.
    """
    try:
        found = _look_up(posting)
    except CounterpartDown as error:
        if clock.now() - posting.changed_at > _ASK_A_PERSON_AFTER:
            paper.ask_a_person(posting_id=posting.id, code=error.code)
        raise
    if found is None:
        paper.note_not_sent(posting_id=posting.id, event=PostalEvent.NOT_FOUND, cause="printer-has-no-such-order")
        return True
    if found.sha256 != posting.print_sha256:
        paper.note_rejected(posting_id=posting.id, cause="other-content", reason=ClerkTask.Reason.CONFLICT)
    else:
        paper.note_accepted(posting_id=posting.id, provider_id=found.provider_id, cause="found-at-printer")
    return False


def _look_up(posting: Posting) -> FoundOrder | None:
    provider = printer()
    found = provider.find(posting.key)
    if found is not None:
        return found
    by_letter = provider.find_by_letter(posting.letter.id, posting.print_sha256)
    return by_letter if by_letter is not None and by_letter.key == posting.key else None


def _begin(posting_id: UUID) -> bool:
    posting = _fetch(posting_id)
    if posting.state != Postal.READY:
        return False
    outcome = recipient_of(posting)
    sheets = None if isinstance(outcome, Hold) else make_sheets(posting, outcome)
    return paper.begin_hand_over(posting_id=posting_id, outcome=outcome, sheets=sheets)


def _submit(posting: Posting) -> None:
    document = Document.objects.filter(posting=posting, kind=Document.Kind.PRINT).first()
    if document is None:  # a receipt was faster than we: the printer has it already
        return
    order = PrintOrder(
        key=posting.key,
        letter=posting.letter.id,
        recipient_lines=tuple(document.window),
        sheets=posting.sheets,
        pages=posting.pages,
        duplex=True,
        colour=False,
        sha256=posting.print_sha256,
        pdf=bytes(document.data),
    )
    try:
        accepted = printer().submit(order)
    except CounterpartDown as error:
        paper.note_not_sent(posting_id=posting.id, event=PostalEvent.NOT_SENT, cause=error.code)
        raise
    except UnknownOutcome as error:
        paper.note_not_sent(posting_id=posting.id, event=PostalEvent.LOSE_REPLY, cause=error.code)
        raise
    except ConflictingDuplicate as error:
        paper.note_rejected(posting_id=posting.id, cause=error.code, reason=ClerkTask.Reason.CONFLICT)
    except Refused as error:
        paper.note_rejected(posting_id=posting.id, cause=error.code)
    else:
        paper.note_accepted(posting_id=posting.id, provider_id=accepted.provider_id, cause="submitted")
