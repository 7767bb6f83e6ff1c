"""What operators ask of appointments: what waits, what is late, and what became of messages. Counts and instants only.

Each is answered from an index over what is in motion, or over the last days, so the page is as fast at a million rows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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


def requests() -> dict[Asked, Counted]:
    """What patients have asked for that waits for an answer, and what could not be handed over."""
    open_ones = Request.objects.filter(state__in=[Asked.WAITING, Asked.FAILED])
    rows = open_ones.values("state").annotate(count=Count("pk"), oldest=Min("made_at")).order_by("state")
    found = {Asked(row["state"]): Counted(row["count"], row["oldest"]) for row in rows}
    return {state: found.get(state, Counted()) for state in (Asked.WAITING, Asked.FAILED)}


def messages(since: datetime, now: datetime) -> dict[str, Messages]:
    """By channel, what became of messages since an instant.

    Those whose report was to come in that time, and did not, are unconfirmed.
    """
    state = ReminderMessage.State
    of_channel = ReminderMessage.objects.order_by("channel").values("channel")
    settled = of_channel.filter(settled_at__gte=since).annotate(
        delivered=Count("pk", filter=Q(state=state.DELIVERED)),
        failed=Count("pk", filter=Q(state=state.FAILED)),
        sent=Count("pk", filter=Q(sent_at__gte=since)),
    )
    silent_from, silent_to = since - REPORT_EXPECTED_WITHIN, now - REPORT_EXPECTED_WITHIN
    under_way = of_channel.filter(state=state.SENT, sent_at__gte=silent_from).annotate(
        sent=Count("pk", filter=Q(sent_at__gte=since)), unconfirmed=Count("pk", filter=Q(sent_at__lt=silent_to))
    )
    ended, still = _by_channel(settled), _by_channel(under_way)
    return {channel: _together(ended.get(channel, {}), still.get(channel, {})) for channel in {*ended, *still}}


def _by_channel(rows: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, int]]:
    return {row["channel"]: row for row in rows}


def _together(ended: Mapping[str, int], still: Mapping[str, int]) -> Messages:
    return Messages(
        sent=ended.get("sent", 0) + still.get("sent", 0),
        delivered=ended.get("delivered", 0),
        failed=ended.get("failed", 0),
        unconfirmed=still.get("unconfirmed", 0),
    )
