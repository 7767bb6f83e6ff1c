"""What operators ask of appointments: what waits, what is late, and what became of messages. Counts and instants only.

Each is answered from an index over what is in motion, or over the last days, so the page is as fast at a million rows.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from appointments.models import Reminder, ReminderMessage, Request
from appointments.queries.due import REPORT_EXPECTED_WITHIN
from appointments.states import Asked, Reminding


@dataclass(frozen=True, slots=True)
class Counted:
    """How many, and since when the oldest."""

    count: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Messages:
    """What became of one channel's messages in a period."""

    sent: int = 0
    delivered: int = 0
    failed: int = 0
    unconfirmed: int = 0


def overdue_reminders(before: datetime) -> Counted:
    """Reminders that should have fallen due before an instant, and have not."""
    found = Reminder.objects.filter(state=Reminding.PLANNED, due_at__lte=before)
    return Counted(**found.aggregate(count=Count("pk"), oldest=Min("due_at")))


def requests(state: Asked) -> Counted:
    """What patients have asked for that waits for an answer, or could not be handed over."""
    found = Request.objects.filter(state__in=[Asked.WAITING, Asked.FAILED])
    return Counted(**found.filter(state=state).aggregate(count=Count("pk"), oldest=Min("made_at")))


def messages(channel: str, since: datetime, now: datetime) -> Messages:
    """One channel's messages since an instant. Those whose report was to come in that time, and did not, are silent."""
    state = ReminderMessage.State
    settled = ReminderMessage.objects.filter(channel=channel, settled_at__gte=since).aggregate(
        delivered=Count("pk", filter=Q(state=state.DELIVERED)),
        failed=Count("pk", filter=Q(state=state.FAILED)),
        sent=Count("pk", filter=Q(sent_at__gte=since)),
    )
    silent_from, silent_to = since - REPORT_EXPECTED_WITHIN, now - REPORT_EXPECTED_WITHIN
    under_way = ReminderMessage.objects.filter(channel=channel, state=state.SENT, sent_at__gte=silent_from).aggregate(
        sent=Count("pk", filter=Q(sent_at__gte=since)), unconfirmed=Count("pk", filter=Q(sent_at__lt=silent_to))
    )
    return Messages(
        sent=settled["sent"] + under_way["sent"],
        delivered=settled["delivered"],
        failed=settled["failed"],
        unconfirmed=under_way["unconfirmed"],
    )
