"""What citizens' pages of appointments show, as plain data. Every text is finished; templates only lay it out."""

from dataclasses import dataclass, field
from uuid import UUID

from portal.ui.cards import Action, Choice, Pages, Text, TimelineEntry, Tone
from portal.ui.dates import Leaf


@dataclass(frozen=True, kw_only=True)
class When:
    """When something is: a calendar leaf, and the same in words. Without a leaf the time is not settled."""

    leaf: Leaf | None
    day: Text
    time: Text = ""
    relative: Text = ""
    iso: str = ""


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something to know about an appointment now: a request that waits, an answer, a cancellation."""

    text: Text
    tone: Tone = "info"
    withdraw_url: str = ""
    withdraw_label: Text = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One appointment in a list. `parts` are those of a bundle, each with its own time.

    `title_language` is empty where the words are the page's own.
    """

    id: UUID
    url: str
    title: Text
    title_language: str
    when: When
    place: Text
    state: Text = ""
    tone: Tone = "neutral"
    note: Text = ""
    parts: list["Row"] = field(default_factory=list)
    over: bool = False
    channel_icon: str = ""


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """Coming appointments, the first of them large; or earlier ones."""

    choices: list[Choice]
    first: Row | None
    first_heading: Text
    rows: list[Row]
    rows_heading: Text
    called_off: list[Row]
    wishes: list[Note]
    pages: Pages | None
    empty_heading: Text
    empty_text: Text
    links: list[Action]


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One line of facts: what, and the words. `language` is empty where they are the page's own."""

    label: Text
    text: Text
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskLine:
    """Something to do before the appointment, and how far it has come."""

    title: Text
    state: Text
    tone: Tone
    done: bool
    url: str = ""
    external: bool = False


@dataclass(frozen=True, kw_only=True)
class Page:
    """One appointment on its page."""

    title: Text
    title_language: str
    when: When
    sender: Text
    back_url: str
    state: Text = ""
    tone: Tone = "neutral"
    notes: list[Note] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    finding: Text = ""
    preparation: list[Text] = field(default_factory=list)
    description: Text = ""
    video_url: str = ""
    tasks: list[TaskLine] = field(default_factory=list)
    letter_url: str = ""
    parts: list[Row] = field(default_factory=list)
    parts_heading: Text = ""
    actions: list["Deed"] = field(default_factory=list)
    more_actions: list["Deed"] = field(default_factory=list)
    phone_text: Text = ""
    contact_text: Text = ""
    contact_phone: str = ""
    contact_link: str = ""
    calendar_url: str = ""
    timeline: list[TimelineEntry] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Deed:
    """Something the patient may do: a link, or a form of one button that carries its own key."""

    label: Text
    url: str
    icon: str = ""
    main: bool = False
    key: str = ""
    help: Text = ""


@dataclass(frozen=True, kw_only=True)
class Time:
    """One free time to choose. `places` says how many places are left in a group."""

    value: str
    label: Text
    id: str
    places: Text = ""
    chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class Day:
    """The free times of one day."""

    heading: Text
    times: list[Time]


@dataclass(frozen=True, kw_only=True)
class Week:
    """The days of one week that have free times."""

    heading: Text
    days: list[Day]


@dataclass(frozen=True, kw_only=True)
class Times:
    """Free times by week, as many days as were asked for, and the way to more of them."""

    weeks: list[Week]
    result_text: Text
    more_url: str = ""
    more_text: Text = ""
    narrowed: bool = False
    all_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Held:
    """A time that is held while the patient reads, and until when."""

    when: When
    place: Text
    until_text: Text
    seconds: int
    old: When | None = None
    asks_hospital: Text = ""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What happened, when, and what comes next."""

    heading: Text
    happened: Text
    when_text: Text
    next_steps: list[Text]
    tone: Tone
    icon: str
    answer: Text = ""
    rows: list[Row] = field(default_factory=list)
    asked_for: When | None = None
    links: list[Action] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Bookable:
    """One place where a time may be booked: who offers it, and why it is open to this patient."""

    url: str
    title: Text
    place: Text
    why: Text
    comment: Text = ""
    group: Text = ""


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A calendar that somebody subscribes to."""

    made_text: Text
    end_url: str
