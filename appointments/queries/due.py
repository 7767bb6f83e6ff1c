"""Reminders whose time has come, and whether they are still of use."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from appointments.models import Appointment, Reminder, ReminderMessage
from appointments.states import Reminding, Status
from appointments.times import SHORTEST_WARNING

NEWS: Final = frozenset(
    {
        Reminder.Kind.CREATED,
        Reminder.Kind.MOVED,
        Reminder.Kind.CHANGED,
        Reminder.Kind.CANCELLED,
        Reminder.Kind.ANSWERED,
    }
)
"""What tells of something that has happened; the other kinds remind of a time to come."""
REPORT_EXPECTED_WITHIN: Final = timedelta(hours=48)
"""After this nobody asks for a delivery report any more; a message without one is not a failed one."""


def reason_against(reminder: Reminder, now: datetime) -> str:
    """Why a reminder is no longer to be told, as its appointment is now; empty where it is."""
    appointment = reminder.appointment
    if appointment.person.died_on is not None:
        return "dead"
    if appointment.status == Status.ENTERED_IN_ERROR and not _tells_of_the_end(reminder):
        return "struck"
    if appointment.status != Status.ENTERED_IN_ERROR and appointment.sequence != reminder.sequence:
        return "overtaken"
    if reminder.kind in NEWS:
        return "too-late" if appointment.start is not None and now >= appointment.start else ""
    if appointment.status != Status.BOOKED or appointment.start is None:
        return "not-booked"
    if now > appointment.start - SHORTEST_WARNING:
        return "too-late"
    confirmed = reminder.kind == Reminder.Kind.UNCONFIRMED and appointment.confirmed_at is not None
    return "confirmed" if confirmed else ""


def _tells_of_the_end(reminder: Reminder) -> bool:
    """An appointment struck as a mistake was first cancelled: whoever knew of it is told that."""
    return reminder.kind == Reminder.Kind.CANCELLED and reminder.sequence + 1 == reminder.appointment.sequence


def to_claim(due: datetime) -> QuerySet[Reminder]:
    """Planned reminders due at an instant, longest due first; those that another sweep holds are left out.

    `followed` says that a later reminder of the same appointment is due as well: after a standstill one is enough.
    """
    later = Reminder.objects.filter(
        appointment=OuterRef("appointment"),
        sequence=OuterRef("sequence"),
        state=Reminding.PLANNED,
        due_at__lte=due,
        due_at__gt=OuterRef("due_at"),
    ).exclude(kind__in=NEWS)
    return (
        Reminder.objects.filter(state=Reminding.PLANNED, due_at__lte=due)
        .select_related("appointment__person")
        .annotate(followed=Exists(later))
        .order_by("due_at", "id")
        .select_for_update(of=("self",), skip_locked=True, no_key=True)
    )


def awaiting_report(now: datetime) -> QuerySet[ReminderMessage]:
    """Messages the gateway has taken and not reported on, and whose report may still come; oldest first."""
    sent = ReminderMessage.objects.filter(state=ReminderMessage.State.SENT, sent_at__gte=now - REPORT_EXPECTED_WITHIN)
    return sent.order_by("sent_at")


def people_told(appointment: Appointment) -> set[UUID]:
    """Those who have been told of the appointment as it is now, or are about to be."""
    state = ReminderMessage.State
    messages = ReminderMessage.objects.filter(
        reminder__appointment=appointment,
        reminder__sequence=appointment.sequence,
        reminder__kind__in=NEWS,
        state__in=[state.QUEUED, state.SENT, state.DELIVERED],
    )
    return set(messages.values_list("to_person", flat=True))
