"""What a hospital's system may know of the letters it has sent, and of no others."""

from uuid import UUID

from django.db.models import Prefetch, QuerySet

from letters.models import Letter, LetterSource, Posting, PrintReceipt
from letters.orders import LetterStatus, NoticeStatus, PostingStatus, ReceiptStatus, ReceivedOrder
from portal.people import sealing


def order_place(letter_id: UUID) -> sealing.Place:
    """Where an order's own words belong, sealed: they hold the patient's number."""
    return sealing.Place("letters_lettersource", str(letter_id), "raw_sealed")


def received_order(source: str, key: str) -> ReceivedOrder | None:
    """The order received under this key from this sender, if any."""
    return _order(LetterSource.objects.filter(letter__source=source, letter__source_key=key))


def order_of(letter_id: UUID, source: str) -> ReceivedOrder | None:
    """The order a letter was made from, if this sender sent it."""
    return _order(LetterSource.objects.filter(letter_id=letter_id, letter__source=source))


def _order(rows: QuerySet[LetterSource]) -> ReceivedOrder | None:
    found = rows.select_related("letter").first()
    if found is None:
        return None
    return ReceivedOrder(
        letter_id=found.letter_id,
        key=found.letter.source_key,
        fingerprint=found.fingerprint,
        raw=sealing.unseal(bytes(found.raw_sealed), order_place(found.letter_id)).encode(),
        received_at=found.letter.received_at,
        withdrawn_at=found.letter.withdrawn_at,
    )


def status_for_source(letter_id: UUID, source: str) -> LetterStatus | None:
    """What became of a letter; None where this sender did not send it."""
    letter = (
        Letter.objects.filter(pk=letter_id, source=source)
        .select_related("order", "unit", "type")
        .prefetch_related(
            Prefetch("postings", Posting.objects.order_by("created_at")),
            Prefetch("postings__receipts", PrintReceipt.objects.order_by("occurred_at")),
            "notices",
            "decisions",
            "replaced_by",
        )
        .first()
    )
    return None if letter is None else _status(letter)


def _status(letter: Letter) -> LetterStatus:
    decision = next(iter(letter.decisions.all()), None)
    successor = next(iter(letter.replaced_by.all()), None)
    return LetterStatus(
        letter_id=letter.id,
        identifiers=tuple(letter.order.identifiers),
        type_code=letter.type.code,
        unit_resh=letter.unit.resh,
        received_at=letter.received_at,
        digital=letter.digital,
        available_at=letter.available_at,
        opened_at=letter.opened_at,
        withdrawn_at=letter.withdrawn_at,
        superseded_by=successor.id if successor else None,
        decision_rule=decision.rule if decision else "",
        decision_reason=decision.reason if decision else "",
        postings=tuple(_posting(posting) for posting in letter.postings.all()),
        notices=tuple(
            NoticeStatus(n.channel, n.state, n.sent_at, reminder=n.round == n.Round.REMINDER)
            for n in letter.notices.all()
        ),
    )


def _posting(posting: Posting) -> PostingStatus:
    return PostingStatus(
        posting_id=posting.id,
        addressee=posting.addressee,
        cause=posting.cause,
        state=posting.state,
        due_at=posting.due_at,
        pages=posting.pages or None,
        provider_id=posting.provider_id,
        receipts=tuple(ReceiptStatus(r.kind, r.occurred_at) for r in posting.receipts.all()),
    )
