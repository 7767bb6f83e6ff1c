"""Pages for when something is wrong: what happened, what to do now, and a phone number.

A page that does not exist and a page that is someone else's get the same words.
"""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.ui.context import plain_chrome


@dataclass(frozen=True)
class Trouble:
    """The words of one error page."""

    status: int
    title: Promise
    happened: Promise
    what_now: Promise
    picture: str = "lost"


BAD_REQUEST: Final = Trouble(
    400,
    _("Vi forsto ikke det nettleseren sendte"),
    _("Noe i adressen eller skjemaet kunne ikke leses. Ingenting er lagret."),
    _("Gå tilbake og prøv en gang til."),
)
FORBIDDEN: Final = Trouble(
    403,
    _("Du har ikke tilgang til denne siden"),
    _("Siden er bare åpen for ansatte med en bestemt rolle."),
    _("Gå til forsiden, eller snakk med lederen din hvis du trenger tilgangen i arbeidet."),
)
NOT_FOUND: Final = Trouble(
    404,
    _("Vi finner ikke siden"),
    _("Adressen kan være feil, eller siden kan være flyttet."),
    _("Gå til forsiden. Der finner du det som ligger til deg."),
)
FORM_EXPIRED: Final = Trouble(
    403,
    _("Siden hadde stått åpen for lenge"),
    _("Av sikkerhetsgrunner kunne vi ikke ta imot det du sendte. Ingenting er lagret."),
    _("Gå tilbake, last siden på nytt og prøv en gang til."),
)
SERVER_ERROR: Final = Trouble(
    500,
    _("Beklager, noe gikk galt hos oss"),
    _("Det er ikke din feil. Vi har fått beskjed om at det skjedde."),
    _("Vent noen minutter og prøv en gang til."),
    picture="rain",
)


def _page(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    words = {"trouble": trouble, "reference": getattr(request, "request_id", "")}
    return HttpResponse(render_to_string("errors/error.html", words, request), status=trouble.status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: something that cannot be read. It may come before the session does, so the plain frame is used."""
    return _plain_page(request, BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: signed in, but without the role the page asks for."""
    return _page(request, FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: missing, or not yours; the words are the same."""
    return _page(request, NOT_FOUND)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without its token, most often because the page stood open over night."""
    return _plain_page(request, FORM_EXPIRED)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: the database may be gone, so nothing on this page asks for it."""
    return _plain_page(request, SERVER_ERROR)


def _plain_page(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    words = {
        "trouble": trouble,
        "reference": getattr(request, "request_id", ""),
        "chrome": plain_chrome(),
        "LANGUAGE_CODE": getattr(request, "LANGUAGE_CODE", "nb"),
    }
    return HttpResponse(render_to_string("errors/error.html", words), status=trouble.status)
