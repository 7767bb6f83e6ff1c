"""Look-up data for operators: what each clinic has decided about its appointments."""

from django.contrib import admin
from django.http import HttpRequest

from appointments.models import Clinic


@admin.register(Clinic)
class ClinicAdmin(admin.ModelAdmin[Clinic]):
    """A clinic's words, limits and reminders."""

    list_display = ("unit", "cancel_limit", "cancel_unit", "fee", "offers_video", "youth_wish")
    search_fields = ("unit__resh", "unit__name", "unit__hospital")
    autocomplete_fields = ("unit",)

    def get_readonly_fields(self, request: HttpRequest, obj: Clinic | None = None) -> tuple[str, ...]:
        """Whose words they are, is said once."""
        return ("unit",) if obj is not None else ()
