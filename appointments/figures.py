"""What appointments tell operators: what waits, what is late, and what became of messages."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from appointments.models import ReminderMessage
from appointments.queries import for_operators
from appointments.queries.for_operators import Counted, Messages
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
    "appointments.tell_hospital": _("Bringe et ønske om time til sykehuset"),
    "appointments.cancel_one": _("Avlyse en time på en avlyst dag"),
    "appointments.tell_cancelled": _("Si fra til journalsystemet om en avlyst time"),
    "appointments.refuse_move": _("Svare en som ville flytte til en avlyst dag"),
}


def register() -> None:
    """Let operators see appointments."""
    figures.register(Source(service=SERVICE, collect=collect, jobs=_jobs, errands=_ERRANDS))


def collect(now: datetime, since: datetime) -> ServiceFigures:
    """Everything at this instant."""
    tolerance: timedelta = settings.SWEEP_EVERY
    late = for_operators.overdue_reminders(now - tolerance)
    asked = for_operators.requests()
    told = for_operators.messages(now - DAY, now)
    return ServiceFigures(
        standings=(
            _standing("reminders_overdue", _("Påminnelser om timer som skulle vært på vei"), late),
            _standing("requests", _("Ønsker om timer som venter på svar"), asked[Asked.WAITING]),
            _standing("requests_failed", _("Ønsker om timer som ikke kom fram"), asked[Asked.FAILED]),
        ),
        notices=tuple(_messages(channel, label, told.get(channel, Messages())) for channel, label in _CHANNELS.items()),
    )


def _jobs() -> tuple[ExpectedJob, ...]:
    sweep: timedelta = settings.SWEEP_EVERY
    return (
        ExpectedJob("appointments.reminders", _("Finner påminnelser om timer som skal sendes"), sweep),
        ExpectedJob("appointments.reports", _("Henter leveringsrapporter for beskjeder om timer"), sweep * 5),
        ExpectedJob("appointments.lapse", _("Gir tilbake timer som noen holdt og ikke tok"), sweep),
        ExpectedJob("appointments.find_lost_requests", _("Finner ønsker om timer som har stoppet opp"), sweep * 5),
    )


def _standing(key: str, label: Text, counted: Counted) -> Standing:
    return Standing(key=key, label=label, count=counted.count, oldest=counted.oldest)


def _messages(channel: str, label: Text, told: Messages) -> NoticeFigures:
    return NoticeFigures(
        channel=channel,
        label=label,
        sent=told.sent,
        delivered=told.delivered,
        failed=told.failed,
        unconfirmed=told.unconfirmed,
    )
