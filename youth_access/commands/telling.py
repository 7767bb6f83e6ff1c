"""Telling the receiver of a fullmakt, in neutral words, that something waits: queued with the deed, kept for each."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from portal.kernel import clock
from portal.kernel.calendar import next_daytime
from portal.outbox import commands as outbox
from youth_access.models import Fullmakt, FullmaktNotice

ERRAND: Final = "access.tell_receiver"
ONE_A: Final = timedelta(days=1)
"""Between the same two, however often a fullmakt is changed: nobody is to be rung again and again by another."""
State = FullmaktNotice.State


def queue(row: Fullmakt) -> None:
    """Let the receiver be told in daytime; in the transaction that gives the fullmakt."""
    outbox.put(ERRAND, row.pk, run_after=next_daytime(clock.now()))


def told_lately(row: Fullmakt, now: datetime) -> bool:
    """Whether the receiver was told of another fullmakt from the same giver within a day."""
    sent = FullmaktNotice.objects.filter(fullmakt__giver=row.giver_id, fullmakt__receiver=row.receiver_id)
    return sent.filter(sent_at__gt=now - ONE_A).exclude(fullmakt=row).exists()


def begin(*, fullmakt_id: UUID, channel: str) -> FullmaktNotice:
    """The notice on one channel, the same however often it is begun."""
    notice, _new = FullmaktNotice.objects.get_or_create(fullmakt_id=fullmakt_id, channel=channel)
    return notice


def note_sent(*, notice_id: UUID, provider_id: str) -> None:
    """The gateway has taken it."""
    FullmaktNotice.objects.filter(pk=notice_id, state=State.QUEUED).update(
        state=State.SENT, sent_at=clock.now(), provider_id=provider_id[:80]
    )


def note_failed(*, notice_id: UUID, failure: str) -> None:
    """It did not arrive. Nothing follows: the fullmakt stands on the receiver's page all the same."""
    FullmaktNotice.objects.filter(pk=notice_id, state__in=[State.QUEUED, State.SENT]).update(
        state=State.FAILED, failure=failure[:60]
    )


@transaction.atomic
def give_up(*, fullmakt_id: UUID, code: str) -> None:
    """What could not be sent is noted; an operator may let the errand try again."""
    for notice in FullmaktNotice.objects.filter(fullmakt_id=fullmakt_id, state=State.QUEUED):
        note_failed(notice_id=notice.pk, failure=code)


def take_report(notice_id: UUID, *, delivered: bool) -> bool:
    """A gateway tells whether a notice arrived. False where it is none of these."""
    if not FullmaktNotice.objects.filter(pk=notice_id).exists():
        return False
    if delivered:
        FullmaktNotice.objects.filter(pk=notice_id, state=State.SENT).update(state=State.DELIVERED)
    else:
        note_failed(notice_id=notice_id, failure="not-delivered")
    return True
