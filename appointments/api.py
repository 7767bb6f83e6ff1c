"""Appointments over FHIR: a record system tells of one, of what is new about it, and reads back how it stands."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from appointments.api_common import (
    address,
    answer,
    facts_for,
    identifier,
    known_id,
    received,
    received_by_id,
    received_by_identifier,
    unknown_unit,
)
from appointments.api_sharing import BusyTimes, refuse_number_in_address
from appointments.commands import intake
from appointments.fhir import RESOURCE, Refused, read_appointment
from appointments.queries.for_sender import Received, appointment_of, appointments_named
from portal.audit import commands as audit
from portal.fhir import strict_json
from portal.fhir.errors import FhirRefusal, refuse
from portal.fhir.parsers import ReceivedJson
from portal.fhir.permissions import Need
from portal.fhir.search import alternatives, refuse_unknown
from portal.fhir.views import FhirView
from portal.kernel.actor import Actor

_IDENTIFIER = "identifier"


class Appointments(FhirView):
    """`/fhir/Appointment`: POST, PUT by identifier (`?identifier=system|value`), and GET by identifier."""

    needs: ClassVar[dict[str, tuple[Need, ...]]] = {
        "GET": ((RESOURCE, "s"),),
        "POST": ((RESOURCE, "c"),),
        "PUT": ((RESOURCE, "u"),),
    }

    def get(self, request: Request) -> Response:
        """The sender's own appointments with an identifier."""
        refuse_number_in_address(request)
        return Response(_found(request, self.sender().client_id))

    def post(self, request: Request) -> Response:
        """Take in an appointment: 201, or 200 where it is known. What is new about a known one is taken over."""
        return _take(request, received(request, RESOURCE), self.sender().client_id)

    def put(self, request: Request) -> Response:
        """The same, for clients that update by identifier."""
        return _take(request, received_by_identifier(request, RESOURCE), self.sender().client_id)


class AppointmentById(FhirView):
    """`/fhir/Appointment/<id>`; another sender's appointment is as unknown as one that does not exist."""

    needs: ClassVar[dict[str, tuple[Need, ...]]] = {"GET": ((RESOURCE, "r"),), "PUT": ((RESOURCE, "u"),)}

    def get(self, request: Request, appointment_id: str) -> Response:
        """What the sender has said, with how the appointment stands here."""
        found = _own(self.sender().client_id, appointment_id)
        _note_read(found, self.sender().client_id)
        return Response(_as_it_stands(found))

    def put(self, request: Request, appointment_id: str) -> Response:
        """What is new about the appointment."""
        source = self.sender().client_id
        row = _own(source, appointment_id).appointment
        return _take(request, received_by_id(request, RESOURCE, row.pk, row.source_key), source)


class AppointmentSearch(BusyTimes):
    """`POST /fhir/Appointment/_search`: a sender's own by identifier, or when an agreed patient is busy."""

    def post(self, request: Request) -> Response:
        """A Bundle."""
        if not alternatives(request, _IDENTIFIER):
            return super().post(request)
        return Response(_found(request, self.sender().client_id))


def _take(request: Request, body: ReceivedJson, source: str) -> Response:
    try:
        order = read_appointment(body.tree, body.raw, facts_for(source))
    except Refused as refused:
        raise FhirRefusal(422, refused.problems) from None
    try:
        reception = intake.receive(order=order, by=Actor("sender", source))
    except intake.UnknownUnit:
        raise unknown_unit(RESOURCE) from None
    except intake.OtherPatient:
        text = _("Timen er kjent fra før, for en annen pasient.")
        raise refuse(409, "conflict", "key-reused", text, f"{RESOURCE}.participant") from None
    except intake.UnknownWhole:
        text = _("Timen den er en del av, er ikke kjent. Send den først, eller oppgi pasienten.")
        raise refuse(422, "not-found", "part-of-unknown", text, f"{RESOURCE}.extension") from None
    except intake.ReferralOfAnother:
        text = _("Henvisningen tilhører en annen pasient.")
        raise refuse(422, "business-rule", "referral-of-another", text, f"{RESOURCE}.basedOn") from None
    shown = _as_it_stands(_own(source, str(reception.appointment_id)))
    return answer(request, RESOURCE, reception.outcome, reception.appointment_id, shown)


def _own(source: str, appointment_id: str) -> Received:
    found = appointment_of(source, known_id(appointment_id))
    if found is None:
        raise NotFound
    return found


def _note_read(found: Received, source: str) -> None:
    row = found.appointment
    by = Actor("sender", source)
    audit.record(by=by, action="read", item_kind="appointment", item_id=row.pk, person_id=row.person_id)


def _found(request: Request, source: str) -> dict[str, Any]:
    refuse_unknown(request, {_IDENTIFIER})
    names = alternatives(request, _IDENTIFIER)
    if not names:
        raise refuse(400, "required", "search-empty", _("Søk med identifier=<system>|<value>."))
    if not all(system and value for system, _bar, value in (name.partition("|") for name in names)):
        raise refuse(400, "value", "search-identifier", _("Oppgi identifier som <system>|<value>."))
    entries = []
    for found in appointments_named(source, names):
        _note_read(found, source)
        location = f"{address()}/{RESOURCE}/{found.appointment.pk}"
        entries.append({"fullUrl": location, "resource": _as_it_stands(found), "search": {"mode": "match"}})
    query = urlencode({_IDENTIFIER: ",".join(names)})
    bundle: dict[str, Any] = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(entries),
        "link": [{"relation": "self", "url": f"{address()}/{RESOURCE}?{query}"}],
    }
    return bundle | ({"entry": entries} if entries else {})


def _as_it_stands(found: Received) -> dict[str, Any]:
    """The sender's own words, with our id, status and time; the patient of one booked here is not repeated."""
    row = found.appointment
    tree: dict[str, Any] = {
        "resourceType": RESOURCE,
        "identifier": [identifier(row.source_key)],
        "participant": [{"actor": {"type": "Patient", "display": "withheld"}, "status": "accepted"}],
    }
    if found.raw:
        limits = strict_json.JsonLimits(depth=settings.FHIR_MAX_DEPTH, nodes=settings.FHIR_MAX_NODES)
        tree = strict_json.read(found.raw, limits)
    stands: dict[str, Any] = {"id": str(row.pk), "status": row.status}
    if row.start is not None and row.end is not None:
        stands |= {"start": row.start.isoformat(), "end": row.end.isoformat()}
    return {**tree, **stands}
