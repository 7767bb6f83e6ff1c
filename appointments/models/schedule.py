"""Timebøker and the free times in them, and who holds which time. Nothing here says who a patient is."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import UuidModel
from portal.people.models import Person, Unit


class Schedule(UuidModel):
    """One timebok, as the record system tells of it.

    `resource` is who or what is booked, and can be in one place only: an opaque name made from the actor's identifier,
    which two timebøker of one clinician share.
    """

    class Booking(models.TextChoices):
        """Who may book here."""

        CLOSED = "closed", _("Bare sykehuset")
        REFERRAL = "referral", _("Pasienter med henvisning")
        INVITATION = "invitation", _("De som er invitert")
        OPEN = "open", _("Alle")

    source = models.CharField(max_length=60)
    source_key = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    resource = models.UUIDField()
    service_category = models.CharField(max_length=10)
    type_code = models.CharField(max_length=40)
    name = models.CharField(max_length=150, blank=True)
    comment = models.CharField(max_length=1000, blank=True)
    booking = models.CharField(max_length=12, choices=Booking, default=Booking.CLOSED)
    active = models.BooleanField(default=True)
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField()
    """The sender's own time of its newest word about it (`meta.lastUpdated`); an older word changes nothing."""

    if TYPE_CHECKING:
        unit_id: str

    class Meta:
        indexes = [models.Index("unit", "type_code", name="schedule_unit", condition=Q(active=True))]
        constraints = [models.UniqueConstraint(fields=["source", "source_key"], name="schedule_source_key_once")]

    def __str__(self) -> str:
        return str(self.pk)


class Slot(UuidModel):
    """One time that may be offered. `capacity` above 1 is a group: so many patients at once."""

    class State(models.TextChoices):
        """FHIR's statuses."""

        FREE = "free"
        BUSY = "busy"
        UNAVAILABLE = "busy-unavailable"
        TENTATIVE = "busy-tentative"
        ENTERED_IN_ERROR = "entered-in-error"

    source = models.CharField(max_length=60)
    source_key = models.CharField(max_length=200)
    schedule = models.ForeignKey(Schedule, models.PROTECT, related_name="slots")
    start = models.DateTimeField()
    end = models.DateTimeField()
    state = models.CharField(max_length=20, choices=State)
    capacity = models.PositiveSmallIntegerField(default=1)
    sent_at = models.DateTimeField()

    if TYPE_CHECKING:
        schedule_id: UUID

    class Meta:
        indexes = [models.Index("schedule", "start", name="slot_free", condition=Q(state="free"))]
        constraints = [
            models.UniqueConstraint(fields=["source", "source_key"], name="slot_source_key_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="slot_ends_after_start"),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="slot_holds_somebody"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Claim(models.Model):
    """One grip on a resource's time: while the row stands, the time is taken. Names nobody.

    Its id is that of the `Reservation` it belongs to. A held one lapses at `held_until` (machine's real time), and
    whoever wants the time next may remove it; a booked one has none. Group places and the hospital's own appointments
    are not `exclusive`. That two exclusive ones never overlap is the database's own constraint.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    resource = models.UUIDField()
    slot = models.ForeignKey(Slot, models.PROTECT, null=True, related_name="claims")
    during = DateTimeRangeField()
    exclusive = models.BooleanField(default=True)
    held_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("held_until", name="claim_lapses", condition=Q(held_until__isnull=False)),
            # What the constraint's own index leaves out: group places and the hospital's appointments.
            GistIndex(fields=["resource", "during"], name="claim_shared", condition=Q(exclusive=False)),
        ]
        constraints = [
            ExclusionConstraint(
                name="claim_one_at_a_time",
                expressions=[("resource", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(exclusive=True),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Invitation(UuidModel):
    """Somebody invited to book a time in one timebok, without a referral (screening, blood donors called in)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    schedule = models.ForeignKey(Schedule, models.PROTECT, related_name="invitations")
    source = models.CharField(max_length=60)
    source_key = models.CharField(max_length=200)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index("person", name="invitation_person")]
        constraints = [
            models.UniqueConstraint(fields=["source", "source_key"], name="invitation_source_key_once"),
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="invitation_ends_after_start"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
