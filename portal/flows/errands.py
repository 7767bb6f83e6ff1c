"""What the errands of all stories about appointments have in common."""

from uuid import UUID

from django.db import transaction

from appointments.commands import history
from appointments.models import Appointment
from portal.kernel.actor import system
from portal.outbox.registry import OnGivenUp


def patient_of_appointment(appointment_id: UUID) -> UUID | None:
    """Whose appointment it is."""
    return Appointment.objects.filter(pk=appointment_id).values_list("person_id", flat=True).first()


def given_up(kind: str) -> OnGivenUp:
    """A line in the appointment's history: a person must do what this errand could not."""

    @transaction.atomic
    def note(appointment_id: UUID, code: str) -> None:
        history.note(history.lock(appointment_id), f"{kind}.failed", by=system(kind), cause=code[:60])

    return note
