"""An audit row as FHIR R4 AuditEvent, as HL7 Norway profiles it. The mapping stands in docs/audit.md.

Ids and codes only: no name, no title, no identity number, and nothing of `details`, where staff may have written.
References are logical (identifiers), since whoever gets the export has no access to our resources.
"""

import re
from collections.abc import Mapping
from datetime import UTC
from typing import Any, Final
from uuid import UUID

from portal.audit.basis import ACP_ROOT
from portal.audit.models import AuditRow

Json = dict[str, Any]

PROFILE: Final = "http://hl7.no/fhir/StructureDefinition/no-domain-Trustframework-Auditevent"
_PATIENT_EXTENSION: Final = "http://hl7.no/fhir/StructureDefinition/auditevent-patient-extension"
_CARE_EXTENSION: Final = "http://hl7.no/fhir/StructureDefinition/auditevent-carerelation-metadata-extension"
_RELATIONS: Final = "urn:oid:2.16.578.1.12.4.1.1.7611"
_HPR: Final = "urn:oid:2.16.578.1.12.4.1.4.4"
_ORGANISATIONS: Final = "urn:oid:2.16.578.1.12.4.1.4.101"
_RESH: Final = "urn:oid:2.16.578.1.12.4.1.4.102"
_URIS: Final = "urn:ietf:rfc:3986"
_DICOM: Final = "http://dicom.nema.org/resources/ontology/DCM"
_REASONS: Final = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
_ENTITY_TYPES: Final = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
_ENTITY_ROLES: Final = "http://terminology.hl7.org/CodeSystem/object-role"

_PURPOSES: Final[Mapping[str, str]] = {
    "self": "PATRQT",
    "FO": "FAMRQT",
    "VE": "PWATRNY",
    "FU": "PWATRNY",
    "TD": "PWATRNY",
    "clinician": "TREAT",
    "emergency": "ETREAT",
    "clerk": "PATADMIN",
    "reviewer": "HCOMPL",
    "operator": "HSYSADMIN",
}
_OTHER_PURPOSE: Final = "HOPERAT"
_NATIONAL_RELATIONS: Final = frozenset({"FO", "VE", "FU", "TD"})
_ACTIONS: Final[Mapping[str, str]] = {"shown": "R", "done": "U", "refused": "R"}
_SUCCESS: Final = "0"
_MINOR_FAILURE: Final = "4"
_DIGITS: Final = re.compile(r"[0-9]{9}")


def audit_event(row: AuditRow, portal_url: str) -> Json:
    """One row. What the row does not say is left out."""
    refused = row.result == AuditRow.Result.REFUSED
    event: Json = {
        "resourceType": "AuditEvent",
        "id": f"audit-{row.pk}",
        "extension": _extensions(row),
        "type": {"system": _DICOM, "code": "110110", "display": "Patient Record"},
        "subtype": [{"system": f"{portal_url}/fhir/CodeSystem/audit-action", "code": row.action}],
        "action": _ACTIONS.get(row.result, "E"),
        "recorded": row.at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "outcome": _MINOR_FAILURE if refused else _SUCCESS,
        "purposeOfEvent": [{"coding": [{"system": _REASONS, "code": _PURPOSES.get(row.basis, _OTHER_PURPOSE)}]}],
        "agent": [_agent(row, portal_url)],
        "source": {"observer": _device(portal_url, "portal"), "site": portal_url},
        "entity": _entities(row, portal_url),
    }
    if row.hpr and row.person_id:
        event["meta"] = {"profile": [PROFILE]}
        event["contained"] = [_role(row)]
    return {name: value for name, value in event.items() if value}


def _extensions(row: AuditRow) -> list[Json]:
    """R5's patient, and the decision as the trust framework's local decision reference."""
    found: list[Json] = []
    if row.person_id:
        found.append({"url": _PATIENT_EXTENSION, "valueReference": _reference("Patient", row.person_id)})
    if row.rule:
        decision = {"url": "decision-ref-id", "valueString": f"{row.table_version}#{row.rule}"}
        attested = {"url": "toa", "valueUnsignedInt": int(row.at.timestamp())}
        chosen = {"url": "decision-ref-user-selected", "valueBoolean": False}
        found.append({"url": _CARE_EXTENSION, "extension": [decision, chosen, attested]})
    return found


def _agent(row: AuditRow, portal_url: str) -> Json:
    agent: Json = {"who": _who(row, portal_url), "requestor": True}
    if row.basis:
        system = _RELATIONS if row.basis in _NATIONAL_RELATIONS else f"{portal_url}/fhir/CodeSystem/audit-basis"
        agent["role"] = [{"coding": [{"system": system, "code": row.basis}]}]
    if row.acp:
        agent["policy"] = [f"urn:oid:{ACP_ROOT}.{row.acp}"]
    return agent


def _who(row: AuditRow, portal_url: str) -> Json:
    if row.hpr and row.person_id:
        return {"reference": "#role", "type": "PractitionerRole"}
    kind = {"staff": "Practitioner", "citizen": "Patient" if row.basis == "self" else "RelatedPerson"}
    if row.actor_kind not in kind or _uuid(row.actor_id) is None:
        return _device(portal_url, row.actor_id or row.actor_kind)
    return _reference(kind[row.actor_kind], row.actor_id)


def _role(row: AuditRow) -> Json:
    """The clinician as HelseID vouched for them: authorisation number and employer."""
    practitioner: Json = {"type": "Practitioner", "identifier": {"system": _HPR, "value": row.hpr}}
    role: Json = {"resourceType": "PractitionerRole", "id": "role", "practitioner": practitioner}
    role["identifier"] = [{"system": _URIS, "value": f"urn:uuid:{row.actor_id}"}]
    if row.organisation:
        system = _ORGANISATIONS if _DIGITS.fullmatch(row.organisation) else _RESH
        role["organization"] = {
            "type": "Organization",
            "identifier": {"system": system, "value": row.organisation},
        }
    return role


def _entities(row: AuditRow, portal_url: str) -> list[Json]:
    entities: list[Json] = []
    if row.person_id:
        entities.append(
            {
                "what": _reference("Patient", row.person_id),
                "type": {"system": _ENTITY_TYPES, "code": "1", "display": "Person"},
                "role": {"system": _ENTITY_ROLES, "code": "1", "display": "Patient"},
            }
        )
    item: Json = {
        "type": {"system": _ENTITY_TYPES, "code": "2", "display": "System Object"},
        "role": {"system": _ENTITY_ROLES, "code": "3", "display": "Report"},
        "detail": [{"type": name, "valueString": value} for name, value in _facts(row).items() if value],
    }
    if row.item_id:
        value = f"urn:uuid:{row.item_id}" if _uuid(row.item_id) else f"{portal_url}/fhir/audit-item/{row.item_id}"
        item["what"] = {"identifier": {"system": _URIS, "value": value}}
    return [*entities, item]


def _facts(row: AuditRow) -> dict[str, str]:
    return {
        "kind": row.item_kind,
        "result": row.result,
        "rule": row.rule,
        "table-version": row.table_version,
        "age-band": row.age_band,
        "acr": row.acr,
        "request-id": row.request_id,
    }


def _reference(kind: str, uuid: UUID | str) -> Json:
    return {"type": kind, "identifier": {"system": _URIS, "value": f"urn:uuid:{uuid}"}}


def _device(portal_url: str, name: str) -> Json:
    return {"type": "Device", "identifier": {"system": f"{portal_url}/fhir/audit-actor", "value": name}}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
