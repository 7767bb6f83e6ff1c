"""Booking a held time: the appointment is proposed until the hospital has said yes."""

from uuid import UUID, uuid4

from django.db import transaction

from appointments.codes import Flag
from appointments.commands import history, requesting
from appointments.commands.holding import confirm, lock_own
from appointments.commands.permission import Lapsed, NotAllowed, Taken
from appointments.models import Appointment, Invitation, Request, Reservation
from appointments.queries import free_times
from appointments.queries.grounds import Ground
from appointments.states import Status
from portal.kernel import clock
from youth_access.eyes import Eyes
from youth_access.facts import Service
from youth_access.footing import actor_of

__all__ = ["Lapsed", "NotAllowed", "Taken", "book"]

OWN_NAMES = "urn:ietf:rfc:3986"
"""The system of the identifiers that the portal itself gives: "urn:uuid:" and the appointment's id."""


@transaction.atomic
def book(*, reservation_id: UUID, key: UUID, eyes: Eyes) -> Request:
    """Confirm a held time, and ask the hospital for it.

    The same key again, or the same hold confirmed from another window, is the same request. Raises Lapsed, Taken,
    NotAllowed; Http404 for a time that whoever looks does not hold.
    """
    reservation = lock_own(eyes, reservation_id)
    asked = Request.objects.filter(reservation=reservation, kind=Request.Kind.BOOK).first()
    if asked is not None:
        return asked
    ground = free_times.ground_of(eyes, reservation.schedule_id)
    if reservation.appointment_id is not None or ground is None:
        decision = eyes.decide(Service.APPOINTMENT) if ground is None else ground.decision
        raise NotAllowed(eyes, decision, item_id=reservation.slot_id, action="request.book", kind="slot")
    if ground.invitation_id is not None and not _use(ground.invitation_id):
        raise NotAllowed(eyes, ground.decision, item_id=reservation.slot_id, action="request.book", kind="slot")
    appointment = _propose(reservation, ground)
    confirm(reservation, appointment=appointment)
    history.note(appointment, "appointment.propose", by=actor_of(eyes), details={"to": reservation.start.isoformat()})
    eyes.look_anew()
    return requesting.put(
        kind=Request.Kind.BOOK,
        key=key,
        eyes=eyes,
        decision=ground.decision,
        appointment=appointment,
        unit_id=appointment.unit_id,
        reservation_id=reservation.pk,
    )


def _use(invitation_id: UUID) -> bool:
    """Use an invitation. False where another window has used it at this very moment."""
    return Invitation.objects.filter(pk=invitation_id, used_at=None).update(used_at=clock.now()) == 1


def _propose(reservation: Reservation, ground: Ground) -> Appointment:
    """The appointment as it will be once the hospital says yes.

    It may be cancelled and moved, as what is sent to the hospital says. The hospital's word on it cannot be older than
    its word on the timebok.
    """
    schedule, key = ground.schedule, uuid4()
    return Appointment.objects.create(
        id=key,
        person_id=reservation.person_id,
        unit_id=schedule.unit_id,
        schedule=schedule,
        slot_id=reservation.slot_id,
        source=schedule.source,
        source_key=f"{OWN_NAMES}|urn:uuid:{key}",
        status=Status.PROPOSED,
        start=reservation.start,
        end=reservation.end,
        service_category=schedule.service_category,
        title=schedule.name,
        flags=[Flag.CANCEL.value, Flag.CHANGE.value],
        referral_ids=list(ground.referral_ids),
        received_at=clock.now(),
        sent_at=schedule.sent_at,
    )
