"""The nightly comparison with the printer, both ways, to the letter.

It is the only check that finds both a letter we believe printed and the printer never had, and a sheet the printer
posted and we know nothing of. What the printer has and our row has not yet heard of is repaired at once; the rest
becomes tasks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from letters.commands import paper
from letters.commands.ask_clerk import open_task
from letters.models import ClerkTask, Posting, Reconciliation
from letters.queries import for_operators
from letters.states import AT_PRINTER, Postal
from portal.kernel import clock

# An order handed over a moment ago may not be on the printer's list yet.
_SETTLING = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Theirs:
    """One order on the printer's list."""

    key: str
    provider_id: str
    sha256: str
    copies: int


@transaction.atomic
def reconcile(*, start: datetime, end: datetime, theirs: Iterable[Theirs]) -> Reconciliation:
    """Compare our hand-overs in [start, end) with the printer's orders of the same time, and store the result."""
    orders = {order.key: order for order in theirs}
    ours = _handed_over(start, end)
    known = set(Posting.objects.filter(key__in=orders).values_list("key", flat=True))
    missing = sorted(key for key, posting in ours.items() if key not in orders and _is_settled(posting))
    ghosts = sorted(key for key in orders if key not in known)
    doubled = sorted(key for key, order in orders.items() if order.copies > 1)
    repaired = _repair(orders)
    for key in missing:
        open_task(ours[key].letter, ClerkTask.Reason.MISSING_AT_PRINTER, posting=ours[key])
    for posting in _with_other_content(orders):
        open_task(posting.letter, ClerkTask.Reason.CONFLICT, posting=posting, step="comparison")
    return Reconciliation.objects.create(
        period_start=start,
        period_end=end,
        finished_at=clock.now(),
        ours=len(ours),
        theirs=len(orders),
        missing=missing,
        ghosts=ghosts,
        doubled=doubled,
        repaired=repaired,
        by_type=for_operators.whereabouts(start, end),
    )


def _handed_over(start: datetime, end: datetime) -> dict[str, Posting]:
    rows = Posting.objects.filter(handed_over_at__gte=start, handed_over_at__lt=end).select_related("letter")
    return {posting.key: posting for posting in rows}


def _is_settled(posting: Posting) -> bool:
    return posting.handed_over_at is not None and clock.now() - posting.handed_over_at > _SETTLING


def _with_other_content(orders: dict[str, Theirs]) -> list[Posting]:
    """Postings whose key the printer holds with sheets that are not ours."""
    rows = Posting.objects.filter(key__in=orders, state__in=AT_PRINTER).select_related("letter")
    return [posting for posting in rows if orders[posting.key].sha256 != posting.print_sha256]


def _repair(orders: dict[str, Theirs]) -> list[str]:
    lost = Posting.objects.filter(key__in=orders, state=Postal.UNKNOWN, changed_at__lt=clock.now() - _SETTLING)
    repaired: list[str] = []
    for posting_id, key, sha256 in lost.values_list("id", "key", "print_sha256"):
        if orders[key].sha256 == sha256:
            _accept(posting_id, orders[key])
            repaired.append(key)
    return repaired


def _accept(posting_id: UUID, order: Theirs) -> None:
    paper.note_accepted(posting_id=posting_id, provider_id=order.provider_id, cause="reconciliation")
