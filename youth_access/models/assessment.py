"""Referrals, what clinicians decide about each, and what children wish."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import UuidModel
from portal.people.models import Person, Unit
from youth_access.facts import Outcome


class Referral(UuidModel):
    """One referral, as far as access goes. `source` and `source_key` are the record system's name for it.

    `unit` is who has it now; an assessment made at another unit no longer counts. An ended one keeps its assessments:
    what was written under it does not open because the treatment is over.
    """

    patient = models.ForeignKey(Person, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    source = models.CharField(max_length=60)
    source_key = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index("patient", name="referral_patient")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "source_key"], name="referral_source_key_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ReferralAssessment(UuidModel):
    """What a clinician has decided for one referral in a period (nektingsperiode). It is ended, never changed.

    `starts_at` is included and `ends_at` not. `note` is the clinician's own words: staff see them, citizens never do.
    """

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="assessments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Outcome])
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=40)
    note = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index("referral", "starts_at", name="assessment_referral")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="assessment_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="assessment_ended_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=[each.value for each in Outcome]), name="assessment_outcome_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ChildWish(UuidModel):
    """A child's wish that parents be kept out of one referral, or of everything where `referral` is empty.

    Closed to parents from the moment it is recorded; a clinician answers, and one left for ten days is escalated.
    `note` is what was written when it was recorded, `answer` when it was answered.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Venter på svar")
        RESPECTED = "respected", _("Etterkommet")
        DECLINED = "declined", _("Ikke etterkommet")
        TAKEN_BACK = "taken_back", _("Trukket tilbake")

    child = models.ForeignKey(Person, models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, models.PROTECT, null=True, related_name="wishes")
    state = models.CharField(max_length=12, choices=State, default=State.PENDING)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    note = models.TextField(blank=True)
    answer = models.TextField(blank=True, db_default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index("child", name="child_wish_child")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state="pending", answered_at__isnull=True)
                | (~Q(state="pending") & Q(answered_at__isnull=False)),
                name="child_wish_answered_has_time",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
