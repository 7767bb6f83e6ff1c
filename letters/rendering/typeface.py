"""The typefaces letters are printed in, and which characters they hold.

Letters are set in our own fonts only, never in one the machine happens to have: the same letter must come out as
the same bytes on every machine. The reserve face holds what Open Sans lacks (Skolt and Inari Sami letters,
subscript figures, arrows, Cyrillic capitals…), so that a name is printed complete.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont

ASSETS: Final = Path(__file__).resolve().parent / "assets"
FONTS: Final = ASSETS / "fonts"
REGULAR: Final = FONTS / "OpenSans-Regular.ttf"
RESERVE: Final = FONTS / "LetterReserve.ttf"

_INVISIBLE: Final = frozenset("\t\n \u00a0\u00ad\u200b\u2009\u200a\u202f\u2011\u2060")
"""Spaces, soft hyphen, hard hyphen: set by the layout, with or without a glyph of their own."""


@cache
def _printable() -> frozenset[str]:
    characters: set[str] = set(_INVISIBLE)
    for path in (REGULAR, RESERVE):
        with TTFont(path, lazy=True) as font:
            characters.update(chr(code) for code in font.getBestCmap())
    return frozenset(one for one in characters if one in _INVISIBLE or _is_visible(one))


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp")


def unprintable(text: str) -> Iterator[str]:
    """The characters of a text that would come out as a box or not at all, sorted, each once."""
    composed = unicodedata.normalize("NFC", text)
    yield from sorted(set(composed) - _printable())
