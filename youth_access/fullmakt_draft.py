"""A fullmakt that is being made: kept in the session between its form and its summary. Ids and days, no number."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest

from youth_access.commands.grants import Grant
from youth_access.facts import Service
from youth_access.fullmakt_presenters import midnight

_SESSION: Final = "fullmakt_draft"


@dataclass(frozen=True, slots=True)
class Draft:
    """What was filled in. `token` stands in the summary's form, so that another tab's draft is never confirmed."""

    receiver_id: UUID
    areas: frozenset[Service]
    first_day: date
    last_day: date | None
    token: str

    def grant(self, now: datetime) -> Grant:
        """What the command is given: from now at the earliest, to the midnight after the last day."""
        ends = midnight(self.last_day + timedelta(days=1)) if self.last_day else None
        return Grant(self.areas, max(midnight(self.first_day), now), ends)


def keep(request: HttpRequest, *, receiver_id: UUID, answers: dict[str, Any]) -> None:
    """Put a filled-in form aside until it is confirmed."""
    last: date | None = answers["last_day"]
    request.session[_SESSION] = {
        "receiver": str(receiver_id),
        "areas": answers["areas"],
        "first": answers["first_day"].isoformat(),
        "last": last.isoformat() if last else "",
        "token": secrets.token_urlsafe(12),
    }


def kept(request: HttpRequest) -> Draft | None:
    """What was put aside last in this session, if anything."""
    found = request.session.get(_SESSION)
    if not found:
        return None
    return Draft(
        receiver_id=UUID(found["receiver"]),
        areas=frozenset(Service(area) for area in found["areas"]),
        first_day=date.fromisoformat(found["first"]),
        last_day=date.fromisoformat(found["last"]) if found["last"] else None,
        token=found["token"],
    )


def forget(request: HttpRequest) -> None:
    """It is given, or given up."""
    request.session.pop(_SESSION, None)
