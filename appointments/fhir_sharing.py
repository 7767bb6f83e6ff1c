"""Busy times as FHIR: status, start, end and hospital, and nothing else of an appointment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from appointments.queries.busy import BusyTime
from appointments.times import day_bounds
from portal.fhir.elements import day_or_instant
from portal.fhir.errors import refuse
from portal.kernel.clock import OSLO

FURTHEST: Final = timedelta(days=400)
"""Nobody is told further ahead than this."""
_SECOND: Final = timedelta(seconds=1)
_SUBSETTED: Final = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}
_FROM, _UNTIL, _SAME = ("ge", "gt"), ("le", "lt"), ("eq", "")


@dataclass(frozen=True, slots=True)
class Period:
    """What is asked about: appointments that lie in it or reach into it."""

    first: datetime
    last: datetime


def read_period(values: Iterable[str], now: datetime) -> Period:
    """The period that `date` parameters ask about, never before today nor more than 400 days ahead.

    `ge` and `gt` say from when, `le` and `lt` until when, `eq` or nothing a whole day. Raises `FhirRefusal` (400).
    """
    first, furthest = day_bounds(now.astimezone(OSLO).date())[0], now + FURTHEST
    last = furthest
    for value in values:
        prefix = value[:2] if value[:2].isalpha() else ""
        if prefix not in (*_FROM, *_UNTIL, *_SAME):
            raise _unreadable()
        text = value[len(prefix) :]
        if prefix in (*_FROM, *_SAME):
            first = max(first, _instant(text, end_of_day=False))
        if prefix in (*_UNTIL, *_SAME):
            last = min(last, _instant(text, end_of_day=True) + _SECOND)
    return Period(first, last)


def bundle(times: Iterable[BusyTime], address: str) -> dict[str, Any]:
    """A searchset. The address it was asked at holds no parameter: they name a patient."""
    entries = [
        {
            "fullUrl": f"urn:uuid:{each.id}",
            "resource": _appointment(each),
            "search": {"mode": "match"},
        }
        for each in times
    ]
    found: dict[str, Any] = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(entries),
        "link": [{"relation": "self", "url": f"{address}/Appointment/_search"}],
    }
    return found | ({"entry": entries} if entries else {})


def _appointment(time: BusyTime) -> dict[str, Any]:
    return {
        "resourceType": "Appointment",
        "id": str(time.id),
        "meta": {"tag": [_SUBSETTED]},
        "status": "booked",
        "start": time.start.astimezone(OSLO).isoformat(),
        "end": time.end.astimezone(OSLO).isoformat(),
        "participant": [{"actor": {"type": "Location", "display": time.hospital}, "status": "accepted"}],
    }


def _instant(text: str, *, end_of_day: bool) -> datetime:
    found = day_or_instant(text, end_of_day=end_of_day)
    if found is None:
        raise _unreadable()
    return found


def _unreadable() -> Exception:
    text = _("Oppgi date som ge/gt/le/lt/eq og en dato eller et tidspunkt med tidssone, for eksempel ge2026-11-30.")
    return refuse(400, "value", "search-date", text)
