"""Reminders fall due: each is claimed once, with an errand in the same transaction, or becomes void."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from appointments.commands.telling_marks import TELLER
from appointments.models import AppointmentLine, Reminder
from appointments.queries.due import NEWS, reason_against, to_claim
from appointments.states import Reminding, RemindingEvent, move_reminder
from portal.kernel import clock
from portal.outbox import commands as outbox

AT_ONCE: Final = 500


@transaction.atomic
def let_fall_due(*, due: datetime, limit: int = AT_ONCE) -> int:
    """Claim up to `limit` reminders due at an instant; says how many were claimed.

    Two sweeps at once claim different ones. What is decided here is decided again when it is told.
    """
    claimed = list(to_claim(due)[:limit])
    void: dict[str, list[Reminder]] = defaultdict(list)
    wanted = []
    for reminder in claimed:
        against = reason_against(reminder, due) or _followed(reminder)
        if against:
            void[against].append(reminder)
        else:
            wanted.append(reminder)
    _queue(wanted)
    for cause, reminders in void.items():
        _avoid(reminders, cause)
    return len(claimed)


def _followed(reminder: Reminder) -> str:
    followed: bool = getattr(reminder, "followed", False)
    return "followed" if followed and reminder.kind not in NEWS else ""


def _queue(reminders: list[Reminder]) -> None:
    if not reminders:
        return
    state = move_reminder(Reminding.PLANNED, RemindingEvent.FALL_DUE)
    _rows(reminders).update(state=state)
    outbox.put_many("appointments.remind", [(each.pk, each.appointment.start) for each in reminders])


def _avoid(reminders: list[Reminder], cause: str) -> None:
    now = clock.now()
    state = move_reminder(Reminding.PLANNED, RemindingEvent.AVOID)
    _rows(reminders).update(state=state, settled_at=now, cause=cause)
    AppointmentLine.objects.bulk_create(
        AppointmentLine(
            appointment_id=each.appointment_id,
            kind=f"untold.{each.kind}",
            at=now,
            actor_kind=TELLER.kind,
            actor_id=TELLER.id,
            cause=cause,
        )
        for each in reminders
    )


def _rows(reminders: Iterable[Reminder]) -> QuerySet[Reminder]:
    return Reminder.objects.filter(pk__in=[each.pk for each in reminders])
