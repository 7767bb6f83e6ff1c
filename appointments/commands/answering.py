"""What the hospital answers to a request, and what follows from it.

Each answer locks the appointment, then the request, and settles everything in one transaction: a yes to a move swaps
the times, a no gives the new one back and leaves the old as it was.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from appointments import announcements
from appointments.codes import VIDEO
from appointments.commands import claims, ending, history, reminding
from appointments.commands.holding import end as end_grips
from appointments.commands.holding import grips_on
from appointments.models import Appointment, Invitation, Reminder, Request, Reservation
from appointments.states import AppointmentEvent, Asked, AskedEvent, Reserved, ReservedEvent, Status, move_request
from portal.audit import commands as audit
from portal.kernel import clock
from portal.kernel.actor import Actor, system

OVERTAKEN: Final = "overtaken"
"""The answer where the appointment has meanwhile become something that cannot be moved, cancelled or confirmed."""
CLOCKS_DIFFER: Final = timedelta(minutes=1)
"""How far the hospital's clock may be behind ours."""


@transaction.atomic
def accept(*, request_id: UUID, by: Actor, record_id: str = "", answer: str = "") -> None:
    """The hospital has said yes. Raises IllegalMoveError where the request is already settled."""
    request = _locked(request_id)
    if record_id:
        request.record_id, request.delivered_at = record_id, clock.now()
    appointment = request.appointment
    if appointment is not None and not _still_fits(request, appointment):
        _refuse(request, by, answer or OVERTAKEN)
        return
    _settle(request, AskedEvent.ACCEPT, by, answer)
    follow = _FOLLOWS.get(Request.Kind(request.kind))
    if appointment is not None and follow is not None:
        follow(request, appointment, by)


@transaction.atomic
def refuse(*, request_id: UUID, by: Actor, answer: str = "") -> None:
    """The hospital has said no, in a code or in words. Raises IllegalMoveError where the request is already settled."""
    _refuse(_locked(request_id), by, answer)


@transaction.atomic
def fail(*, request_id: UUID, code: str) -> None:
    """The request could not be handed over: a person must take it, and it stands till then. Once settled, nothing."""
    request = _locked(request_id)
    if request.state == Asked.WAITING:
        _settle(request, AskedEvent.FAIL, system("appointments.tell_hospital"), "", cause=code)


def _locked(request_id: UUID) -> Request:
    """The request, locked after its appointment."""
    appointment_id = Request.objects.values_list("appointment_id", flat=True).get(pk=request_id)
    appointment = history.lock(appointment_id) if appointment_id is not None else None
    request = Request.objects.select_for_update(no_key=True).get(pk=request_id)
    request.appointment = appointment
    return request


def _settle(request: Request, event: AskedEvent, by: Actor, answer: str, cause: str = "") -> None:
    request.state = move_request(request.state, event)
    request.answered_at, request.answer = clock.now(), answer
    request.answered_by = UUID(by.id) if by.kind == "staff" else None
    request.save(update_fields=["state", "answered_at", "answer", "answered_by", "record_id", "delivered_at"])
    details: dict[str, Any] = {"request": str(request.pk), "kind": request.kind}
    deed = f"request.{event}"
    if request.appointment is not None:
        history.note(request.appointment, deed, by=by, cause=cause, details=details)
    audit.record(
        by=by,
        action=deed,
        item_kind="request" if request.appointment_id is None else "appointment",
        item_id=request.appointment_id or request.pk,
        person_id=request.person_id,
        details=details,
    )


def _still_fits(request: Request, appointment: Appointment) -> bool:
    """Whether the appointment is still one that this answer can change."""
    if request.kind == Request.Kind.BOOK:
        return appointment.status in (Status.PROPOSED, Status.BOOKED)
    if request.kind == Request.Kind.CONFIRM and history.moved_since(appointment, request.made_at):
        return False
    return appointment.status == Status.BOOKED


def _refuse(request: Request, by: Actor, answer: str) -> None:
    _settle(request, AskedEvent.REFUSE, by, answer)
    appointment = request.appointment
    if appointment is None:
        return
    if request.kind == Request.Kind.BOOK and appointment.status == Status.PROPOSED:
        _give_back_invitation(request)
        ending.end(appointment, by=by, cancelled_by="hospital", cause="refused")
        return
    if request.kind == Request.Kind.MOVE:
        end_grips([_grip(request)], ReservedEvent.RELEASE)
    reminding.news(appointment, Reminder.Kind.ANSWERED, by=by)


