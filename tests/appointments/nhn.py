"""NHN's own examples of Appointment, Schedule and Slot, with a synthetic patient and a unit that exists here.

What they hold is as published in NHN's implementation guides: the same contained resources, references, codes and
extensions, narratives included. Only the patient's number, the unit's RESH id and the times are ours to give.
"""

import copy
import itertools
from typing import Any

from tests.letters.making import synthetic_pid

PID = synthetic_pid()
RESH = "4200001"
FNR = "urn:oid:2.16.578.1.12.4.1.4.1"
RESH_SYSTEM = "urn:oid:2.16.578.1.12.4.1.4.102"
ORGANISATION = "urn:oid:2.16.578.1.12.4.1.4.101"
HER = "urn:oid:2.16.578.1.12.4.1.2"
ROLE = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
FLAGS = "http://helsenorge.no/fhir/CodeSystem/hn-appointment-flag-code-cs"
NEW_TYPES = "http://helsenorge.no/fhir/CodeSystem/Hn-AppointmentTypeProposed-New-Codes-cs"
BOOKING_ID = "http://dips.no/fhir/namingsystem/dips-bookingid"
VIRTUAL = "http://hl7.no/fhir/StructureDefinition/no-basis-virtual-service"
PART_OF = "http://hl7.no/fhir/StructureDefinition/no-basis-partof"
VOLVEN = "urn:oid:2.16.578.1.12.4.1.1."
_numbers = itertools.count(1)
_FIVE = (
    ("85e3d03e-7dd2-46a7-923c-99e9dad3535a", "canChangeAppointmentDialog", "Innbygger kan be om endret time"),
    ("3daf1b62-cfd7-4e4d-90b1-113f13565a6a", "canUseShortNotice", "Innbygger kan komme på kort varsel"),
    ("ee9bdb59-6343-4b1b-974b-5d652634c55a", "canAcknowledge", "Timen/opphold kan bekreftes av innbygger"),
    ("bb5c6586-f828-4558-ab87-2ee13cfd43fa", "canHaveAppointmentDetails", "Det finnes ytterlige timedetaljer"),
    ("6d277876-6677-46cb-b16b-45b633b1977a", "canInitiateDialog", "Dialog kan initieres"),
)


def _profile(name: str, owner: str = "hl7.no") -> dict[str, Any]:
    return {"profile": [f"http://{owner}/fhir/StructureDefinition/{name}"]}


def organisation(name_id: str, *identifiers: tuple[str, str], **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Organization",
        "id": name_id,
        "meta": _profile("no-basis-Organization"),
        "identifier": [{"system": system, "value": value} for system, value in identifiers],
    } | more


def location(name_id: str, resh: str, name: str, role: str, manager: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Location",
        "id": name_id,
        "meta": _profile("no-basis-Location"),
        "identifier": [{"system": RESH_SYSTEM, "value": resh}],
        "name": name,
        "type": [{"coding": [{"system": ROLE, "code": role}]}],
        "managingOrganization": {"reference": f"#{manager}"},
    } | more


def flag(name_id: str, code: str, text: str = "", pid: str = PID) -> dict[str, Any]:
    concept: dict[str, Any] = {"coding": [{"system": FLAGS, "code": code}]}
    return {
        "resourceType": "Flag",
        "id": name_id,
        "meta": _profile("hn-basis-Flag", "helsenorge.no"),
        "status": "active",
        "code": concept | ({"text": text} if text else {}),
        "subject": {"identifier": {"system": FNR, "value": pid}},
    }


def _inside(pid: str, resh: str, flags: tuple[tuple[str, str, str], ...]) -> list[dict[str, Any]]:
    """The organisations, places and flags of NHN's appointments at Rikshospitalet."""
    trust = ((ORGANISATION, "993467049"), (HER, "546152152"))
    return [
        organisation("45c4b733-c3c9-4b66-bf66-2d8001f19d6a", *trust, name="Helseforetak"),
        location(
            "2ea45fd0-3a85-4549-ad06-09dce6197f9a",
            "4735683568",
            "Rikshospitalet",
            "HOSP",
            "84d1254e-2fa5-4b33-a05f-ab744906ff2a",
        ),
        organisation("84d1254e-2fa5-4b33-a05f-ab744906ff2a", *trust, name="Rikshospitalet"),
        location(
            "49dabd81-457e-4175-8872-ce4ee5db896a",
            "13578357",
            "Ortopedisk poliklinikk",
            "HU",
            "208bcc1c-5ea8-46a3-9c2e-23d35306335a",
            address={"text": "Addressen til poliklinikk"},
        ),
        organisation(
            "208bcc1c-5ea8-46a3-9c2e-23d35306335a",
            (RESH_SYSTEM, resh),
            name="Ortopedisk avdeling, Rikshospitalet",
            telecom=[{"system": "phone", "value": "23076080", "use": "work"}],
        ),
        organisation(
            "f3f5da36-ab2d-44f1-a78a-64f69351df6a",
            (HER, "23461345"),
            meta=_profile("kommunikasjonspart-Organization", "helsenorge.no"),
            type=[{"coding": [{"system": f"{VOLVEN}8624", "code": "05"}], "text": "Avdeling"}],
            partOf={"reference": "#7e120952-a283-4267-b16e-846ca17dc07a"},
        ),
        organisation("7e120952-a283-4267-b16e-846ca17dc07a", (ORGANISATION, "993467049")),
        *(flag(name_id, code, text, pid) for name_id, code, text in flags),
    ]


