"""How the record system calls the portal: a token first, then FHIR."""

import json
from dataclasses import dataclass
from typing import Any

import httpx
from django.conf import settings

from portal.counterparts.client import trusted
from portal.counterparts.standins import system_key

SECONDS = 20.0


class PortalAway(Exception):
    """The portal did not answer, or did not give a token; the text may be shown."""


@dataclass(frozen=True)
class Answer:
    """What the portal said: status, where the letter is (if it has a place), and the body as it came."""

    status: int
    location: str
    body: str

    @property
    def taken(self) -> bool:
        """Whether the letter was taken."""
        return 200 <= self.status < 300


def fetch_token() -> dict[str, Any]:
    """A fresh access token for `/fhir/`. Raises `PortalAway`."""
    address = f"{settings.PORTAL_URL}/oauth/token"
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": system_key.ASSERTION_TYPE,
        "client_assertion": system_key.client_assertion(address),
    }
    response = _post(address, data=form)
    try:
        answer: dict[str, Any] = response.json()
    except ValueError:
        raise PortalAway(f"{address} answers {response.status_code}, not JSON") from None
    if response.status_code != 200 or "access_token" not in answer:
        raise PortalAway(f"{address} answers {response.status_code}: {json.dumps(answer)}")
    return answer


def send_letter(order: dict[str, Any], key: str) -> Answer:
    """Hand a `CommunicationRequest` to the portal under a key. Raises `PortalAway`."""
    return send(order, {"Idempotency-Key": key})


def send(resource: dict[str, Any], more_headers: dict[str, str] | None = None) -> Answer:
    """Hand a resource to the portal. Raises `PortalAway`."""
    headers = {
        "Authorization": f"Bearer {fetch_token()['access_token']}",
        "Content-Type": "application/fhir+json",
        "Accept": "application/fhir+json",
        **(more_headers or {}),
    }
    address = f"{settings.PORTAL_URL}/fhir/{resource['resourceType']}"
    response = _post(address, content=json.dumps(resource), headers=headers)
    return Answer(response.status_code, response.headers.get("Location", ""), _pretty(response))


def _post(address: str, **what: Any) -> httpx.Response:  # noqa: ANN401 (passed on to httpx)
    try:
        return httpx.post(address, timeout=SECONDS, trust_env=False, verify=trusted(), **what)
    except httpx.HTTPError as failure:
        raise PortalAway(f"{address}: {type(failure).__name__}") from None


def _pretty(response: httpx.Response) -> str:
    try:
        return json.dumps(response.json(), indent=2, ensure_ascii=False)
    except ValueError:
        return response.text[:2000]
