"""Who is looking at a page, and which pages ask for whom.

Signed out: to sign-in, and back again. Signed in without the role a page asks for: the same 404 as a missing page,
so that addresses of the back office cannot be probed. A clinician who came in without HelseID is told to use it.
Sensitive deeds ask for a sign-in of the last few minutes; what was typed is kept until the person is back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Concatenate, Final, ParamSpec
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from portal.kernel import clock
from portal.people import assurance, kept_forms
from portal.people.models import Role

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

STAFF_ROLES: Final = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Someone who is signed in. `assurance` is the level the identity provider vouched for.

    `hpr_number` and `organisation` are HelseID's word on a member of staff, empty in every other session. `roles` are
    those in force in this session; `dormant_roles` are held too, but count only after signing in with HelseID.
    """

    person_id: UUID
    display_name: str
    roles: frozenset[Role]
    assurance: str
    authenticated_at: datetime
    language: str = ""
    hpr_number: str = ""
    organisation: str = ""
    dormant_roles: frozenset[Role] = frozenset()

    @property
    def is_staff(self) -> bool:
        """Whether the viewer holds any staff role."""
        return bool(self.roles)


class SignedOut(Exception):
    """Raised where code needs a viewer and nobody is signed in; views guard against it with the decorators below."""


def viewer_of(request: HttpRequest) -> Viewer | None:
    """Who is signed in on this request, if anyone."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    return viewer


def require_viewer(request: HttpRequest) -> Viewer:
    """Who is signed in; for views behind a decorator, where somebody is."""
    viewer = viewer_of(request)
    if viewer is None:
        raise SignedOut
    return viewer


def citizen_required(view: View[P]) -> View[P]:
    """Anyone who is signed in may see this page."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if viewer_of(request) is None:
            return ask_to_sign_in(request)
        return view(request, *args, **kwargs)

    return guarded


def role_required(*roles: Role) -> Callable[[View[P]], View[P]]:
    """Only someone who holds one of these roles may see this page; without any given, every member of staff."""
    allowed = frozenset(roles) or STAFF_ROLES

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            viewer = viewer_of(request)
            if viewer is None:
                return ask_to_sign_in(request)
            if not viewer.roles.isdisjoint(allowed):
                return view(request, *args, **kwargs)
            if not viewer.dormant_roles.isdisjoint(allowed):
                return ask_for_helseid(request, viewer)
            raise Http404

        return guarded

    return decorate


def fresh_sign_in_required(minutes: int = 5) -> Callable[[View[P]], View[P]]:
    """Only someone who proved who they are within so many minutes may do this; stands under the other guards.

    Asked at every request, also when the form is sent: a form that comes too late is sealed away, and is offered back
    once the person has signed in anew.
    """
    limit = timedelta(minutes=minutes)

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            viewer = viewer_of(request)
            if viewer is None:
                return ask_to_sign_in(request)
            if clock.real_now() - viewer.authenticated_at > limit:
                return ask_to_sign_in_anew(request, viewer)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way to sign-in and back to this page; a session that has just run out is explained first.

    Fragments fetched by htmx are told to move the whole page, or the sign-in page would land inside them.
    """
    ending: str = getattr(request, "session_ending", "")
    words = {"next": request.get_full_path()} if request.method in ("GET", "HEAD") else {}
    address = reverse("people:session_over") if ending else reverse("people:sign_in")
    if ending:
        words["grunn"] = ending
    return _move_to(request, address, words)


def ask_to_sign_in_anew(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The way to a new proof of who it is, and back to this page or to the form that was sent."""
    words = {"next": request.get_full_path()}
    if request.method not in ("GET", "HEAD"):
        name = kept_forms.keep(request, viewer.person_id)
        words = {"next": reverse("people:kept_form", args=[name])} if name else {}
        if not name:
            messages.warning(request, gettext("Vi kunne ikke ta vare på det du sendte. Fyll det ut en gang til."))
    return _move_to(request, reverse("people:sign_in_again"), words)


def ask_for_helseid(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Tells a clinician that this page needs all that HelseID can vouch for, with the way there and back."""
    words = {"next": request.get_full_path()} if request.method in ("GET", "HEAD") else {}
    address = reverse("people:staff_sign_in")
    address = f"{address}?{urlencode(words)}" if words else address
    came_with_helseid = viewer.assurance == assurance.HELSEID
    shown = {"sign_in_address": address, "came_with_helseid": came_with_helseid}
    return render(request, "people/helseid_needed.html", shown, status=403)


def _move_to(request: HttpRequest, address: str, words: dict[str, str]) -> HttpResponse:
    target = f"{address}?{urlencode(words)}" if words else address
    if request.headers.get("HX-Request"):
        return HttpResponse(status=200, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)
