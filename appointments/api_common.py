"""What the addresses of a record system share: the body, the identifier in the address, the answer."""

from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from appointments.fhir import Facts
from portal.fhir.elements import as_uuid, identifiers_of
from portal.fhir.errors import FhirRefusal, refuse
from portal.fhir.parsers import ReceivedJson
from portal.kernel import clock
from portal.people.models import Unit

CREATED: Final = "created"


def facts_for(source: str) -> Facts:
    """What a resource from this sender is held against, now."""
    return Facts(
        source=source,
        environment=settings.PORTAL_ENV,
        now=clock.now(),
        is_unit=lambda resh: Unit.objects.filter(resh=resh, active=True).exists(),
    )


def address() -> str:
    """The portal's FHIR address, without a slash at the end."""
    return f"{settings.PORTAL_URL.rstrip('/')}/fhir"


def received(request: Request, kind: str) -> ReceivedJson:
    """The body, which must be a resource of this kind. Raises `FhirRefusal` (400)."""
    body = request.data
    if not isinstance(body, ReceivedJson):
        raise refuse(400, "required", "body-absent", _("Forespørselen mangler innhold."))
    if body.tree.get("resourceType") != kind:
        text = _("Ressursen må være av typen %(kind)s.") % {"kind": kind}
        raise refuse(400, "value", "resource-type", text, "resourceType")
    return body


def received_by_identifier(request: Request, kind: str) -> ReceivedJson:
    """The body of an update by identifier: the address must name the one in the body."""
    body = received(request, kind)
    _without_versions(request)
    if request.query_params.getlist("identifier") != list(identifiers_of(body.tree)[:1]):
        text = _("Adressen må ha identifier=system|value, den samme som i ressursen.")
        raise refuse(400, "value", "id-mismatch", text, f"{kind}.identifier")
    return body


def received_by_id(request: Request, kind: str, own_id: UUID, own_key: str) -> ReceivedJson:
    """The body of an update by our id: it must be about the one in the address."""
    body = received(request, kind)
    _without_versions(request)
    if body.tree.get("id") not in (None, str(own_id)) or identifiers_of(body.tree)[:1] != (own_key,):
        text = _("Ressursen i innholdet er ikke den adressen gjelder.")
        raise refuse(400, "value", "id-mismatch", text, f"{kind}.identifier")
    return body


def _without_versions(request: Request) -> None:
    if request.headers.get("If-Match"):
        text = _("Portalen har ikke versjoner. Utelat If-Match; meta.lastUpdated ordner rekkefølgen.")
        raise refuse(412, "not-supported", "versions", text)


def known_id(text: str) -> UUID:
    """The id in an address. Raises NotFound for what is none."""
    found = as_uuid(text)
    if found is None:
        raise NotFound
    return found


def answer(request: Request, kind: str, outcome: str, own_id: UUID, shown: dict[str, Any]) -> Response:
    """201 for what is new, 200 otherwise, with the location; without the resource for `Prefer: return=minimal`."""
    minimal = "return=minimal" in request.headers.get("Prefer", "").replace(" ", "")
    location = {"Location": f"{address()}/{kind}/{own_id}"}
    return Response(None if minimal else shown, status=201 if outcome == CREATED else 200, headers=location)


def unknown_unit(kind: str) -> FhirRefusal:
    """The unit was closed between our check and the command's own."""
    return refuse(422, "business-rule", "unit-unknown", _("Enheten finnes ikke her."), kind)


def unknown_schedule(element: str) -> FhirRefusal:
    """The sender has no timebok of this name."""
    return refuse(422, "not-found", "schedule-unknown", _("Timeboka finnes ikke, eller er ikke din."), element)


def cannot_change(element: str) -> FhirRefusal:
    """What others' grips rest on cannot become another."""
    text = _("Dette kan ikke endres. Bruk en ny identifier.")
    return refuse(409, "conflict", "cannot-change", text, element)


def identifier(key: str) -> dict[str, str]:
    """ "system|value" as FHIR has it."""
    system, _bar, value = key.rpartition("|")
    return {"system": system, "value": value}
