"""The letter, what it was made from, its documents, and the history of what happened to it."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from letters.models.letter_type import LetterType
from letters.states import Digital, Stage
from portal.kernel.models import AppendOnlyModel, UuidModel
from portal.people.models import Person, Unit

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from letters.models.notice import Notice
    from letters.models.posting import Posting

_ON_SCREEN = Q(digital__in=[Digital.AVAILABLE, Digital.OPENED])


class Letter(UuidModel):
    """One letter to one patient, as its sender ordered it. Its words never change.

    `digital` is the track on screen; each track on paper is a `Posting`. `opened_at` is written once and never again;
    `opened_as` is what the one who opened it was to the patient (code set 7611, or self).

    `security_codes` are those of set 9603 that somebody has set: N stands there only where it was said. With NORU the
    letter is withheld until `withheld_until`. `look_again_at` is when a sweep is to see whether it now may be shown.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    type = models.ForeignKey(LetterType, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    source = models.CharField(max_length=60)
    source_key = models.CharField(max_length=200)
    title = models.CharField(max_length=150)
    language = models.CharField(max_length=2, default="nb")
    body_html = models.TextField()
    security_codes = ArrayField(models.TextField(), default=list, db_default=[])
    referral_ids = ArrayField(models.UUIDField(), default=list, db_default=[])
    withheld_until = models.DateTimeField(null=True)
    look_again_at = models.DateTimeField(null=True)
    visible_from = models.DateTimeField(null=True)
    must_arrive_by = models.DateTimeField(null=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")
    received_at = models.DateTimeField()
    stage = models.CharField(max_length=10, choices=[(s, s) for s in Stage], default=Stage.RECEIVED)
    digital = models.CharField(max_length=10, choices=[(s, s) for s in Digital], default=Digital.NONE)
    available_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    opened_by = models.UUIDField(null=True)
    opened_as = models.CharField(max_length=20, blank=True, db_default="")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=40, blank=True)
    pages = models.PositiveSmallIntegerField(default=0)
    content_sha256 = models.CharField(max_length=64, blank=True)

    if TYPE_CHECKING:
        person_id: UUID
        unit_id: str
        postings: RelatedManager[Posting]
        notices: RelatedManager[Notice]
        documents: RelatedManager["Document"]
        events: RelatedManager["LetterEvent"]
        decisions: RelatedManager["ChannelDecision"]

    class Meta:
        indexes = [
            models.Index(
                "person",
                models.F("available_at").desc(),
                models.F("id").desc(),
                name="letter_inbox",
                condition=_ON_SCREEN,
            ),
            models.Index("person", name="letter_unread", condition=Q(digital=Digital.AVAILABLE)),
            models.Index(  # what the list filter asks first, answered without the rows
                fields=["person"],
                include=["security_codes", "withheld_until", "digital", "id"],
                name="letter_labels",
                condition=_ON_SCREEN,
            ),
            models.Index("available_at", name="letter_unopened", condition=Q(digital=Digital.AVAILABLE)),
            models.Index("received_at", name="letter_received"),
            models.Index("look_again_at", name="letter_look_again", condition=Q(look_again_at__isnull=False)),
            models.Index("stage", "received_at", name="letter_undecided", condition=~Q(stage=Stage.DECIDED)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "source_key"], name="letter_source_key_once"),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, opened_by__isnull=True)
                | Q(opened_at__isnull=False, opened_by__isnull=False),
                name="letter_opened_at_and_by",
            ),
            models.CheckConstraint(
                condition=~Q(digital=Digital.OPENED) | Q(opened_at__isnull=False), name="letter_opened_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(digital=Digital.AVAILABLE) | Q(opened_at__isnull=True), name="letter_unopened_has_no_time"
            ),
            models.CheckConstraint(
                condition=Q(digital=Digital.NONE) | Q(available_at__isnull=False), name="letter_on_screen_since"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class LetterSource(models.Model):
    """The request exactly as it was received, sealed, and the fingerprint by which a repeat is known."""

    letter = models.OneToOneField(Letter, models.PROTECT, primary_key=True, related_name="order")
    raw_sealed = models.BinaryField()
    fingerprint = models.CharField(max_length=64)
    identifiers = models.JSONField(default=list)

    class Meta:
        indexes = [GinIndex(fields=["identifiers"], name="order_identifiers", opclasses=["jsonb_path_ops"])]

    def __str__(self) -> str:
        return str(self.letter_id)


class Document(UuidModel):
    """A PDF of a letter: the letter itself, an enclosure, or the sheets made ready for one posting.

    `window` holds the lines in the address window of print sheets; such a row is deleted once the letter is posted.
    """

    class Kind(models.TextChoices):
        LETTER = "letter"
        ENCLOSURE = "enclosure"
        PRINT = "print"

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="documents")
    posting = models.ForeignKey("letters.Posting", models.PROTECT, null=True, related_name="documents")
    kind = models.CharField(max_length=10, choices=Kind)
    number = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=150, blank=True)
    data = models.BinaryField()
    window = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "kind", "number"], condition=Q(posting__isnull=True), name="document_once"
            ),
            models.UniqueConstraint(fields=["posting"], condition=Q(kind="print"), name="document_print_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class LetterEvent(AppendOnlyModel):
    """One line of a letter's history: who decided or did what, when and why. Insert-only in the database too."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="events")
    posting = models.ForeignKey("letters.Posting", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=60)
    cause = models.CharField(max_length=60, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index("letter", "id", name="letter_history"),
            models.Index("kind", "at", name="letter_event_kind_at"),
        ]

    def __str__(self) -> str:
        return self.kind


class ChannelDecision(AppendOnlyModel):
    """A channel decision with the inputs it was made from, so that it can be replayed at any time."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="decisions")
    decided_at = models.DateTimeField()
    rule = models.CharField(max_length=10)
    rules_version = models.CharField(max_length=20)
    reason = models.CharField(max_length=40)
    facts = models.JSONField()
    choice = models.JSONField()

    def __str__(self) -> str:
        return self.rule
