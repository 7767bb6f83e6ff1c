"""The hospital's record system at work: letters for patients, sent in over FHIR with a token."""

import base64
from typing import Any

from portal.counterparts.standins.numbers import fhir_system
from portal.demo import http
from portal.demo.errors import DemoError
from portal.demo.fill.texts import Text, body_of
from portal.demo.layout import Layout

UNIT_SYSTEM = "urn:oid:2.16.578.1.12.4.1.4.102"
LETTER_SYSTEM = "https://dips.example/brev"
CLINICIAN_SYSTEM = "urn:oid:2.16.578.1.12.4.1.4.4"
REFERRAL_SYSTEM = "https://dips.example/henvisning"
TYPE_SYSTEM = "https://dis-portal.example/fhir/letter-type"


class RecordSystem:
    """Sends letters as the stand-in record system does, with the token it was given."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._token = ""
        self.units: list[dict[str, str]] = []

    def connect(self) -> None:
        """Fetch a token and the list of hospital units."""
        record_system = f"{self._layout.standins_url}/record-system"
        self._token = http.get_json(f"{record_system}/token")["access_token"]
        self.units = http.get_json(f"{record_system}/units.json")

    def refer(self, identifier: str, pid: str, unit: str, team: list[str]) -> None:
        """Tell of one referral, and of the clinicians who treat the patient for it."""
        http.post_json(
            f"{self._layout.portal_url}/fhir/ServiceRequest", _referral(identifier, pid, unit, team), self._headers()
        )

    def send(self, identifier: str, pid: str, unit: str, text: Text, referral: str = "") -> str:
        """Send one letter; hands back the letter's id. The same identifier again is the same letter."""
        resource = _request(identifier, pid, unit, text)
        if referral:
            resource["basedOn"] = [
                {"type": "ServiceRequest", "identifier": {"system": REFERRAL_SYSTEM, "value": referral}}
            ]
        answer = http.post_json(f"{self._layout.portal_url}/fhir/CommunicationRequest", resource, self._headers())
        location: str = answer.headers.get("Location", "").split("/_history", maxsplit=1)[0]
        if not location:
            raise DemoError(f"the portal took a letter with {answer.status_code} but told no location")
        return location.rstrip("/").rsplit("/", 1)[1]

    def tell(self, kind: str, resource: dict[str, Any]) -> None:
        """Tell of an appointment, a timebok or a free time; said again it is brought up to date."""
        http.post_json(f"{self._layout.portal_url}/fhir/{kind}", resource, self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}", "Content-Type": "application/fhir+json"}


def _referral(identifier: str, pid: str, unit: str, team: list[str]) -> dict[str, Any]:
    performers = [(UNIT_SYSTEM, unit), *((CLINICIAN_SYSTEM, number) for number in team)]
    return {
        "resourceType": "ServiceRequest",
        "status": "active",
        "intent": "order",
        "identifier": [{"system": REFERRAL_SYSTEM, "value": identifier}],
        "subject": {"identifier": {"system": fhir_system(pid), "value": pid}},
        "performer": [{"identifier": {"system": system, "value": value}} for system, value in performers],
    }


def _request(identifier: str, pid: str, unit: str, text: Text) -> dict[str, Any]:
    body = base64.b64encode(body_of(text).encode()).decode()
    return {
        "resourceType": "CommunicationRequest",
        "status": "active",
        "identifier": [{"system": LETTER_SYSTEM, "value": identifier}],
        "category": [{"coding": [{"system": TYPE_SYSTEM, "code": text.letter_type}]}],
        "subject": {"identifier": {"system": fhir_system(pid), "value": pid}},
        "sender": {"identifier": {"system": UNIT_SYSTEM, "value": unit}},
        "payload": [
            {"contentString": text.title},
            {"contentAttachment": {"contentType": "text/html", "language": "nb", "data": body}},
        ],
        "meta": {"security": [{"system": "urn:oid:2.16.578.1.12.4.1.1.9603", "code": "N"}]},
    }
