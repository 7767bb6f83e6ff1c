"""Persons, and the account a person signs in with."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    """Languages the pages come in; names are each language's own word for itself."""

    BOKMAL = "nb", "Bokmål"
    NYNORSK = "nn", "Nynorsk"
    NORTHERN_SAMI = "se", "Davvisámegiella"
    ENGLISH = "en", "English"


class Role(models.TextChoices):
    """What a member of staff may be; a person without any is a citizen only."""

    CLERK = "clerk", _("Merkantil")
    CLINICIAN = "clinician", _("Behandler")
    REVIEWER = "reviewer", _("Kontrollør")
    OPERATOR = "operator", _("Driftsansvarlig")


class Person(models.Model):
    """Someone the health authority writes to, or who works there.

    `protected` is the register's last word on whether the address is confidential (code 6 or 7): such a person is
    masked in every staff list. It never decides where paper goes; the register is asked anew for that.
    `register_seen_at` is when the population register was last asked and told about this person and this person's
    family; empty when that can no longer be trusted. `register_asked_at` is when it was last asked, whatever it said.
    `home_index` tells only whether two persons are registered at one home: an HMAC of the residence, empty without one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pid_index = models.CharField(max_length=64, unique=True, editable=False)
    pid_sealed = models.BinaryField(editable=False)
    name = models.TextField(blank=True)
    birth_date = models.DateField(null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    died_on = models.DateField(null=True, blank=True)
    protected = models.BooleanField(default=False)
    language = models.CharField(max_length=2, choices=Language.choices, blank=True)
    activated_at = models.DateTimeField(null=True, blank=True)
    last_signed_in_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    register_seen_at = models.DateTimeField(null=True, blank=True)
    register_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    home_index = models.CharField(max_length=64, blank=True, editable=False, db_default="")

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("personer")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="people_person_by_home", fields=["home_index"], condition=~Q(home_index=""))
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="people_person_language_known", condition=Q(language__in=["", *Language.values])
            ),
            models.CheckConstraint(
                name="people_person_birth_year_agrees",
                condition=Q(birth_date__isnull=True) | Q(birth_year__isnull=True) | Q(birth_date__year=F("birth_year")),
            ),
            models.CheckConstraint(
                name="people_person_signed_in_only_when_activated",
                condition=Q(last_signed_in_at__isnull=True) | Q(activated_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class FormerNumber(models.Model):
    """An identity number a person had before, as a D-number from the time before a fødselsnummer.

    Whoever is looked for, or signs in, by such a number is this person and nobody else.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="former_numbers")
    pid_index = models.CharField(max_length=64, unique=True, editable=False)
    pid_sealed = models.BinaryField(editable=False)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("tidligere nummer")
        verbose_name_plural = _("tidligere nummer")

    def __str__(self) -> str:
        return str(self.pk)


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by their opaque user name; accounts are made by `commands.account_for` only."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """The account with this opaque user name."""
        return self.get(username=username)


class Account(AbstractBaseUser):
    """The framework's user: an opaque name and a link to a person, nothing else.

    There is no password login. The inherited password column can only hold an unusable value.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=36, unique=True, editable=False)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")

    objects = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["person"]

    class Meta:
        verbose_name = _("konto")
        verbose_name_plural = _("kontoer")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="people_account_no_usable_password", condition=Q(("password__startswith", "!")))
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def is_staff(self) -> bool:
        """Only operators may enter the look-up data pages."""
        return self.person.roles.filter(role=Role.OPERATOR, ended_at__isnull=True).exists()

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Operators have every permission in the look-up data pages, others none."""
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        """Operators see every group in the look-up data pages, others none."""
        return self.is_staff
