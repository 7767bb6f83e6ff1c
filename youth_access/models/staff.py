"""Whom clinicians treat, how they get in when it is urgent, and what access asks of them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import UuidModel
from portal.people.models import Person, Unit


class TreatmentRelation(UuidModel):
    """A clinician treats a patient at a unit in a period, as set here in the portal."""

    patient = models.ForeignKey(Person, models.PROTECT, related_name="+")
    clinician = models.ForeignKey(Person, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("clinician", "patient", name="treatment_clinician"),
            models.Index("patient", name="treatment_patient"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class CareTeamMember(UuidModel):
    """A clinician treats a patient, as the record system says with a referral. It knows clinicians by HPR number.

    HelseID vouches for the number when the clinician signs in; nobody needs to have been here before.
    """

    referral = models.ForeignKey("youth_access.Referral", models.PROTECT, related_name="team")
    patient = models.ForeignKey(Person, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    hpr_number = models.CharField(max_length=9)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("hpr_number", "patient", name="care_team_hpr"),
            models.Index("patient", name="care_team_patient"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["referral", "unit", "hpr_number"],
                condition=Q(ends_at__isnull=True),
                name="care_team_member_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class BreakGlass(UuidModel):
    """A clinician's emergency access to one patient: reason, 60 minutes, and a review by somebody else."""

    clinician = models.ForeignKey(Person, models.PROTECT, related_name="+")
    patient = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=40)
    note = models.TextField()
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.UUIDField(null=True)
    verdict = models.CharField(max_length=20, blank=True)
    verdict_note = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("clinician", "patient", F("started_at").desc(), name="break_glass_open"),
            models.Index("started_at", name="break_glass_unreviewed", condition=Q(reviewed_at__isnull=True)),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("started_at")), name="break_glass_ends_after_start"),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
                name="break_glass_reviewed_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("clinician")),
                name="break_glass_reviewed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class StaffBlock(UuidModel):
    """NORS: the patient does not want this clinician to see anything."""

    patient = models.ForeignKey(Person, models.PROTECT, related_name="+")
    clinician = models.ForeignKey(Person, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("patient", "clinician", name="staff_block", condition=Q(ended_at__isnull=True))
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ConfidentialUnit(models.Model):
    """A unit whose very name tells something: child psychiatry, sexual health, abortion, addiction."""

    unit = models.OneToOneField(Unit, models.PROTECT, primary_key=True, related_name="+")
    since = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class AccessTask(UuidModel):
    """Something about access that a person must look at. At most one open task of a kind for a subject and step."""

    class Kind(models.TextChoices):
        BIRTHDAY = "birthday", _("Fødselsdag lukker tilgang")
        WISH = "wish", _("Barnets ønske venter på svar")
        YOUTH_DENIED = "youth_denied", _("Nekting av ungdommen skal vurderes på nytt")
        BREAK_GLASS = "break_glass", _("Nødtilgang skal kontrolleres")
        UNKNOWN_CODE = "unknown_code", _("Ukjent sperrekode")

    kind = models.CharField(max_length=20, choices=Kind)
    patient = models.ForeignKey(Person, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    subject = models.UUIDField()
    step = models.CharField(max_length=20, blank=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    note = models.TextField(blank=True, db_default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("due_at", name="access_task_open", condition=Q(closed_at__isnull=True))
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "subject", "step"], name="access_task_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
