"""Bringing one request to the record system, and taking home its answer.

The key is the request's own. Whatever happens in between (a killed worker, a cut connection), the same resource goes
again under the same key, and the record system files it once.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from appointments.commands import answering, delivery_marks
from appointments.commands.asking import BY_A_PERSON
from appointments.commands.delivery_marks import COURIER
from appointments.commands.permission import OPEN
from appointments.fhir_out import cancelled, resource_of
from appointments.models import Appointment, Request
from appointments.states import Status
from portal.counterparts.errors import Refused
from portal.counterparts.health_record.http import connect as health_record
from portal.kernel import clock
from portal.kernel.errors import FinalError, RetryableError
from portal.kernel.moves import IllegalMoveError
from portal.people.queries import pid_of

LONGEST: Final = timedelta(hours=24)
"""How long the record system may be silent before a person must take the request."""


class NotDelivered(FinalError):
    """The record system has not answered in time: a person must take the request by telephone."""


def deliver(request_id: UUID) -> None:
    """Take a request as far as it can go now; one that is settled, or waits for a clinician, has come that far.

    Raises CounterpartDown and UnknownOutcome (the same again later), NotDelivered and ConflictingDuplicate (a person).
    """
    request = Request.objects.select_related("person", "appointment", "reservation__slot").get(pk=request_id)
    if request.state not in OPEN or (request.kind in BY_A_PERSON and request.delivered_at is not None):
        return
    resource = resource_of(request, pid_of(request.person))
    try:
        filed = health_record().deliver(f"request-{request.pk}", resource)
    except Refused as error:
        _answered(request, None, error.code)
    except RetryableError as error:
        if clock.now() >= _patience_ends(request):
            raise NotDelivered(f"silent:{error.code}") from None
        raise
    else:
        _answered(request, filed.record_id, "")


def tell_cancelled(appointment_id: UUID) -> None:
    """Let the record system's book say that the clinic has cancelled; one that counts again by now is left alone.

    Raises as `deliver` does, and Refused where the record system will not have it.
    """
    row = Appointment.objects.select_related("person").get(pk=appointment_id)
    if row.status != Status.CANCELLED or row.cancelled_by != "hospital":
        return
    key = f"cancelled-{row.pk}-{row.sequence}"
    try:
        health_record().deliver(key, cancelled(row, pid_of(row.person)))
    except RetryableError as error:
        if row.start is not None and clock.now() >= row.start:
            raise NotDelivered(f"silent:{error.code}") from None
        raise
    delivery_marks.note_cancellation_filed(appointment_id=row.pk)


def _answered(request: Request, record_id: str | None, code: str) -> None:
    """Settle the request by the record system's answer; one that was settled otherwise meanwhile keeps that."""
    try:
        if record_id is None:
            answering.refuse(request_id=request.pk, by=COURIER, answer=code)
        elif request.kind in BY_A_PERSON:
            delivery_marks.note_filed(request_id=request.pk, record_id=record_id)
        else:
            answering.accept(request_id=request.pk, by=COURIER, record_id=record_id)
    except IllegalMoveError:
        delivery_marks.note_overtaken(request_id=request.pk, record_id=record_id or "")


def _patience_ends(request: Request) -> datetime:
    """Nobody may come in vain: what is about a time must be settled before the first of the times begins."""
    ends = [request.made_at + LONGEST]
    if request.appointment is not None and request.appointment.start is not None:
        ends.append(request.appointment.start)
    if request.reservation is not None:
        ends.append(request.reservation.start)
    return min(ends)
