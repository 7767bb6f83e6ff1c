"""Keeps one person from being taken for another: at every request below citizens' pages, in one place.

Whoever acts for somebody is asked about anew each time, and is told at once when it is over. Every form says whom it
is about; one that was filled in for another than the session now has is not carried out.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from portal.kernel import reach
from portal.people import kept_forms
from youth_access import acting_session
from youth_access.acting_choices import chosen, has_choices, is_open
from youth_access.eyes import Eyes, eyes_of, own_eyes
from youth_access.middleware import MACHINES, STAFF_PAGES

FOR_PERSON: Final = "for_person"
CHOICE: Final = "/paa-vegne-av/"
OWN: Final = ("/logg-inn/", "/logg-ut/", "/sprak/", "/innsyn/fortsett/", "/.well-known/", CHOICE)
"""Pages about the signed-in person and nobody else, whoever was chosen."""
NOT_ASKED: Final = ("/", "/om/", "/innsyn/")
_Kept = TypeVar("_Kept", bound=Callable[..., HttpResponseBase])
Handler = Callable[[HttpRequest], HttpResponse]


def keeps_nothing(view: _Kept) -> _Kept:
    """What is posted here is never put aside: it may hold an identity number."""
    vars(view)["keeps_nothing"] = True
    return view


class SamePerson:
    """Middleware: stands inside the right eyes and the chosen language, since it answers with pages."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand on; everything is looked at once the view is known and the form's token is checked."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., Any],
        _args: tuple[object, ...],
        _kwargs: dict[str, object],
    ) -> HttpResponseBase | None:
        """A page instead of the view's, where the person has changed or is no longer open to the viewer."""
        eyes = eyes_of(request)
        if eyes is None or request.path.startswith((*STAFF_PAGES, *MACHINES, *OWN)):
            return None
        if eyes.acting_for_another and not is_open(eyes):
            return _no_longer(request, eyes)
        if request.method == "POST":
            return None if _same(request, eyes) else _another(request, eyes, keep=not hasattr(view, "keeps_nothing"))
        return _ask_first(request, eyes)


def _same(request: HttpRequest, eyes: Eyes) -> bool:
    said = request.POST.get(FOR_PERSON)
    if said is None:
        return not eyes.acting_for_another
    return said == str(eyes.patient_id)


def _no_longer(request: HttpRequest, eyes: Eyes) -> HttpResponse:
    """It is over: nothing of the patient, nothing of what was typed, and the way back to oneself."""
    with reach.one_patient(f"citizen:{eyes.viewer.person_id}", eyes.viewer.person_id), transaction.atomic():
        acting_session.end(request, eyes, lost=True)
        words = {"sent": request.method == "POST"}
        return render(request, "youth_access/no_longer.html", words, status=403)


def _another(request: HttpRequest, eyes: Eyes, *, keep: bool) -> HttpResponse:
    """The form is about another than the session. Nothing is done; it is kept for the one it was about."""
    meant = _open_eyes(eyes, request.POST.get(FOR_PERSON, ""))
    name = kept_forms.keep(request, eyes.viewer.person_id) if meant is not None and keep else ""
    words = {
        "meant": meant,
        "now": eyes,
        "go_on": reverse("youth_access:kept", args=[name]) if name else "/",
        "kept": bool(name),
    }
    with transaction.atomic():
        return render(request, "youth_access/another_person.html", words, status=409)


def _open_eyes(eyes: Eyes, said: str) -> Eyes | None:
    """Eyes on the one the form was about, if the viewer may still act for them or is them."""
    try:
        meant = UUID(said)
    except ValueError:
        return None
    if meant == eyes.viewer.person_id:
        return own_eyes(eyes.viewer)
    found = chosen(eyes.viewer, meant, eyes.instant)
    return found if found is not None and is_open(found) else None


def _ask_first(request: HttpRequest, eyes: Eyes) -> HttpResponse | None:
    """The first page after sign-in: whoever came by a link to something chooses for whom before it opens."""
    if not request.session.get(acting_session.ASK_FIRST):
        return None
    del request.session[acting_session.ASK_FIRST]
    if request.path == NOT_ASKED[0] or request.path.startswith(NOT_ASKED[1:]) or eyes.acting_for_another:
        return None
    if not has_choices(eyes.viewer.person_id, eyes.instant):
        return None
    return HttpResponseRedirect(f"{CHOICE}?{urlencode({'next': request.get_full_path()})}")
