"""What one clinic has decided about its appointments: its words, its limits and its reminders, as data."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.people.models import Unit


def _days_before() -> list[int]:
    return [7]


def _hours_before() -> list[int]:
    return [72]


class Clinic(models.Model):
    """One unit as a clinic. A unit without a row has the defaults of this table (`policy.of_unit`).

    `cancel_limit` counts in `cancel_unit` before the start: inside it the patient is told of the fee for not meeting
    (kroner) and must telephone. `remind_days` are whole days before the start, at 10 in Oslo; `remind_hours` are exact
    hours before it. `remind_unconfirmed_hours`: a last word where the patient has not confirmed; None is never.
    `hold_minutes` is how long a time is held while the patient reads. `youth_wish`: those of 12 to 15 may ask for a
    time themselves, and nobody else sees it.
    """

    class LimitUnit(models.TextChoices):
        HOURS = "hours", _("timer")
        WORKING_DAYS = "working_days", _("virkedager")

    unit = models.OneToOneField(Unit, models.PROTECT, primary_key=True, related_name="+")
    finding = models.TextField(_("slik finner du fram"), blank=True, max_length=1000)
    preparation = models.TextField(_("forberedelse"), blank=True, max_length=1000)
    cancel_limit = models.PositiveSmallIntegerField(default=24)
    cancel_unit = models.CharField(max_length=12, choices=LimitUnit, default=LimitUnit.HOURS)
    fee = models.PositiveIntegerField(_("gebyr"), default=1500)
    hold_minutes = models.PositiveSmallIntegerField(
        default=10, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    notice_of_news = models.BooleanField(default=True)
    remind_days = ArrayField(models.PositiveSmallIntegerField(), default=_days_before, blank=True)
    remind_hours = ArrayField(models.PositiveSmallIntegerField(), default=_hours_before, blank=True)
    remind_unconfirmed_hours = models.PositiveSmallIntegerField(null=True, blank=True, default=24)
    offers_video = models.BooleanField(default=False)
    youth_wish = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("klinikk")
        verbose_name_plural = _("klinikker")

    def __str__(self) -> str:
        return self.unit_id
