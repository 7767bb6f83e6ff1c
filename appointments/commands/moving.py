"""Moving an appointment to a held time: both times are the patient's until the hospital has answered."""

from uuid import UUID

from django.db import transaction
from django.http import Http404

from appointments.codes import Flag
from appointments.commands import requesting
from appointments.commands.holding import confirm, lock_own
from appointments.commands.permission import (
    AlreadyAsked,
    Lapsed,
    NotAllowed,
    Taken,
    TooLate,
    demand_nothing_asked,
    demand_time_left,
    lock_for,
)
from appointments.models import Appointment, Request, Reservation
from appointments.states import Reserved
from youth_access.eyes import Eyes

__all__ = ["AlreadyAsked", "Lapsed", "NotAllowed", "Taken", "TooLate", "move"]
_DEED = "request.move"


@transaction.atomic
def move(*, reservation_id: UUID, key: UUID, eyes: Eyes) -> Request:
    """Confirm a held time as the new one, and ask the hospital to move the appointment to it.

    The same key again, or the same hold confirmed from another window, is the same request. Raises Lapsed, Taken,
    NotAllowed, and of these TooLate and AlreadyAsked; Http404 for a time that whoever looks does not hold.
    """
    asked = Request.objects.filter(
        reservation=reservation_id, kind=Request.Kind.MOVE, made_by=eyes.viewer.person_id, person_id=eyes.patient_id
    )
    appointment, decision = lock_for(eyes, _appointment_of(eyes, reservation_id), (Flag.CHANGE,), action=_DEED)
    reservation = lock_own(eyes, reservation_id)
    same = asked.first()
    if same is not None:
        return same
    demand_nothing_asked(eyes, appointment, decision, action=_DEED)
    demand_time_left(eyes, appointment, decision, action=_DEED)
    confirm(reservation, replaces=_present(appointment))
    return requesting.put(
        kind=Request.Kind.MOVE,
        key=key,
        eyes=eyes,
        decision=decision,
        appointment=appointment,
        unit_id=appointment.unit_id,
        reservation_id=reservation.pk,
    )


def _appointment_of(eyes: Eyes, reservation_id: UUID) -> UUID:
    """Which appointment a held time is for; the appointment is locked before the reservation."""
    found = Reservation.objects.filter(pk=reservation_id, person_id=eyes.patient_id, appointment__isnull=False)
    appointment_id = found.values_list("appointment_id", flat=True).first()
    if appointment_id is None:
        raise Http404
    return appointment_id


def _present(appointment: Appointment) -> Reservation | None:
    """The patient's own grip on the time the appointment has now; none where the hospital chose it."""
    return Reservation.objects.filter(appointment=appointment, state=Reserved.BOOKED).first()
