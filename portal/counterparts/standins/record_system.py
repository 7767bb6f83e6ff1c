"""The record system's machine side: its token, its units, its keys, and what came back to it."""

import json
from dataclasses import asdict
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from portal.counterparts.standins import region, system_key
from portal.counterparts.standins.behave import Behaviour
from portal.counterparts.standins.http import PortalAway, fetch_token
from portal.counterparts.standins.protocol import always, protocol, refusal
from portal.counterparts.standins.store import store
from portal.counterparts.standins.units import CLINICS
from portal.kernel import clock

INBOX = "inbox"


@require_safe
def token(_request: HttpRequest) -> HttpResponse:
    """An access token for the portal's `/fhir/`."""
    try:
        answer = fetch_token()
    except PortalAway as failure:
        return refusal(502, "no_token", str(failure))
    return JsonResponse({"access_token": answer["access_token"], "expires_in": answer["expires_in"]})


@require_safe
def units_json(_request: HttpRequest) -> JsonResponse:
    """The hospital units that send letters."""
    return JsonResponse([asdict(unit) for unit in region.UNITS], safe=False)


@require_safe
def clinics_json(_request: HttpRequest) -> JsonResponse:
    """What some of the units have decided about their appointments."""
    return JsonResponse(list(CLINICS), safe=False)


@require_safe
def jwks_json(_request: HttpRequest) -> JsonResponse:
    """The public key that the portal checks our assertions with."""
    return JsonResponse(system_key.jwks())


@require_safe
def inbox_json(_request: HttpRequest) -> JsonResponse:
    """What the portal has sent back, oldest first."""
    return JsonResponse(store().rows(INBOX), safe=False)


@require_POST
@protocol("record-system", works=always)
def inbox(request: HttpRequest, _behaviour: Behaviour) -> HttpResponse:
    """File a resource under its key, once."""
    try:
        body = json.loads(request.body)
        key, resource = str(body["key"]), body["resource"]
        kind = str(resource["resourceType"])
    except (ValueError, KeyError, TypeError):
        return refusal(400, "bad_request")
    with store().held():
        known = store().get(INBOX, key)
        if known is not None:
            if known["resource"] != resource:
                return refusal(409, "other_content")
            return JsonResponse({"record_id": known["record_id"], "duplicate": True})
        row = {
            "key": key,
            "record_id": f"J-{uuid4().hex[:12]}",
            "resource_type": kind,
            "resource": resource,
            "received_at": clock.now().isoformat(),
        }
        store().put(INBOX, key, row)
    return JsonResponse({"record_id": row["record_id"], "duplicate": False}, status=201)
