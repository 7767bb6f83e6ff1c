"""Holding a time while the patient reads, and letting go of it.

The first to hold a time wins; nobody may hold more than two for one patient at once, so that times are not hoarded.
A hold lapses by itself.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction
from django.http import Http404

from appointments import policy
from appointments.codes import Flag
from appointments.commands import claims
from appointments.commands.permission import (
    AlreadyAsked,
    Lapsed,
    NotAllowed,
    Taken,
    TooLate,
    TooManyHolds,
    demand_nothing_asked,
    demand_time_left,
    lock_for,
)
from appointments.models import Appointment, Reservation, Slot
from appointments.queries import free_times
from appointments.states import GRIPPED, Reserved, ReservedEvent, move_reservation
from portal.audit import commands as audit
from portal.kernel import clock
from youth_access.decide import Decision
from youth_access.eyes import Eyes
from youth_access.facts import Service
from youth_access.footing import actor_of, basis_of

__all__ = ["AlreadyAsked", "Lapsed", "NotAllowed", "Taken", "TooLate", "TooManyHolds", "hold", "let_go"]

MOST_AT_ONCE: Final = 2


@transaction.atomic
def hold(*, slot_id: UUID, eyes: Eyes, appointment_id: UUID | None = None) -> Reservation:
    """Hold a time for some minutes: to move an appointment to it, or to book it.

    The same time held again by the same person for the same purpose is the same hold, and lasts no longer for it.
    Raises Taken, TooManyHolds, NotAllowed, and of these TooLate and AlreadyAsked; Http404 for a time there is not.
    """
    appointment = None
    if appointment_id is not None:
        appointment, decision = lock_for(eyes, appointment_id, (Flag.CHANGE,), action="hold")
        demand_nothing_asked(eyes, appointment, decision, action="hold")
        demand_time_left(eyes, appointment, decision, action="hold")
    slot = _slot(slot_id)
    if appointment is None:
        decision = _demand_bookable(eyes, slot)
    elif not free_times.family(appointment).filter(pk=slot.schedule_id).exists():
        raise NotAllowed(eyes, decision, item_id=slot_id, action="hold", kind="slot")
    claims.line_up(eyes.patient_id, slot.schedule.resource)
    slot = Slot.objects.select_for_update(no_key=True, of=("self",)).select_related("schedule").get(pk=slot_id)
    standing = _own_holds(eyes)
    same = next((each for each in standing if each.slot_id == slot_id), None)
    if same is not None and same.appointment_id == appointment_id:
        return same
    if same is not None:
        end([same], ReservedEvent.RELEASE)
    if len(standing) - (same is not None) >= MOST_AT_ONCE:
        raise TooManyHolds("too-many-holds")
    return _grip(slot, eyes, decision, appointment)


@transaction.atomic
def let_go(*, reservation_id: UUID, eyes: Eyes) -> None:
    """Give a held time back before it lapses; one that is no longer held is left as it is. Raises Http404."""
    reservation = lock_own(eyes, reservation_id)
    if reservation.state == Reserved.HELD:
        end([reservation], ReservedEvent.RELEASE)
        decision = eyes.decide(Service.APPOINTMENT)
        _note(reservation, eyes, decision, "slot.let_go")


def lock_own(eyes: Eyes, reservation_id: UUID) -> Reservation:
    """A time that whoever looks has held for this patient, locked. Raises Http404 for anyone else's."""
    rows = Reservation.objects.select_for_update(no_key=True)
    found = rows.filter(pk=reservation_id, person_id=eyes.patient_id, made_by=eyes.viewer.person_id).first()
    if found is None:
        raise Http404
    return found


