"""What appointments tell operators: what waits, what is late, and what became of messages."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from appointments.models import ReminderMessage
from appointments.queries import for_operators
from appointments.queries.for_operators import Counted
from appointments.states import Asked
from portal.ui import figures
from portal.ui.figures import ExpectedJob, NoticeFigures, ServiceFigures, Source, Standing, Text

SERVICE: Final = "appointments"
DAY: Final = timedelta(days=1)

_CHANNELS: Final[Mapping[str, Text]] = {
    ReminderMessage.Channel.SMS: _("SMS om timer"),
    ReminderMessage.Channel.EMAIL: _("E-post om timer"),
}
_ERRANDS: Final[Mapping[str, Text]] = {
    "appointments.remind": _("Finne ut hvem som skal få beskjed om en time"),
    "appointments.tell": _("Sende beskjed om en time"),
}


def register() -> None:
    """Let operators see appointments."""
    figures.register(Source(service=SERVICE, collect=collect, jobs=_jobs, errands=_ERRANDS))


def collect(now: datetime, since: datetime) -> ServiceFigures:
    """Everything at this instant."""
    tolerance: timedelta = settings.SWEEP_EVERY
    late = for_operators.overdue_reminders(now - tolerance)
    return ServiceFigures(
        standings=(
            _standing("reminders_overdue", _("Påminnelser om timer som skulle vært på vei"), late),
            _standing("requests", _("Ønsker om timer som venter på svar"), for_operators.requests(Asked.WAITING)),
            _standing("requests_failed", _("Ønsker om timer som ikke kom fram"), for_operators.requests(Asked.FAILED)),
        ),
        notices=tuple(_messages(channel, label, now) for channel, label in _CHANNELS.items()),
    )


def _jobs() -> tuple[ExpectedJob, ...]:
    sweep: timedelta = settings.SWEEP_EVERY
    return (
        ExpectedJob("appointments.reminders", _("Finner påminnelser om timer som skal sendes"), sweep),
        ExpectedJob("appointments.reports", _("Henter leveringsrapporter for beskjeder om timer"), sweep * 5),
    )


def _standing(key: str, label: Text, counted: Counted) -> Standing:
    return Standing(key=key, label=label, count=counted.count, oldest=counted.oldest)


def _messages(channel: str, label: Text, now: datetime) -> NoticeFigures:
    found = for_operators.messages(channel, now - DAY, now)
    return NoticeFigures(
        channel=channel,
        label=label,
        sent=found.sent,
        delivered=found.delivered,
        failed=found.failed,
        unconfirmed=found.unconfirmed,
    )
