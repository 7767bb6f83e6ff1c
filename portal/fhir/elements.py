"""Reads elements out of JSON that may have any shape, and gathers what is wrong with them.

The shape itself is checked elsewhere (`portal.fhir.shapes`); here a value of the wrong kind counts as absent.
No text of a problem repeats a value that was sent, since the value may be a patient's number.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.functional import Promise

from portal.fhir.outcomes import IssueType, Problem
from portal.kernel.clock import OSLO

_INSTANT: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DATE: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_YEARS: Final = range(2000, 2200)
_SERVER_SET_META: Final = ("lastUpdated", "versionId")
_REFERENCE: Final = re.compile(r"(?:(?P<base>https?://[^\s?#]{1,500})/)?(?P<type>[A-Za-z]{1,64})/(?P<id>[^/]{1,64})")


@dataclass(slots=True)
class Findings:
    """Problems with one resource, in the order they were found; `root` is its type."""

    root: str
    problems: list[Problem] = field(default_factory=list)

    def add(
        self, issue: IssueType, code: str, text: str | Promise, element: str = "", pages: Sequence[int] = ()
    ) -> None:
        """Note a problem with `<root>.<element>`."""
        place = f"{self.root}.{element}" if element else self.root
        self.problems.append(Problem(issue, code, text, place, tuple(pages)))


def as_object(value: object) -> dict[str, Any]:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def as_text(value: object) -> str:
    """The value if it is text, else nothing."""
    return value if isinstance(value, str) else ""


def day_or_instant(text: str, *, end_of_day: bool) -> datetime | None:
    """Read a FHIR dateTime; a date alone is its first or last second in Oslo. None where it is neither.

    A time of day without a zone, a month alone and a year alone are not precise enough.
    """
    if (match := _DATE.fullmatch(text)) is not None:
        return _day(int(match[1]), int(match[2]), int(match[3]), end_of_day=end_of_day)
    match = _INSTANT.fullmatch(text)
    if match is None or int(match[1]) not in _YEARS:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def identifier_of(value: object) -> str:
    """An identifier as "system|value"; empty where it lacks either part."""
    entry = as_object(value)
    system, name = as_text(entry.get("system")).strip(), as_text(entry.get("value")).strip()
    return f"{system}|{name}" if system and name else ""


def identifiers_of(tree: dict[str, Any]) -> tuple[str, ...]:
    """The resource's own identifiers as "system|value"; those that lack either part are passed over."""
    return tuple(name for entry in as_list(tree.get("identifier")) if (name := identifier_of(entry)))


def without_server_set(tree: dict[str, Any]) -> dict[str, Any]:
    """The resource without the members that a server sets: id, and meta's version and time."""
    kept = {name: value for name, value in tree.items() if name != "id"}
    if isinstance(kept.get("meta"), dict):
        kept["meta"] = {name: value for name, value in kept["meta"].items() if name not in _SERVER_SET_META}
    return kept


def local_id(reference: str, wanted: str, base: str) -> UUID | None:
    """The id in a reference to one of our own `wanted` resources, relative or with our own address; else None."""
    match = _REFERENCE.fullmatch(reference)
    if match is None or match["type"] != wanted or match["base"] not in (None, base):
        return None
    return as_uuid(match["id"])


def as_uuid(text: str) -> UUID | None:
    """The id in its usual spelling, else None."""
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text.lower() else None


def _day(year: int, month: int, day: int, *, end_of_day: bool) -> datetime | None:
    if year not in _YEARS or not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        return None
    midnight = datetime(year, month, day, tzinfo=OSLO)
    return midnight.replace(hour=23, minute=59, second=59) if end_of_day else midnight
