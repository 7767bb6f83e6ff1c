"""Appointments as clinicians who decide on access must see them: whose, when, with which codes. Never their words."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from appointments.models import Appointment
from appointments.queries.access import facts_of
from appointments.states import Status
from portal.ui import dates
from youth_access.facts import Service
from youth_access.items import CodeUnknown, Listed

KIND: Final = "appointment"
_WORDS: Final = ("description", "instruction", "virtual_address", "virtual_key")


def newest(patient_id: UUID, limit: int) -> Sequence[Listed]:
    """A patient's appointments, the latest start first, whoever may see them. One query."""
    rows = _of(patient_id).order_by("-start", "-received_at", "-id")
    return [_listed(appointment) for appointment in rows[:limit]]


def one(patient_id: UUID, appointment_id: UUID) -> Listed | None:
    """One of them; None where it is another patient's or there is none."""
    return next((_listed(appointment) for appointment in _of(patient_id).filter(pk=appointment_id)), None)


def with_unknown_codes(known: Collection[str], limit: int) -> Iterator[CodeUnknown]:
    """Appointments with a code outside the set, oldest first."""
    rows = _unknown(known).order_by("received_at")
    for patient_id, appointment_id, unit_id in rows.values_list("person_id", "id", "unit_id")[:limit]:
        yield CodeUnknown(patient_id, appointment_id, unit_id)


def count_with_unknown_codes(known: Collection[str]) -> int:
    """How many appointments are hidden because nobody here knows a code of theirs."""
    return _unknown(known).count()


def _of(patient_id: UUID) -> QuerySet[Appointment]:
    rows = Appointment.objects.filter(person_id=patient_id).exclude(status=Status.ENTERED_IN_ERROR)
    return rows.select_related("unit").defer(*_WORDS)


def _unknown(known: Collection[str]) -> QuerySet[Appointment]:
    rows = Appointment.objects.exclude(security_codes__contained_by=list(known))
    return rows.exclude(status=Status.ENTERED_IN_ERROR)


def _listed(appointment: Appointment) -> Listed:
    when = dates.moment(appointment.start) if appointment.start else _("uten tidspunkt")
    return Listed(
        service=Service.APPOINTMENT,
        kind=KIND,
        id=appointment.id,
        patient_id=appointment.person_id,
        title=f"{appointment.title or _('Time')}, {when}",
        sort=_("Time"),
        unit=appointment.unit.name,
        at=appointment.received_at,
        facts=facts_of(appointment),
    )
