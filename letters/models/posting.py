"""A letter's way by post: one row for each (letter, addressee, cause), and what the printer has told about it."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from letters.models.letter import Letter
from letters.states import Postal
from portal.kernel.models import UuidModel

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from letters.models.letter import Document


class Posting(UuidModel):
    """One paper copy, from waiting for its limit to posted or returned.

    `key` is minted with the row and never changes: it is how the printer knows a repeat. `obligatory` paper is not
    stopped by an opening on screen. `address_digest` recognises an address without telling it. `calendar` names the
    working calendar that `due_at` was computed with.
    """

    class Addressee(models.TextChoices):
        PATIENT = "patient"
        PARENT = "parent"

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="postings")
    addressee = models.CharField(max_length=10, choices=Addressee)
    cause = models.CharField(max_length=60)
    key = models.CharField(max_length=60, unique=True)
    state = models.CharField(max_length=12, choices=[(s, s) for s in Postal])
    obligatory = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    calendar = models.CharField(max_length=40, blank=True)
    must_arrive_by = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    hold_reason = models.CharField(max_length=40, blank=True)
    released_reasons = models.JSONField(default=list)
    sheets = models.PositiveSmallIntegerField(default=0)
    pages = models.PositiveSmallIntegerField(default=0)
    address_digest = models.CharField(max_length=64, blank=True)
    print_sha256 = models.CharField(max_length=64, blank=True)
    provider_id = models.CharField(max_length=80, blank=True)
    handed_over_at = models.DateTimeField(null=True)
    posted_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)

    if TYPE_CHECKING:
        letter_id: object
        documents: RelatedManager[Document]

    class Meta:
        indexes = [
            models.Index("due_at", "id", name="posting_due", condition=Q(state=Postal.WAITING)),
            models.Index(
                "state",
                "changed_at",
                name="posting_moving",
                condition=~Q(state__in=[Postal.WAITING, Postal.CANCELLED, Postal.POSTED]),
            ),
            models.Index("handed_over_at", name="posting_handed_over", condition=Q(handed_over_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["letter", "addressee", "cause"], name="posting_once_for_each_cause"),
            models.CheckConstraint(
                condition=~Q(state__in=[Postal.ACCEPTED, Postal.POSTED, Postal.RETURNED, Postal.CANCEL_ASKED])
                | ~Q(provider_id=""),
                name="posting_at_printer_has_receipt",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[Postal.POSTED, Postal.RETURNED]) | Q(posted_at__isnull=False),
                name="posting_posted_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=Postal.HELD) | ~Q(hold_reason=""), name="posting_held_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class PrintReceipt(UuidModel):
    """What the printer has told us, kept as it came; a repeat is known by the printer's own event id."""

    event_id = models.CharField(max_length=80, unique=True)
    key = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    raw = models.BinaryField()
    posting = models.ForeignKey(Posting, models.PROTECT, null=True, related_name="receipts")
    moved = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index("key", name="receipt_key")]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"
