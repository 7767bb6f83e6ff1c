"""The operators' pages under /drift/: do the letters arrive, and what to do about it when they do not."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.outbox import queries as outbox
from portal.outbox.models import Errand
from portal.people.models import Role
from portal.people.viewer import require_viewer, role_required
from portal.site import figures
from portal.site.operations_commands import retry_errand
from portal.site.operations_inputs import RetryForm
from portal.site.operations_presenters import errand_facts
from portal.site.operations_presenters import overview as overview_of


@role_required(Role.OPERATOR)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Do the letters arrive?"""
    page = overview_of(figures.collect(), outbox.given_up())
    return render(request, "site/operations.html", {"page": page})


@role_required(Role.OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def errand(request: HttpRequest, errand_id: UUID) -> HttpResponse:
    """One errand that was given up, and the button that lets it try again."""
    if request.method == "POST":
        return _retry(request, errand_id)
    return _errand_page(request, errand_id, RetryForm())


def _retry(request: HttpRequest, errand_id: UUID) -> HttpResponse:
    form = RetryForm(request.POST)
    if not form.is_valid():
        return _errand_page(request, errand_id, form)
    note = form.cleaned_data["begrunnelse"]
    if retry_errand(errand_id=errand_id, by=require_viewer(request).person_id, note=note):
        messages.success(request, _("Ærendet prøves igjen nå."))
    else:
        messages.warning(request, _("Ærendet er ikke lenger gitt opp. Ingenting er endret."))
    return redirect("operations:overview")


def _errand_page(request: HttpRequest, errand_id: UUID, form: RetryForm) -> HttpResponse:
    found = get_object_or_404(Errand, pk=errand_id, state=Errand.State.GIVEN_UP)
    words = {"facts": errand_facts(found), "form": form}
    return render(request, "site/operations_errand.html", words, status=422 if form.errors else 200)
