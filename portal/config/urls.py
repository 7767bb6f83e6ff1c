"""Every address of the portal starts here."""

from django.contrib import admin
from django.urls import include, path

from letters.staff import landing

urlpatterns = [
    path("", include("portal.site.urls")),
    path("", include("portal.site.operations_urls")),
    path("", include("portal.people.urls")),
    path("", include("youth_access.urls")),
    path("", include("letters.urls")),
    path("", include("appointments.urls")),
    path("behandler/", landing, name="staff"),
    path("behandler/brev/", include("letters.staff_urls")),
    path("behandler/timer/", include("appointments.staff_urls")),
    path("behandler/tilgang/", include("youth_access.staff_urls")),
    path("", include("youth_access.rules_urls")),
    path("", include("portal.fhir.urls")),
    path("fhir/", include("letters.fhir_urls")),
    path("fhir/", include("appointments.fhir_urls")),
    path("fhir/", include("youth_access.fhir_urls")),
    path("fhir/", include("portal.fhir.fallback_urls")),
    path("admin/", admin.site.urls),
]

handler400 = "portal.ui.errors.bad_request"
handler403 = "portal.ui.errors.forbidden"
handler404 = "portal.ui.errors.not_found"
handler500 = "portal.ui.errors.server_error"
