"""Every failure behind /fhir/ is answered with an OperationOutcome, and none of them tells what was sent."""

import logging
import traceback
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions as drf
from rest_framework.response import Response
from rest_framework.views import set_rollback

from portal.fhir.errors import FhirRefusal, refuse
from portal.fhir.outcomes import IssueType, operation_outcome
from portal.kernel.errors import FinalError, RetryableError

_log = logging.getLogger(__name__)
_RETRY_AFTER = "5"
NOT_FOUND_TEXT = _("Finnes ikke, eller er ikke ditt.")

_Answer = tuple[type[Exception], int, IssueType, str, str | Promise]
_ANSWERS: tuple[_Answer, ...] = (
    (drf.NotAuthenticated, 401, "login", "token-missing", _("Du må sende et gyldig tilgangsbevis (Bearer).")),
    (drf.AuthenticationFailed, 401, "login", "token-invalid", _("Tilgangsbeviset er ugyldig eller utløpt.")),
    (drf.PermissionDenied, 403, "forbidden", "scope-missing", _("Tilgangsbeviset gir ikke rett til dette.")),
    (PermissionDenied, 403, "forbidden", "forbidden", _("Du har ikke rett til dette.")),
    (drf.NotFound, 404, "not-found", "not-found", NOT_FOUND_TEXT),
    (Http404, 404, "not-found", "not-found", NOT_FOUND_TEXT),
    (drf.MethodNotAllowed, 405, "not-supported", "method", _("Denne adressen støtter ikke den metoden.")),
    (drf.NotAcceptable, 406, "not-supported", "format", _("Portalen svarer bare med JSON (application/fhir+json).")),
    (
        drf.UnsupportedMediaType,
        415,
        "not-supported",
        "content-type",
        _("Innholdet må være JSON (Content-Type: application/fhir+json)."),
    ),
    (drf.Throttled, 429, "throttled", "throttled", _("For mange forespørsler. Vent litt og prøv igjen.")),
    (RequestDataTooBig, 413, "too-long", "too-large", _("Innholdet er for stort.")),
    (SuspiciousOperation, 400, "invalid", "bad-request", _("Forespørselen er ugyldig.")),
    (drf.APIException, 400, "invalid", "bad-request", _("Forespørselen er ugyldig.")),
    (RetryableError, 503, "transient", "try-again", _("Portalen er opptatt. Prøv igjen om litt.")),
    (OperationalError, 503, "transient", "try-again", _("Portalen er opptatt. Prøv igjen om litt.")),
    (InterfaceError, 503, "transient", "try-again", _("Portalen er opptatt. Prøv igjen om litt.")),
    (FinalError, 422, "business-rule", "refused", _("Portalen kan ikke gjøre dette.")),
)


def answer_with_outcome(exc: Exception, context: dict[str, Any]) -> Response:
    """Turn any exception into an answer, and undo what the request had begun to write."""
    set_rollback()
    refusal = exc if isinstance(exc, FhirRefusal) else _known(exc) or _unforeseen(exc)
    headers = dict(refusal.headers)
    for name, value in _header_makers.items():
        if made := value(exc):
            headers.setdefault(name, made)
    if refusal.status in (429, 503):
        headers.setdefault("Retry-After", _RETRY_AFTER)
    return Response(operation_outcome(refusal.problems), status=refusal.status, headers=headers)


def _known(exc: Exception) -> FhirRefusal | None:
    for kind, status, issue, code, text in _ANSWERS:
        if isinstance(exc, kind):
            return refuse(status, issue, code, text)
    return None


def _unforeseen(exc: Exception) -> FhirRefusal:
    """Logged by kind and place only: an exception's own text may hold a patient's data."""
    places = "".join(traceback.format_tb(exc.__traceback__))
    _log.error("unforeseen error in the FHIR door: %s\n%s", type(exc).__name__, places)
    return refuse(500, "exception", "unforeseen", _("Noe gikk galt hos oss. Ingenting er lagret."))


def _challenge(exc: Exception) -> str:
    if isinstance(exc, drf.PermissionDenied):
        return 'Bearer realm="fhir", error="insufficient_scope"'
    return str(getattr(exc, "auth_header", "") or "")


def _retry_after(exc: Exception) -> str:
    wait = getattr(exc, "wait", None)
    return f"{int(wait) + 1}" if isinstance(wait, int | float) else ""


_header_makers: dict[str, Callable[[Exception], str]] = {"WWW-Authenticate": _challenge, "Retry-After": _retry_after}
