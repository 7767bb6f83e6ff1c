"""What the record system is told a patient asks: FHIR resources made from a request, always the same for the same one.

A request is handed over again under the same key until it is answered, so nothing stands here that may change
meanwhile. The patient's number and words are in the body alone.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from appointments.codes import FLAG_SYSTEM, SERVICE_CATEGORY, Flag
from appointments.fhir_codes import CHANNEL, OURS, RESH
from appointments.models import Appointment, Request, Reservation
from portal.kernel import clock
from portal.people.fhir_patient import DNR, FHN, FNR
from portal.people.numbers import Kind, parse

SLOT_EXTENSION: Final = f"{OURS}/StructureDefinition/slot"
COMMENT: Final = f"{OURS}/StructureDefinition/patient-comment"
REQUEST_SYSTEM: Final = f"{OURS}/request"
SHORT_NOTICE: Final = "http://hl7.no/fhir/StructureDefinition/no-basis-shortnotice"
CONFERENCE: Final = "http://helsenorge.no/fhir/StructureDefinition/hn-basis-changeConferenceType"
_SYSTEM_OF: Final = {Kind.FNR: FNR, Kind.HNR: FNR, Kind.DNR: DNR, Kind.FHN: FHN}
_STATUS: Final = {Request.Kind.BOOK: "proposed", Request.Kind.MOVE: "booked", Request.Kind.CANCEL: "cancelled"}


def resource_of(request: Request, pid: str) -> dict[str, Any]:
    """The resource to hand over. The request must have its appointment, reservation and slot at hand."""
    patient = _patient(pid)
    appointment = request.appointment
    if appointment is None:
        return _wish(request, patient)
    if request.kind in _STATUS:
        return _appointment(request, appointment, patient)
    return _response(request, appointment, patient)


def cancelled(appointment: Appointment, pid: str) -> dict[str, Any]:
    """An appointment that the clinic has cancelled here, for the record system's own book."""
    if appointment.cancelled_at is None:
        raise ValueError("the appointment is not cancelled")
    reason = _reason(appointment.cancel_reason_system, appointment.cancel_reason)
    return _core(appointment, _patient(pid), appointment.cancelled_at, "cancelled") | reason


def _patient(pid: str) -> dict[str, Any]:
    return {"type": "Patient", "identifier": {"system": _SYSTEM_OF[parse(pid).kind], "value": pid}}


def _core(appointment: Appointment, patient: Mapping[str, Any], said_at: datetime, status: str) -> dict[str, Any]:
    return {
        "resourceType": "Appointment",
        "meta": {"lastUpdated": _instant(said_at)},
        "identifier": [identifier_of(appointment)],
        "status": status,
        "participant": [{"actor": dict(patient), "status": "accepted"}],
    }


def _reason(system: str, code: str) -> dict[str, Any]:
    return {"cancelationReason": {"coding": [{"system": system, "code": code}]}}


def _appointment(request: Request, appointment: Appointment, patient: Mapping[str, Any]) -> dict[str, Any]:
    """The appointment as the patient wants it. A cancellation says nothing of when: it holds whenever that is."""
    kind = Request.Kind(request.kind)
    resource = _core(appointment, patient, request.made_at, _STATUS[kind])
    if kind == Request.Kind.CANCEL:
        resource |= _reason(request.reason_system, request.reason)
    if request.comment:
        resource["extension"] = [{"url": COMMENT, "valueString": request.comment}]
    if kind == Request.Kind.BOOK:
        category = {"coding": [{"system": SERVICE_CATEGORY, "code": appointment.service_category}]}
        resource |= {"serviceCategory": [category], **_flags(patient)}
    if request.reservation is not None:
        resource |= _time(request.reservation)
    return resource


def _time(reservation: Reservation) -> dict[str, Any]:
    slot = {"type": "Slot", "identifier": _identifier(reservation.slot.source_key)}
    return {
        "start": _instant(reservation.start),
        "end": _instant(reservation.end),
        "extension": [{"url": SLOT_EXTENSION, "valueReference": slot}],
    }


def _flags(patient: Mapping[str, Any]) -> dict[str, Any]:
    """A time that the patient chose may be moved and cancelled by them, unless the hospital says otherwise later."""
    flags = [
        {
            "resourceType": "Flag",
            "id": f"flag{number}",
            "status": "active",
            "code": {"coding": [{"system": FLAG_SYSTEM, "code": flag.value}]},
            "subject": dict(patient),
        }
        for number, flag in enumerate((Flag.CANCEL, Flag.CHANGE), start=1)
    ]
    return {"contained": flags, "supportingInformation": [{"reference": f"#{each['id']}"} for each in flags]}


def _response(request: Request, appointment: Appointment, patient: Mapping[str, Any]) -> dict[str, Any]:
    """What the patient answers to an appointment as it stands."""
    resource: dict[str, Any] = {
        "resourceType": "AppointmentResponse",
        "meta": {"lastUpdated": _instant(request.made_at)},
        "identifier": [_own(request)],
        "appointment": {"type": "Appointment", "identifier": identifier_of(appointment)},
        "actor": dict(patient),
        "participantStatus": "accepted" if request.kind == Request.Kind.CONFIRM else "needs-action",
    }
    if request.kind == Request.Kind.SHORT_NOTICE:
        resource["extension"] = [{"url": SHORT_NOTICE, "valueBoolean": True}]
    if request.kind == Request.Kind.VIDEO:
        resource["extension"] = [{"url": CONFERENCE, "valueCoding": {"system": CHANNEL, "code": "url"}}]
    if request.comment:
        resource["comment"] = request.comment
    return resource


def _wish(request: Request, patient: Mapping[str, Any]) -> dict[str, Any]:
    """A youth's wish for a time, for the clinic alone: the label keeps it from parents at the record system too."""
    return {
        "resourceType": "Communication",
        "meta": {
            "lastUpdated": _instant(request.made_at),
            "security": [{"system": "urn:oid:2.16.578.1.12.4.1.1.9603", "code": "NORN_FORANS"}],
        },
        "identifier": [_own(request)],
        "status": "completed",
        "subject": dict(patient),
        "sent": _instant(request.made_at),
        "sender": dict(patient),
        "recipient": [{"type": "HealthcareService", "identifier": {"system": RESH, "value": request.unit_id}}],
        "payload": [{"contentString": request.comment}],
    }


def identifier_of(appointment: Appointment) -> dict[str, str]:
    """The appointment's name at its record system."""
    return _identifier(appointment.source_key)


def _identifier(key: str) -> dict[str, str]:
    system, _, value = key.partition("|")
    return {"system": system, "value": value}


def _own(request: Request) -> dict[str, str]:
    return {"system": REQUEST_SYSTEM, "value": str(request.pk)}


def _instant(at: datetime) -> str:
    return at.astimezone(clock.OSLO).isoformat(timespec="seconds")
