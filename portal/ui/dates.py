"""Dates and times in the words of each language.

One way of writing everywhere: "mandag 30. november kl. 10.15", a dash between two times, and spaces that do not
break inside a date or before a time. The framework has no Northern Sami and shortens Norwegian months wrongly,
so the names stand here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils.translation import get_language, gettext, ngettext

from portal.kernel import clock

NBSP: Final = "\u00a0"
DASH: Final = "\u2013"


@dataclass(frozen=True)
class Words:
    """How one language writes a day and a time."""

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    day: Callable[[str, int], str]
    with_weekday: str
    at: str
    time_separator: str = "."
    letters: int = 3


def _norwegian(month: str, day: int) -> str:
    return f"{day}.{NBSP}{month}"


def _sami(month: str, day: int) -> str:
    return f"{month}{NBSP}{day}.{NBSP}b."


def _english(month: str, day: int) -> str:
    return f"{day}{NBSP}{month}"


_NB_MONTHS: Final = (
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
)
_WORDS: Final = {
    "nb": Words(
        weekdays=("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
        months=_NB_MONTHS,
        day=_norwegian,
        with_weekday="{weekday} {day}",
        at="kl.",
    ),
    "nn": Words(
        weekdays=("måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "sundag"),
        months=_NB_MONTHS,
        day=_norwegian,
        with_weekday="{weekday} {day}",
        at="kl.",
    ),
    "se": Words(
        weekdays=("vuossárga", "maŋŋebárga", "gaskavahkku", "duorasdat", "bearjadat", "lávvardat", "sotnabeaivi"),
        months=(
            "ođđajagimánu",
            "guovvamánu",
            "njukčamánu",
            "cuoŋománu",
            "miessemánu",
            "geassemánu",
            "suoidnemánu",
            "borgemánu",
            "čakčamánu",
            "golggotmánu",
            "skábmamánu",
            "juovlamánu",
        ),
        day=_sami,
        with_weekday="{weekday}, {day}",
        at="dii.",
        letters=4,
    ),
    "en": Words(
        weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        months=(
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ),
        day=_english,
        with_weekday="{weekday} {day}",
        at="at",
        time_separator=":",
    ),
}


@dataclass(frozen=True)
class Leaf:
    """A day as a leaf torn off a calendar: "nov", 30, "man". Shown beside the day in words, never instead of it."""

    month: str
    number: int
    weekday: str


def leaf(value: date) -> Leaf:
    """The calendar leaf of the day in Oslo that an instant falls on."""
    words, when = _here(), _local_date(value)
    return Leaf(words.months[when.month - 1][: words.letters], when.day, words.weekdays[when.weekday()][:3])


def weekday_names() -> tuple[str, ...]:
    """The days of the week, Monday first."""
    return _here().weekdays


def day(value: date) -> str:
    """Weekday and date: "mandag 30. november"; the year is added only when it is not this year."""
    words, when = _here(), _local_date(value)
    return words.with_weekday.format(weekday=words.weekdays[when.weekday()], day=_date(words, when))


def plain_date(value: date) -> str:
    """Date with its year: "20. november 2026"."""
    words, when = _here(), _local_date(value)
    return f"{words.day(words.months[when.month - 1], when.day)}{NBSP}{when.year}"


def time(value: datetime) -> str:
    """Clock time in Oslo: "kl. 10.15"."""
    words = _here()
    return f"{words.at}{NBSP}{_clock_time(words, value)}"


def moment(value: datetime) -> str:
    """Weekday, date and clock time: "mandag 30. november kl. 10.15"."""
    return f"{day(value)} {time(value)}"


def times(start: datetime, end: datetime) -> str:
    """Two clock times of one day: "10.15–11.00"."""
    words = _here()
    return f"{_clock_time(words, start)}{DASH}{_clock_time(words, end)}"


def relative(value: date) -> str:
    """How far away a day is: "i dag", "i morgen", "om 8 dager", "for 3 dager siden"."""
    days = (_local_date(value) - clock.today()).days
    near = {0: gettext("i dag"), 1: gettext("i morgen"), -1: gettext("i går")}
    if days in near:
        return near[days]
    if days > 0:
        return (ngettext("om %(days)s dag", "om %(days)s dager", days) % {"days": days}).replace(" ", NBSP)
    words = ngettext("for %(days)s dag siden", "for %(days)s dager siden", -days) % {"days": -days}
    return words.replace(" ", NBSP)


def day_and_relative(value: date) -> str:
    """Both: "mandag 30. november (om 8 dager)"."""
    return f"{day(value)} ({relative(value)})"


def is_near(value: datetime, within: timedelta = timedelta(days=2)) -> bool:
    """Whether an instant lies ahead, but closer than this."""
    return timedelta() <= value - clock.now() <= within


def _here() -> Words:
    return _WORDS.get(get_language() or "nb", _WORDS["nb"])


def _local_date(value: date) -> date:
    """The day in Oslo that an instant falls on; a plain date is that day already."""
    if isinstance(value, datetime):
        return value.astimezone(clock.OSLO).date()
    return value


def _date(words: Words, when: date) -> str:
    short = words.day(words.months[when.month - 1], when.day)
    return short if when.year == clock.today().year else f"{short}{NBSP}{when.year}"


def _clock_time(words: Words, value: datetime) -> str:
    local = value.astimezone(clock.OSLO)
    return f"{local.hour:02d}{words.time_separator}{local.minute:02d}"
