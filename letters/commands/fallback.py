"""Letters that nobody opened in time fall due for paper."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from letters.commands import history, paper
from letters.models import Letter, LetterEvent, Posting
from letters.states import Digital, Postal, PostalEvent, move_postal
from portal.kernel import clock
from portal.kernel.actor import Actor, system
from portal.kernel.database_clock import due_now
from portal.outbox import commands as outbox

BATCH = 500
_SWEEPER = system("letters.fallback")


def sweep() -> int:
    """Let every posting whose limit has run out fall due; returns how many. Safe to run twice at once."""
    total = 0
    while found := sweep_batch():
        total += found
    return total


def sweep_after_standstill() -> int:
    """The first sweep after weeks in which none ran: what fell due long ago waits for a person, the rest goes.

    An appointment may be past and a decision overturned; nothing that old goes out by itself.
    """
    total = 0
    while found := _hold_overdue(clock.now() - settings.LETTER_TOO_LATE):
        total += found
    return total + sweep()


@transaction.atomic
def _hold_overdue(before: datetime) -> int:
    postings = list(
        Posting.objects.select_for_update(skip_locked=True, no_key=True)
        .filter(state=Postal.WAITING, due_at__lt=before)
        .order_by("due_at", "id")[:BATCH]
    )
    for posting in postings:
        history.move(posting, PostalEvent.FALL_DUE, by=_SWEEPER, cause="limit-ran-out")
        paper.hold(posting, "given_up", by=_SWEEPER)
        history.note(posting.letter, "given_up", by=_SWEEPER, cause="too-late", posting=posting)
    return len(postings)


@transaction.atomic
def sweep_batch(limit: int = BATCH) -> int:
    """One batch: claimed with SKIP LOCKED, so an opener or another sweep is never waited for."""
    postings = list(
        Posting.objects.select_for_update(skip_locked=True, no_key=True)
        .filter(state=Postal.WAITING, due_at__lte=due_now())
        .order_by("due_at", "id")[:limit]
    )
    _let_fall_due(postings, by=_SWEEPER, cause="limit-ran-out")
    return len(postings)


@transaction.atomic
def fall_due_now(*, letter_id: UUID, by: Actor, cause: str) -> bool:
    """The digital way has closed (all notices failed, newly reserved, account gone): paper now, not at the limit."""
    letter = history.lock(letter_id)
    if letter.digital != Digital.AVAILABLE:
        return False
    waiting = list(Posting.objects.select_for_update(no_key=True).filter(letter=letter, state=Postal.WAITING))
    _let_fall_due(waiting, by=by, cause=cause)
    return bool(waiting)


@transaction.atomic
def make_obligatory(*, letter_id: UUID, by: Actor, cause: str) -> bool:
    """The patient has newly reserved: paper falls due and an opening does not stop it any more."""
    letter: Letter = history.lock(letter_id)
    postings = list(
        Posting.objects.select_for_update(no_key=True).filter(letter=letter, state=Postal.WAITING, obligatory=False)
    )
    Posting.objects.filter(pk__in=[p.pk for p in postings]).update(obligatory=True)
    _let_fall_due(postings, by=by, cause=cause)
    return bool(postings)


def _let_fall_due(postings: list[Posting], *, by: Actor, cause: str) -> None:
    now = clock.now()
    events = []
    for posting in postings:
        before = posting.state
        posting.state = move_postal(before, PostalEvent.FALL_DUE)
        events.append(
            LetterEvent(
                letter_id=posting.letter_id,
                posting=posting,
                kind=f"postal.{PostalEvent.FALL_DUE}",
                at=now,
                actor_kind=by.kind,
                actor_id=by.id,
                cause=cause,
                details={"from": before, "to": posting.state},
            )
        )
    Posting.objects.filter(pk__in=[p.pk for p in postings]).update(state=Postal.DUE, changed_at=now)
    LetterEvent.objects.bulk_create(events)
    outbox.put_many("letters.prepare", [(p.id, p.must_arrive_by) for p in postings])
