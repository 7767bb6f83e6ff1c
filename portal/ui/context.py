"""What every page's frame needs: names, phone, menu, languages, when the session ends."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from typing import TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.kernel import clock
from portal.ui import languages
from portal.ui.dates import NBSP
from portal.ui.navigation import Line, Shell, lines_for
from portal.ui.viewer import Viewer, looker_of, viewer_of


@dataclass(frozen=True)
class Session:
    """When the signed-in session ends unless something is done, by the machine's real time."""

    ends_at: datetime
    seconds_left: int
    warn_seconds: int


def _no_lines(_shell: Shell) -> list[Line]:
    return []


@dataclass(frozen=True)
class Chrome:
    """The frame around a page. The defaults are what a page needs when nothing else can be asked for.

    Menus are made when a page first shows them: their badges ask the database, and no page shows both shells' menus.
    """

    region: str
    phone: str
    phone_link: str
    path: str = "/"
    viewer: Viewer | None = None
    languages: dict[str, str] = field(default_factory=dict)
    lines: Callable[[Shell], list[Line]] = _no_lines
    session: Session | None = None
    synthetic: bool = False

    @cached_property
    def navigation(self) -> list[Line]:
        """The citizen's menu."""
        return [line for line in self._citizen_lines if line.in_menu]

    @cached_property
    def tiles(self) -> list[Line]:
        """The tiles of the citizen's front page."""
        return [line for line in self._citizen_lines if line.tile]

    @cached_property
    def staff_navigation(self) -> list[Line]:
        """The menu of staff."""
        return self.lines("staff")

    @cached_property
    def _citizen_lines(self) -> list[Line]:
        return self.lines("citizen")


class ChromeContext(TypedDict):
    """The names this adds to every page."""

    chrome: Chrome


def plain_chrome() -> Chrome:
    """A frame that asks neither the database nor the session, for the page that says we have failed."""
    return Chrome(
        region=settings.REGION_NAME,
        phone=settings.HELP_PHONE.replace(" ", NBSP),
        phone_link=f"tel:+47{settings.HELP_PHONE.replace(' ', '')}",
        synthetic=settings.SYNTHETIC_PEOPLE_ONLY,
    )


def chrome(request: HttpRequest) -> ChromeContext:
    """The frame of one request's page; it is built when a template first asks for it."""
    lazy: Chrome = SimpleLazyObject(lambda: _build(request))  # type: ignore[assignment] # behaves as what it wraps
    return {"chrome": lazy}


def _build(request: HttpRequest) -> Chrome:
    plain = plain_chrome()
    viewer = viewer_of(request)
    return Chrome(
        region=plain.region,
        phone=plain.phone,
        phone_link=plain.phone_link,
        synthetic=plain.synthetic,
        path=request.get_full_path(),
        viewer=viewer,
        languages=dict(languages.NAMES),
        lines=partial(_lines, request, viewer) if viewer else _no_lines,
        session=_session(request) if viewer else None,
    )


def _lines(request: HttpRequest, viewer: Viewer, shell: Shell) -> list[Line]:
    return lines_for(viewer, request.path, shell, looker_of(request) if shell == "citizen" else None)


def _session(request: HttpRequest) -> Session | None:
    ends_at: datetime | None = getattr(request, "session_ends_at", None)
    if ends_at is None:
        return None
    left = int((ends_at - clock.real_now()).total_seconds())
    return Session(
        ends_at=ends_at, seconds_left=max(left, 0), warn_seconds=int(settings.SESSION_WARNING.total_seconds())
    )
