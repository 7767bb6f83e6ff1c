"""What becomes of a reminder when its time has come, and of each message it turns into.

Each of these looks at the appointment as it is at that moment: what was moved, cancelled, hidden or begun meanwhile is
not told. The appointment is always locked first.
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db import transaction

from appointments import announcements
from appointments.commands import history
from appointments.commands.reminding import WEIGHTY, settle
from appointments.models import Appointment, Reminder, ReminderMessage
from appointments.queries.access import reader_of_appointment
from appointments.queries.due import people_told, reason_against
from appointments.states import Reminding, RemindingEvent
from portal.kernel import clock
from portal.kernel.actor import system
from portal.kernel.errors import RetryableError
from portal.outbox import commands as outbox

TELLER: Final = system("appointments.remind")
REGISTER_SILENT: Final = "register_unavailable"
"""The reason of a decision that may be another as soon as the population register answers."""
_UNSETTLED: Final = (ReminderMessage.State.QUEUED, ReminderMessage.State.SENT)
_HOPED_FOR: Final = (*_UNSETTLED, ReminderMessage.State.DELIVERED)


class RegisterSilent(RetryableError):
    """Nobody knows at this moment who may be told."""


@transaction.atomic
def still_to_be_told(*, reminder_id: UUID) -> bool:
    """Whether a reminder is still to be told, as the appointment is now; what is not becomes void."""
    return _still_to_be_told(_lock(reminder_id))


@transaction.atomic
def tell(*, reminder_id: UUID, to: Collection[tuple[UUID, str]], waits_for_register: bool = False) -> None:
    """Write a message for each (person, channel), each with its own errand; the reminder is then told.

    Where the register has not said of everyone whether they may be told, the reminder stays as it is and those
    who may are told meanwhile. Weighty news that gets no message is announced: it must reach somebody another way.
    """
    reminder = _lock(reminder_id)
    if not _still_to_be_told(reminder):
        return
    _write(reminder, to)
    if waits_for_register:
        return
    settle(reminder, RemindingEvent.TELL)
    count = reminder.messages.count()
    history.note(reminder.appointment, f"told.{reminder.kind}", by=TELLER, details={"messages": count})
    _announce_unless_told(reminder)


@transaction.atomic
def give_up(*, reminder_id: UUID, code: str) -> None:
    """Nobody could find out who is to be told. Weighty news goes another way."""
    reminder = _lock(reminder_id)
    if reminder.state == Reminding.QUEUED:
        _avoid(reminder, code)
        _announce_unless_told(reminder)


@transaction.atomic
def still_wanted(*, message_id: UUID) -> bool:
    """Whether a queued message is still to be sent: the news is true, and who is told may see it at this moment.

    Raises RegisterSilent where the population register must answer first.
    """
    message = _lock_message(message_id)
    if message.state != ReminderMessage.State.QUEUED:
        return False
    reminder, now = message.reminder, clock.now()
    against = reason_against(reminder, now)
    if against:
        _settle(message, ReminderMessage.State.DROPPED, failure=against)
        return False
    decision = reader_of_appointment(reminder.appointment, message.to_person_id, now).decision
    if decision.reason == REGISTER_SILENT:
        raise RegisterSilent("register-silent")
    if decision.notify != "message":
        _settle(message, ReminderMessage.State.DROPPED, failure="may-not-be-told")
        _announce_unless_told(reminder)
        return False
    return True


@transaction.atomic
def note_sent(*, message_id: UUID, provider_id: str) -> None:
    """The gateway has taken the message."""
    message = _lock_message(message_id)
    if message.state == ReminderMessage.State.QUEUED:
        message.state, message.sent_at, message.provider_id = ReminderMessage.State.SENT, clock.now(), provider_id
        message.save(update_fields=["state", "sent_at", "provider_id"])


@transaction.atomic
def note_delivered(*, message_id: UUID) -> None:
    """The gateway reports that the message arrived."""
    message = _lock_message(message_id)
    if message.state == ReminderMessage.State.SENT:
        _settle(message, ReminderMessage.State.DELIVERED)


@transaction.atomic
def note_failed(*, message_id: UUID, failure: str) -> None:
    """A message did not arrive. When none of weighty news can arrive any more, it goes another way."""
    message = _lock_message(message_id)
    if message.state not in _UNSETTLED:
        return
    _settle(message, ReminderMessage.State.FAILED, failure=failure)
    if not reason_against(message.reminder, clock.now()):
        _announce_unless_told(message.reminder)


def _still_to_be_told(reminder: Reminder) -> bool:
    if reminder.state != Reminding.QUEUED:
        return False
    against = reason_against(reminder, clock.now())
    if against:
        _avoid(reminder, against)
    return not against


def _announce_unless_told(reminder: Reminder) -> None:
    if reminder.kind not in WEIGHTY or reminder.messages.filter(state__in=_HOPED_FOR).exists():
        return
    if reminder.word is not None and people_told(reminder.appointment):
        return  # what has opened up to others had reached somebody before
    history.note(reminder.appointment, "nobody_told", by=TELLER, cause=reminder.kind)
    announcements.nobody_told.send(
        Appointment, appointment_id=reminder.appointment_id, kind=Reminder.Kind(reminder.kind)
    )


def _write(reminder: Reminder, to: Collection[tuple[UUID, str]]) -> None:
    already = set(reminder.messages.values_list("to_person_id", "channel"))
    fresh = [
        ReminderMessage(reminder=reminder, to_person_id=person_id, channel=channel)
        for person_id, channel in to
        if (person_id, channel) not in already
    ]
    ReminderMessage.objects.bulk_create(fresh)
    outbox.put_many("appointments.tell", [(each.pk, reminder.appointment.start) for each in fresh])


def _avoid(reminder: Reminder, cause: str) -> None:
    settle(reminder, RemindingEvent.AVOID, cause=cause)
    history.note(reminder.appointment, f"untold.{reminder.kind}", by=TELLER, cause=cause[:60])


def _settle(message: ReminderMessage, state: ReminderMessage.State, *, failure: str = "") -> None:
    message.state, message.settled_at, message.failure = state, clock.now(), failure[:60]
    message.save(update_fields=["state", "settled_at", "failure"])


def _lock(reminder_id: UUID) -> Reminder:
    appointment_id = Reminder.objects.values_list("appointment_id", flat=True).get(pk=reminder_id)
    appointment = history.lock(appointment_id)
    reminder = Reminder.objects.select_for_update(no_key=True).get(pk=reminder_id)
    reminder.appointment = appointment
    return reminder


def _lock_message(message_id: UUID) -> ReminderMessage:
    reminder_id = ReminderMessage.objects.values_list("reminder_id", flat=True).get(pk=message_id)
    reminder = _lock(reminder_id)
    message = ReminderMessage.objects.select_for_update(no_key=True).get(pk=message_id)
    message.reminder = reminder
    return message
