"""What somebody sees of a patient's appointments: lists, counts, pages and calendars all start at `visible_to`."""

from uuid import UUID

from django.db.models import Q, QuerySet

from appointments.models import Appointment
from appointments.queries.access import columns_for, facts_of, item_facts
from appointments.states import Status
from youth_access.decide import Decision
from youth_access.eyes import Eyes
from youth_access.facts import Service
from youth_access.visible import visible

_COMING = Q(status=Status.BOOKED)


def visible_to(eyes: Eyes) -> QuerySet[Appointment]:
    """The patient's appointments that these eyes may see now, past and future, cancelled ones too.

    The only door to a citizen's appointments. What was entered in error is never shown.
    """
    return visible(eyes, _shown(eyes), Service.APPOINTMENT, columns_for(eyes), item_facts, _COMING)


def decision(eyes: Eyes, appointment: Appointment) -> Decision:
    """What these eyes may do with one appointment of their patient."""
    return eyes.decide(Service.APPOINTMENT, facts_of(appointment))


def hidden_from(eyes: Eyes, appointment_id: UUID) -> Appointment | None:
    """An appointment of the patient that the rules keep from these eyes; for the audit alone."""
    found = _shown(eyes).filter(pk=appointment_id).first()
    return found if found is not None and not decision(eyes, found).see else None


def _shown(eyes: Eyes) -> QuerySet[Appointment]:
    return Appointment.objects.filter(person_id=eyes.patient_id).exclude(status=Status.ENTERED_IN_ERROR)
