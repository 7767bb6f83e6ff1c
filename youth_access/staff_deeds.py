"""How a clinician's deed is asked for: a page that explains it, a form, and a receipt. POST always redirects."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.kernel.errors import FinalError
from portal.ui.forms import PortalForm
from youth_access.staff_footing import Footing
from youth_access.staff_presenters import patient_line

Answers = dict[str, Any]
FormOf = Callable[[Any], PortalForm]


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One deed. `form` makes the form from what was posted, or from None; `carry_out` gives the receipt's words.

    `carry_out` may raise a FinalError of its command; `words_for` tells what its codes mean. `extra` goes to the page.
    """

    title: str
    lead: str
    button: str
    form: FormOf
    carry_out: Callable[[Any], str]
    words_for: dict[str, str] = field(default_factory=dict)
    danger: bool = False
    extra: Answers = field(default_factory=dict)


def ask(request: HttpRequest, ground: Footing, deed: Deed) -> HttpResponse:
    """GET asks, POST does and goes back to the patient's page."""
    back = reverse("access:patient", args=[ground.patient.pk])
    return ask_at(request, deed, back=back, about=patient_line(ground.patient))


def ask_at(request: HttpRequest, deed: Deed, *, back: str, about: str, done: str = "") -> HttpResponse:
    """The same for pages without a ground of their own: `back` is where Cancel leads, `done` where the deed does."""
    if request.method != "POST":
        return _page(request, deed, deed.form(None), back, about)
    form = deed.form(request.POST)
    if not form.is_valid():
        return _page(request, deed, form, back, about, status=422)
    try:
        messages.success(request, deed.carry_out(form))
    except FinalError as error:
        unknown = _("Dette er ikke mulig lenger. Noen andre kan ha endret det før deg.")
        messages.warning(request, deed.words_for.get(error.code, unknown))
        return HttpResponseRedirect(back)
    return HttpResponseRedirect(done or back)


def _page(
    request: HttpRequest, deed: Deed, form: PortalForm, back: str, about: str, *, status: int = 200
) -> HttpResponse:
    words = {"deed": deed, "form": form, "back": back, "about": about, **deed.extra}
    return render(request, "youth_access/staff/deed.html", words, status=status)
