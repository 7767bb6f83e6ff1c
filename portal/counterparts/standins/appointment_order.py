"""Builds the FHIR resources for appointments and free times, as the record system would, after NHN's profiles."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from portal.counterparts.standins.numbers import fhir_system
from portal.counterparts.standins.units import Unit
from portal.kernel import clock

APPOINTMENT_SYSTEM = "https://dips.example/time"
SERVICE_CATEGORY = "http://terminology.hl7.org/CodeSystem/service-category"
VOLVEN = "urn:oid:2.16.578.1.12.4.1.1."
RESH_SYSTEM = "urn:oid:2.16.578.1.12.4.1.4.102"
HPR_SYSTEM = "urn:oid:2.16.578.1.12.4.1.4.4"
ORGANISATION_SYSTEM = "urn:oid:2.16.578.1.12.4.1.4.101"
FLAG_SYSTEM = "http://helsenorge.no/fhir/CodeSystem/hn-appointment-flag-code-cs"
SLOT_TYPE = "http://helsenorge.no/fhir/CodeSystem/hn-scheduleAndSlot-type-cs"
VIRTUAL = "http://hl7.no/fhir/StructureDefinition/no-basis-virtual-service"
CONTACT_POINT = "http://hl7.org/fhir/contact-point-system"
LETTER_SYSTEM = "https://dips.example/brev"
OURS = "https://dis-portal.example/fhir"
OWNER = "983974899"
"""The organisation number that the invented hospitals share."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """What an appointment says: `flags` are what the patient may do, `code` the access code, `video` an address."""

    number: str
    title: str
    start: datetime
    minutes: int = 30
    contact_type: str = "3"
    category: str = "27"
    place: str = ""
    instruction: str = ""
    flags: tuple[str, ...] = ()
    code: str = "N"
    video: str = ""
    status: str = "booked"
    reason: str = ""
    referral: str = ""
    letter: str = ""
    clinician: str = ""
    hpr: str = ""


def appointment(words: Words, pid: str, unit: Unit) -> dict[str, Any]:
    """An `Appointment` as hn-basis-appointment has it."""
    flags = [_flag(number, code, pid) for number, code in enumerate(words.flags, start=1)]
    resource: dict[str, Any] = {
        "resourceType": "Appointment",
        "meta": {
            "lastUpdated": clock.now().isoformat(timespec="milliseconds"),
            "security": [{"system": f"{VOLVEN}9603", "code": words.code}],
        },
        "contained": [*_organisations(unit), *_places(words, unit), *_letters(words), *flags],
        "identifier": [_identifier(APPOINTMENT_SYSTEM, words.number)],
        "status": words.status,
        "serviceCategory": [{"coding": [{"system": SERVICE_CATEGORY, "code": words.category}]}],
        "appointmentType": {"coding": _types(words), "text": words.title},
        "supportingInformation": [
            {"reference": "#part"},
            *({"reference": f"#{each['id']}"} for each in (*_letters(words), *flags)),
        ],
        "start": words.start.isoformat(),
        "end": (words.start + timedelta(minutes=words.minutes)).isoformat(),
        "participant": _participants(words, pid),
    }
    return resource | _additions(words)


def _additions(words: Words) -> dict[str, Any]:
    added: dict[str, Any] = {}
    if words.instruction:
        added["patientInstruction"] = words.instruction
    if words.reason:
        added["cancelationReason"] = {"coding": [{"system": f"{VOLVEN}8445", "code": words.reason}]}
    if words.referral:
        named = {"system": "https://dips.example/henvisning", "value": words.referral}
        added["basedOn"] = [{"type": "ServiceRequest", "identifier": named}]
    if words.video:
        parts = [
            {"url": "channelType", "valueCoding": {"system": CONTACT_POINT, "code": "url"}},
            {"url": "virtualAddress", "valueUrl": words.video},
        ]
        added["extension"] = [{"url": VIRTUAL, "extension": parts}]
    return added


def _types(words: Words) -> list[dict[str, str]]:
    return [
        {"system": f"{VOLVEN}8406", "code": "3"},
        {"system": f"{VOLVEN}8432", "code": words.contact_type},
    ]


def _organisations(unit: Unit) -> list[dict[str, Any]]:
    return [
        {
            "resourceType": "Organization",
            "id": "hospital",
            "identifier": [{"system": ORGANISATION_SYSTEM, "value": OWNER}],
            "name": unit.hospital,
        },
        {
            "resourceType": "Organization",
            "id": "part",
            "identifier": [{"system": RESH_SYSTEM, "value": unit.resh}],
            "name": unit.name,
            "partOf": {"reference": "#hospital"},
        },
    ]


def _places(words: Words, unit: Unit) -> list[dict[str, Any]]:
    """Where to go: the unit's own place, and the hospital it lies in."""
    return [
        _place("place", "HU", words.place or unit.name, "#part"),
        _place("house", "HOSP", unit.hospital, "#hospital"),
    ]


