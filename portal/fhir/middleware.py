"""Keeps the door's promise where a request never reaches it: a machine gets JSON also for a refusal further out."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from portal.fhir.outcomes import IssueType, Problem, operation_outcome

Handler = Callable[[HttpRequest], HttpResponse]
_FHIR: Final = "/fhir/"
_OAUTH: Final = "/oauth/"
_ISSUES: Final[dict[int, IssueType]] = {400: "invalid", 403: "forbidden", 404: "not-found", 413: "too-long"}


class MachineAnswers:
    """Turns an error page below /fhir/ and /oauth/ into an OperationOutcome, or an error of RFC 6749."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; JSON and everything that went well pass through as they are."""
        response = self.get_response(request)
        if response.status_code < 400 or "json" in response.headers.get("Content-Type", ""):
            return response
        if request.path.startswith(_FHIR):
            return _outcome(response.status_code)
        if request.path.startswith(_OAUTH):
            error = "invalid_request" if response.status_code < 500 else "server_error"
            return JsonResponse({"error": error}, status=response.status_code)
        return response


def _outcome(status: int) -> HttpResponse:
    if status >= 500:
        problem = Problem("exception", "unforeseen", _("Noe gikk galt hos oss. Ingenting er lagret."))
    else:
        problem = Problem(_ISSUES.get(status, "invalid"), "bad-request", _("Forespørselen er ugyldig."))
    return JsonResponse(
        operation_outcome([problem]), status=status, content_type="application/fhir+json; charset=utf-8"
    )
