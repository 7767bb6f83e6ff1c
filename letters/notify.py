"""Sending neutral notices about letters by SMS and e-mail.

The address comes from the contact register at the moment of sending, and a letter opened meanwhile sends nothing.
"""

from datetime import datetime, timedelta
from uuid import UUID

from letters.commands import notices
from letters.models import Notice
from letters.registers import channels_shared
from letters.states import NoticeState
from portal.counterparts.contact_register import ContactPreferences
from portal.counterparts.contact_register.http import connect as contact
from portal.counterparts.messaging import MessageStatus
from portal.kernel import clock
from portal.people import neutral_messages
from portal.people.contact_points import fresh_channels
from portal.people.models import Person
from portal.people.queries import pid_of

REPORT_EXPECTED_WITHIN = timedelta(hours=48)


def send(notice_id: UUID) -> None:
    """Send one notice if it is still wanted. Raises as the gateways do."""
    now = clock.now()
    neutral_messages.demand_daytime(now)
    if not notices.still_wanted(notice_id=notice_id):
        return
    notice = Notice.objects.select_related("letter__person", "letter__unit", "to_person").get(pk=notice_id)
    person = _person(notice)
    preferences = contact().look_up(pid_of(person))
    if preferences.reserved or notice.channel not in _channels(notice, preferences, now):
        notices.note_failed(notice_id=notice_id, failure="no-contact-point")
        return
    reminder = notice.round == Notice.Round.REMINDER
    provider_id = neutral_messages.send(person, notice.channel, preferences, key=notice.key, reminder=reminder)
    notices.note_sent(notice_id=notice_id, provider_id=provider_id)


def _person(notice: Notice) -> Person:
    """Who is told: the patient where nobody else is named."""
    return notice.to_person or notice.letter.person


def _channels(notice: Notice, preferences: ContactPreferences, now: datetime) -> set[str]:
    """Where this person may be told: never at a contact point shared with one who may not see the letter."""
    fresh = set(fresh_channels(preferences, now))
    own = _person(notice).pk == notice.letter.person_id
    return fresh - channels_shared(notice.letter, preferences, now) if own else fresh


def check_reports() -> int:
    """Ask the gateways about notices without a delivery report; returns how many were settled."""
    return sum(_check(notice) for notice in _unsettled())


def _unsettled() -> list[Notice]:
    return list(Notice.objects.filter(state=NoticeState.SENT).order_by("sent_at")[:500])


def _check(notice: Notice) -> bool:
    status = neutral_messages.gateway(notice.channel).status(notice.key)
    if status == MessageStatus.DELIVERED:
        notices.note_delivered(notice_id=notice.id)
    elif status == MessageStatus.FAILED:
        notices.note_failed(notice_id=notice.id, failure="not-delivered")
    elif notice.sent_at is not None and clock.now() - notice.sent_at > REPORT_EXPECTED_WITHIN:
        notices.note_silent(notice_id=notice.id)
    else:
        return False
    return True
