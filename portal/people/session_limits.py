"""How much time a signed-in page has left, for the warning before it runs out. Server time, so no clock can lie."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from portal.kernel import clock
from portal.people import sessions
from portal.people.models import SignInSession


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """Seconds until the session ends, and whether "Fortsett" can still move that instant."""

    ends_at: datetime
    seconds: int
    warn_seconds: int
    can_extend: bool


def time_left(request: HttpRequest) -> TimeLeft | None:
    """The time left on this request's session; None when nobody is signed in."""
    row: SignInSession | None = getattr(request, "sign_in", None)
    if row is None:
        return None
    now = clock.real_now()
    ends = sessions.ends_at(row)
    absolute: datetime = row.started_at + settings.SESSION_ABSOLUTE_LIMIT
    return TimeLeft(
        ends_at=ends,
        seconds=max(0, int((ends - now).total_seconds())),
        warn_seconds=int(settings.SESSION_WARNING.total_seconds()),
        can_extend=ends < absolute,
    )
