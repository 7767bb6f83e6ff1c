"""The FHIR door alone, with one address that fails in every way a view can."""

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404
from django.urls import include, path
from rest_framework.request import Request
from rest_framework.response import Response

from portal.fhir.errors import refuse
from portal.fhir.parsers import ReceivedJson
from portal.fhir.views import FhirView, OpenFhirView
from portal.kernel.errors import FinalError, RetryableError

FAILURES: dict[str, Exception] = {
    "404": Http404(),
    "403": PermissionDenied(),
    "400": SuspiciousOperation(),
    "413": RequestDataTooBig(),
    "412": refuse(412, "conflict", "trial", "prøve"),
    "503": RetryableError("later"),
    "503-database": OperationalError("13097248022"),
    "422": FinalError("never"),
    "500": RuntimeError("13097248022"),
}


class Failing(OpenFhirView):
    """Raises what its address names."""

    def get(self, request: Request, kind: str) -> Response:
        """Fail."""
        raise FAILURES[kind]


class Echo(OpenFhirView):
    """Says how much it was sent."""

    def post(self, request: Request) -> Response:
        """The number of bytes that were kept."""
        data = request.data
        return Response({"kept": len(data.raw) if isinstance(data, ReceivedJson) else 0})


class Guarded(FhirView):
    """Needs to read patients."""

    needs = {"GET": (("Patient", "r"),)}

    def get(self, request: Request) -> Response:
        """Say who came in."""
        return Response({"caller": self.sender().client_id})


urlpatterns = [
    path("", include("portal.fhir.urls")),
    path("fhir/", include("letters.fhir_urls")),
    path("fhir/trial/fail/<str:kind>", Failing.as_view()),
    path("fhir/trial/echo", Echo.as_view()),
    path("fhir/trial/guarded", Guarded.as_view()),
    path("fhir/", include("portal.fhir.fallback_urls")),
]
