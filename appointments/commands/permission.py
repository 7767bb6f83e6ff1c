"""What may be done with one appointment by those who look, and the ways a patient is told no.

`NotAllowed` is a 404 that leaves a row in the audit, as for something that may not be seen: a form that was forged, or
that the rules no longer open. The others are things that happen to honest people, and have words of their own.
"""

from typing import Final
from uuid import UUID

from django.http import Http404

from appointments import policy
from appointments.codes import Flag
from appointments.commands import history
from appointments.models import Appointment, Request
from appointments.queries import on_screen
from appointments.states import Asked, Status
from portal.audit.refusals import AccessRefused
from portal.kernel import clock
from portal.kernel.errors import FinalError
from youth_access.decide import Decision
from youth_access.eyes import Eyes
from youth_access.footing import actor_of, basis_of

OPEN: Final = (Asked.WAITING, Asked.FAILED)
"""A request that the hospital has still to answer."""
TIME: Final = (Request.Kind.BOOK, Request.Kind.MOVE, Request.Kind.CANCEL)
"""Requests about when an appointment takes place: one at a time."""


class Taken(FinalError):
    """The time is no longer free: somebody else was first, or the hospital took it back."""


class Lapsed(FinalError):
    """The time was not confirmed while it was held."""


class TooManyHolds(FinalError):
    """Whoever looks holds as many times for this patient as one may."""


class NotAllowed(AccessRefused):
    """Not for these eyes, not flagged by the hospital, or not as the appointment stands now."""

    def __init__(
        self, eyes: Eyes, decision: Decision, *, item_id: UUID | str, action: str, kind: str = "appointment"
    ) -> None:
        super().__init__(
            by=actor_of(eyes),
            action=action,
            item_kind=kind,
            item_id=item_id,
            person_id=eyes.patient_id,
            basis=basis_of(eyes, decision),
        )


class TooLate(NotAllowed):
    """Inside the clinic's limit: the patient is told of the fee, and must telephone. Uncaught it is `NotAllowed`."""


class AlreadyAsked(NotAllowed):
    """The hospital has not yet answered what was asked before about this time. Uncaught it is `NotAllowed`."""


def lock_for(eyes: Eyes, appointment_id: UUID, flags: tuple[Flag, ...], *, action: str) -> tuple[Appointment, Decision]:
    """The appointment, locked, for eyes that may do what one of the flags opens, and the decision that lets them.

    Raises Http404 for another patient's or none, NotAllowed where the rules, the flags or its state say no.
    """
    appointment = _locked(eyes, appointment_id)
    decision = on_screen.decision(eyes, appointment)
    flagged = any(flag in appointment.flags for flag in flags)
    stands = appointment.status == Status.BOOKED and appointment.start is not None and appointment.start > clock.now()
    if not (decision.see and decision.act and flagged and stands):
        raise NotAllowed(eyes, decision, item_id=appointment_id, action=action)
    return appointment, decision


def demand_time_left(eyes: Eyes, appointment: Appointment, decision: Decision, *, action: str) -> None:
    """Raise TooLate inside the clinic's limit. One query."""
    clinic = policy.of_unit(appointment.unit_id)
    if appointment.start is None or clock.now() > policy.free_cancelling_until(clinic, appointment.start):
        raise TooLate(eyes, decision, item_id=appointment.pk, action=action)


def demand_nothing_asked(eyes: Eyes, appointment: Appointment, decision: Decision, *, action: str) -> None:
    """Raise AlreadyAsked where an answer about the appointment's time is awaited. One query."""
    if Request.objects.filter(appointment=appointment, kind__in=TIME, state__in=OPEN).exists():
        raise AlreadyAsked(eyes, decision, item_id=appointment.pk, action=action)


def _locked(eyes: Eyes, appointment_id: UUID) -> Appointment:
    try:
        appointment = history.lock(appointment_id)
    except Appointment.DoesNotExist:
        raise Http404 from None
    if appointment.person_id != eyes.patient_id or appointment.status == Status.ENTERED_IN_ERROR:
        raise Http404
    return appointment
