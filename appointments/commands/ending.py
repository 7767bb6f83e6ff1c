"""The one way an appointment is cancelled, whoever does it."""

from appointments import announcements
from appointments.commands import claims, history, reminding
from appointments.commands.holding import end as end_grips
from appointments.commands.holding import grips_on
from appointments.models import Appointment, PreparationTask, Reminder, Request
from appointments.states import AppointmentEvent, Asked, AskedEvent, ReservedEvent, Status, move_request
from portal.audit import commands as audit
from portal.kernel import clock
from portal.kernel.actor import Actor


def end(
    appointment: Appointment,
    *,
    by: Actor,
    cancelled_by: str,
    reason_system: str = "",
    reason: str = "",
    cause: str = "",
) -> None:
    """Cancel a locked appointment in the present transaction, and all that hangs on it. Raises IllegalMoveError.

    Its times are given back, open tasks are cancelled, what was asked about it is settled, and those concerned are
    told. `cancelled_by` is "patient", "hospital" or "system". One that was only proposed was never the patient's: they
    are told that what they asked for is answered.
    """
    told = Reminder.Kind.ANSWERED if appointment.status == Status.PROPOSED else Reminder.Kind.CANCELLED
    history.move(
        appointment,
        AppointmentEvent.CANCEL,
        by=by,
        cause=cause,
        cancelled_at=clock.now(),
        cancelled_by=cancelled_by,
        cancel_reason_system=reason_system,
        cancel_reason=reason,
    )
    end_grips(grips_on(appointment), ReservedEvent.RELEASE)
    claims.release([appointment.pk])
    appointment.tasks.filter(state=PreparationTask.State.OPEN).update(
        state=PreparationTask.State.CANCELLED, settled_at=clock.now(), reason="appointment-cancelled"
    )
    _settle_requests(appointment)
    audit.record(
        by=by,
        action="appointment.cancel",
        item_kind="appointment",
        item_id=appointment.pk,
        person_id=appointment.person_id,
        details={"by": cancelled_by, "cause": cause},
    )
    reminding.news(appointment, told, by=by)
    announcements.cancelled.send(sender=Appointment, appointment_id=appointment.pk)


def _settle_requests(appointment: Appointment) -> None:
    """What was asked about it: a wish to cancel has come true, nothing else can."""
    rows = Request.objects.select_for_update(no_key=True).filter(
        appointment=appointment, state__in=[Asked.WAITING, Asked.FAILED]
    )
    for request in rows.order_by("pk"):
        if request.kind == Request.Kind.CANCEL:
            event = AskedEvent.ACCEPT
        else:
            event = AskedEvent.WITHDRAW if request.state == Asked.WAITING else AskedEvent.REFUSE
        request.state = move_request(request.state, event)
        request.answered_at = clock.now()
        request.save(update_fields=["state", "answered_at"])
