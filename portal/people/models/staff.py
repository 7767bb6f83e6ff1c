"""Hospital units, and the roles of those who work there."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.people.models.person import Person, Role


class Unit(models.Model):
    """A hospital unit that sends letters, named by its number in the national RESH register."""

    resh = models.CharField(primary_key=True, max_length=20)
    name = models.TextField()
    hospital = models.TextField()
    phone = models.CharField(max_length=20, blank=True)
    return_lines = models.JSONField(default=list, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("enhet")
        verbose_name_plural = _("enheter")

    def __str__(self) -> str:
        return f"{self.name}, {self.hospital}"


class StaffRole(models.Model):
    """A role a person holds or has held. It is ended, never deleted.

    `granted_by` and `ended_by` hold the actor as `kind:id`, both opaque.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=20, choices=Role.choices)
    granted_at = models.DateTimeField()
    granted_by = models.CharField(max_length=100)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name = _("ansattrolle")
        verbose_name_plural = _("ansattroller")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="people_staffrole_held_once", fields=["person", "role"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(name="people_staffrole_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="people_staffrole_ends_after_start",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("granted_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.person_id}"
