"""What this server can do, told to anyone who asks: CapabilityStatement and the SMART configuration."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from rest_framework.request import Request
from rest_framework.response import Response

from portal.fhir.assertions import token_address
from portal.fhir.keys import ALGORITHMS
from portal.fhir.registry import ResourceType, entered
from portal.fhir.views import OpenFhirView

_PUBLISHED = "2026-11-22"
_OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"


def capability_statement() -> dict[str, Any]:
    """The resource, from what the apps have entered in the registry."""
    base = f"{settings.PORTAL_URL.rstrip('/')}/fhir"
    return {
        "resourceType": "CapabilityStatement",
        "url": f"{base}/metadata",
        "name": "DISPortal",
        "title": "DIS-portal",
        "status": "active",
        "date": _PUBLISHED,
        "publisher": settings.REGION_NAME,
        "kind": "instance",
        "software": {"name": "DIS-portal"},
        "implementation": {"description": "DIS-portal", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "rest": [{"mode": "server", "security": _security(), "resource": [_resource(one) for one in entered()]}],
    }


def _security() -> dict[str, Any]:
    service = {"system": "http://terminology.hl7.org/CodeSystem/restful-security-service", "code": "SMART-on-FHIR"}
    return {
        "service": [{"coding": [service]}],
        "extension": [{"url": _OAUTH_URIS, "extension": [{"url": "token", "valueUri": token_address()}]}],
    }


def _resource(resource: ResourceType) -> dict[str, Any]:
    line: dict[str, Any] = {
        "type": resource.name,
        "documentation": resource.documentation,
        "versioning": "no-version",
        "interaction": [{"code": code} for code in resource.interactions],
    }
    if resource.search:
        line["searchParam"] = [
            {"name": one.name, "type": one.kind, "documentation": one.documentation} for one in resource.search
        ]
    return line


class Metadata(OpenFhirView):
    """`GET /fhir/metadata`."""

    def get(self, request: Request) -> Response:
        """The CapabilityStatement."""
        return Response(capability_statement())


def smart_configuration(request: HttpRequest) -> JsonResponse:
    """`GET /fhir/.well-known/smart-configuration`: where tokens are fetched, and how."""
    names = [resource.name for resource in entered()]
    return JsonResponse(
        {
            "token_endpoint": token_address(),
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
            "grant_types_supported": ["client_credentials"],
            "scopes_supported": [f"system/{name}.{word}" for name in names for word in ("read", "write", "rs", "cu")],
            "capabilities": ["client-confidential-asymmetric", "permission-v1", "permission-v2"],
        }
    )
