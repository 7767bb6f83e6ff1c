"""Who outside the hospital sees when a patient is busy: calendars they subscribe to, and other health services."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import UuidModel
from portal.people.models import Person


class CalendarFeed(UuidModel):
    """A calendar address that somebody subscribes to, for one patient. Only the address's hash is kept.

    What it shows is decided anew at each fetch, as if `owner` had just signed in; revoked, it is as if it never was.
    """

    owner = models.ForeignKey(Person, models.PROTECT, related_name="+")
    patient = models.ForeignKey(Person, models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    if TYPE_CHECKING:
        owner_id: UUID
        patient_id: UUID

    class Meta:
        indexes = [models.Index("owner", name="calendar_feed_owner")]

    def __str__(self) -> str:
        return str(self.pk)


class CareAgreement(UuidModel):
    """An agreement that a municipality's or a general practitioner's system may see when its patients are busy.

    `client_id` is the system's OAuth client. It sees times and hospital, never clinic, kind or words.
    """

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", _("Kommune")
        GENERAL_PRACTICE = "general_practice", _("Fastlegekontor")

    client_id = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=150)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="agreement_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class AgreedPatient(models.Model):
    """A patient whom an agreement covers, from the time the service takes care of them until it no longer does."""

    agreement = models.ForeignKey(CareAgreement, models.PROTECT, related_name="patients")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "person"], condition=Q(ends_at__isnull=True), name="agreed_patient_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
