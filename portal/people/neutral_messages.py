"""Neutral words by SMS and e-mail, in daytime only: that something waits, never what, from whom or for whom.

Whatever somebody is told about, the words and the form of the key are the same, so that neither the telephone's owner
nor the provider can tell one thing from another.
"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from portal.counterparts.contact_register import ContactPreferences
from portal.counterparts.email.http import connect as email
from portal.counterparts.messaging import Message, MessageProvider
from portal.counterparts.sms.http import connect as sms
from portal.kernel.calendar import next_daytime
from portal.kernel.errors import RetryableError
from portal.people import contact_points
from portal.people.models import Person


class NotDaytime(RetryableError):
    """People are asleep: the notice waits."""

    def __init__(self, not_before: datetime) -> None:
        super().__init__("not-daytime")
        self.not_before = not_before


def demand_daytime(now: datetime) -> None:
    """Raises NotDaytime where nobody is to be told anything now."""
    if next_daytime(now) > now:
        raise NotDaytime(next_daytime(now))


def key_of(notice_id: UUID) -> str:
    """The key the gateways know a notice by; the same on every try."""
    return f"notice-{notice_id}"


def send(person: Person, channel: str, preferences: ContactPreferences, *, key: str, reminder: bool = False) -> str:
    """Hand one message over, in the person's language; the provider's own name for it. Raises as the gateways do."""
    with translation.override(language_of(person, preferences.language)):
        message = _message(_address(channel, preferences), key, reminder=reminder)
    return gateway(channel).send(message).provider_id


def language_of(person: Person, registered: str | None) -> str:
    """The language to write to somebody in: their own choice here, else the register's, else bokmål."""
    wanted = person.language or registered or "nb"
    return wanted if wanted in dict(settings.LANGUAGES) else "nb"


def gateway(channel: str) -> MessageProvider:
    """Who carries messages of a channel."""
    return sms() if channel == contact_points.SMS else email()


def _address(channel: str, preferences: ContactPreferences) -> str:
    if channel == contact_points.SMS:
        return contact_points.sms_number(preferences) or ""
    return preferences.email.value if preferences.email else ""


def _message(to: str, key: str, *, reminder: bool) -> Message:
    text = (
        _("Påminnelse: Du har noe nytt på Min helse som du ikke har åpnet. Logg inn på Min helse for å lese det.")
        if reminder
        else _("Du har fått noe nytt på Min helse. Logg inn på Min helse for å lese det.")
    )
    return Message(key=key, to=to, sender=settings.NOTICE_SENDER, text=text, subject=_("Nytt på Min helse"))
