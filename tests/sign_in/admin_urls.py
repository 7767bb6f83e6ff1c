"""The look-up data pages under a site object of their own."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from portal.people.admin import UnitAdmin
from portal.people.admin_site import OperatorsAdminSite
from portal.people.models import Unit

site = OperatorsAdminSite(name="admin")
site.register(Unit, UnitAdmin)
urlpatterns = [path("", include("portal.people.urls")), path("admin/", site.urls)]
handler404 = "tests.sign_in.admin_urls.missing"


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A bare 404: the real page needs addresses that are not mounted here."""
    return HttpResponse("missing", status=404)
