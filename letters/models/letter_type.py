"""What kinds of letters there are, and what the trust has decided for each."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class LetterType(models.Model):
    """A kind of letter. Its limits are the trust's decision, so they are rows and not code.

    `important`: covered by the right to reservation (eForvaltningsforskriften section 15 a), so a reserved person
    gets it on paper. `fallback_amount` counts in `fallback_unit`; None means that it never falls back to paper.
    """

    class Unit(models.TextChoices):
        DAYS = "days", _("dager")
        WORKING_DAYS = "working_days", _("virkedager")
        HOURS = "hours", _("timer")

    code = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=80)
    important = models.BooleanField(default=True)
    fallback_amount = models.PositiveSmallIntegerField(null=True, blank=True)
    fallback_unit = models.CharField(max_length=12, choices=Unit, default=Unit.DAYS)
    reminder_after_days = models.PositiveSmallIntegerField(null=True, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("brevtype")
        verbose_name_plural = _("brevtyper")
        constraints = [
            models.CheckConstraint(
                condition=Q(fallback_amount__isnull=False) | Q(important=False) | Q(active=False),
                name="letter_type_important_reaches_paper",
                violation_error_message=_("En viktig brevtype må ha en frist for når brevet går i posten."),
            ),
            models.CheckConstraint(
                condition=Q(fallback_amount__isnull=True) | Q(fallback_amount__gte=1), name="letter_type_limit_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.name
