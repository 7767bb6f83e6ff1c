"""One letter as a hospital's system orders it, without Django, for measuring clients."""

import base64
from typing import Any

from portal.demo.fill.texts import TEXTS, body_of


def order(pid: str, key: str, unit: str = "100082") -> dict[str, Any]:
    """The minimal body of the integration guide with a letter of ordinary length."""
    data = base64.b64encode(body_of(TEXTS[0]).encode()).decode()
    return {
        "resourceType": "CommunicationRequest",
        "status": "active",
        "identifier": [{"system": "https://dips.example/brev", "value": key}],
        "category": [{"coding": [{"system": "https://dis-portal.example/fhir/letter-type", "code": "innkalling"}]}],
        "subject": {"identifier": {"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": pid}},
        "sender": {"identifier": {"system": "urn:oid:2.16.578.1.12.4.1.4.102", "value": unit}},
        "payload": [
            {"contentString": TEXTS[0].title},
            {"contentAttachment": {"contentType": "text/html", "language": "nb", "data": data}},
        ],
        "meta": {"security": [{"system": "urn:oid:2.16.578.1.12.4.1.1.9603", "code": "N"}]},
    }
