"""What one person has given another, and what staff have closed: each ended, never deleted."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import AppendOnlyModel, UuidModel
from portal.people.models import Person


class Fullmakt(UuidModel):
    """A power of attorney (FU), or one assigned by staff for a patient who cannot give it (TD).

    `areas` are values of `facts.Service`. Changing one is ending it and giving another, so history stays. `note` is
    what staff wrote about the general practitioner's confirmation of an assigned one.
    """

    class Kind(models.TextChoices):
        GIVEN = "FU", _("Fullmakt")
        ASSIGNED = "TD", _("Tildelt fullmakt")

    giver = models.ForeignKey(Person, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=2, choices=Kind, default=Kind.GIVEN)
    areas = ArrayField(models.CharField(max_length=20))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    given_at = models.DateTimeField()
    given_by = models.UUIDField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.UUIDField(null=True)
    note = models.TextField(blank=True, db_default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("giver", name="fullmakt_giver"),
            models.Index("receiver", name="fullmakt_receiver", condition=Q(revoked_at__isnull=True)),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="fullmakt_not_to_oneself"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="fullmakt_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="fullmakt_revoked_at_and_by",
            ),
            models.UniqueConstraint(
                fields=["giver", "receiver", "kind"],
                condition=Q(revoked_at__isnull=True),
                name="fullmakt_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class FullmaktNotice(UuidModel):
    """One SMS or e-mail to the receiver of a fullmakt, that something waits. The address is never kept here."""

    class State(models.TextChoices):
        """What became of it."""

        QUEUED = "queued"
        SENT = "sent"
        DELIVERED = "delivered"
        FAILED = "failed"

    fullmakt = models.ForeignKey(Fullmakt, models.PROTECT, related_name="notices")
    channel = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    sent_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=80, blank=True)
    failure = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["fullmakt", "channel"], name="fullmakt_notice_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "delivered"]) | Q(sent_at__isnull=False),
                name="fullmakt_notice_sent_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"


class YouthConsent(AppendOnlyModel):
    """A parent's yes, or a withdrawal, to the youth's own access. The last word of either parent counts."""

    child = models.ForeignKey(Person, models.PROTECT, related_name="+")
    parent = models.ForeignKey(Person, models.PROTECT, related_name="+")
    gives = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index("child", F("id").desc(), name="youth_consent_last")]

    def __str__(self) -> str:
        return str(self.pk)


class LocalBlock(UuidModel):
    """ "No digital parental access" for a child, set by staff; for one parent only where `parent` is given.

    The register cannot show a care order. Parents never see that this exists.
    """

    child = models.ForeignKey(Person, models.PROTECT, related_name="+")
    parent = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=40)
    note = models.TextField(blank=True)
    set_at = models.DateTimeField()
    set_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("child", name="local_block_child", condition=Q(ended_at__isnull=True))
        ]

    def __str__(self) -> str:
        return str(self.pk)
