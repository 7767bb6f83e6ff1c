"""Reading values off the wire. Each raises `ValueError`, `TypeError` or `KeyError` on what it cannot believe."""

from datetime import date, datetime


def one_of(value: object, **meanings: bool) -> bool:
    """The truth a code word stands for; a word outside the list is never guessed at."""
    if not isinstance(value, str):
        raise TypeError("code word expected")
    return meanings[value]


def text(value: object) -> str:
    """A text that is there and is not empty."""
    if not isinstance(value, str) or not value:
        raise ValueError("text expected")
    return value


def optional_text(value: object) -> str | None:
    """A text, or None where it is missing or empty."""
    return text(value) if value else None


def day(value: object) -> date:
    """An ISO date."""
    return date.fromisoformat(text(value))


def optional_day(value: object) -> date | None:
    """An ISO date, or None where it is missing."""
    return day(value) if value else None


def instant(value: object) -> datetime:
    """An ISO instant; one without a time zone is refused."""
    found = datetime.fromisoformat(text(value))
    if found.tzinfo is None:
        raise ValueError("instant without a time zone")
    return found


def optional_instant(value: object) -> datetime | None:
    """An ISO instant, or None where it is missing."""
    return instant(value) if value else None
