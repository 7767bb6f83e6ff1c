"""Norwegian identity numbers: is this one, of which kind, and is it welcome here.

Pure: no Django, no settings. Neither age nor sex nor century is ever read from a number. From 2032 they cannot be, also
for people born earlier, and birth dates come from the register's own field.

Sources: Skatteetaten's description of the number series and of the 2032 change (first check digit may leave remainder
0-3, numbers neutral as to sex); Skatteetaten's Tenor (+80 on the month), Norsk helsenett (+65) and Nav (+40) for
synthetic persons; Norsk helsenett's felles hjelpenummer (first digit 8 or 9, no date in it).
"""

import re
from calendar import isleap
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from portal.kernel.errors import FinalError

_SHAPE: Final = re.compile(r"([0-9]{6}) ?([0-9]{5})")
_FIRST_WEIGHTS: Final = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_SECOND_WEIGHTS: Final = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_FIRST_REMAINDERS: Final = frozenset({0, 1, 2, 3})
_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Kind(StrEnum):
    """Which series a number belongs to."""

    FNR = "fnr"
    DNR = "dnr"
    HNR = "hnr"
    FHN = "fhn"


class Synthetic(StrEnum):
    """How much was added to the month to mark an invented person; the value is that mark."""

    NONE = "none"
    PLUS_80 = "+80"
    PLUS_65 = "+65"
    PLUS_40 = "+40"


_MONTH_MARKS: Final = ((80, Synthetic.PLUS_80), (65, Synthetic.PLUS_65), (40, Synthetic.PLUS_40), (0, Synthetic.NONE))


class NotAnIdentityNumber(FinalError):
    """The text is not a Norwegian identity number. It carries a code and never the text itself.

    Codes: `not_eleven_digits`, `no_such_date`, `check_digits`.
    """


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A number whose form and check digits are right.

    `digits` are the eleven digits without a space; they stay out of `repr` and so out of logs and tracebacks.
    A help number from a hospital (H-number) and one of Nav's synthetic persons both carry month +40 and cannot be
    told apart: such a number is of kind `hnr` and marked `+40`.
    """

    digits: str = field(repr=False)
    kind: Kind
    synthetic: Synthetic


def parse(text: str) -> IdentityNumber:
    """Read a number, with or without a space after the sixth digit. Raises `NotAnIdentityNumber`."""
    match = _SHAPE.fullmatch(text.strip())
    if match is None:
        raise NotAnIdentityNumber("not_eleven_digits")
    digits = match[1] + match[2]
    kind, synthetic = _series(digits)
    if not _check_digits_agree(digits):
        raise NotAnIdentityNumber("check_digits")
    return IdentityNumber(digits, kind, synthetic)


def is_valid(text: str) -> bool:
    """Whether `parse` would accept the text."""
    try:
        parse(text)
    except NotAnIdentityNumber:
        return False
    return True


def accepted_here(number: IdentityNumber, env: str) -> bool:
    """Whether a number may be stored in this environment.

    Production refuses invented persons; every other environment refuses real ones, so that a copy of real data
    cannot slip into a demo. Numbers with month +40 pass in both, since they may be either (see `IdentityNumber`).
    """
    help_number = number.kind is Kind.HNR
    if env == "production":
        return number.synthetic is Synthetic.NONE or help_number
    return number.synthetic is not Synthetic.NONE


def _series(digits: str) -> tuple[Kind, Synthetic]:
    if digits[0] in "89":
        return Kind.FHN, Synthetic.NONE
    day, month, year = int(digits[0:2]), int(digits[2:4]), int(digits[4:6])
    dnr = day > 40
    mark, synthetic = next((mark, name) for mark, name in _MONTH_MARKS if month > mark or mark == 0)
    if not _date_exists(day - 40 if dnr else day, month - mark, year):
        raise NotAnIdentityNumber("no_such_date")
    if dnr:
        return Kind.DNR, synthetic
    return (Kind.HNR if synthetic is Synthetic.PLUS_40 else Kind.FNR), synthetic


def _date_exists(day: int, month: int, two_digit_year: int) -> bool:
    """Whether the date exists in some century; which one cannot be known."""
    if not 1 <= month <= 12:
        return False
    leap = month == 2 and any(isleap(century + two_digit_year) for century in (1800, 1900, 2000))
    return 1 <= day <= _DAYS[month - 1] + leap


def _check_digits_agree(digits: str) -> bool:
    values = [int(digit) for digit in digits]
    first = sum(weight * value for weight, value in zip(_FIRST_WEIGHTS, values[:10], strict=True)) % 11
    second = sum(weight * value for weight, value in zip(_SECOND_WEIGHTS, values, strict=True)) % 11
    return first in _FIRST_REMAINDERS and second == 0
