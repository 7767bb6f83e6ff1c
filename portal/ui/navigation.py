"""The main menu. Each service registers its own line when the product starts; no list of services is kept here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from portal.ui.viewer import Viewer

Text = str | Promise
Shell = Literal["citizen", "staff"]


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """One line of the menu.

    `open_to` says whether the page would be shown to whoever looks; a line to a closed door is left out.
    `badge` counts what is new for whoever looks (`viewer.looker_of`), and `badge_words` says so in words. `tile` is the
    line under the label on the front page, shown where there is nothing to count; without it there is no tile. `roles`
    names the staff roles that see a line of the staff shell; empty means all staff.
    """

    key: str
    label: Text
    url_name: str
    icon: str
    open_to: Callable[[Any], bool] | None = None
    badge: Callable[[Any], int] | None = None
    badge_words: Callable[[int], Text] | None = None
    tile: Text = ""
    in_menu: bool = True
    shell: Shell = "citizen"
    roles: frozenset[str] = frozenset()
    order: int = 100


@dataclass(frozen=True)
class Line:
    """A menu line as one page shows it."""

    key: str
    label: Text
    url: str
    icon: str
    count: int
    count_text: str
    count_words: Text
    tile: Text
    in_menu: bool
    current: bool


_items: dict[str, NavItem] = {}


def register(item: NavItem) -> None:
    """Add a line to the menu; a second registration of the same key takes the place of the first."""
    _items[item.key] = item


def unregister(key: str) -> None:
    """Take a line out of the menu, for tests that put one in."""
    _items.pop(key, None)


def lines_for(viewer: Viewer, path: str, shell: Shell = "citizen", looker: object = None) -> list[Line]:
    """The menu as one viewer sees it on one page; badges are counted for the viewer, or for `looker` where given."""
    seen = [item for item in _items.values() if item.shell == shell and _may_see(item, viewer)]
    asks = looker or viewer
    seen = [item for item in seen if item.open_to is None or item.open_to(asks)]
    return [line for item in sorted(seen, key=lambda each: each.order) if (line := _line(item, asks, path))]


def _may_see(item: NavItem, viewer: Viewer) -> bool:
    return not item.roles or bool(item.roles.intersection(viewer.roles))


def _line(item: NavItem, looker: object, path: str) -> Line | None:
    try:
        url = reverse(item.url_name)
    except NoReverseMatch:
        return None
    count = item.badge(looker) if item.badge else 0
    return Line(
        key=item.key,
        label=item.label,
        url=url,
        icon=item.icon,
        count=count,
        count_text="9+" if count > 9 else str(count),
        count_words=item.badge_words(count) if item.badge_words else str(count),
        tile=item.tile,
        in_menu=item.in_menu,
        current=path == url or (url != "/" and path.startswith(url)),
    )
