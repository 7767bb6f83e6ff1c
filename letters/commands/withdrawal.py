"""The sender takes a letter back, or replaces it with another."""

from uuid import UUID

from django.db import transaction

from letters.commands import history
from letters.models import Letter, Notice, Posting
from letters.states import STOPPABLE, Digital, DigitalEvent, NoticeEvent, NoticeState, Postal, PostalEvent
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.outbox import commands as outbox


@transaction.atomic
def withdraw(*, letter_id: UUID, by: Actor, reason: str) -> Letter:
    """Take a letter back. What has not been opened disappears from the screen; what is not at the printer is stopped.

    A letter already opened stays readable, marked as withdrawn. Withdrawing twice changes nothing.
    """
    letter = history.lock(letter_id)
    if letter.withdrawn_at is not None:
        return letter
    letter.withdrawn_at, letter.withdrawn_reason = clock.now(), reason
    letter.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    history.note(letter, "withdrawn", by=by, cause=reason)
    if letter.digital == Digital.AVAILABLE:
        history.move_letter(letter, DigitalEvent.HIDE, by=by, cause=reason)
    stop_paper(letter, by=by, cause=reason, also_obligatory=True)
    for posting in letter.postings.filter(state=Postal.ACCEPTED):
        posting.letter = letter
        ask_printer_to_cancel(posting, by=by, cause=reason)
    drop_notices(letter, by=by, cause=reason)
    return letter


def stop_paper(letter: Letter, *, by: Actor, cause: str, also_obligatory: bool = False) -> int:
    """Cancel the letter's paper that has not passed the point of no return. The letter must be locked."""
    stoppable = Posting.objects.select_for_update(no_key=True).filter(letter=letter, state__in=STOPPABLE)
    if not also_obligatory:
        stoppable = stoppable.filter(obligatory=False)
    stopped = list(stoppable)
    for posting in stopped:
        posting.letter = letter
        history.move(posting, PostalEvent.CANCEL, by=by, cause=cause)
        posting.tasks.filter(resolved_at__isnull=True).update(resolved_at=clock.now(), resolution="overtaken")
    return len(stopped)


def ask_printer_to_cancel(posting: Posting, *, by: Actor, cause: str) -> None:
    """Ask for an accepted order to be stopped; only the printer's answer cancels it."""
    history.move(posting, PostalEvent.ASK_CANCEL, by=by, cause=cause)
    outbox.put("letters.ask_cancel", posting.id)


def drop_notices(letter: Letter, *, by: Actor, cause: str) -> None:
    """Notices that have not been sent yet are not needed any more. The letter must be locked."""
    for notice in Notice.objects.select_for_update().filter(letter=letter, state=NoticeState.QUEUED):
        notice.letter = letter
        history.move_one_notice(notice, NoticeEvent.DROP, by=by, cause=cause)
