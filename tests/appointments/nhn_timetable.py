"""NHN's own examples of Schedule and Slot, with the unit that NHN's examples leave out, and an invitation of ours."""

import itertools
from typing import Any

from tests.appointments.nhn import FNR, PID, RESH, RESH_SYSTEM

OURS = "https://dis-portal.example/fhir"
_numbers = itertools.count(1)


def schedule(**changes: Any) -> dict[str, Any]:
    """ "Eksempel-schedule-poliklinikk", with the unit that NHN's example leaves out."""
    number = f"925ad87b-31e6-4312-8a55-{next(_numbers):012x}"
    tree: dict[str, Any] = {
        "resourceType": "Schedule",
        "identifier": [
            {
                "system": "urn:ietf:rfc:3986",
                "value": f"urn:uuid:{number}",
                "assigner": {"identifier": {"system": RESH_SYSTEM, "value": RESH}},
            }
        ],
        "active": True,
        "serviceCategory": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/service-category",
                        "code": "27",
                        "display": "Specialist Medical",
                    }
                ]
            }
        ],
        "serviceType": [
            {
                "coding": [
                    {
                        "system": "http://helsenorge.no/fhir/CodeSystem/hn-scheduleAndSlot-type-cs",
                        "code": "Poliklinisktime",
                        "display": "Poliklinisk time",
                    }
                ]
            }
        ],
        "actor": [
            {
                "type": "Practitioner",
                "identifier": {"system": "urn:oid:2.16.578.1.12.4.1.4.4", "value": "1010101010"},
                "display": "Doctor Feelgood",
            }
        ],
        "comment": "Schedule for Doctor Feelgood",
        "planningHorizon": {"start": "2026-09-01T09:15:00Z", "end": "2026-12-31T17:00:00Z"},
        "extension": [
            {
                "url": "http://helsenorge.no/fhir/StructureDefinition/hn-extension-free-slot-planningHorizon",
                "extension": [
                    {
                        "url": "freePlanningHorizon",
                        "valuePeriod": {"start": "2026-12-18T12:15:00Z", "end": "2026-12-22T15:15:00Z"},
                    }
                ],
            }
        ],
    }
    return {name: value for name, value in (tree | changes).items() if value is not None}


def slot(of: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """ "example-slot-1", in a timebok named by its identifier."""
    kind = {
        "coding": [
            {
                "system": "http://helsenorge.no/fhir/CodeSystem/hn-scheduleAndSlot-type-cs",
                "code": "Konsultasjon",
            }
        ]
    }
    name = {key: of["identifier"][0][key] for key in ("system", "value")}
    tree: dict[str, Any] = {
        "resourceType": "Slot",
        "identifier": [
            {
                "system": "urn:ietf:rfc:3986",
                "value": f"urn:uuid:123e4567-e89b-12d3-a456-{next(_numbers):012x}",
            }
        ],
        "serviceCategory": [
            {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/service-category", "code": "27"}]}
        ],
        "serviceType": [kind],
        "appointmentType": kind,
        "schedule": {"type": "Schedule", "identifier": name},
        "status": "free",
        "start": "2026-12-01T09:00:00+01:00",
        "end": "2026-12-01T09:30:00+01:00",
    }
    return {name: value for name, value in (tree | changes).items() if value is not None}


def task(of: dict[str, Any], pid: str = PID, **changes: Any) -> dict[str, Any]:
    named = {key: of["identifier"][0][key] for key in ("system", "value")}
    tree: dict[str, Any] = {
        "resourceType": "Task",
        "identifier": [{"system": "https://dips.example/invitasjon", "value": "I-1"}],
        "status": "requested",
        "intent": "order",
        "code": {"coding": [{"system": f"{OURS}/task-type", "code": "book-appointment"}]},
        "for": {"identifier": {"system": FNR, "value": pid}},
        "focus": {"type": "Schedule", "identifier": named},
        "restriction": {"period": {"start": "2026-11-20T00:00:00Z", "end": "2027-01-20T00:00:00Z"}},
    }
    return {name: value for name, value in (tree | changes).items() if value is not None}
