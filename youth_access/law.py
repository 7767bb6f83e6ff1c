"""Which law stands behind a rule: references as data with a first day each, since statutes are renumbered.

The rules name an id; the words belong to the day one asks about. A new act gets new lines, and the old ones stay, so
that an old decision is explained by the law of its own time. Texts are in bokmål, as lawyers wrote them.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

_WORDS: Final = ("statute", "section", "text", "link_text")


@dataclass(frozen=True, slots=True)
class Law:
    """One reference as it reads from a day on. `link_text` is what to look it up by."""

    id: str
    valid_from: date
    statute: str
    section: str
    text: str
    link_text: str

    @property
    def name(self) -> str:
        """The statute with its section."""
        return f"{self.statute} {self.section}".strip()


@cache
def kept() -> tuple[Law, ...]:
    """Every reference that has been, oldest first."""
    text = (files("youth_access") / "data" / "law.csv").read_text(encoding="utf-8")
    return parse(text)


def parse(text: str) -> tuple[Law, ...]:
    """References from their file."""
    laws = (
        Law(row["id"], date.fromisoformat(row["valid_from"]), *(row[column] for column in _WORDS))
        for row in csv.DictReader(text.splitlines())
    )
    return tuple(sorted(laws, key=lambda law: law.valid_from))


def on(day: date, laws: tuple[Law, ...] | None = None) -> Mapping[str, Law]:
    """How each reference reads on a day, by its id."""
    return {law.id: law for law in (kept() if laws is None else laws) if law.valid_from <= day}
