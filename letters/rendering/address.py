"""Fits a name and an address into the window: smaller type first, then more lines, never fewer letters."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from fontTools.ttLib import TTFont

from letters.rendering.errors import AddressDoesNotFit
from letters.rendering.geometry import Geometry
from letters.rendering.typeface import REGULAR, RESERVE, unprintable

_MILLIMETRES_PER_POINT: Final = 25.4 / 72
_ROOM_FOR_ROUNDING: Final = 0.3
_MOST_LINES: Final = 12


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines as they will stand, and the type size in points."""

    lines: tuple[str, ...] = field(repr=False)
    size: float


def fit(lines: Sequence[str], geometry: Geometry) -> Fitted:
    """The lines in the largest type that leaves them unbroken; else the largest in which broken lines fit.

    Empty lines are left out, since sorting machines stop at them. Raises AddressDoesNotFit when nothing fits, when
    nothing is left, or when a character cannot be printed.
    """
    wanted = [line for line in (_tidied(line) for line in lines) if line]
    if not wanted or len(wanted) > _MOST_LINES:
        raise AddressDoesNotFit("no_lines" if not wanted else "too_many_lines")
    if any(True for _ in unprintable("".join(wanted))):
        raise AddressDoesNotFit("unprintable_character")
    for may_break in (False, True):
        for size in geometry.type_sizes:
            broken = _broken(wanted, geometry.address.width - _ROOM_FOR_ROUNDING, size)
            if broken is None or (len(broken) > len(wanted) and not may_break):
                continue
            if len(broken) * size * geometry.line_height * _MILLIMETRES_PER_POINT <= geometry.address.height:
                return Fitted(tuple(broken), size)
    raise AddressDoesNotFit("too_long")


def _tidied(line: str) -> str:
    return " ".join(unicodedata.normalize("NFC", line).split())


def _broken(lines: Sequence[str], width: float, size: float) -> list[str] | None:
    """Every line broken at spaces and hyphens to the width; None when a single word is too wide."""
    result: list[str] = []
    for line in lines:
        current = ""
        for piece in _pieces(line):
            if current and _width((current + piece).rstrip(), size) > width:
                result.append(current.rstrip())
                current = ""
            current += piece
            if _width(current.rstrip(), size) > width:
                return None
        result.append(current.rstrip())
    return result


def _pieces(line: str) -> Iterator[str]:
    """Words with the space or hyphen that follows them."""
    piece = ""
    for character in line:
        piece += character
        if character in " -":
            yield piece
            piece = ""
    if piece:
        yield piece


def _width(text: str, size: float) -> float:
    """The width of a line in millimetres."""
    regular, reserve = _advances()
    ems = sum(regular.get(character, reserve.get(character, 1.0)) for character in text)
    return ems * size * _MILLIMETRES_PER_POINT


@cache
def _advances() -> tuple[dict[str, float], dict[str, float]]:
    measured = []
    for path in (REGULAR, RESERVE):
        with TTFont(path, lazy=True) as font:
            per_em = font["head"].unitsPerEm
            widths = font["hmtx"]
            measured.append({chr(code): widths[name][0] / per_em for code, name in font.getBestCmap().items()})
    return measured[0], measured[1]
