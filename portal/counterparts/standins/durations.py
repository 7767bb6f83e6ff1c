"""ISO 8601 durations for the clock's lever."""

import re
from datetime import timedelta

SHAPE = re.compile(
    r"(?P<sign>-)?P(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,8})S)?)?"
)


def parse(text: str) -> timedelta:
    """`P4DT1H` as four days and an hour; `-PT1H` goes back. Raises `ValueError` with the reason.

    Months and years are not taken, since they are not a length of time.
    """
    match = SHAPE.fullmatch(text.strip())
    parts = {
        name: int(value) for name, value in (match.groupdict() if match else {}).items() if value and name != "sign"
    }
    if match is None or not parts:
        raise ValueError(
            f"{text!r} is not a duration such as P4DT1H, PT30M or -P1D (weeks, days, hours, minutes, seconds)"
        )
    length = timedelta(**parts)
    return -length if match["sign"] else length
