"""Look-up data for operators: units and roles. Persons are shown without number, and nothing about them is edited."""

from typing import ClassVar

from django.contrib import admin
from django.http import HttpRequest

from portal.people.models import Person, StaffRole, Unit


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin[Unit]):
    """Hospital units."""

    list_display = ("resh", "name", "hospital", "active")
    search_fields = ("resh", "name", "hospital")


class ReadOnly:
    """Nothing is added, changed or deleted here; commands do that, and leave a trace."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False


@admin.register(Person)
class PersonAdmin(ReadOnly, admin.ModelAdmin[Person]):
    """Persons by UUID; name, number and birth date stay out of support pages."""

    list_display = ("id", "language", "activated_at", "last_signed_in_at", "created_at")
    fields = ("id", "language", "activated_at", "last_signed_in_at", "created_at")


@admin.register(StaffRole)
class StaffRoleAdmin(ReadOnly, admin.ModelAdmin[StaffRole]):
    """Who holds and has held which role; `grant_role` changes it."""

    list_display = ("person_id", "role", "granted_at", "granted_by", "ended_at")
    list_filter: ClassVar[tuple[str, ...]] = ("role",)
