"""What the outbox carries out for appointments: an id in, calls to others between transactions, one command out."""

from uuid import UUID

from appointments import delivery, telling
from appointments.commands import answering, telling_marks
from appointments.models import Reminder, ReminderMessage, Request
from portal.outbox.registry import errand


def patient_of_reminder(reminder_id: UUID) -> UUID | None:
    """Whose appointment a reminder is about."""
    return Reminder.objects.filter(pk=reminder_id).values_list("appointment__person_id", flat=True).first()


def patient_of_message(message_id: UUID) -> UUID | None:
    """Whose appointment a message is about, whoever it is for."""
    found = ReminderMessage.objects.filter(pk=message_id)
    return found.values_list("reminder__appointment__person_id", flat=True).first()


@errand(
    "appointments.remind",
    queue="notices",
    patient_of=patient_of_reminder,
    given_up=lambda subject, code: telling_marks.give_up(reminder_id=subject, code=code),
)
def remind(reminder_id: UUID) -> None:
    """Find out who is to be told of an appointment."""
    telling.remind(reminder_id)


@errand(
    "appointments.tell",
    queue="notices",
    patient_of=patient_of_message,
    given_up=lambda subject, code: telling_marks.note_failed(message_id=subject, failure=code),
)
def tell(message_id: UUID) -> None:
    """Send one SMS or e-mail about an appointment."""
    telling.send(message_id)


def patient_of_request(request_id: UUID) -> UUID | None:
    """Whom something was asked for."""
    return Request.objects.filter(pk=request_id).values_list("person_id", flat=True).first()


@errand(
    "appointments.tell_hospital",
    queue="hospital",
    patient_of=patient_of_request,
    given_up=lambda subject, code: answering.fail(request_id=subject, code=code),
)
def tell_hospital(request_id: UUID) -> None:
    """Bring what a patient asks to the record system, and take home its answer."""
    delivery.deliver(request_id)
