"""Calendar files by RFC 5545: when somebody is busy, and nothing of why.

A file lies on phones and at companies that nobody here has chosen. It says "Time på sykehuset", the hours, and the
hospital's name unless the unit is one whose name tells something; never clinic, kind, words or whose it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal
from uuid import UUID

from icalendar import Calendar, Event

PRODUCT: Final = "-//Min helse//Timer//NO"
CONTENT_TYPE: Final = "text/calendar; charset=utf-8"
_UID_DOMAIN: Final = "timer.min-helse"
Method = Literal["PUBLISH", "CANCEL"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One appointment as a calendar may know it. `said_at` is when it was last said to be so.

    `hospital` is empty where the place would tell why. `page` is the address of the appointment behind the sign-in.
    """

    id: UUID
    start: datetime
    end: datetime
    sequence: int
    said_at: datetime
    summary: str
    hospital: str = ""
    page: str = ""
    cancelled: bool = False


def calendar(entries: Iterable[Entry], *, method: Method, name: str = "") -> bytes:
    """A calendar file. Times stand in UTC, so that the hour which comes twice in autumn is only ever one of them."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", method)
    if name:
        made.add("x-wr-calname", name)
    for entry in entries:
        made.add_component(_event(entry))
    return bytes(made.to_ical())


def uid_of(appointment_id: UUID) -> str:
    """The name a calendar knows an appointment by; the same however often it moves."""
    return f"{appointment_id}@{_UID_DOMAIN}"


def _event(entry: Entry) -> Event:
    made = Event()
    made.add("uid", uid_of(entry.id))
    made.add("dtstamp", _utc(entry.said_at))
    made.add("dtstart", _utc(entry.start))
    made.add("dtend", _utc(entry.end))
    made.add("summary", entry.summary)
    made.add("sequence", entry.sequence)
    made.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    made.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    made.add("class", "PRIVATE")
    if entry.hospital:
        made.add("location", entry.hospital)
    if entry.page:
        made.add("url", entry.page)
    return made


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(microsecond=0)
