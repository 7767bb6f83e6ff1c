"""What the outbox carries out for a cancelled day: one appointment, or one request, at a time."""

from uuid import UUID

from appointments import delivery
from appointments.commands import clinic_day, delivery_marks
from appointments.models import Appointment, Request
from portal.outbox.registry import errand


def patient_of_appointment(appointment_id: UUID) -> UUID | None:
    """Whose appointment it is."""
    return Appointment.objects.filter(pk=appointment_id).values_list("person_id", flat=True).first()


def patient_of_request(request_id: UUID) -> UUID | None:
    """Whom something was asked for."""
    return Request.objects.filter(pk=request_id).values_list("person_id", flat=True).first()


@errand(
    clinic_day.ERRAND,
    queue="notices",
    patient_of=patient_of_appointment,
    given_up=lambda subject, code: clinic_day.note_given_up(appointment_id=subject, code=code),
)
def cancel_one(appointment_id: UUID) -> None:
    """End one appointment of a cancelled day."""
    clinic_day.cancel_one(appointment_id=appointment_id)


@errand(
    clinic_day.MOVE_ERRAND,
    queue="notices",
    patient_of=patient_of_request,
    given_up=lambda subject, code: clinic_day.note_move_given_up(request_id=subject, code=code),
)
def refuse_move(request_id: UUID) -> None:
    """Tell a patient that the day they wanted to move to is cancelled."""
    clinic_day.refuse_move(request_id=request_id)


@errand(
    clinic_day.TELL_ERRAND,
    queue="hospital",
    patient_of=patient_of_appointment,
    given_up=lambda subject, code: delivery_marks.note_cancellation_not_filed(appointment_id=subject, code=code),
)
def tell_cancelled(appointment_id: UUID) -> None:
    """Let the record system know of one appointment of a cancelled day."""
    delivery.tell_cancelled(appointment_id)
