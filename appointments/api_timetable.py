"""Timebøker, free times and invitations over FHIR: told by a record system, known by their identifier."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from appointments import fhir_codes as known
from appointments import fhir_invitation, fhir_schedule, fhir_slot
from appointments.api_common import (
    answer,
    cannot_change,
    facts_for,
    identifier,
    known_id,
    received,
    received_by_id,
    received_by_identifier,
    unknown_schedule,
    unknown_unit,
)
from appointments.commands import invitations, timetable
from appointments.fhir import Refused
from appointments.models import Invitation, Schedule, Slot
from appointments.queries.for_sender import invitation_of, schedule_of, slot_of
from portal.audit import commands as audit
from portal.fhir.errors import FhirRefusal, refuse
from portal.fhir.parsers import ReceivedJson
from portal.fhir.permissions import Need
from portal.fhir.views import FhirView
from portal.kernel.actor import Actor

Needs = dict[str, tuple[Need, ...]]


def _all(kind: str) -> Needs:
    return {"POST": ((kind, "c"),), "PUT": ((kind, "u"),)}


def _one(kind: str) -> Needs:
    return {"GET": ((kind, "r"),), "PUT": ((kind, "u"),)}


class _Told(FhirView):
    """A resource that is told by POST, or by PUT by its identifier; sent again it is brought up to date."""

    kind: ClassVar[str]

    def post(self, request: Request) -> Response:
        """Take it in: 201, or 200 where it is known."""
        return self.take(request, received(request, self.kind))

    def put(self, request: Request) -> Response:
        """The same, for clients that update by identifier."""
        return self.take(request, received_by_identifier(request, self.kind))

    def take(self, request: Request, body: ReceivedJson) -> Response:
        """Store it."""
        raise NotImplementedError


class Schedules(_Told):
    """`/fhir/Schedule`."""

    kind = fhir_schedule.RESOURCE
    needs: ClassVar[Needs] = _all(fhir_schedule.RESOURCE)

    def take(self, request: Request, body: ReceivedJson) -> Response:
        """Store a timebok."""
        return _take_schedule(request, body, self.sender().client_id)


class ScheduleById(FhirView):
    """`/fhir/Schedule/<id>`; another sender's is as unknown as one that does not exist."""

    needs: ClassVar[Needs] = _one(fhir_schedule.RESOURCE)

    def get(self, request: Request, schedule_id: str) -> Response:
        """The timebok as it stands here."""
        return Response(_schedule_as_it_stands(self._own(schedule_id)))

    def put(self, request: Request, schedule_id: str) -> Response:
        """What is new about the timebok."""
        row = self._own(schedule_id)
        body = received_by_id(request, fhir_schedule.RESOURCE, row.pk, row.source_key)
        return _take_schedule(request, body, self.sender().client_id)

    def _own(self, schedule_id: str) -> Schedule:
        found = schedule_of(self.sender().client_id, known_id(schedule_id))
        if found is None:
            raise NotFound
        return found


class Slots(_Told):
    """`/fhir/Slot`."""

    kind = fhir_slot.RESOURCE
    needs: ClassVar[Needs] = _all(fhir_slot.RESOURCE)

    def take(self, request: Request, body: ReceivedJson) -> Response:
        """Store a time."""
        return _take_slot(request, body, self.sender().client_id)


class SlotById(FhirView):
    """`/fhir/Slot/<id>`; another sender's is as unknown as one that does not exist."""

    needs: ClassVar[Needs] = _one(fhir_slot.RESOURCE)

    def get(self, request: Request, slot_id: str) -> Response:
        """The time as it stands here; who has booked it is told with their appointment."""
        return Response(_slot_as_it_stands(self._own(slot_id)))

    def put(self, request: Request, slot_id: str) -> Response:
        """What is new about the time; `entered-in-error` takes it out."""
        row = self._own(slot_id)
        body = received_by_id(request, fhir_slot.RESOURCE, row.pk, row.source_key)
        return _take_slot(request, body, self.sender().client_id)

    def _own(self, slot_id: str) -> Slot:
        found = slot_of(self.sender().client_id, known_id(slot_id))
        if found is None:
            raise NotFound
        return found


class Invitations(_Told):
    """`/fhir/Task`."""

    kind = fhir_invitation.RESOURCE
    needs: ClassVar[Needs] = _all(fhir_invitation.RESOURCE)

    def take(self, request: Request, body: ReceivedJson) -> Response:
        """Store an invitation."""
        return _take_invitation(request, body, self.sender().client_id)