def _place(name: str, kind: str, called: str, run_by: str) -> dict[str, Any]:
    role = {"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": kind}
    return {
        "resourceType": "Location",
        "id": name,
        "name": called,
        "type": [{"coding": [role]}],
        "managingOrganization": {"reference": run_by},
    }


def _participants(words: Words, pid: str) -> list[dict[str, Any]]:
    patient = {"type": "Patient", "identifier": {"system": fhir_system(pid), "value": pid}}
    found = [{"actor": patient, "status": "accepted"}, {"actor": {"reference": "#place"}, "status": "accepted"}]
    if words.hpr:
        named = {"system": HPR_SYSTEM, "value": words.hpr}
        clinician = {"type": "Practitioner", "identifier": named, "display": words.clinician}
        found.append({"actor": clinician, "status": "accepted"})
    return found


def _letters(words: Words) -> list[dict[str, Any]]:
    """The call-in letter, by the number it was sent under."""
    if not words.letter:
        return []
    return [
        {
            "resourceType": "DocumentReference",
            "id": "letter",
            "status": "current",
            "identifier": [{"system": LETTER_SYSTEM, "value": words.letter}],
            "content": [{"attachment": {"title": "Innkalling"}}],
        }
    ]


def _flag(number: int, code: str, pid: str) -> dict[str, Any]:
    return {
        "resourceType": "Flag",
        "id": f"flag{number}",
        "status": "active",
        "code": {"coding": [{"system": FLAG_SYSTEM, "code": code}]},
        "subject": {"type": "Patient", "identifier": {"system": fhir_system(pid), "value": pid}},
    }


def _identifier(system: str, value: str) -> dict[str, Any]:
    return {
        "system": system,
        "value": value,
        "assigner": {"identifier": {"system": ORGANISATION_SYSTEM, "value": OWNER}},
    }


def schedule(name: str, unit: Unit, *, type_code: str, booking: str, hpr: str) -> dict[str, Any]:
    """A `Schedule` as hn-basis-schedule has it, with our own word for who may book in it."""
    actor = {"type": "Practitioner", "identifier": {"system": HPR_SYSTEM, "value": hpr}, "display": name}
    at_unit = {"system": RESH_SYSTEM, "value": unit.resh}
    return {
        "resourceType": "Schedule",
        "meta": {"lastUpdated": clock.now().isoformat(timespec="milliseconds")},
        "extension": [
            {"url": f"{OURS}/StructureDefinition/booking", "valueCode": booking},
            {"url": f"{OURS}/StructureDefinition/unit", "valueReference": {"identifier": at_unit}},
        ],
        "identifier": [_identifier("urn:ietf:rfc:3986", f"urn:uuid:{_named(unit.resh, name)}")],
        "active": True,
        "serviceCategory": [{"coding": [{"system": SERVICE_CATEGORY, "code": "27"}]}],
        "serviceType": [{"coding": [{"system": SLOT_TYPE, "code": type_code}]}],
        "actor": [actor],
        "comment": name,
    }


def slot(name: str, unit: Unit, *, type_code: str, start: datetime, minutes: int, capacity: int = 1) -> dict[str, Any]:
    """A free `Slot` of that timebok."""
    coding = {"coding": [{"system": SLOT_TYPE, "code": type_code}]}
    timebok = {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{_named(unit.resh, name)}"}
    resource: dict[str, Any] = {
        "resourceType": "Slot",
        "meta": {"lastUpdated": clock.now().isoformat(timespec="milliseconds")},
        "identifier": [_identifier("urn:ietf:rfc:3986", f"urn:uuid:{_named(unit.resh, name, start.isoformat())}")],
        "serviceCategory": [{"coding": [{"system": SERVICE_CATEGORY, "code": "27"}]}],
        "serviceType": [coding],
        "appointmentType": coding,
        "schedule": {"type": "Schedule", "identifier": timebok},
        "status": "free",
        "start": start.isoformat(),
        "end": (start + timedelta(minutes=minutes)).isoformat(),
    }
    if capacity > 1:
        resource["extension"] = [{"url": f"{OURS}/StructureDefinition/capacity", "valuePositiveInt": capacity}]
    return resource


def _named(*parts: str) -> str:
    return str(uuid5(NAMESPACE_URL, "/".join((OURS, *parts))))