def confirm(reservation: Reservation, **changes: object) -> None:
    """Make a locked, held time a booked one. Raises Lapsed, or Taken where the hospital has taken it back meanwhile."""
    if reservation.state != Reserved.HELD or not claims.keep(reservation.pk):
        raise Lapsed("lapsed")
    if not Slot.objects.filter(pk=reservation.slot_id, state=Slot.State.FREE, start__gt=clock.now()).exists():
        raise Taken("taken-back")
    reservation.state = move_reservation(reservation.state, ReservedEvent.CONFIRM)
    for name, value in changes.items():
        setattr(reservation, name, value)
    reservation.save(update_fields=["state", *changes])


def end(reservations: Sequence[Reservation], event: ReservedEvent) -> None:
    """Release or expire locked reservations together with their claims."""
    for each in reservations:
        each.state = move_reservation(each.state, event)
        each.ended_at = clock.now()
        each.save(update_fields=["state", "ended_at"])
    claims.release([each.pk for each in reservations])


def grips_on(appointment: Appointment) -> list[Reservation]:
    """Every time that is held or booked for an appointment, locked. The appointment must be locked."""
    rows = Reservation.objects.select_for_update(no_key=True).filter(appointment=appointment, state__in=list(GRIPPED))
    return list(rows.order_by("pk"))


def _slot(slot_id: UUID) -> Slot:
    slot = Slot.objects.select_related("schedule").filter(pk=slot_id).exclude(state=Slot.State.ENTERED_IN_ERROR).first()
    if slot is None:
        raise Http404
    return slot


def _demand_bookable(eyes: Eyes, slot: Slot) -> Decision:
    ground = free_times.ground_of(eyes, slot.schedule_id)
    if ground is None:
        decision = eyes.decide(Service.APPOINTMENT)
        raise NotAllowed(eyes, decision, item_id=slot.pk, action="hold", kind="slot")
    return ground.decision


def _own_holds(eyes: Eyes) -> list[Reservation]:
    """What whoever looks holds for this patient; what others hold for the same patient must not show."""
    rows = Reservation.objects.select_for_update(no_key=True).filter(
        person_id=eyes.patient_id,
        made_by=eyes.viewer.person_id,
        state=Reserved.HELD,
        held_until__gt=clock.real_now(),
    )
    return list(rows.order_by("pk"))


def _grip(slot: Slot, eyes: Eyes, decision: Decision, appointment: Appointment | None) -> Reservation:
    minutes = policy.of_unit(slot.schedule.unit_id).hold_minutes
    reservation = Reservation(
        id=uuid4(),
        person_id=eyes.patient_id,
        slot=slot,
        schedule=slot.schedule,
        appointment=appointment,
        start=slot.start,
        end=slot.end,
        held_until=clock.real_now() + timedelta(minutes=minutes),
        made_at=clock.now(),
        made_by=eyes.viewer.person_id,
    )
    if not free_times.free(eyes, appointment).filter(pk=slot.pk).exists() or _has_it_already(reservation):
        raise Taken("taken")
    if not claims.take(claim_id=reservation.pk, slot=slot, held_until=reservation.held_until):
        raise Taken("taken")
    reservation.save(force_insert=True)
    _note(reservation, eyes, decision, "slot.hold")
    return reservation


def _has_it_already(reservation: Reservation) -> bool:
    """Whether the patient has this very time already, held by somebody else or booked. Lapsed holds are put away."""
    rows = Reservation.objects.select_for_update(no_key=True).filter(
        person_id=reservation.person_id, slot_id=reservation.slot_id, state__in=list(GRIPPED)
    )
    found = list(rows)
    lapsed = [each for each in found if each.state == Reserved.HELD and each.held_until <= clock.real_now()]
    end(lapsed, ReservedEvent.EXPIRE)
    return len(lapsed) < len(found)


def _note(reservation: Reservation, eyes: Eyes, decision: Decision, deed: str) -> None:
    audit.record(
        by=actor_of(eyes),
        action=deed,
        item_kind="slot",
        item_id=reservation.slot_id,
        person_id=reservation.person_id,
        basis=basis_of(eyes, decision),
        details={"reservation": str(reservation.pk)},
    )
