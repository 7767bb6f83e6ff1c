"""Sending neutral notices by SMS and e-mail.

The words say that something waits, never what, from whom or for whom. The address comes from the contact register at
the moment of sending, and a letter opened meanwhile sends nothing.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from letters.commands import notices
from letters.deadlines import next_daytime
from letters.models import Notice
from letters.registers import channels_shared, fresh_channels, sms_number
from letters.states import NoticeState
from portal.counterparts.contact_register import ContactPreferences
from portal.counterparts.contact_register.http import connect as contact
from portal.counterparts.email.http import connect as email
from portal.counterparts.messaging import Message, MessageProvider, MessageStatus
from portal.counterparts.sms.http import connect as sms
from portal.kernel import clock
from portal.kernel.errors import RetryableError
from portal.people.models import Person
from portal.people.queries import pid_of

REPORT_EXPECTED_WITHIN = timedelta(hours=48)


class NotDaytime(RetryableError):
    """People are asleep: the notice waits."""

    def __init__(self, not_before: datetime) -> None:
        super().__init__("not-daytime")
        self.not_before = not_before


def send(notice_id: UUID) -> None:
    """Send one notice if it is still wanted. Raises as the gateways do."""
    now = clock.now()
    if next_daytime(now) > now:
        raise NotDaytime(next_daytime(now))
    if not notices.still_wanted(notice_id=notice_id):
        return
    notice = Notice.objects.select_related("letter__person", "letter__unit", "to_person").get(pk=notice_id)
    person = _person(notice)
    preferences = contact().look_up(pid_of(person))
    if preferences.reserved or notice.channel not in _channels(notice, preferences, now):
        notices.note_failed(notice_id=notice_id, failure="no-contact-point")
        return
    with translation.override(_language(person, preferences.language)):
        message = _message(notice, _address(notice, preferences))
    accepted = _gateway(notice).send(message)
    notices.note_sent(notice_id=notice_id, provider_id=accepted.provider_id)


def _person(notice: Notice) -> Person:
    """Who is told: the patient where nobody else is named."""
    return notice.to_person or notice.letter.person


def _channels(notice: Notice, preferences: ContactPreferences, now: datetime) -> set[str]:
    """Where this person may be told: never at a contact point shared with one who may not see the letter."""
    fresh = set(fresh_channels(preferences, now))
    own = _person(notice).pk == notice.letter.person_id
    return fresh - channels_shared(notice.letter, preferences, now) if own else fresh


def _gateway(notice: Notice) -> MessageProvider:
    return sms() if notice.channel == Notice.Channel.SMS else email()


def _address(notice: Notice, preferences: ContactPreferences) -> str:
    if notice.channel == Notice.Channel.SMS:
        return sms_number(preferences) or ""
    return preferences.email.value if preferences.email else ""


def _message(notice: Notice, to: str) -> Message:
    reminder = notice.round == Notice.Round.REMINDER
    text = (
        _("Påminnelse: Du har noe nytt på Min helse som du ikke har åpnet. Logg inn på Min helse for å lese det.")
        if reminder
        else _("Du har fått noe nytt på Min helse. Logg inn på Min helse for å lese det.")
    )
    return Message(key=notice.key, to=to, sender=settings.NOTICE_SENDER, text=text, subject=_("Nytt på Min helse"))


def _language(person: Person, registered: str | None) -> str:
    wanted = person.language or registered or "nb"
    return wanted if wanted in dict(settings.LANGUAGES) else "nb"


def check_reports() -> int:
    """Ask the gateways about notices without a delivery report; returns how many were settled."""
    return sum(_check(notice) for notice in _unsettled())


def _unsettled() -> list[Notice]:
    return list(Notice.objects.filter(state=NoticeState.SENT).order_by("sent_at")[:500])


def _check(notice: Notice) -> bool:
    status = _gateway(notice).status(notice.key)
    if status == MessageStatus.DELIVERED:
        notices.note_delivered(notice_id=notice.id)
    elif status == MessageStatus.FAILED:
        notices.note_failed(notice_id=notice.id, failure="not-delivered")
    elif notice.sent_at is not None and clock.now() - notice.sent_at > REPORT_EXPECTED_WITHIN:
        notices.note_silent(notice_id=notice.id)
    else:
        return False
    return True
