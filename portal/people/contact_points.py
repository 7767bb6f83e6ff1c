"""Where a person may be told something, as the contact register has it at this moment. Nothing here is kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import phonenumbers
from django.conf import settings

from portal.counterparts.contact_register import ContactPoint, ContactPreferences
from portal.kernel import calendar
from portal.people.models import Person

_FRESH_MONTHS: Final = 18
"""A contact point confirmed longer ago than this may be somebody else's (eForvaltningsforskriften section 32)."""


def usable_points(preferences: ContactPreferences, now: datetime) -> Mapping[str, str]:
    """Channel -> number or address, for a person who may be written to electronically; empty for others.

    `sms` holds a mobile number in international form, `email` an address.
    """
    if preferences.reserved or not preferences.registered or not preferences.can_be_notified:
        return {}
    fresh = {"sms": preferences.mobile, "email": preferences.email}
    return {channel: point for channel, point in points(preferences).items() if _fresh(fresh[channel], now)}


def points(preferences: ContactPreferences) -> Mapping[str, str]:
    """Every number and address the register has, however old: whoever reads there may read what is sent there."""
    number, address = sms_number(preferences), preferences.email.value if preferences.email else None
    return {channel: point for channel, point in (("sms", number), ("email", address)) if point}


def shared(mine: Mapping[str, str], theirs: Mapping[str, str]) -> set[str]:
    """The channels of mine on which somebody else would read as well."""
    others = {point.casefold() for point in theirs.values()}
    return {channel for channel, point in mine.items() if point.casefold() in others}


def sms_number(preferences: ContactPreferences) -> str | None:
    """The mobile number in international form, or None where it cannot be one."""
    if preferences.mobile is None:
        return None
    try:
        number = phonenumbers.parse(preferences.mobile.value, "NO")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def language_of(person: Person, registered: str | None) -> str:
    """The language to write to somebody in: their own choice here, else the register's, else bokmål."""
    wanted = person.language or registered or "nb"
    return wanted if wanted in dict(settings.LANGUAGES) else "nb"


def _fresh(point: ContactPoint | None, now: datetime) -> bool:
    if point is None:
        return False
    confirmed = [at for at in (point.updated, point.verified) if at is not None]
    return bool(confirmed) and now < calendar.months_later(max(confirmed), _FRESH_MONTHS)
