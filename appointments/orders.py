"""What a record system's message says, checked and normalised. Plain values without Django.

`appointments.fhir` makes these out of resources; `appointments.commands` stores them.
"""

from dataclasses import dataclass, field
from datetime import datetime

from appointments.states import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOrder:
    """Something to do before the appointment: kind is form, letter or reading."""

    kind: str
    title: str
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentOrder:
    """One appointment as its sender has it now.

    `key` is its identifier as "system|value", unique within `source`. `sent_at` is the sender's own time of this word
    (`meta.lastUpdated`). `fingerprint` tells whether the same was said before. `part_of` is the key of the appointment
    this one is a part of, or the sender's own id of it as "Appointment/<id>". `referrals` are the sender's names for
    them, as "system|value". `resource` is the opaque name of who is booked, empty where the sender does not say.
    `sender_id` is what the sender calls the resource among its own. `patient_pid` is empty for a part that names no
    patient: it is its whole's.
    """

    source: str
    key: str
    fingerprint: str
    raw: bytes = field(repr=False)
    sent_at: datetime
    patient_pid: str = field(repr=False)
    unit_resh: str
    status: Status
    start: datetime | None
    end: datetime | None
    service_category: str
    care_level: str = ""
    contact_type: str = ""
    title: str = field(default="", repr=False)
    description: str = field(default="", repr=False)
    instruction: str = field(default="", repr=False)
    place: str = ""
    practitioner: str = ""
    channel: str = ""
    virtual_address: str = field(default="", repr=False)
    virtual_key: str = field(default="", repr=False)
    flags: tuple[str, ...] = ()
    security_codes: tuple[str, ...] = ()
    referrals: tuple[str, ...] = ()
    withheld_until: datetime | None = None
    no_notice: bool = False
    no_reminder: bool = False
    cancel_reason_system: str = ""
    cancel_reason: str = ""
    part_of: str = ""
    sender_id: str = ""
    resource: str = ""
    call_in_letter: str = ""
    tasks: tuple[TaskOrder, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleOrder:
    """One timebok as its sender has it now. `actor` is the opaque name of who or what is booked."""

    source: str
    key: str
    sent_at: datetime
    unit_resh: str
    actor: str
    service_category: str
    type_code: str
    name: str = ""
    comment: str = ""
    booking: str = "closed"
    active: bool = True
    opens_at: datetime | None = None
    closes_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotOrder:
    """One time of a timebok. `schedule` is the timebok's key."""

    source: str
    key: str
    sent_at: datetime
    schedule: str
    start: datetime
    end: datetime
    state: str
    capacity: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationOrder:
    """Somebody may book in one timebok in a period."""

    source: str
    key: str
    patient_pid: str = field(repr=False)
    schedule: str
    valid_from: datetime
    valid_until: datetime
    withdrawn: bool = False
