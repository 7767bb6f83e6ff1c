"""Reminders and notices of news, and the messages they become."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import Q

from appointments.models.appointment import Appointment
from appointments.states import Reminding
from portal.kernel.models import UuidModel
from portal.people.models import Person
from portal.people.neutral_messages import key_of


class Reminder(UuidModel):
    """One thing to be told about one appointment at one time, once. Who is told is decided when it is told.

    `sequence` is the appointment's when it was planned: a later one makes it void. `hours` (before the start) tells
    several of a kind apart.
    """

    class Kind(models.TextChoices):
        CREATED = "created"
        MOVED = "moved"
        CHANGED = "changed"
        CANCELLED = "cancelled"
        ANSWERED = "answered"
        DAYS = "days"
        HOURS = "hours"
        UNCONFIRMED = "unconfirmed"

    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=12, choices=Kind)
    sequence = models.PositiveIntegerField()
    hours = models.PositiveIntegerField(default=0)
    word = models.UUIDField(null=True)
    """Tells one change or answer from the next one of the same sequence."""
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(s, s) for s in Reminding], default=Reminding.PLANNED)
    settled_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=40, blank=True)

    if TYPE_CHECKING:
        appointment_id: UUID

    class Meta:
        indexes = [models.Index("due_at", "id", name="reminder_due", condition=Q(state="planned"))]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "kind", "sequence", "hours", "word"],
                nulls_distinct=False,
                name="reminder_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "queued"], settled_at__isnull=True)
                | (Q(state__in=["done", "void"]) & Q(settled_at__isnull=False)),
                name="reminder_settled_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class ReminderMessage(UuidModel):
    """One SMS or e-mail of a reminder to one person. The address is fetched when it is sent and never kept here."""

    class Channel(models.TextChoices):
        SMS = "sms"
        EMAIL = "email"

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        DELIVERED = "delivered"
        FAILED = "failed"
        DROPPED = "dropped"

    reminder = models.ForeignKey(Reminder, models.PROTECT, related_name="messages")
    to_person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=10, choices=Channel)
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=80, blank=True)
    failure = models.CharField(max_length=60, blank=True)

    if TYPE_CHECKING:
        reminder_id: UUID
        to_person_id: UUID

    class Meta:
        indexes = [
            models.Index("sent_at", name="reminder_unsettled", condition=Q(state="sent")),
            models.Index("settled_at", name="reminder_settled", condition=Q(settled_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["reminder", "to_person", "channel"], name="reminder_message_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "delivered"]) | ~Q(provider_id=""), name="reminder_sent_has_receipt"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"

    @property
    def key(self) -> str:
        """The key the gateway knows this message by; the same on every try, and like that of any other notice."""
        return key_of(self.id)
