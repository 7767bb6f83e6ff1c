"""Addresses of appointments behind /fhir/, and what the CapabilityStatement says of them."""

from django.urls import path

from appointments.api import AppointmentById, Appointments, AppointmentSearch
from appointments.api_timetable import InvitationById, Invitations, ScheduleById, Schedules, SlotById, Slots
from portal.fhir.registry import ResourceType, SearchParameter, enter

urlpatterns = [
    path("Appointment", Appointments.as_view(), name="fhir-appointments"),
    path("Appointment/_search", AppointmentSearch.as_view(), name="fhir-appointment-search"),
    path("Appointment/<str:appointment_id>", AppointmentById.as_view(), name="fhir-appointment"),
    path("Schedule", Schedules.as_view(), name="fhir-schedules"),
    path("Schedule/<str:schedule_id>", ScheduleById.as_view(), name="fhir-schedule"),
    path("Slot", Slots.as_view(), name="fhir-slots"),
    path("Slot/<str:slot_id>", SlotById.as_view(), name="fhir-slot"),
    path("Task", Invitations.as_view(), name="fhir-invitations"),
    path("Task/<str:invitation_id>", InvitationById.as_view(), name="fhir-invitation"),
]

_BY_IDENTIFIER = SearchParameter("identifier", "token", "<system>|<value>, also for an update without the portal's id")

enter(
    ResourceType(
        name="Appointment",
        interactions=("create", "read", "update", "search-type"),
        documentation="An appointment (hn-basis-appointment). Known by its identifier; sent again it is brought up to "
        "date, and meta.lastUpdated orders what is sent. Health services with an agreement search by POST, with "
        "patient.identifier and date, for when a patient is busy.",
        search=(
            _BY_IDENTIFIER,
            SearchParameter("patient.identifier", "token", "<system>|<number>, by POST alone"),
            SearchParameter("date", "date", "with patient.identifier: ge and le"),
        ),
    )
)
enter(
    ResourceType(
        name="Schedule",
        interactions=("create", "read", "update"),
        documentation="A timebok (hn-basis-schedule). Who may book in it is the extension booking.",
        search=(_BY_IDENTIFIER,),
    )
)
enter(
    ResourceType(
        name="Slot",
        interactions=("create", "read", "update"),
        documentation="A time in a timebok (hn-basis-slot), of at most 12 hours. The extension capacity makes a group.",
        search=(_BY_IDENTIFIER,),
    )
)
enter(
    ResourceType(
        name="Task",
        interactions=("create", "read", "update"),
        documentation="An invitation for one patient to book in one timebok, with the code book-appointment.",
        search=(_BY_IDENTIFIER,),
    )
)
