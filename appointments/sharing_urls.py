"""The address at which other health services ask when a patient is busy, behind /fhir/."""

from django.urls import path

from appointments.api_sharing import BusyTimes

urlpatterns = [path("Appointment/_search", BusyTimes.as_view(), name="fhir-busy-times")]
