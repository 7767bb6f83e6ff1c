"""What a person must look at: nothing that stops is silent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from letters.models.letter import Letter
from letters.models.posting import Posting
from portal.kernel.models import UuidModel


class ClerkTask(UuidModel):
    """A task about one letter. `reason` says why the machine stopped; a clerk's `resolution` says what was done."""

    class Reason(models.TextChoices):
        DECEASED = "deceased", _("Pasienten er død")
        PROTECTED = "protected_address", _("Pasienten har adressesperre")
        NO_ADDRESS = "no_address", _("Pasienten har ingen postadresse")
        FOREIGN_ADDRESS = "foreign_address", _("Utenlandsk adresse må kontrolleres")
        NO_PARENT = "no_parent_at_address", _("Ingen forelder bor på barnets adresse")
        AGE_UNKNOWN = "age_unknown", _("Alderen er ukjent")
        WITHHELD = "withheld", _("Brevet er merket med sperring eller nekting")
        UNKNOWN_CODE = "unknown_code", _("Brevet har en sperrekode vi ikke kjenner")
        PARENTS_DENIED = "parents_denied", _("Foreldrene skal ikke se brevet. Behandler må bestemme veien")
        UNKNOWN_PERSON = "unknown_person", _("Pasienten finnes ikke i Folkeregisteret")
        ADDRESS_RETURNED = ("address_returned", _("Post til denne adressen er kommet i retur"))
        RETURNED = "returned", _("Brevet er kommet i retur")
        TOO_LATE = "too_late", _("Papirbrevet rekker ikke fram i tide")
        REJECTED = "rejected", _("Trykkeriet avviste brevet")
        OUTCOME_UNKNOWN = "outcome_unknown", _("Vi vet ikke om trykkeriet fikk brevet")
        CONFLICT = "conflict", _("Trykkeriet har et annet brev med samme nøkkel")
        RENDER_FAILED = "render_failed", _("Brevet lot seg ikke lage")
        GIVEN_UP = "given_up", _("Noe uventet stoppet brevet")
        MISSING_AT_PRINTER = "missing_at_printer", _("Trykkeriet mangler brevet")
        UNDECIDED = "undecided", _("Vi fikk ikke bestemt hvordan brevet skal sendes")

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="tasks")
    posting = models.ForeignKey(Posting, models.PROTECT, null=True, related_name="tasks")
    reason = models.CharField(max_length=24, choices=Reason)
    step = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField()
    assigned_to = models.UUIDField(null=True)
    first_approval_by = models.UUIDField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.UUIDField(null=True)
    resolution = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index("opened_at", name="task_open", condition=Q(resolved_at__isnull=True))]
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "posting", "reason", "step"], name="task_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolution="")
                | (Q(resolved_at__isnull=False) & ~Q(resolution="")),
                name="task_resolved_with_resolution",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.id}"
