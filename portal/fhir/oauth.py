"""`/oauth/token`: a signed assertion in, a token for five minutes out (RFC 6749, section 4.4; SMART Backend Services).

The answers follow RFC 6749: errors are JSON with a fixed word, and a description in ASCII for the client's developer.
"""

import logging

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, JsonResponse, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt

from portal.fhir import assertions, scopes, tokens
from portal.fhir.limits import within_limit

_log = logging.getLogger(__name__)
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_FORM = "application/x-www-form-urlencoded"
_FIELDS = ("grant_type", "client_assertion_type", "client_assertion", "scope", "client_id")
_LONGEST_SCOPE = 2000


class TokenRefused(Exception):
    """An error answer of RFC 6749, section 5.2."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.error, self.description, self.status = error, description, status


@transaction.non_atomic_requests
@csrf_exempt
def token(request: HttpRequest) -> JsonResponse:
    """Give a client system a token, or say in RFC 6749's words why not."""
    try:
        answer = JsonResponse(_grant(request))
    except TokenRefused as refused:
        _log.info("token refused", extra={"code": refused.error, "status": refused.status})
        body = {"error": refused.error, "error_description": refused.description}
        answer = JsonResponse(body, status=refused.status)
        _add_error_headers(answer)
    answer["Cache-Control"] = "no-store"
    answer["Pragma"] = "no-cache"
    return answer


def _add_error_headers(answer: JsonResponse) -> None:
    if answer.status_code == 405:
        answer["Allow"] = "POST"
    if answer.status_code == 429:
        answer["Retry-After"] = "60"


def _grant(request: HttpRequest) -> dict[str, object]:
    form = _form(request)
    text = form.get("client_assertion", "")
    caller = f"{request.META.get('REMOTE_ADDR', '')} {assertions.claimed_client(text)}"
    if not within_limit("token", caller, settings.OAUTH_TOKENS_PER_MINUTE):
        raise TokenRefused("temporarily_unavailable", "too many token requests, wait a minute", 429)
    _check_kind(form)
    try:
        assertion = assertions.check(text)
    except assertions.AssertionRefused as refused:
        raise TokenRefused("invalid_client", refused.detail, 401) from None
    if form.get("client_id", assertion.client.client_id) != assertion.client.client_id:
        raise TokenRefused("invalid_client", "client_id is not the one that signed", 401)
    granted = _scopes(form.get("scope", ""), assertion.client.scopes)
    with transaction.atomic():
        if not assertions.spend(assertion):
            raise TokenRefused("invalid_client", "client_assertion: jti was used before", 401)
        access_token = tokens.issue(client=assertion.client, scopes=granted)
    tokens.sweep()
    return {
        "access_token": access_token,
        "token_type": "bearer",
        "expires_in": int(settings.OAUTH_TOKEN_LIFETIME.total_seconds()),
        "scope": " ".join(granted),
    }


def _form(request: HttpRequest) -> QueryDict:
    if request.method != "POST":
        raise TokenRefused("invalid_request", "use POST", 405)
    if request.content_type != _FORM:
        raise TokenRefused("invalid_request", f"Content-Type must be {_FORM}")
    try:
        form = request.POST
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError, ValueError):
        raise TokenRefused("invalid_request", "the form cannot be read") from None
    if any(len(form.getlist(name)) > 1 for name in _FIELDS):
        raise TokenRefused("invalid_request", "a field was sent twice")
    return form


def _check_kind(form: QueryDict) -> None:
    if not form.get("grant_type"):
        raise TokenRefused("invalid_request", "grant_type is missing")
    if form["grant_type"] != "client_credentials":
        raise TokenRefused("unsupported_grant_type", "grant_type must be client_credentials")
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise TokenRefused("invalid_request", f"client_assertion_type must be {ASSERTION_TYPE}")
    if not form.get("client_assertion"):
        raise TokenRefused("invalid_request", "client_assertion is missing")


def _scopes(asked: str, registered: list[str]) -> tuple[str, ...]:
    """What the token may do; everything the client is registered with where it asks for nothing in particular."""
    if len(asked) > _LONGEST_SCOPE:
        raise TokenRefused("invalid_scope", "scope is too long")
    granted = scopes.narrow(asked.split() or registered, registered)
    if not granted:
        raise TokenRefused("invalid_scope", "the client is not registered with a scope that was asked for")
    return granted
