"""The portal, and one page of the kind that asks for a sign-in of the last five minutes."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import include, path
from django.utils.html import format_html

from portal.people.viewer import citizen_required, fresh_sign_in_required

done: list[dict[str, list[str]]] = []
"""Every form that got through, oldest first."""

_PAGE = """<!doctype html><html lang="nb"><title>Fullmakt</title><h1>Fullmakt</h1><p>Sendt: {}</p>
<form method="post" action="/sensitive/"><input type="hidden" name="csrfmiddlewaretoken" value="{}">
<label>Ord <input name="words"></label><button>Gi fullmakt</button></form></html>"""


@citizen_required
@fresh_sign_in_required()
def give_power(request: HttpRequest) -> HttpResponse:
    """Takes a form, and redirects as every form here does."""
    if request.method == "POST":
        done.append(dict(request.POST.lists()))
        return HttpResponseRedirect("/sensitive/?done=1")
    words = done[-1].get("words", [""])[0] if done else ""
    return HttpResponse(format_html(_PAGE, words, get_token(request)))


urlpatterns = [path("sensitive/", give_power), path("", include("portal.config.urls"))]
handler404 = "portal.ui.errors.not_found"
handler403 = "portal.ui.errors.forbidden"
