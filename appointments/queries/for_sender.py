"""What a record system may know of the appointments, timebøker, times and invitations it has sent, and of no others."""

from dataclasses import dataclass, field
from uuid import UUID

from appointments.models import Appointment, AppointmentSource, Invitation, Schedule, Slot
from portal.people import sealing


@dataclass(frozen=True, slots=True)
class Received:
    """A sender's own appointment as it stands here, and its newest word; empty where it has said nothing of it."""

    appointment: Appointment
    raw: bytes = field(repr=False)


def word_place(appointment_id: UUID) -> sealing.Place:
    """Where a sender's word belongs, sealed: it holds the patient's number."""
    return sealing.Place("appointments_appointmentsource", str(appointment_id), "raw_sealed")


def appointment_of(source: str, appointment_id: UUID) -> Received | None:
    """One of the sender's appointments by our id."""
    found = Appointment.objects.filter(pk=appointment_id, source=source).first()
    return None if found is None else Received(found, _word(found.pk))


def appointments_named(source: str, keys: list[str]) -> list[Received]:
    """The sender's appointments with these identifiers ("system|value")."""
    rows = Appointment.objects.filter(source=source, source_key__in=keys).order_by("received_at", "pk")
    return [Received(row, _word(row.pk)) for row in rows]


def _word(appointment_id: UUID) -> bytes:
    word = AppointmentSource.objects.filter(appointment_id=appointment_id).first()
    return b"" if word is None else sealing.unseal(bytes(word.raw_sealed), word_place(appointment_id)).encode()


def schedule_of(source: str, schedule_id: UUID) -> Schedule | None:
    """One of the sender's timebøker by our id."""
    return Schedule.objects.filter(pk=schedule_id, source=source).first()


def slot_of(source: str, slot_id: UUID) -> Slot | None:
    """One of the sender's times by our id."""
    return Slot.objects.select_related("schedule").filter(pk=slot_id, source=source).first()


def invitation_of(source: str, invitation_id: UUID) -> Invitation | None:
    """One of the sender's invitations by our id."""
    return Invitation.objects.select_related("schedule").filter(pk=invitation_id, source=source).first()
