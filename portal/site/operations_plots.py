"""Bar charts of what happened, drawn on the server, and the same numbers as a table.

A chart is plain shapes without words or colours: both come from the page around it, so that it scales with the
window, follows light and dark, and needs no inline style.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from portal.kernel import clock
from portal.site.figures import PLOT_DAYS, day_begins, streams_begin
from portal.site.operations_words import number
from portal.ui import dates
from portal.ui.cards import Cell, Table
from portal.ui.figures import Stream, Text

HOURS: Final = 24
HEIGHT: Final = 100
_STEP: Final = 10
_WIDTH: Final = 8
_LEAST_HEIGHT: Final = 3


@dataclass(frozen=True)
class Bar:
    """One bar in the chart's own units; finished text, because templates write numbers in the reader's language."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Chart:
    """One row of bars with what it shows in words, and its highest bar."""

    key: str
    label: Text
    total: str
    peak: str
    description: str
    box: str
    bars: list[Bar]


@dataclass(frozen=True)
class Plot:
    """Charts over the same stretch of time, the words under their first, middle and last bar, and the table."""

    key: str
    heading: str
    charts: list[Chart]
    axis: list[str]
    table: Table


def last_day(streams: Sequence[Stream], now: datetime) -> Plot:
    """The last 24 hours, hour by hour, the present one last."""
    first = day_begins(now)
    hours = [first + timedelta(hours=n) for n in range(HOURS)]
    counts = [[stream.by_hour.get(hour, 0) for hour in hours] for stream in streams]
    words = [_hour(hour) for hour in hours]
    return _plot("hours", _("Siste 24 timer"), _("Time for time, siste 24 timer"), _("Time"), streams, counts, words)


def last_week(streams: Sequence[Stream], now: datetime) -> Plot:
    """The last seven days, by Oslo's days, today last."""
    today = now.astimezone(clock.OSLO).date()
    days = [today - timedelta(days=PLOT_DAYS - 1 - n) for n in range(PLOT_DAYS)]
    counts = [[by_day.get(day, 0) for day in days] for by_day in map(_by_day, streams)]
    words = [dates.day(day) for day in days]
    axis = [f"{day.day}.{day.month}." for day in days]
    heading = _("Siste 7 døgn")
    return _plot("days", heading, _("Dag for dag, siste 7 døgn"), _("Dag"), streams, counts, words, axis)


def _by_day(stream: Stream) -> dict[date, int]:
    found: dict[date, int] = {}
    for hour, count in stream.by_hour.items():
        day = hour.astimezone(clock.OSLO).date()
        found[day] = found.get(day, 0) + count
    return found


def _hour(hour: datetime) -> str:
    end = hour.astimezone(UTC) + timedelta(hours=1)
    return f"{dates.time(hour)}{dates.DASH}{end.astimezone(clock.OSLO):%H}"


def _plot(
    key: str,
    heading: str,
    caption: str,
    unit: str,
    streams: Sequence[Stream],
    counts: list[list[int]],
    words: list[str],
    axis: list[str] | None = None,
) -> Plot:
    shown = axis or [words[0], words[len(words) // 2], words[-1]]
    charts = [_chart(stream, row, words) for stream, row in zip(streams, counts, strict=True)]
    rows = [[Cell(word), *(Cell(number(row[at]), number=True) for row in counts)] for at, word in enumerate(words)]
    columns: list[Text] = [unit, *(stream.label for stream in streams)]
    return Plot(key, heading, charts, shown, Table(caption=caption, columns=columns, rows=rows))


def _chart(stream: Stream, row: list[int], words: list[str]) -> Chart:
    highest, total = max(row), sum(row)
    description = (
        _("%(label)s: %(total)s i alt, flest (%(highest)s) %(when)s")
        % {
            "label": stream.label,
            "total": number(total),
            "highest": number(highest),
            "when": words[row.index(highest)],
        }
        if total
        else _("%(label)s: ingen") % {"label": stream.label}
    )
    bars = [_bar(at, count, highest) for at, count in enumerate(row) if count]
    box = f"0 0 {len(row) * _STEP} {HEIGHT}"
    return Chart(stream.key.replace(".", "-"), stream.label, number(total), number(highest), description, box, bars)


def _bar(at: int, count: int, highest: int) -> Bar:
    height = max(HEIGHT * count // highest, _LEAST_HEIGHT)
    gap = (_STEP - _WIDTH) // 2
    return Bar(str(at * _STEP + gap), str(HEIGHT - height), str(_WIDTH), str(height))


def begins(now: datetime) -> tuple[datetime, datetime]:
    """Where the last 24 hours and the last seven days begin."""
    return day_begins(now), streams_begin(now)
