"""From appointments to calendar files: the hours and the hospital, in words that say nothing more."""

from collections.abc import Collection, Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from appointments import calendar_file
from appointments.calendar_file import Entry
from appointments.cards import Feed
from appointments.models import Appointment, CalendarFeed
from appointments.states import LIVE, Status
from portal.ui import dates


def one(appointment: Appointment, *, confidential: Collection[str]) -> bytes | None:
    """One appointment as a file; None where it has no fixed time. A cancelled one is a cancellation, and no more."""
    entry = _entry(appointment, confidential)
    if entry is None or appointment.status == Status.PROPOSED:
        return None
    return calendar_file.calendar([entry], method="CANCEL" if entry.cancelled else "PUBLISH")


def many(appointments: Iterable[Appointment], *, confidential: Collection[str]) -> bytes:
    """All of them as one calendar. Nobody is signed in where it is fetched, so it is in bokmål for everyone."""
    with override("nb"):
        found = [_entry(each, confidential) for each in appointments]
        return calendar_file.calendar([each for each in found if each is not None], method="PUBLISH", name=_("Timer"))


def _entry(appointment: Appointment, confidential: Collection[str]) -> Entry | None:
    if appointment.start is None or appointment.end is None:
        return None
    cancelled = appointment.status == Status.CANCELLED
    somewhere = not cancelled and not appointment.channel and appointment.unit_id not in confidential
    return Entry(
        id=appointment.id,
        start=appointment.start,
        end=appointment.end,
        sequence=appointment.sequence,
        said_at=max(filter(None, (appointment.sent_at, appointment.received_at, appointment.cancelled_at))),
        summary=_summary(appointment, confidential),
        hospital=appointment.unit.hospital if somewhere else "",
        page=f"{settings.PORTAL_URL}{reverse('appointments:appointment', args=[appointment.id])}"
        if appointment.status in LIVE
        else "",
        cancelled=cancelled,
    )


def _summary(appointment: Appointment, confidential: Collection[str]) -> str:
    """ "Time på sykehuset"; only "Avtale" where even that would tell too much, or there is no hospital to go to."""
    return _("Avtale") if appointment.channel or appointment.unit_id in confidential else _("Time på sykehuset")


def feed(row: CalendarFeed) -> Feed:
    """One calendar in the list of those one subscribes to."""
    return Feed(
        made_text=_("Laget %(when)s") % {"when": dates.moment(row.made_at)},
        end_url=reverse("appointments:end-feed", args=[row.id]),
    )
