"""Builds the FHIR order for a letter, as the record system would."""

import base64
from pathlib import Path
from typing import Any

from portal.counterparts.standins.numbers import fhir_system

ENCLOSURE = Path(__file__).with_name("enclosure.pdf")
LETTER_TYPE_SYSTEM = "https://dis-portal.example/fhir/letter-type"
IDENTIFIER_SYSTEM = "https://dips.example/brev"
RESH_SYSTEM = "urn:oid:2.16.578.1.12.4.1.4.102"
CONFIDENTIALITY_SYSTEM = "urn:oid:2.16.578.1.12.4.1.1.9603"


def build(
    *, number: str, pid: str, resh: str, letter_type: str, title: str, body: str, with_enclosure: bool
) -> dict[str, Any]:
    """A `CommunicationRequest` with the fewest fields the portal takes."""
    payload: list[dict[str, Any]] = [{"contentString": title}, _attachment("text/html", body.encode(), language="nb")]
    if with_enclosure:
        payload.append(_attachment("application/pdf", ENCLOSURE.read_bytes(), title="Slik finner du fram"))
    return {
        "resourceType": "CommunicationRequest",
        "status": "active",
        "identifier": [{"system": IDENTIFIER_SYSTEM, "value": number}],
        "category": [{"coding": [{"system": LETTER_TYPE_SYSTEM, "code": letter_type}]}],
        "subject": {"identifier": {"system": fhir_system(pid), "value": pid}},
        "sender": {"identifier": {"system": RESH_SYSTEM, "value": resh}},
        "payload": payload,
        "meta": {"security": [{"system": CONFIDENTIALITY_SYSTEM, "code": "N"}]},
    }


def _attachment(content_type: str, data: bytes, **more: str) -> dict[str, Any]:
    content = {"contentType": content_type, "data": base64.b64encode(data).decode(), **more}
    return {"contentAttachment": content}
