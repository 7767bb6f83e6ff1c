"""Moves a track by its table and writes the history line of the move, in one breath."""

from typing import Any
from uuid import UUID

from letters.models import Document, Letter, LetterEvent, Notice, Posting
from letters.states import (
    DigitalEvent,
    NoticeEvent,
    NoticeState,
    Postal,
    PostalEvent,
    move_digital,
    move_notice,
    move_postal,
)
from portal.kernel import clock
from portal.kernel.actor import Actor

# Paper in these states is not on its way to the printer: the address laid over its sheets is not kept.
_WITHOUT_SHEETS = frozenset({Postal.HELD, Postal.CANCELLED, Postal.REJECTED, Postal.POSTED, Postal.RETURNED})


def lock(letter_id: UUID) -> Letter:
    """The letter, locked until the transaction ends. Every command that touches a letter's tracks starts here.

    The lock leaves foreign-key checks of history rows alone (FOR NO KEY UPDATE), so sweeps cannot deadlock with it.
    """
    return Letter.objects.select_for_update(no_key=True).get(pk=letter_id)


def lock_posting(posting_id: UUID) -> Posting:
    """The posting with its letter, both locked: the letter always first."""
    letter_id = Posting.objects.values_list("letter_id", flat=True).get(pk=posting_id)
    letter = lock(letter_id)
    posting = Posting.objects.select_for_update(no_key=True).get(pk=posting_id)
    posting.letter = letter
    return posting


def note(
    letter: Letter,
    kind: str,
    *,
    by: Actor,
    cause: str = "",
    posting: Posting | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Write one line of the letter's history."""
    LetterEvent.objects.create(
        letter=letter,
        posting=posting,
        kind=kind,
        at=clock.now(),
        actor_kind=by.kind,
        actor_id=by.id,
        cause=cause,
        details=details or {},
    )


def move_letter(letter: Letter, event: DigitalEvent, *, by: Actor, cause: str = "", **changes: object) -> None:
    """Move the digital track. Raises IllegalMoveError."""
    letter.digital = move_digital(letter.digital, event)
    _save(letter, changes | {"digital": letter.digital})
    note(letter, f"digital.{event}", by=by, cause=cause)


def move(posting: Posting, event: PostalEvent, *, by: Actor, cause: str = "", **changes: object) -> None:
    """Move a postal track. Raises IllegalMoveError.

    Sheets with an address on them are forgotten as soon as they are not needed: the patient may have got a protected
    address since they were made.
    """
    before = posting.state
    posting.state = move_postal(posting.state, event)
    if posting.state in _WITHOUT_SHEETS and posting.print_sha256:
        Document.objects.filter(posting=posting, kind=Document.Kind.PRINT).delete()
    posting.changed_at = clock.now()
    _save(posting, changes | {"state": posting.state, "changed_at": posting.changed_at})
    note(
        posting.letter,
        f"postal.{event}",
        by=by,
        cause=cause,
        posting=posting,
        details={"from": before, "to": posting.state},
    )


def move_one_notice(notice: Notice, event: NoticeEvent, *, by: Actor, cause: str = "", **changes: object) -> None:
    """Move a notice. Raises IllegalMoveError."""
    notice.state = move_notice(notice.state, event)
    if notice.state in (NoticeState.DELIVERED, NoticeState.FAILED, NoticeState.UNCONFIRMED, NoticeState.DROPPED):
        changes["settled_at"] = clock.now()
    _save(notice, changes | {"state": notice.state})
    note(
        notice.letter, f"notice.{event}", by=by, cause=cause, details={"channel": notice.channel, "round": notice.round}
    )


def _save(row: Letter | Posting | Notice, changes: dict[str, object]) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes))
