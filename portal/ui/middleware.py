"""What happens around every request: a log line, no caching, refusal of impossible input, the language."""

import logging
import time
import uuid
from collections.abc import Callable, Iterable
from typing import Final

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import translation
from django.utils.cache import patch_vary_headers

from portal.ui import languages
from portal.ui.viewer import viewer_of

Handler = Callable[[HttpRequest], HttpResponse]
_LOG: Final = logging.getLogger("portal.request")
_QUIET_ROUTES: Final = frozenset({"livez", "readyz", "metrics"})


class RequestLog:
    """One log line a request: which route, never which address, so that nothing a person typed is written down."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and write the line."""
        request_id = uuid.uuid4().hex[:12]
        request.request_id = request_id  # type: ignore[attr-defined] # ours, read by error pages
        started = time.perf_counter()
        response = self.get_response(request)
        route = request.resolver_match.route if request.resolver_match else ""
        response.headers["X-Request-ID"] = request_id
        if route not in _QUIET_ROUTES:
            _LOG.info("answered", extra=_line(request, response, route, request_id, started))
        return response


def _line(
    request: HttpRequest, response: HttpResponse, route: str, request_id: str, started: float
) -> dict[str, object]:
    return {
        "request_id": request_id,
        "method": request.method,
        "route": route,
        "status": response.status_code,
        "milliseconds": round((time.perf_counter() - started) * 1000),
    }


class NoStore:
    """Nothing the product answers is kept by browsers or proxies, unless a view says so itself.

    Static files never come this far. After signing out on a shared computer the back button shows nothing.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and forbid keeping the answer."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class BadInput:
    """Refuses characters that no text field of the database can hold, before any view meets them."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or say 400."""
        if "\x00" in request.path or _has_nul(request.GET) or _has_nul_in_body(request):
            raise BadRequest("NUL character in the request")
        return self.get_response(request)


def _has_nul_in_body(request: HttpRequest) -> bool:
    """Only form bodies are read here; the FHIR door reads and checks its own."""
    if request.method != "POST" or request.content_type != "application/x-www-form-urlencoded":
        return False
    return _has_nul(request.POST)


def _has_nul(values: QueryDict) -> bool:
    pairs: Iterable[tuple[str, list[str]]] = values.lists()
    return any("\x00" in text for name, texts in pairs for text in (name, *texts))


class ChosenLanguage:
    """Sets the language of the page: the person's stored choice, the switch's cookie, then what the browser asks for.

    The stored choice is read from the viewer as `language`; an empty one means that nothing was chosen.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language found."""
        code = _stored_choice(request) or _cookie_choice(request) or _browser_choice(request)
        request.LANGUAGE_CODE = code  # the framework's own name for it
        with translation.override(code):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        patch_vary_headers(response, ("Accept-Language",))
        return response


def _stored_choice(request: HttpRequest) -> str:
    stored = str(getattr(viewer_of(request), "language", ""))
    return stored if stored in languages.NAMES else ""


def _cookie_choice(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(languages.COOKIE, "")
    return chosen if chosen in languages.NAMES else ""


def _browser_choice(request: HttpRequest) -> str:
    return languages.from_accept_language(request.headers.get("Accept-Language", ""))
