"""From requests to the words of the clinic's queue."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.core.paginator import Page
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments import staff_words as words
from appointments.models import Request
from appointments.staff_desk import Desk
from appointments.staff_inputs import unit_choices
from appointments.states import Asked
from portal.kernel import clock
from portal.people.models import Unit
from portal.ui import dates
from portal.ui.cards import Pages, Tone, turner

_OLD, _VERY_OLD = timedelta(days=1), timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One request that waits."""

    url: str
    what: str
    who: str
    about: str
    unit: str
    failed: bool
    age: str
    age_tone: Tone


@dataclass(frozen=True, slots=True)
class Option:
    """One unit to filter by."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Queue:
    """The queue with its filter and page turner."""

    rows: list[Row]
    units: list[Option]
    pages: Pages | None
    result: str
    empty_text: str
    only_own: str


def queue(page: "Page[Request]", rows: Sequence[Request], desk: Desk, units: Iterable[Unit], unit_id: str) -> Queue:
    """The queue, oldest first."""
    total = page.paginator.count
    showing = ngettext("%(n)s venter, eldste først.", "%(n)s venter, eldste først.", total) % {"n": total}
    return Queue(
        rows=[_row(each, desk) for each in rows],
        units=[Option(value, label, value == unit_id) for value, label in unit_choices(units)],
        pages=turner(page, lambda number: _address(unit_id, number)),
        result=showing if total else "",
        empty_text=_("Ingen ønsker ved denne enheten venter på svar.") if unit_id else _("Alle ønsker er besvart."),
        only_own="" if desk.clerk else _("Du ser ønsker fra pasienter du behandler."),
    )


def waited(since: datetime) -> str:
    """For how long something has waited: minutes, hours, then days."""
    minutes = max(0, int((clock.now() - since).total_seconds() // 60))
    if minutes < 1:
        return _("under ett minutt")
    if minutes < 60:
        return ngettext("%(n)s minutt", "%(n)s minutter", minutes) % {"n": minutes}
    if minutes < 60 * 24:
        return ngettext("%(n)s time", "%(n)s timer", minutes // 60) % {"n": minutes // 60}
    days = minutes // (60 * 24)
    return ngettext("%(n)s dag", "%(n)s dager", days) % {"n": days}


def _row(request: Request, desk: Desk) -> Row:
    age = clock.now() - request.made_at
    appointment = request.appointment
    codes = appointment.security_codes if appointment is not None else ()
    when = appointment.start if appointment is not None else None
    return Row(
        url=reverse("clinic:request", args=[request.pk]) if desk.may_open(request.person_id, codes) else "",
        what=words.say(words.REQUESTS, request.kind),
        who=desk.names(request.person, codes),
        about=_("Timen %(when)s") % {"when": dates.moment(when)} if when is not None else "",
        unit=str(request.unit),
        failed=request.state == Asked.FAILED,
        age=waited(request.made_at),
        age_tone="danger" if age > _VERY_OLD else "warning" if age > _OLD else "neutral",
    )


def _address(unit_id: str, number: int) -> str:
    asked = ({"enhet": unit_id} if unit_id else {}) | {"side": str(number)}
    return f"{reverse('clinic:requests')}?{urlencode(asked)}"