def _grip(request: Request) -> Reservation:
    """The time that was asked for, locked. A request to book or to move has one."""
    rows = Reservation.objects.select_for_update(no_key=True, of=("self",)).select_related("schedule")
    return rows.get(requests=request)


def _give_back_invitation(request: Request) -> None:
    """The invitation that was used for a booking that came to nothing may be used again."""
    schedule = _grip(request).schedule
    used = Invitation.objects.filter(person_id=request.person_id, schedule=schedule, used_at__isnull=False)
    newest = used.order_by("-used_at").values("pk")[:1]
    Invitation.objects.filter(pk__in=newest).update(used_at=None)


def _booked(_request: Request, appointment: Appointment, by: Actor) -> None:
    if appointment.status == Status.PROPOSED:
        history.move(appointment, AppointmentEvent.BOOK, by=by, cause="accepted")
        reminding.news(appointment, Reminder.Kind.CREATED, by=by)


def _moved(request: Request, appointment: Appointment, by: Actor) -> None:
    """The new time takes the old one's place, in one breath. The old one's grips are given back.

    Who the patient was to meet is forgotten where another is booked now: the hospital says it anew.
    """
    new = _grip(request)
    old = [each for each in grips_on(appointment) if each.state == Reserved.BOOKED and each.pk != new.pk]
    end_grips(old, ReservedEvent.RELEASE)
    claims.release([appointment.pk])
    if appointment.start == new.start and appointment.end == new.end:
        # The hospital's own word of the move was here before its answer, and has been told.
        Appointment.objects.filter(pk=appointment.pk).update(slot=new.slot_id, schedule=new.schedule_id)
        return
    details = {"from": appointment.start.isoformat() if appointment.start else "", "to": new.start.isoformat()}
    same_resource = appointment.schedule is not None and appointment.schedule.resource == new.schedule.resource
    history.move(
        appointment,
        AppointmentEvent.MOVE,
        by=by,
        cause="accepted",
        details=details,
        start=new.start,
        end=new.end,
        slot_id=new.slot_id,
        schedule_id=new.schedule_id,
        practitioner=appointment.practitioner if same_resource else "",
        confirmed_at=None,
        sent_at=_heard(request, appointment),
    )
    reminding.news(appointment, Reminder.Kind.MOVED, by=by)
    announcements.moved.send(sender=Appointment, appointment_id=appointment.pk)


def _cancelled(request: Request, appointment: Appointment, by: Actor) -> None:
    appointment.sent_at = _heard(request, appointment)
    appointment.save(update_fields=["sent_at"])
    ending.end(
        appointment,
        by=by,
        cancelled_by="patient",
        reason_system=request.reason_system,
        reason=request.reason,
        cause="asked",
    )


def _heard(request: Request, appointment: Appointment) -> datetime:
    """A word that the hospital sent before the patient asked cannot undo what it has now said yes to."""
    return max(appointment.sent_at, request.made_at - CLOCKS_DIFFER)


def _confirmed(_request: Request, appointment: Appointment, by: Actor) -> None:
    appointment.confirmed_at = clock.now()
    appointment.save(update_fields=["confirmed_at"])
    history.note(appointment, "appointment.confirm", by=by)


def _by_video(_request: Request, appointment: Appointment, by: Actor) -> None:
    """The hospital sends the meeting's address in a word of its own."""
    history.move(appointment, AppointmentEvent.CHANGE, by=by, cause="video", contact_type=VIDEO, channel="url")
    reminding.news(appointment, Reminder.Kind.ANSWERED, by=by)


_FOLLOWS: Final[dict[Request.Kind, Callable[[Request, Appointment, Actor], None]]] = {
    Request.Kind.BOOK: _booked,
    Request.Kind.MOVE: _moved,
    Request.Kind.CANCEL: _cancelled,
    Request.Kind.CONFIRM: _confirmed,
    Request.Kind.VIDEO: _by_video,
}