class InvitationById(FhirView):
    """`/fhir/Task/<id>`; another sender's is as unknown as one that does not exist."""

    needs: ClassVar[Needs] = _one(fhir_invitation.RESOURCE)

    def get(self, request: Request, invitation_id: str) -> Response:
        """The invitation as it stands here; the patient is not repeated."""
        row = self._own(invitation_id)
        by = Actor("sender", self.sender().client_id)
        audit.record(by=by, action="read", item_kind="invitation", item_id=row.pk, person_id=row.person_id)
        return Response(_invitation_as_it_stands(row))

    def put(self, request: Request, invitation_id: str) -> Response:
        """What is new about the invitation; `cancelled` takes it back."""
        row = self._own(invitation_id)
        body = received_by_id(request, fhir_invitation.RESOURCE, row.pk, row.source_key)
        return _take_invitation(request, body, self.sender().client_id)

    def _own(self, invitation_id: str) -> Invitation:
        found = invitation_of(self.sender().client_id, known_id(invitation_id))
        if found is None:
            raise NotFound
        return found


def _take_schedule(request: Request, body: ReceivedJson, source: str) -> Response:
    kind = fhir_schedule.RESOURCE
    try:
        order = fhir_schedule.read_schedule(body.tree, facts_for(source))
        entry = timetable.keep_schedule(order=order, by=Actor("sender", source))
    except Refused as refused:
        raise FhirRefusal(422, refused.problems) from None
    except timetable.UnknownUnit:
        raise unknown_unit(kind) from None
    except timetable.CannotChange:
        raise cannot_change(f"{kind}.actor") from None
    return answer(request, kind, entry.outcome, entry.id, _schedule_as_it_stands(Schedule.objects.get(pk=entry.id)))


def _take_slot(request: Request, body: ReceivedJson, source: str) -> Response:
    kind = fhir_slot.RESOURCE
    try:
        order = fhir_slot.read_slot(body.tree, facts_for(source))
        entry = timetable.keep_slot(order=order, by=Actor("sender", source))
    except Refused as refused:
        raise FhirRefusal(422, refused.problems) from None
    except timetable.UnknownSchedule:
        raise unknown_schedule(f"{kind}.schedule") from None
    except timetable.CannotChange:
        raise cannot_change(f"{kind}.schedule") from None
    row = Slot.objects.select_related("schedule").get(pk=entry.id)
    return answer(request, kind, entry.outcome, entry.id, _slot_as_it_stands(row))


def _take_invitation(request: Request, body: ReceivedJson, source: str) -> Response:
    kind = fhir_invitation.RESOURCE
    try:
        order = fhir_invitation.read_invitation(body.tree, facts_for(source))
        entry = invitations.keep_invitation(order=order, by=Actor("sender", source))
    except Refused as refused:
        raise FhirRefusal(422, refused.problems) from None
    except invitations.UnknownSchedule:
        raise unknown_schedule(f"{kind}.focus") from None
    except invitations.OtherPatient:
        text = _("Invitasjonen er kjent fra før, for en annen pasient.")
        raise refuse(409, "conflict", "key-reused", text, f"{kind}.for") from None
    row = Invitation.objects.select_related("schedule").get(pk=entry.id)
    return answer(request, kind, entry.outcome, entry.id, _invitation_as_it_stands(row))


def _schedule_as_it_stands(row: Schedule) -> dict[str, Any]:
    return {
        "resourceType": fhir_schedule.RESOURCE,
        "id": str(row.pk),
        "meta": {"lastUpdated": row.sent_at.isoformat()},
        "extension": [
            {"url": known.BOOKING, "valueCode": row.booking},
            {"url": known.UNIT, "valueReference": {"identifier": {"system": known.RESH, "value": row.unit_id}}},
        ],
        "identifier": [identifier(row.source_key)],
        "active": row.active,
        "actor": [{"display": row.name or "withheld"}],
    }


def _slot_as_it_stands(row: Slot) -> dict[str, Any]:
    return {
        "resourceType": fhir_slot.RESOURCE,
        "id": str(row.pk),
        "meta": {"lastUpdated": row.sent_at.isoformat()},
        "extension": [{"url": known.CAPACITY, "valuePositiveInt": row.capacity}],
        "identifier": [identifier(row.source_key)],
        "schedule": {"reference": f"Schedule/{row.schedule_id}", "identifier": identifier(row.schedule.source_key)},
        "status": row.state,
        "start": row.start.isoformat(),
        "end": row.end.isoformat(),
    }


def _invitation_as_it_stands(row: Invitation) -> dict[str, Any]:
    status = "completed" if row.used_at is not None else "requested"
    period = {"start": row.valid_from.isoformat(), "end": row.valid_until.isoformat()}
    return {
        "resourceType": fhir_invitation.RESOURCE,
        "id": str(row.pk),
        "identifier": [identifier(row.source_key)],
        "status": status if row.withdrawn_at is None else "cancelled",
        "intent": "order",
        "code": {"coding": [{"system": known.TASK_TYPE, "code": known.BOOK}]},
        "focus": {"type": "Schedule", "identifier": identifier(row.schedule.source_key)},
        "for": {"display": "withheld"},
        "restriction": {"period": period},
    }
