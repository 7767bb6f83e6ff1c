"""Where somebody may be told something, from what the contact register says at this moment; nothing of it is kept."""

from datetime import datetime

import phonenumbers

from portal.counterparts.contact_register import ContactPoint, ContactPreferences
from portal.kernel import calendar

SMS, EMAIL = "sms", "email"
_FRESH_MONTHS = 18


def fresh_channels(preferences: ContactPreferences, now: datetime) -> tuple[str, ...]:
    """The channels whose contact point was confirmed within 18 months (eForvaltningsforskriften section 32)."""
    found = []
    if _fresh(preferences.mobile, now) and sms_number(preferences) is not None:
        found.append(SMS)
    if _fresh(preferences.email, now):
        found.append(EMAIL)
    return tuple(found)


def points(preferences: ContactPreferences) -> dict[str, str]:
    """The contact point of each channel, written so that two alike are equal."""
    number, address = sms_number(preferences), preferences.email.value.casefold() if preferences.email else None
    return {channel: point for channel, point in ((SMS, number), (EMAIL, address)) if point}


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


def _fresh(point: ContactPoint | None, now: datetime) -> bool:
    if point is None:
        return False
    confirmed = [at for at in (point.updated, point.verified) if at is not None]
    return bool(confirmed) and now < calendar.months_later(max(confirmed), _FRESH_MONTHS)
