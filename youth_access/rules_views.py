"""The page that shows which rules decide over access, in force now or kept from before."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.kernel import clock
from portal.people.viewer import role_required
from youth_access import rules_page, table
from youth_access.table import UnknownVersion


@role_required()
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in force; with `versjon` the ones an audit row names."""
    current = table.in_force(clock.now())
    try:
        shown = table.table_by_version(request.GET["versjon"]) if "versjon" in request.GET else current
    except UnknownVersion as unknown:
        raise Http404 from unknown
    page = rules_page.page(shown, table.versions(), current=shown is current)
    return render(request, "youth_access/rules.html", {"page": page})
