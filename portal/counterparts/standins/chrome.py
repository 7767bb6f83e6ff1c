"""What every page of the stand-ins shows around itself."""

from django.conf import settings
from django.http import HttpRequest

from portal.counterparts.standins import behave, levers
from portal.kernel import clock

PAGES: tuple[tuple[str, str, str], ...] = (
    ("people", "/", "Folk"),
    ("phones", "/phones", "Telefoner"),
    ("print", "/print/", "Trykkeri"),
    ("hospital", "/record-system/", "Journalsystem"),
    ("clock", "/clock", "Klokke"),
    ("levers", "/levers", "Spaker"),
)


def chrome(_request: HttpRequest) -> dict[str, object]:
    """The clock, the pages, where the portal is, and who misbehaves."""
    naughty = [title for name, title, _what in levers.COUNTERPARTS if behave.current(name).mode != "ok"]
    return {
        "pages": PAGES,
        "clock_now": clock.local_now(),
        "clock_days": clock.offset().days,
        "clock_moved": bool(clock.offset()),
        "portal_url": settings.PORTAL_URL,
        "naughty": naughty,
    }
