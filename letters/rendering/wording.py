"""The few words of ours on paper, in the language of the letter.

A table and not the catalogues: these words are part of the document and its digest, and must not change because
a translation file did. The Northern Sami column is to be read by a native speaker before use.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Wording:
    """Labels in one language. `page` and `of` stand around the page numbers; `pattern` takes day, month, year."""

    date_label: str
    reference: str
    concerning: str
    telephone: str
    page: str
    of: str
    months: tuple[str, ...]
    pattern: str = "{day}. {month} {year}"

    def day(self, day: date) -> str:
        """A date in words."""
        return self.pattern.format(day=day.day, month=self.months[day.month - 1], year=day.year)


_NORWEGIAN_MONTHS: Final = (
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
_SAMI_MONTHS: Final = (
    "ođđajagimánnu",
    "guovvamánnu",
    "njukčamánnu",
    "cuoŋománnu",
    "miessemánnu",
    "geassemánnu",
    "suoidnemánnu",
    "borgemánnu",
    "čakčamánnu",
    "golggotmánnu",
    "skábmamánnu",
    "juovlamánnu",
)
_ENGLISH_MONTHS: Final = (
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
)

WORDINGS: Final[Mapping[str, Wording]] = {
    "nb": Wording("Dato", "Vår referanse", "Gjelder", "Telefon", "Side", "av", _NORWEGIAN_MONTHS),
    "nn": Wording("Dato", "Vår referanse", "Gjeld", "Telefon", "Side", "av", _NORWEGIAN_MONTHS),
    "se": Wording("Beaivi", "Min čujuhus", "Guoská", "Telefovdna", "Siidu", "/", _SAMI_MONTHS),
    "en": Wording(
        "Date", "Our reference", "Concerning", "Telephone", "Page", "of", _ENGLISH_MONTHS, "{day} {month} {year}"
    ),
}


def wording(language: str) -> Wording:
    """The labels for a language code such as `nb` or `nb-NO`; bokmål for one we have none for."""
    return WORDINGS.get(language.split("-", maxsplit=1)[0].lower(), WORDINGS["nb"])
