"""A measured figure beside its peer and its limit, and the table and JSON they end up in."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from portal.demo.layout import ROOT
from portal.kernel import clock

FOLDER = ROOT / ".bench"


@dataclass(frozen=True)
class Figure:
    """One result. `ratio` is ours over the peer's; it must not pass `at_most`, or not fall below `at_least`.

    With neither it is a cost that is shown.
    """

    name: str
    unit: str
    ours: float
    peer_name: str
    peer: float
    ratio: float
    at_most: float | None = None
    at_least: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the limit is kept."""
        over = self.at_most is not None and self.ratio > self.at_most
        under = self.at_least is not None and self.ratio < self.at_least
        return not (over or under)

    @property
    def limit(self) -> str:
        """The limit in words."""
        if self.at_most is not None:
            return f"<= {self.at_most:g}"
        return f">= {self.at_least:g}" if self.at_least is not None else "shown"


def show(text: str) -> None:
    """One line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def show_table(figures: Sequence[Figure]) -> None:
    """Every figure on a line of its own."""
    heads = ("what", "ours", "peer", "", "ratio", "limit", "")
    lines = [
        (
            figure.name,
            f"{figure.ours:,.2f} {figure.unit}".replace(",", " "),
            f"{figure.peer:,.2f}".replace(",", " "),
            figure.peer_name,
            f"{figure.ratio:.2f}",
            figure.limit,
            "ok" if figure.holds else "BEYOND",
        )
        for figure in figures
    ]
    widths = [max(len(line[n]) for line in [heads, *lines]) for n in range(len(heads))]
    for line in [heads, *lines]:
        show("  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)).rstrip())


def keep(figures: Sequence[Figure], facts: dict[str, object]) -> Path:
    """Write them to .bench/ as JSON, under the time and as `latest.json`; hands back the file."""
    FOLDER.mkdir(exist_ok=True)
    now = clock.real_now()
    rows = [asdict(figure) | {"holds": figure.holds} for figure in figures]
    text = json.dumps({"at": now.isoformat(timespec="seconds"), **facts, "figures": rows}, indent=1)
    path = FOLDER / f"{now:%Y%m%dT%H%M%S}.json"
    for place in (path, FOLDER / "latest.json"):
        place.write_text(text + "\n")
    return path
