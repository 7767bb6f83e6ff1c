"""A wish for video that a member of staff says yes to, with the address to meet at."""

from uuid import UUID

from django.db import transaction

from appointments.commands import answering, history
from appointments.models import Request
from appointments.states import Asked
from portal.kernel.actor import Actor


@transaction.atomic
def accept(*, request_id: UUID, virtual_address: str, by: Actor, answer: str = "") -> None:
    """Say yes, and let the appointment be held at the address. Raises IllegalMoveError where it is settled already.

    Where the appointment can no longer be changed, the wish is refused instead, and the address goes nowhere.
    """
    answering.accept(request_id=request_id, by=by, answer=answer)
    settled = Request.objects.only("state", "appointment_id").get(pk=request_id)
    if settled.state != Asked.ACCEPTED or settled.appointment_id is None:
        return
    appointment = history.lock(settled.appointment_id)
    appointment.virtual_address = virtual_address
    appointment.save(update_fields=["virtual_address"])
