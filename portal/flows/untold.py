"""News of an appointment reached nobody over SMS or e-mail: it goes by letter, and the letter finds its own way.

Who has reserved themselves, has no contact point, or does not use the portal, gets paper; who may not be written to at
home is a person's to decide. All that is the letters' own judgement. A new appointment that the hospital itself calls
in for by letter needs no other, and what a clinician withholds is told of when it opens.
"""

from uuid import UUID

from django.db import transaction

from appointments import announcements
from appointments.commands import history
from appointments.models import Appointment
from appointments.queries.due import people_told
from portal.flows import time_letters
from portal.flows.errands import given_up, patient_of_appointment
from portal.flows.time_letter_words import CALL_IN, CANCELLATION, CHANGE
from portal.kernel import clock
from portal.kernel.actor import system
from portal.outbox import commands as outbox
from portal.outbox.registry import errand

ERRAND = "flows.untold"


def connect() -> None:
    """Listen."""
    announcements.nobody_told.connect(_nobody_told, dispatch_uid=ERRAND)


def _nobody_told(*, appointment_id: UUID, **_kwargs: object) -> None:
    outbox.put(ERRAND, appointment_id, step=f"{clock.now():%Y%m%d%H%M%S%f}")


@errand(ERRAND, queue="letters", patient_of=patient_of_appointment, given_up=given_up(ERRAND))
@transaction.atomic
def tell_by_letter(appointment_id: UUID) -> None:
    """Write of the appointment as it is now, unless somebody has been told of that meanwhile."""
    appointment = history.lock(appointment_id)
    type_code = _letter_for(appointment)
    if type_code and not people_told(appointment) and not time_letters.is_withheld(appointment):
        time_letters.write(appointment, type_code, by=system(ERRAND))


def _letter_for(appointment: Appointment) -> str:
    if time_letters.was_called_off(appointment):
        return CANCELLATION
    if not time_letters.is_coming(appointment):
        return ""
    if appointment.sequence:
        return CHANGE
    return "" if appointment.call_in_letter else CALL_IN
