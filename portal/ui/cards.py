"""What pages show, as plain data. Presenters fill these in; templates only lay them out.

Every text here is finished: translated, with dates in words. A template never decides what to say.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.core.paginator import Page
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
_PREVIOUS = _("Forrige")
_NEXT = _("Neste")
Tone = Literal["neutral", "info", "success", "warning", "danger"]


@dataclass(frozen=True, kw_only=True)
class TaskCard:
    """Something that waits for the viewer on the front page, nearest deadline first."""

    title: Text
    url: str
    sender: Text
    icon: str
    deadline_text: Text = ""
    deadline_near: bool = False
    due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class LetterRow:
    """One letter in the inbox."""

    url: str
    title: str
    sender: Text
    date_text: Text
    language: str = "nb"
    state_text: Text = ""
    state_tone: Tone = "neutral"
    unread: bool = False
    deadline_text: Text = ""
    deadline_near: bool = False


@dataclass(frozen=True)
class Choice:
    """One of several ways of looking at a list: a link, with how many it would show."""

    label: Text
    url: str
    current: bool
    count: int | None = None


@dataclass(frozen=True)
class PageLink:
    """One number in the page turner; without a number it is the gap between two."""

    number: int | None
    url: str = ""
    current: bool = False


@dataclass(frozen=True)
class Pages:
    """The page turner under a list. Empty addresses mean that there is no such page."""

    previous_url: str
    next_url: str
    links: list[PageLink]
    previous_text: Text = _PREVIOUS
    next_text: Text = _NEXT


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """The inbox page.

    Search words are posted and kept in the session: they may be about health, so no address holds them.
    """

    rows: list[LetterRow]
    choices: list[Choice]
    result_text: Text
    pages: Pages | None = None
    search_url: str = ""
    search_words: str = ""
    reset_url: str = ""
    empty_heading: Text = ""
    empty_text: Text = ""


@dataclass(frozen=True, kw_only=True)
class Action:
    """A button that leads on, or one that does something when it posts."""

    label: Text
    url: str
    icon: str = ""
    main: bool = False
    post: bool = False


@dataclass(frozen=True, kw_only=True)
class TimelineEntry:
    """One thing that happened. `actor` and `detail` are for staff; citizens get `what` and `when_text`."""

    what: Text
    when_text: Text
    icon: str = "checkmark-circle"
    tone: Tone = "neutral"
    actor: Text = ""
    detail: Text = ""
    when: datetime | None = None


@dataclass(frozen=True)
class Enclosure:
    """A PDF that came with a letter."""

    title: str
    url: str
    size_text: Text


@dataclass(frozen=True, kw_only=True)
class LetterSheet:
    """One letter on its page. `body` is HTML that intake has sieved; nothing else may be put there."""

    title: str
    sender: Text
    date_text: Text
    body: str
    body_language: str = "nb"
    receipt_text: Text = ""
    receipt_tone: Tone = "success"
    todo: list[Text] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    pdf_url: str = ""
    pdf_size_text: Text = ""
    enclosures: list[Enclosure] = field(default_factory=list)
    timeline: list[TimelineEntry] = field(default_factory=list)
    contact_text: Text = ""
    contact_phone: str = ""
    contact_link: str = ""


@dataclass(frozen=True, kw_only=True)
class Stat:
    """One number of an operators' or clerks' page, with what it means in words."""

    label: Text
    value: Text
    note: Text = ""
    tone: Tone = "neutral"
    url: str = ""


@dataclass(frozen=True)
class Cell:
    """One cell of a table; `url` makes it a link, `tone` a tag."""

    text: Text
    url: str = ""
    tone: Tone | Literal[""] = ""
    number: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table with its caption. The first cell of each row is the row's heading."""

    caption: Text
    columns: list[Text]
    rows: list[list[Cell]]
    empty_text: Text = ""
    caption_hidden: bool = False


def turner(page: Page[Any], url_of: Callable[[int], str]) -> Pages | None:
    """The page turner of one page of a list; None when everything fits on one page."""
    if page.paginator.num_pages <= 1:
        return None
    links = [
        PageLink(number, url_of(number), number == page.number) if isinstance(number, int) else PageLink(None)
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return Pages(
        previous_url=url_of(page.previous_page_number()) if page.has_previous() else "",
        next_url=url_of(page.next_page_number()) if page.has_next() else "",
        links=links,
    )
