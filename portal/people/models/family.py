"""What the population register says about who may speak for whom, as it was when it last answered.

Rows are replaced whole at each answer: the register is known for doubled and incomplete rows, and they are kept as
they stand. What they mean is for `youth_access` to say.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.people.models.person import Person


class ParentalResponsibility(models.Model):
    """One row of a child's foreldreansvar. `holder` is empty for an organisation or someone without a number.

    `held_by` says which, so that staff see why nobody may act for the child. A row with a number that cannot be used
    counts as held by nobody. Periods run from the first day to the first day that no longer counts.
    """

    class Kind(models.TextChoices):
        """The register's own words."""

        JOINT = "felles", _("Felles")
        MOTHER = "mor", _("Mor")
        FATHER = "far", _("Far")
        CO_MOTHER = "medmor", _("Medmor")
        OTHERS = "andre", _("Andre")
        UNKNOWN = "ukjent", _("Ukjent")

    class HeldBy(models.TextChoices):
        """What the row points at."""

        PERSON = "person", _("En person")
        ORGANISATION = "organisation", _("En organisasjon")
        WITHOUT_NUMBER = "without_number", _("En person uten norsk nummer")
        NOBODY = "nobody", _("Ingen oppgitt")

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="responsibilities")
    holder = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="responsible_for")
    kind = models.CharField(max_length=10, choices=Kind)
    held_by = models.CharField(max_length=20, choices=HeldBy, default=HeldBy.PERSON, db_default=HeldBy.PERSON)
    valid_from = models.DateField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("foreldreansvar")
        verbose_name_plural = _("foreldreansvar")

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class ParentLink(models.Model):
    """Who is a child's parent by birth or adoption, whoever has responsibility."""

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="parent_links")
    parent = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="child_links")

    class Meta:
        verbose_name = _("foreldreskap")
        verbose_name_plural = _("foreldreskap")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="people_parentlink_once", fields=["child", "parent"])
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SharedHome(models.Model):
    """Delt bosted: a child's second home in a period; `home_index` as in `Person`."""

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="shared_homes")
    home_index = models.CharField(max_length=64, editable=False)
    valid_from = models.DateField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("delt bosted")
        verbose_name_plural = _("delte bosteder")

    def __str__(self) -> str:
        return str(self.pk)


class Guardianship(models.Model):
    """Vergemål: who is guardian, and whether the mandate covers personal interests.

    `for_lone_child`: the guardian was appointed for a child who came to Norway alone.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="guardianships")
    guardian = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="guardian_of")
    personal = models.BooleanField()
    for_lone_child = models.BooleanField(default=False, db_default=False)
    valid_from = models.DateField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("vergemål")
        verbose_name_plural = _("vergemål")

    def __str__(self) -> str:
        return str(self.pk)


class RegisterFeed(models.Model):
    """How far the population register's feed of events has been read; one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    sequence = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("hendelsesliste")
        verbose_name_plural = _("hendelseslister")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="people_registerfeed_one_row", condition=models.Q(id=1))
        ]

    def __str__(self) -> str:
        return str(self.sequence)
