"""The front page, the settings page and the language switch."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.kernel import clock
from portal.people import commands
from portal.people.models import Person
from portal.people.next_page import FRONT_PAGE, safe_next
from portal.people.viewer import Viewer, citizen_required, viewer_of
from portal.site.inputs import LanguageForm
from portal.ui import dates, languages
from portal.ui.front import cards_for
from portal.ui.waiting import waiting_for
from youth_access.eyes import require_eyes


@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """Signed out: what this is. Signed in: what waits, and where things are."""
    viewer = viewer_of(request)
    if viewer is None:
        return render(request, "site/welcome.html")
    eyes = require_eyes(request)
    words = {
        "greeting": _greeting(viewer),
        "today_text": dates.day(clock.today()),
        "tasks": waiting_for(eyes),
        "cards": cards_for(eyes),
    }
    return render(request, "site/front.html", words)


@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """The switch in the footer: keep the choice, and go back to the same page."""
    response = HttpResponseRedirect(safe_next(request.POST.get("tilbake")) or FRONT_PAGE)
    code = request.POST.get("sprak", "")
    if code in languages.NAMES:
        _keep_choice(request, response, code)
    return response


@citizen_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: HttpRequest) -> HttpResponseBase:
    """What a person may decide about the pages."""
    sent = request.POST if request.method == "POST" else None
    form = LanguageForm(sent, initial={"sprak": translation.get_language()})
    if request.method == "POST" and form.is_valid():
        response = HttpResponseRedirect(request.path)
        code = form.cleaned_data["sprak"]
        _keep_choice(request, response, code)
        with translation.override(code):
            messages.success(request, gettext("Språket er lagret."))
        return response
    return render(request, "site/settings.html", {"form": form}, status=422 if form.errors else 200)


def _greeting(viewer: Viewer) -> str:
    first_name = viewer.display_name.split(" ")[0]
    return gettext("Hei, %(name)s") % {"name": first_name} if first_name else gettext("Hei")


def _keep_choice(request: HttpRequest, response: HttpResponse, code: str) -> None:
    """On the person, if somebody is signed in, and in this browser."""
    viewer = viewer_of(request)
    if viewer is not None:
        commands.choose_language(person=Person.objects.get(pk=viewer.person_id), language=code)
    response.set_cookie(
        languages.COOKIE,
        code,
        max_age=languages.COOKIE_LASTS_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
