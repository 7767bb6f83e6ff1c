"""What is to be told about an appointment, and when: notices of news, and the clinic's reminders before the start.

Nothing is sent here. The rows are written in the transaction of the change they tell of, and what is written for an
older time of the appointment becomes void in the same breath. Who is told, and whether they may be, is decided when
it is told (`appointments.telling`).
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final
from uuid import uuid4

from appointments import policy
from appointments.commands import history
from appointments.models import Appointment, Reminder
from appointments.queries.due import NEWS
from appointments.states import LIVE, Reminding, RemindingEvent, Status, move_reminder
from appointments.times import Plan, next_daytime
from portal.kernel import clock
from portal.kernel.actor import Actor
from youth_access.codes import Code

WEIGHTY: Final = frozenset({Reminder.Kind.CREATED, Reminder.Kind.MOVED, Reminder.Kind.CANCELLED})
"""News that must reach somebody: where it does not, `announcements.nobody_told` says so."""
_ALWAYS_TOLD: Final = frozenset({Reminder.Kind.MOVED, Reminder.Kind.CANCELLED})
"""What is told whatever the clinic has chosen: whoever is not told of it comes in vain."""
_BY_DEATH: Final = "system"
_WAITING: Final = (Reminding.PLANNED, Reminding.QUEUED)


def news(appointment: Appointment, kind: Reminder.Kind, *, by: Actor) -> None:
    """Something happened to an appointment: tell of it in daytime, and remind of the time it has now.

    The appointment must be locked in the present transaction, and already be what it has become. What was planned for
    an older time of it is void. Nothing is told of an appointment whose time has passed, or whose patient has died.
    """
    now = clock.now()
    _void(appointment, cause=_cause(kind), older_than=appointment.sequence)
    if _is_past_telling(appointment, now):
        return
    clinic = policy.of_unit(appointment.unit_id)
    if not appointment.no_notice and (clinic.notice_of_news or kind in _ALWAYS_TOLD):
        _tell(appointment, kind, now)
        history.note(appointment, f"news.{kind}", by=by)
    if appointment.status == Status.BOOKED and appointment.start is not None and not appointment.no_reminder:
        _plan(appointment, policy.reminders(clinic, appointment.start, now))


def opened_up(appointment: Appointment, *, carried: Collection[str], by: Actor) -> None:
    """Where a code that hid the appointment is gone, those who have not been told of it are told, as of a new one.

    `carried` are the codes it had before. The appointment must be locked in the present transaction. Nothing where no
    such code is gone (N hides from nobody), where the appointment is over, or where nobody was to be told.
    """
    if not set(carried) - set(appointment.security_codes) - {Code.OPEN}:
        return
    now = clock.now()
    if appointment.status in LIVE and not appointment.no_notice and not _is_past_telling(appointment, now):
        _tell(appointment, Reminder.Kind.CREATED, now, again=True)
        history.note(appointment, "news.opened_up", by=by)


def stop(appointment: Appointment, *, cause: str, by: Actor) -> None:
    """Nobody is told anything more of this appointment. It must be locked in the present transaction."""
    if _void(appointment, cause=cause):
        history.note(appointment, "reminders.stop", by=by, cause=cause)


def settle(reminder: Reminder, event: RemindingEvent, *, cause: str = "") -> None:
    """Move one reminder by its table. The row must be locked. Raises IllegalMoveError."""
    reminder.state = move_reminder(reminder.state, event)
    reminder.settled_at = None if reminder.state == Reminding.QUEUED else clock.now()
    reminder.cause = cause[:40]
    reminder.save(update_fields=["state", "settled_at", "cause"])


def _is_past_telling(appointment: Appointment, now: datetime) -> bool:
    dead = appointment.status == Status.CANCELLED and appointment.cancelled_by == _BY_DEATH
    return dead or (appointment.start is not None and appointment.start <= now)


def _void(appointment: Appointment, *, cause: str, older_than: int | None = None) -> int:
    waiting = Reminder.objects.filter(appointment=appointment, state__in=_WAITING)
    if older_than is not None:
        waiting = waiting.filter(sequence__lt=older_than)
    found = list(waiting.select_for_update(no_key=True).order_by("pk"))
    for reminder in found:
        settle(reminder, RemindingEvent.AVOID, cause=cause)
    return len(found)


def _tell(appointment: Appointment, kind: Reminder.Kind, now: datetime, *, again: bool = False) -> None:
    """One notice for all that has not been told yet: the words are the same, whatever happened."""
    untold = Reminder.objects.filter(
        appointment=appointment, sequence=appointment.sequence, kind__in=NEWS, state=Reminding.PLANNED
    )
    if (again or kind not in WEIGHTY) and untold.exists():
        return
    for lesser in untold.exclude(kind__in=WEIGHTY).select_for_update(no_key=True).order_by("pk"):
        settle(lesser, RemindingEvent.AVOID, cause="told-with-another")
    row = Reminder(
        appointment=appointment,
        kind=kind,
        sequence=appointment.sequence,
        word=uuid4() if again or kind not in WEIGHTY else None,
        due_at=next_daytime(_visible_from(appointment, now)),
    )
    Reminder.objects.bulk_create([row], ignore_conflicts=True)


def _visible_from(appointment: Appointment, now: datetime) -> datetime:
    """When there is something to see: an appointment that is withheld until a time is told of then."""
    until = appointment.withheld_until if Code.DELAYED in appointment.security_codes else None
    return now if until is None else max(now, until)


def _plan(appointment: Appointment, plans: Iterable[Plan]) -> None:
    """The clinic's reminders of the present time; those that stand already stay as they are."""
    Reminder.objects.bulk_create(
        [
            Reminder(
                appointment=appointment,
                kind=Reminder.Kind(plan.kind),
                sequence=appointment.sequence,
                hours=plan.hours,
                due_at=plan.due_at,
            )
            for plan in plans
        ],
        ignore_conflicts=True,
    )


def _cause(kind: Reminder.Kind) -> str:
    return "cancelled" if kind == Reminder.Kind.CANCELLED else "moved"