def _participants(pid: str) -> list[dict[str, Any]]:
    kind = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "PART"}]}
    patient = {"type": "Patient", "identifier": {"system": FNR, "value": pid}}
    return [
        {"type": [kind | {"text": "Participation"}], "actor": patient, "status": "accepted"},
        {"actor": {"reference": "#49dabd81-457e-4175-8872-ce4ee5db896a"}, "status": "accepted"},
        {"actor": {"reference": "#2ea45fd0-3a85-4549-ad06-09dce6197f9a"}, "status": "accepted"},
    ]


def timenotifikasjon(pid: str = PID, resh: str = RESH, **changes: Any) -> dict[str, Any]:
    """ "Timenotifikasjon": a booked out-patient appointment. A fresh identifier each time; None takes a member away."""
    number = f"a24606dd-754a-49b7-aad9-{next(_numbers):012x}"
    tree: dict[str, Any] = {
        "resourceType": "Appointment",
        "id": "Timenotifikasjon",
        "meta": _profile("hn-basis-appointment", "helsenorge.no")
        | {
            "lastUpdated": "2026-11-20T14:30:15.123Z",
            "tag": [{"system": "http://helsenorge.no/fhir/paminnelse", "code": "1"}],
        },
        "text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml"><p>Time</p></div>'},
        "contained": _inside(pid, resh, _FIVE),
        "identifier": [
            {
                "system": BOOKING_ID,
                "value": number,
                "assigner": {"reference": "#45c4b733-c3c9-4b66-bf66-2d8001f19d6a"},
            }
        ],
        "status": "booked",
        "serviceCategory": [
            {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/service-category", "code": "27"}]}
        ],
        "appointmentType": {"coding": [{"system": NEW_TYPES, "code": "Poliklinisktime"}]},
        "description": "Kontrol",
        "supportingInformation": [
            {"reference": "#f3f5da36-ab2d-44f1-a78a-64f69351df6a"},
            *({"reference": f"#{name_id}"} for name_id, _code, _text in _FIVE),
        ],
        "start": "2026-12-03T12:00:00+01:00",
        "end": "2026-12-03T14:00:00+01:00",
        "patientInstruction": "Se innkallingsbrev",
        "participant": _participants(pid),
    }
    return {name: value for name, value in (tree | changes).items() if value is not None}


def virtual(channel: str, **address: Any) -> dict[str, Any]:
    coding = {"system": "http://hl7.org/fhir/contact-point-system", "code": channel}
    parts = [{"url": "channelType", "valueCoding": coding}, {"url": "virtualAddress", **address}]
    return {"url": VIRTUAL, "extension": parts}


def cancelled(pid: str = PID, **changes: Any) -> dict[str, Any]:
    """ "AppointmentEksempelDIPS": cancelled, with a reason of set 9179 and a video address."""
    postponed = {"system": f"{VOLVEN}8446", "code": "TATA"}
    video = virtual("url", valueUrl="https://videomeeting.no/themeeting")
    video["extension"].insert(1, {"url": "maxParticipants", "valuePositiveInt": 1})
    return timenotifikasjon(
        pid,
        **{
            "id": "AppointmentEksempelDIPS",
            "status": "cancelled",
            "cancelationReason": {"coding": [{"system": f"{VOLVEN}9179", "code": "AA97"}]},
            "extension": [
                {
                    "url": "http://helsenorge.no/fhir/StructureDefinition/hn-basis-postponementreason",
                    "valueCoding": postponed,
                },
                video,
            ],
            "description": "Kontaktårsak",
        }
        | changes,
    )


def video(**changes: Any) -> dict[str, Any]:
    """ "VideoAppointmentEksempel"."""
    extension = [virtual("url", valueUrl="https://join.nhn.no/webapp2/home")]
    return timenotifikasjon(**{"id": "VideoAppointmentEksempel", "extension": extension} | changes)


def phone(**changes: Any) -> dict[str, Any]:
    """ "PhoneAppointmentEksempel"."""
    extension = [virtual("phone", valueContactPoint={"system": "phone", "value": "909 64 159"})]
    return timenotifikasjon(**{"id": "PhoneAppointmentEksempel", "extension": extension} | changes)


def time_lege(**changes: Any) -> dict[str, Any]:
    """ "TimeLege": a part of the appointment that NHN's server calls "Timenotifikasjon"."""
    tree = timenotifikasjon(
        id="TimeLege",
        extension=[{"url": PART_OF, "valueReference": {"reference": "Appointment/Timenotifikasjon"}}],
        description="Time med spesialsjukepleier",
        start="2026-12-03T13:10:00+01:00",
    )
    tree["contained"] = [
        *_inside(PID, RESH, ()),
        {
            "resourceType": "Practitioner",
            "id": "a608301d-d999-439a-9b76-0ce1ff475c92",
            "meta": _profile("no-basis-Practitioner"),
            "identifier": [{"system": "urn:oid:2.16.578.1.12.4.1.4.4", "value": "HPR99889988"}],
            "name": [{"text": "Navn på lege"}],
        },
        {
            "resourceType": "PractitionerRole",
            "id": "e98ad447-ff6e-45ba-b067-1feb67e9c631",
            "meta": _profile("no-basis-PractitionerRole"),
            "identifier": [
                {"system": "urn:oid:1.3.6.1.4.1.9038.51.1", "value": "c9eee3b5-296b-44b3-8129-aa0c0e1d2cee"}
            ],
            "practitioner": {"reference": "#a608301d-d999-439a-9b76-0ce1ff475c92"},
            "code": [{"coding": [{"system": f"{VOLVEN}7317", "code": "1", "display": "Lege"}]}],
        },
    ]
    tree["supportingInformation"] = tree["supportingInformation"][:1]
    role = {"reference": "#e98ad447-ff6e-45ba-b067-1feb67e9c631"}
    tree["participant"].append({"actor": role, "status": "accepted"})
    return {name: value for name, value in (tree | changes).items() if value is not None}


def home_visit(**changes: Any) -> dict[str, Any]:
    """A municipality's proposed home visit, as the profile's rules of category 7 want it."""
    tree = timenotifikasjon(
        status="proposed",
        serviceCategory=[{"coding": [{"system": f"{VOLVEN}7619", "code": "7"}]}],
        appointmentType={"coding": [{"system": f"{VOLVEN}7617", "code": "Hjemmebesok"}]},
        requestedPeriod=[{"start": "2026-12-03T08:00:00+01:00", "end": "2026-12-03T12:00:00+01:00"}],
        start=None,
        end=None,
        contained=[
            organisation("above", (ORGANISATION, "993467049"), (HER, "546152152")),
            organisation("party", (HER, "23461345"), (RESH_SYSTEM, RESH), partOf={"reference": "#above"}),
            {
                "resourceType": "Location",
                "id": "home",
                "type": [{"coding": [{"system": ROLE, "code": "PTRES"}]}],
            },
        ],
        supportingInformation=[{"reference": "#party"}],
        participant=_participants(PID)[:1],
        meta={"lastUpdated": "2026-11-20T14:30:15.123Z"},
    )
    tree["identifier"][0]["assigner"] = {"display": "Kommunen"}
    return {name: value for name, value in (tree | changes).items() if value is not None}


def with_flags(*codes: str, **changes: Any) -> dict[str, Any]:
    """The booked appointment with these flags and no others."""
    tree = timenotifikasjon(**changes)
    kept = [each for each in tree["contained"] if each["resourceType"] != "Flag"]
    tree["contained"] = [*kept, *(flag(f"flag-{n}", code) for n, code in enumerate(codes))]
    tree["supportingInformation"] = [
        tree["supportingInformation"][0],
        *({"reference": f"#flag-{n}"} for n in range(len(codes))),
    ]
    return tree


def changed(tree: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy with one place, "contained.1.name", set or (None) taken away."""
    fresh = copy.deepcopy(tree)
    *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
    holder: Any = fresh
    for step in steps:
        holder = holder[step]
    if value is None:
        holder.pop(last)
    else:
        holder[last] = value
    return fresh
