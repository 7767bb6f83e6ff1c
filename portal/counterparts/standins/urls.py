"""Every address of the stand-ins; docs name those that are promised."""

from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from django.views.decorators.http import require_POST

from portal.counterparts.standins import (
    behave,
    levers,
    messages,
    pages,
    pages_appointments,
    pages_hospital,
    pages_providers,
    people_api,
    printer,
    record_system,
    registers,
)
from portal.counterparts.standins.protocol import health
from portal.counterparts.standins.store import store


@require_POST
def reset(_request: HttpRequest) -> JsonResponse:
    """Forget everything but the clock, and let everyone behave."""
    store().empty()
    behave.reset()
    return JsonResponse({"ok": True})


HEALTH = [
    path(f"{name}/health", health(name))
    for name in ("contact-register", "population-register", "print", "sms", "email", "record-system")
]

urlpatterns = [
    path("", pages.people),
    path("people.json", people_api.people_json),
    path("people/<slug:slug>", pages.person),
    path("people/<slug:slug>/change", pages.change_person),
    path("phones", pages_providers.phones),
    path("levers", pages.levers_page),
    path("clock", levers.clock_now),
    path("reset", reset),
    path("identity/", include("portal.counterparts.identity.standin.urls")),
    path("contact-register/v2/personer", registers.contact_lookup),
    path("contact-register/persons/<str:pid>", people_api.contact_person),
    path("population-register/v1/personer/oppslag", registers.population_lookup),
    path("population-register/v1/hendelser", registers.population_events),
    path("population-register/persons.json", people_api.persons_json),
    path("population-register/persons/<str:pid>", people_api.population_person),
    path("print/", pages_providers.tray),
    path("print/orders.json", printer.orders_json),
    path("print/orders/<slug:provider_id>.pdf", printer.order_pdf, name="print-pdf"),
    path("print/orders/<slug:provider_id>/finish", pages_providers.finish_order),
    path("print/v1/orders", printer.orders),
    path("print/v1/cancellations", printer.cancellations),
    path("sms/v1/messages", messages.endpoint("sms")),
    path("email/v1/messages", messages.endpoint("email")),
    path("messages.json", messages.messages_json),
    path("record-system/", pages_hospital.write_letter),
    path("record-system/appointments", pages_appointments.write_appointment),
    path("record-system/token", record_system.token),
    path("record-system/units.json", record_system.units_json),
    path("record-system/clinics.json", record_system.clinics_json),
    path("record-system/jwks.json", record_system.jwks_json),
    path("record-system/inbox.json", record_system.inbox_json),
    path("record-system/v1/inbox", record_system.inbox),
    *HEALTH,
    path("<slug:counterpart>/behave", levers.behave_now),
]
