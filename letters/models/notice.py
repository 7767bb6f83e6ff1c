"""Neutral notices by SMS and e-mail that something waits in the portal."""

from django.db import models
from django.db.models import Q

from letters.models.letter import Letter
from letters.states import NoticeState
from portal.kernel.models import UuidModel
from portal.people.models import Person
from portal.people.neutral_messages import key_of


class Notice(UuidModel):
    """One SMS or e-mail. The address is fetched when it is sent and never kept here.

    `to_person` is who is told: the patient (also where it is empty), or one who may see the letter for the patient.
    """

    class Channel(models.TextChoices):
        SMS = "sms"
        EMAIL = "email"

    class Round(models.TextChoices):
        FIRST = "first"
        REMINDER = "reminder"
        OPENED_UP = "opened_up"

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="notices")
    to_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    channel = models.CharField(max_length=10, choices=Channel)
    round = models.CharField(max_length=10, choices=Round)
    state = models.CharField(max_length=12, choices=[(s, s) for s in NoticeState], default=NoticeState.QUEUED)
    send_after = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=80, blank=True)
    failure = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index("sent_at", name="notice_unsettled", condition=Q(state=NoticeState.SENT))]
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "to_person", "channel", "round"],
                condition=~Q(round="opened_up"),
                nulls_distinct=False,
                name="notice_once_for_each",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[NoticeState.SENT, NoticeState.DELIVERED]) | ~Q(provider_id=""),
                name="notice_sent_has_receipt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.round} {self.id}"

    @property
    def key(self) -> str:
        """The key the gateway knows this notice by; the same on every try."""
        return key_of(self.id)
