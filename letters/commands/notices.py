"""Notices: what became of each, and what follows when all of them failed."""

from uuid import UUID

from django.db import transaction

from letters.commands import fallback, history
from letters.models import Letter, Notice
from letters.queries import access
from letters.states import Digital, NoticeEvent, NoticeState
from portal.kernel import clock
from portal.kernel.actor import system
from portal.kernel.errors import RetryableError

_NOTIFIER = system("letters.notify")
_STILL_HOPED_FOR = (NoticeState.QUEUED, NoticeState.SENT, NoticeState.DELIVERED, NoticeState.UNCONFIRMED)


class RegisterSilent(RetryableError):
    """Nobody knows at this moment who may be told."""


@transaction.atomic
def still_wanted(*, notice_id: UUID) -> bool:
    """Whether a queued notice is still to be sent: the letter is unopened, and who is told may see it at this moment.

    Where the last who could have been told may not see it any more, paper goes now, or is held for a person. Raises
    RegisterSilent where the population register must answer first.
    """
    notice = _lock(notice_id)
    if notice.state != NoticeState.QUEUED:
        return False
    if notice.letter.digital != Digital.AVAILABLE:
        history.move_one_notice(notice, NoticeEvent.DROP, by=_NOTIFIER, cause="not-needed")
        return False
    now = clock.now()
    told = access.reader_of_letter(notice.letter, _person_told(notice), now)
    if told.decision.reason == access.REGISTER_SILENT:
        raise RegisterSilent("register-silent")
    if told.decision.notify != "message":
        cause = "may-not-be-told"
        history.move_one_notice(notice, NoticeEvent.DROP, by=_NOTIFIER, cause=cause)
        if not access.is_delayed(notice.letter, now):
            _paper_where_nobody_is_told(notice.letter, cause)
        return False
    return True


def _person_told(notice: Notice) -> UUID:
    told: UUID | None = notice.to_person_id
    return told or notice.letter.person_id


@transaction.atomic
def note_sent(*, notice_id: UUID, provider_id: str) -> None:
    """The gateway has taken the notice."""
    notice = _lock(notice_id)
    if notice.state == NoticeState.QUEUED:
        history.move_one_notice(notice, NoticeEvent.SEND, by=_NOTIFIER, provider_id=provider_id, sent_at=clock.now())


@transaction.atomic
def note_delivered(*, notice_id: UUID) -> None:
    """The gateway reports that the notice arrived."""
    notice = _lock(notice_id)
    if notice.state in (NoticeState.SENT, NoticeState.UNCONFIRMED):
        history.move_one_notice(notice, NoticeEvent.DELIVER, by=_NOTIFIER)


@transaction.atomic
def note_failed(*, notice_id: UUID, failure: str) -> None:
    """A notice did not arrive. When no first notice can arrive any more, paper goes now and not at the limit."""
    notice = _lock(notice_id)
    if notice.state not in (NoticeState.QUEUED, NoticeState.SENT, NoticeState.UNCONFIRMED):
        return
    history.move_one_notice(notice, NoticeEvent.FAIL, by=_NOTIFIER, cause=failure, failure=failure[:60])
    _paper_where_nobody_is_told(notice.letter, "all-notices-failed")


def _paper_where_nobody_is_told(letter: Letter, cause: str) -> None:
    first = Notice.objects.filter(letter=letter, round__in=[Notice.Round.FIRST, Notice.Round.OPENED_UP])
    if not first.filter(state__in=_STILL_HOPED_FOR).exists():
        fallback.fall_due_now(letter_id=letter.id, by=_NOTIFIER, cause=cause)


@transaction.atomic
def note_silent(*, notice_id: UUID) -> None:
    """No delivery report came in time: unconfirmed is not failed, the limit decides."""
    notice = _lock(notice_id)
    if notice.state == NoticeState.SENT:
        history.move_one_notice(notice, NoticeEvent.GO_SILENT, by=_NOTIFIER, cause="no-report")


def _lock(notice_id: UUID) -> Notice:
    letter_id = Notice.objects.values_list("letter_id", flat=True).get(pk=notice_id)
    letter: Letter = history.lock(letter_id)
    notice = Notice.objects.select_for_update(no_key=True).get(pk=notice_id)
    notice.letter = letter
    return notice
