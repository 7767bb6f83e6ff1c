"""What is noted of a request's way to the record system, besides its answer."""

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


def _mark(request_id: UUID, record_id: str, deed: str) -> None:
    request = Request.objects.select_related("appointment").get(pk=request_id)
    if request.delivered_at is not None:
        return
    Request.objects.filter(pk=request_id).update(delivered_at=clock.now(), record_id=record_id)
    if request.appointment is not None:
        history.note(request.appointment, deed, by=COURIER, details={"request": str(request_id)})
