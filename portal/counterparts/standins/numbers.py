"""Makes synthetic identity numbers (Tenor style, month +80) with both check digits right."""

from datetime import date
from itertools import chain
from zlib import crc32

FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2)
SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
SYNTHETIC_MONTH = 80
DNR_DAY = 40
FNR_SYSTEM = "urn:oid:2.16.578.1.12.4.1.4.1"
DNR_SYSTEM = "urn:oid:2.16.578.1.12.4.1.4.2"


def fhir_system(number: str) -> str:
    """The name of the series a number is from, as FHIR orders give it: fødselsnummer or D-number."""
    return DNR_SYSTEM if number[:1] in "4567" else FNR_SYSTEM


def d_number_for(slug: str, born: date) -> str:
    """The D-number of one invented person who has no fødselsnummer yet: 40 is added to the day."""
    return _number(slug, born, DNR_DAY)


def number_for(slug: str, born: date) -> str:
    """The number of one invented person: the same for the same slug and birth date, every time."""
    return _number(slug, born, 0)


def _number(slug: str, born: date, day_mark: int) -> str:
    first, last = (0, 499) if born.year < 2000 else (500, 999)
    start = first + crc32(slug.encode()) % (last - first)
    for individual in chain(range(start, last), range(first, start)):
        number = _complete(
            f"{born.day + day_mark:02}{born.month + SYNTHETIC_MONTH:02}{born.year % 100:02}{individual:03}"
        )
        if number is not None:
            return number
    raise AssertionError("every day has hundreds of numbers with right check digits")


def _complete(nine: str) -> str | None:
    ten = _with_digit(nine, FIRST_WEIGHTS)
    return _with_digit(ten, SECOND_WEIGHTS) if ten is not None else None


def _with_digit(digits: str, weights: tuple[int, ...]) -> str | None:
    """The digits and the check digit that follows, or None where that would be ten."""
    remainder = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11
    check = (11 - remainder) % 11
    return None if check == 10 else f"{digits}{check}"


def is_synthetic(number: str) -> bool:
    """Whether these are eleven digits of an invented person (month +40, +65 or +80) with check digits that fit.

    The first check digit may leave a remainder up to three, as it may from 2032.
    """
    if not (len(number) == 11 and number.isascii() and number.isdigit()):
        return False
    values = [int(digit) for digit in number]
    first = sum(digit * weight for digit, weight in zip(values, (*FIRST_WEIGHTS, 1), strict=False)) % 11
    second = sum(digit * weight for digit, weight in zip(values, (*SECOND_WEIGHTS, 1), strict=False)) % 11
    return first <= 3 and second == 0 and int(number[2:4]) > 40
