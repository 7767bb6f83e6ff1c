"""Signing out, staying signed in, signing in anew, and the addresses identity providers call."""

from typing import Final
from urllib.parse import urlencode

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_GET, require_http_methods

from portal.counterparts.identity import SIGNED_OUT_PATH
from portal.counterparts.identity.client_key import client_key
from portal.counterparts.identity.http import connect, connect_staff
from portal.kernel.errors import PortalError
from portal.people import kept_forms, session_limits, sessions
from portal.people.models import SignInSession
from portal.people.next_page import FRONT_PAGE, safe_next
from portal.people.viewer import ask_to_sign_in, citizen_required, require_viewer

CLEARED_AT_SIGN_OUT: Final = '"cache", "storage"'
"""Not "cookies": they would reach every neighbour under the same domain; our own cookie is deleted by name."""

_WHY_OVER: Final = {
    sessions.Ending.IDLE.value: _(
        "Det er over 30 minutter siden du gjorde noe her. Da logger vi deg ut, så ingen andre kan se det som er ditt."
    ),
    sessions.Ending.ABSOLUTE.value: _(
        "Du har vært logget inn i to timer. Av sikkerhetsgrunner må du logge inn på nytt."
    ),
    sessions.Ending.PROVIDER.value: _("Du logget ut i ID-porten eller HelseID. Da blir du logget ut her også."),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """POST ends the session here and goes on to where it began, to end it there. GET asks, or says that it is done."""
    row = _sign_in(request)
    if request.method != "POST":
        provider = "HelseID" if row and _began_at_helseid(row) else "ID-porten"
        return render(request, "people/sign_out.html" if row else "people/signed_out.html", {"provider": provider})
    if row is None:
        return HttpResponseRedirect(SIGNED_OUT_PATH)
    sessions.end(row, sessions.Ending.SIGNED_OUT)
    request.session.flush()
    response = HttpResponseRedirect(_provider_sign_out(row))
    response.headers["Clear-Site-Data"] = CLEARED_AT_SIGN_OUT
    return response


@never_cache
@require_GET
@xframe_options_exempt
def provider_signed_out(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """A provider's front-channel call, from an invisible frame and without our cookie: end what began from this sid."""
    staff = provider_id == "helseid"
    issuer = settings.HELSEID_ISSUER if staff else settings.IDENTITY_ISSUER
    if request.GET.get("iss") == issuer:
        sessions.end_by_sid(issuer=issuer, sid=request.GET.get("sid", ""))
    framing = settings.HELSEID_ORIGINS if staff else settings.IDENTITY_ORIGINS
    framed_by_provider = csp_replace({"frame-ancestors": framing})
    return framed_by_provider(_empty_page)(request)


@never_cache
@require_GET
def session_over(request: HttpRequest) -> HttpResponse:
    """Why someone who was signed in no longer is, and the way back to where they were."""
    next_url = safe_next(request.GET.get("next"))
    sign_in = reverse("people:sign_in")
    words = {
        "why": _WHY_OVER.get(request.GET.get("grunn", ""), _("Økten er avsluttet.")),
        "sign_in_address": f"{sign_in}?{urlencode({'next': next_url})}" if next_url else sign_in,
    }
    return render(request, "people/session_over.html", words)


@never_cache
@citizen_required
@require_GET
def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Before something important: why one must show anew who one is, and the way to do it."""
    next_url = safe_next(request.GET.get("next"))
    go_on = reverse("people:sign_in_anew")
    words = {
        "go_on": f"{go_on}?{urlencode({'next': next_url})}" if next_url else go_on,
        "keeps_form": next_url.startswith("/innsyn/bekreft/"),
    }
    return render(request, "people/sign_in_again.html", words)


@never_cache
@citizen_required
@require_GET
def kept_form(request: HttpRequest, name: str) -> HttpResponse:
    """What was sent a little too late, offered back to the one who typed it: one button sends it on."""
    kept = kept_forms.give_back(request, name, require_viewer(request).person_id)
    if kept is None:
        raise Http404
    return render(request, "people/kept_form.html", {"kept": kept})


@never_cache
@require_http_methods(["GET", "POST"])
def keep_session(request: HttpRequest) -> HttpResponse:
    """The button "Fortsett": counts as activity, like any page. Scripts GET the new time left, forms POST and go on."""
    row = _sign_in(request)
    if row is not None:
        sessions.keep_alive(row, at_once=True)
    if request.method == "GET":
        return _time_left(request)
    if row is None:
        return ask_to_sign_in(request)
    return HttpResponseRedirect(safe_next(request.POST.get("next")) or FRONT_PAGE)


@never_cache
@require_GET
def session_time_left(request: HttpRequest) -> HttpResponse:
    """How long the session lasts; asking does not prolong it, so every open tab can show the truth."""
    return _time_left(request)


@require_GET
def client_keys(request: HttpRequest) -> HttpResponse:
    """The public half of the key with which we prove ourselves to ID-porten and HelseID."""
    return JsonResponse({"keys": [client_key().public_jwk]}, headers={"Cache-Control": "public, max-age=300"})


def _empty_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("", content_type="text/plain")


def _time_left(request: HttpRequest) -> JsonResponse:
    left = session_limits.time_left(request)
    if left is None:
        return JsonResponse({"signed_in": False, "seconds": 0}, status=401)
    return JsonResponse(
        {
            "signed_in": True,
            "seconds": left.seconds,
            "warn_seconds": left.warn_seconds,
            "can_extend": left.can_extend,
            "ends_at": left.ends_at.isoformat(),
        }
    )


def _provider_sign_out(row: SignInSession) -> str:
    """The provider's sign-out; where it cannot be asked for its address, our own page."""
    provider = connect_staff() if _began_at_helseid(row) else connect()
    try:
        return provider.sign_out_address(return_to=f"{settings.PORTAL_URL}{SIGNED_OUT_PATH}")
    except PortalError:
        return SIGNED_OUT_PATH


def _began_at_helseid(row: SignInSession) -> bool:
    issuer: str = settings.HELSEID_ISSUER
    return row.issuer == issuer


def _sign_in(request: HttpRequest) -> SignInSession | None:
    row: SignInSession | None = getattr(request, "sign_in", None)
    return row
