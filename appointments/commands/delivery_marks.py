"""What is noted on the way to the record system, besides its answer: of a request, and of a cancelled clinic day."""

from uuid import UUID

from django.db import transaction

from appointments.commands import history
from appointments.models import Request
from portal.kernel import clock
from portal.kernel.actor import system

COURIER = system("appointments.tell_hospital")


@transaction.atomic
def note_filed(*, request_id: UUID, record_id: str) -> None:
    """The record system has filed what a person there will answer."""
    _mark(request_id, record_id, "request.filed")


@transaction.atomic
def note_overtaken(*, request_id: UUID, record_id: str) -> None:
    """The record system took a request that was settled in another way while it was under way."""
    _mark(request_id, record_id, "request.overtaken")


@transaction.atomic
def note_cancellation_filed(*, appointment_id: UUID) -> None:
    """The record system has filed that the clinic cancelled an appointment."""
    history.note(history.lock(appointment_id), "clinic_day.told", by=COURIER)


@transaction.atomic
def note_cancellation_not_filed(*, appointment_id: UUID, code: str) -> None:
    """It has not taken that: the appointment still stands there, and a person must cancel it."""
    history.note(history.lock(appointment_id), "clinic_day.untold", by=COURIER, cause=code[:60])


def _mark(request_id: UUID, record_id: str, deed: str) -> None:
    request = Request.objects.select_related("appointment").get(pk=request_id)
    if request.delivered_at is not None:
        return
    Request.objects.filter(pk=request_id).update(delivered_at=clock.now(), record_id=record_id)
    if request.appointment is not None:
        history.note(request.appointment, deed, by=COURIER, details={"request": str(request_id)})
