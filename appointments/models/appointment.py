"""The appointment, what its sender said, what is attached to it, and the history of what happened to it."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from appointments.models.schedule import Schedule, Slot
from appointments.states import Status
from portal.kernel.models import AppendOnlyModel, UuidModel
from portal.people.models import Person, Unit

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

_SHOWN = ~Q(status=Status.ENTERED_IN_ERROR)


class Appointment(UuidModel):
    """One appointment of one patient, as its record system and its patient have left it.

    `source` is the record system's client id, `source_key` its identifier as "system|value". `sequence` rises with each
    move and cancellation (iCalendar's SEQUENCE); the calendar's UID is made from `id` and never changes.
    `sent_at` is the sender's own time of its newest word; an older word changes nothing.
    `security_codes`, `referral_ids`, `withheld_until` and `received_at` are what the rules of access ask about, as for
    letters. `flags` are what the patient may do (`codes.Flag`). `confirmed_at`: the patient has said that they come.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    schedule = models.ForeignKey(Schedule, models.PROTECT, null=True, related_name="+")
    slot = models.ForeignKey(Slot, models.PROTECT, null=True, related_name="+")
    part_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    source = models.CharField(max_length=60)
    source_key = models.CharField(max_length=200)
    status = models.CharField(max_length=20, choices=[(s, s) for s in Status])
    start = models.DateTimeField(null=True)
    end = models.DateTimeField(null=True)
    sequence = models.PositiveIntegerField(default=0)
    service_category = models.CharField(max_length=10)
    care_level = models.CharField(max_length=10, blank=True)
    contact_type = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=150, blank=True)
    description = models.CharField(max_length=1000, blank=True)
    instruction = models.CharField(max_length=1000, blank=True)
    place = models.CharField(max_length=300, blank=True)
    practitioner = models.CharField(max_length=150, blank=True)
    channel = models.CharField(max_length=10, blank=True)
    """Empty for a visit; "url" (video) or "phone"."""
    virtual_address = models.CharField(max_length=500, blank=True)
    virtual_key = models.CharField(max_length=100, blank=True)
    flags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    security_codes = ArrayField(models.TextField(), default=list, db_default=[])
    referral_ids = ArrayField(models.UUIDField(), default=list, db_default=[])
    withheld_until = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    no_notice = models.BooleanField(default=False)
    no_reminder = models.BooleanField(default=False)
    cancel_reason_system = models.CharField(max_length=60, blank=True)
    cancel_reason = models.CharField(max_length=40, blank=True)
    cancelled_by = models.CharField(max_length=10, blank=True)
    """Who ended it: "patient", "hospital", or "system" (the patient died)."""
    cancelled_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    call_in_letter = models.CharField(max_length=200, blank=True)
    """The call-in letter's own identifier at its sender, as "system|value"; letters know it by that name."""

    if TYPE_CHECKING:
        person_id: UUID
        unit_id: str
        parts: RelatedManager["Appointment"]
        events: RelatedManager["AppointmentLine"]
        tasks: RelatedManager["PreparationTask"]

    class Meta:
        indexes = [
            models.Index("person", "start", "id", name="appointment_list", condition=_SHOWN),
            models.Index(  # what the list filter asks first, answered without the rows
                fields=["person"],
                include=["security_codes", "withheld_until", "status", "id"],
                name="appointment_labels",
                condition=_SHOWN,
            ),
            models.Index("unit", "start", name="appointment_clinic_day"),
            models.Index("withheld_until", name="appointment_withheld", condition=Q(withheld_until__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "source_key"], name="appointment_source_key_once"),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True) | Q(end__gt=F("start")),
                name="appointment_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.BOOKED) | Q(start__isnull=False), name="appointment_booked_has_time"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.CANCELLED, cancelled_at__isnull=False)
                | (~Q(status=Status.CANCELLED) & Q(cancelled_at__isnull=True)),
                name="appointment_cancelled_has_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class AppointmentSource(models.Model):
    """The sender's newest word exactly as it was received, sealed, and the fingerprint by which a repeat is known.

    `sender_id` is the sender's own id of the resource, `part_of` how it named the whole this is a part of (`orders`):
    a part may come before its whole. `security_codes` are those of this word; others on the appointment are set here.
    """

    appointment = models.OneToOneField(Appointment, models.PROTECT, primary_key=True, related_name="word")
    raw_sealed = models.BinaryField()
    fingerprint = models.CharField(max_length=64)
    sender_id = models.CharField(max_length=64, blank=True, default="", db_default="")
    part_of = models.CharField(max_length=200, blank=True, default="", db_default="")
    security_codes = ArrayField(models.TextField(), default=list, db_default=[])

    def __str__(self) -> str:
        return str(self.appointment_id)


class AppointmentLine(AppendOnlyModel):
    """One line of an appointment's history: what happened, when, by whom and why. Insert-only in the database too.

    `details` of a move hold the old and the new start, so that the chain can be read both ways.
    """

    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=60)
    cause = models.CharField(max_length=60, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index("appointment", "id", name="appointment_history")]

    def __str__(self) -> str:
        return self.kind


class PreparationTask(UuidModel):
    """Something to do before an appointment: a form to fill, a letter to read, or words to read."""

    class Kind(models.TextChoices):
        FORM = "form"
        LETTER = "letter"
        READING = "reading"

    class State(models.TextChoices):
        OPEN = "open"
        DONE = "done"
        CANCELLED = "cancelled"

    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="tasks")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=150)
    reference = models.CharField(max_length=500, blank=True)
    """A letter's or a form's identifier as "system|value", or the address of what is to be read."""
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    settled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appointment", "number"], name="preparation_number_once"),
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True) | (~Q(state="open") & Q(settled_at__isnull=False)),
                name="preparation_settled_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
