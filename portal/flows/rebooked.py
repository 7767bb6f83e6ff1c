"""An appointment has got another time: its call-in letter is superseded, and a letter with the new time is written.

Where the old letter had not been printed, it never is; where it has been posted, the new one says that it corrects it.
An appointment without a letter gets none: that news reached nobody is another story (`untold`).
"""

from uuid import UUID

from django.db import transaction

from appointments import announcements
from appointments.commands import history
from appointments.models import Appointment
from portal.flows import time_letters
from portal.flows.errands import given_up, patient_of_appointment
from portal.flows.time_letter_words import CHANGE
from portal.kernel.actor import system
from portal.outbox import commands as outbox
from portal.outbox.registry import errand

ERRAND = "flows.rebooked"


def connect() -> None:
    """Listen."""
    announcements.moved.connect(_moved, dispatch_uid=ERRAND)


def _moved(*, appointment_id: UUID, **_kwargs: object) -> None:
    sequence = Appointment.objects.values_list("sequence", flat=True).get(pk=appointment_id)
    outbox.put(ERRAND, appointment_id, step=str(sequence))


@errand(ERRAND, queue="letters", patient_of=patient_of_appointment, given_up=given_up(ERRAND))
@transaction.atomic
def rewrite(appointment_id: UUID) -> None:
    """Write the letter with the present time in place of the one with the old, where there is one."""
    appointment = history.lock(appointment_id)
    if time_letters.is_coming(appointment) and time_letters.of(appointment):
        time_letters.write(appointment, CHANGE, by=system(ERRAND))
