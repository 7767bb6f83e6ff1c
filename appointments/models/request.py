"""What a patient has asked for, and the times they hold or have booked through the portal."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from appointments.models.appointment import Appointment
from appointments.models.schedule import Schedule, Slot
from appointments.states import Asked, Reserved
from portal.kernel.models import UuidModel
from portal.people.models import Person, Unit


class Reservation(UuidModel):
    """A patient's grip on one time: held while they read, booked once they have confirmed. See `Claim`, its twin.

    `replaces` is the reservation it takes the place of in a move; the old one stands until the new one counts.
    `held_until` is the machine's real time.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="+")
    schedule = models.ForeignKey(Schedule, models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="reservations")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")
    start = models.DateTimeField()
    end = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(s, s) for s in Reserved], default=Reserved.HELD)
    held_until = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)

    if TYPE_CHECKING:
        person_id: UUID
        slot_id: UUID
        appointment_id: UUID | None

    class Meta:
        indexes = [
            models.Index("person", name="reservation_person"),
            models.Index("held_until", name="reservation_held", condition=Q(state=Reserved.HELD)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="reservation_ends_after_start"),
            models.CheckConstraint(
                condition=Q(state__in=["held", "booked"], ended_at__isnull=True)
                | (~Q(state__in=["held", "booked"]) & Q(ended_at__isnull=False)),
                name="reservation_ended_has_time",
            ),
            models.UniqueConstraint(
                fields=["person", "slot"], condition=Q(state__in=["held", "booked"]), name="reservation_once_each"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Request(UuidModel):
    """One thing a patient, or somebody for them, has asked the hospital for; it is answered once.

    `key` is minted with the form that asks, so that a double click is one request. `delivered_at` and `record_id` are
    the record system's receipt. `answered_by` is the clinician who decided, or empty where the record system did.
    A `YOUTH_WISH` has no appointment: only the child itself and the clinic know of it.
    """

    class Kind(models.TextChoices):
        BOOK = "book"
        MOVE = "move"
        CANCEL = "cancel"
        CONFIRM = "confirm"
        SHORT_NOTICE = "short_notice"
        VIDEO = "video"
        YOUTH_WISH = "youth_wish"

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="requests")
    reservation = models.ForeignKey(Reservation, models.PROTECT, null=True, related_name="requests")
    kind = models.CharField(max_length=12, choices=Kind)
    key = models.UUIDField(unique=True)
    state = models.CharField(max_length=10, choices=[(s, s) for s in Asked], default=Asked.WAITING)
    reason_system = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    comment = models.CharField(max_length=1000, blank=True)
    """The patient's own words; never in a log, a notice or a file name."""
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    made_as = models.CharField(max_length=20)
    """What the one who asked was to the patient (code set 7611, or self)."""
    delivered_at = models.DateTimeField(null=True)
    record_id = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    answer = models.CharField(max_length=1000, blank=True)
    """The hospital's code or words for why not; shown to the patient."""

    if TYPE_CHECKING:
        person_id: UUID
        unit_id: str
        appointment_id: UUID | None
        reservation_id: UUID | None

    class Meta:
        indexes = [
            models.Index("person", name="request_person"),
            models.Index("unit", "made_at", name="request_to_handle", condition=Q(state__in=["waiting", "failed"])),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "kind"],
                condition=Q(state="waiting") & Q(appointment__isnull=False),
                name="request_one_waiting",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", answered_at__isnull=True)
                | (~Q(state="waiting") & Q(answered_at__isnull=False)),
                name="request_answered_has_time",
            ),
            models.CheckConstraint(
                condition=Q(appointment__isnull=False) | Q(kind="youth_wish"), name="request_about_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
