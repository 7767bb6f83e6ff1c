"""Numbers and lengths of time as operators read them."""

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.ui.dates import NBSP

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR


def number(count: int) -> str:
    """Thousands apart: "12 345"."""
    return f"{count:,}".replace(",", NBSP)


def share(part: int, whole: int) -> str:
    """A percentage rounded down, so that 100 % is said only when it is all; a dash of nothing."""
    return f"{100 * part // whole}{NBSP}%" if whole else "–"


def lasting(length: timedelta) -> str:
    """A length of time in its largest unit: "12 minutter", "3 timer", "5 døgn"; two days or more count as days."""
    seconds = int(length.total_seconds())
    if seconds < _MINUTE:
        text = ngettext("%(count)s sekund", "%(count)s sekunder", seconds) % {"count": seconds}
    elif seconds < _HOUR:
        count = seconds // _MINUTE
        text = ngettext("%(count)s minutt", "%(count)s minutter", count) % {"count": count}
    elif seconds < 2 * _DAY:
        count = seconds // _HOUR
        text = ngettext("%(count)s time", "%(count)s timer", count) % {"count": count}
    else:
        count = seconds // _DAY
        text = ngettext("%(count)s døgn", "%(count)s døgn", count) % {"count": number(count)}
    return text.replace(" ", NBSP)


def ago(length: timedelta) -> str:
    """ "for 3 timer siden"; "nå nettopp" within the minute."""
    if length < timedelta(minutes=1):
        return _("nå nettopp")
    return _("for %(length)s siden") % {"length": lasting(length)}
