"""The view that every FHIR address is built on."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import ClassVar

from django.conf import settings
from django.http import HttpRequest
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.fhir.permissions import Need
from portal.fhir.tokens import Sender


class FhirView(APIView):
    """Signed in by token, limited by scope, answered in FHIR, never cached.

    `needs` names for each method the interactions of which the token must allow at least one.
    """

    needs: ClassVar[Mapping[str, Sequence[Need]]] = {}

    def initialize_request(self, request: HttpRequest, *args: object, **kwargs: object) -> Request:
        """Also take in a body that was sent in chunks, without a length known beforehand."""
        _gather_chunks(request)
        return super().initialize_request(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Response, *args: object, **kwargs: object) -> Response:
        """Keep answers out of every cache."""
        response.headers.setdefault("Cache-Control", "no-store")
        return super().finalize_response(request, response, *args, **kwargs)

    def sender(self) -> Sender:
        """The system that calls; `HasScope` has made sure that there is one."""
        sender = self.request.user
        if not isinstance(sender, Sender):
            raise NotFound
        return sender


class OpenFhirView(FhirView):
    """An address that needs no token."""

    authentication_classes = ()
    permission_classes = ()


def _gather_chunks(request: HttpRequest) -> None:
    """Read a chunked body into memory, one byte beyond the limit at most; the parser refuses what is too large.

    Django reads as much as Content-Length says, which is nothing for chunked bodies (.NET and Java clients send them).
    """
    chunked = "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()
    environ = getattr(request, "environ", {})
    if not chunked or request.META.get("CONTENT_LENGTH") or not environ.get("wsgi.input_terminated"):
        return
    body = environ["wsgi.input"].read(settings.FHIR_MAX_BYTES + 1)
    request.META["CONTENT_LENGTH"] = str(len(body))
    request._stream = BytesIO(body)  # Django offers no other way in
