"""Look-up data for operators: what each clinic has decided about its appointments."""

from django.contrib import admin

from appointments.models import Clinic


@admin.register(Clinic)
class ClinicAdmin(admin.ModelAdmin[Clinic]):
    """A clinic's words, limits and reminders."""

    list_display = ("unit", "cancel_limit", "cancel_unit", "fee", "offers_video", "youth_wish")
    search_fields = ("unit__resh", "unit__name", "unit__hospital")
    autocomplete_fields = ("unit",)
