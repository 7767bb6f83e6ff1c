"""The contact and reservation register (KRR): may this person be written to digitally, and where.

Field names on the wire are the register's own; see Digdir's documentation of KRR.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class ContactPoint:
    """One e-mail address or mobile number. Each is fresh or stale on its own (eForvaltningsforskriften § 32)."""

    value: str
    updated: datetime | None
    verified: datetime | None


@dataclass(frozen=True)
class ContactPreferences:
    """What the register says about one person at the time of asking."""

    pid: str
    registered: bool
    reserved: bool
    can_be_notified: bool
    email: ContactPoint | None
    mobile: ContactPoint | None
    language: str | None


class ContactRegister(Protocol):
    """Where contact preferences are asked for. They are asked for each time they decide something."""

    def look_up(self, pid: str) -> ContactPreferences:
        """The preferences of one person.

        A person the register does not know answers `registered=False`. Raises `CounterpartDown` where the register
        does not answer or answers something unreadable: nothing is ever assumed in its place.
        """
