"""An appointment will not take place: its letters are taken back.

One that is at the printer or in the post cannot be: then a letter follows that says so, where it was the hospital that
cancelled. A patient who asked for it knows, and of somebody who has died nothing is written.
"""

from uuid import UUID

from django.db import transaction

from appointments import announcements
from appointments.commands import history
from appointments.models import Appointment
from appointments.states import Status
from portal.flows import time_letters
from portal.flows.errands import given_up, patient_of_appointment
from portal.flows.time_letter_words import CANCELLATION
from portal.kernel.actor import system
from portal.outbox import commands as outbox
from portal.outbox.registry import errand

ERRAND = "flows.cancelled"


def connect() -> None:
    """Listen."""
    announcements.cancelled.connect(_cancelled, dispatch_uid=ERRAND)


def _cancelled(*, appointment_id: UUID, **_kwargs: object) -> None:
    sequence = Appointment.objects.values_list("sequence", flat=True).get(pk=appointment_id)
    outbox.put(ERRAND, appointment_id, step=str(sequence))


@errand(ERRAND, queue="letters", patient_of=patient_of_appointment, given_up=given_up(ERRAND))
@transaction.atomic
def take_back(appointment_id: UUID) -> None:
    """Take the letters back, or correct those that are out on paper."""
    appointment = history.lock(appointment_id)
    if appointment.status not in (Status.CANCELLED, Status.ENTERED_IN_ERROR):
        return
    letters = time_letters.of(appointment)
    if time_letters.on_paper(letters) and time_letters.was_called_off(appointment):
        time_letters.write(appointment, CANCELLATION, by=system(ERRAND))
    elif not time_letters.is_written(appointment):
        time_letters.take_back(letters, by=system(ERRAND), reason="cancelled")
