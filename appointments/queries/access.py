"""What the rules of access ask about an appointment."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from appointments.models import Appointment
from youth_access.ages import GROWN, Band
from youth_access.circumstances import ItemFacts
from youth_access.codes import Code
from youth_access.eyes import Eyes
from youth_access.facts import Service
from youth_access.readers import Reader, reader, readers_of

COLUMNS: Final = ("security_codes", "withheld_until", "referral_ids", "unit_id", "received_at")
"""The columns the rules depend on, in the order `item_facts` takes them: the first two for patients of any age."""

USUAL: Final[tuple[tuple[list[str], None], ...]] = (([], None), ([Code.OPEN.value], None))
"""What most appointments have in the first two of them: no code or N, and no time before which nobody sees them."""


def columns_for(eyes: Eyes) -> tuple[str, ...]:
    """Those that matter for this patient: referral and unit below 16, when it was made at 12 to 15 alone."""
    if eyes.age_band in GROWN:
        return COLUMNS[:2]
    return COLUMNS[:-1] if eyes.age_band == Band.CHILD else COLUMNS


def item_facts(
    codes: Iterable[str],
    withheld_until: datetime | None,
    referral_ids: Iterable[UUID] = (),
    unit_id: str = "",
    written_at: datetime | None = None,
) -> ItemFacts:
    """One appointment as the rules are asked about it."""
    return ItemFacts(tuple(codes), tuple(referral_ids), unit_id, withheld_until, written_at)


def facts_of(appointment: Appointment) -> ItemFacts:
    """The same for a row."""
    return item_facts(
        appointment.security_codes,
        appointment.withheld_until,
        appointment.referral_ids,
        appointment.unit_id,
        appointment.received_at,
    )


def readers_of_appointment(appointment: Appointment, instant: datetime) -> list[Reader]:
    """The patient and everyone tied to the patient, with what the rules say of this appointment now."""
    return readers_of(appointment.person_id, Service.APPOINTMENT, facts_of(appointment), instant)


def reader_of_appointment(appointment: Appointment, person_id: UUID, instant: datetime) -> Reader:
    """One person and this appointment now."""
    return reader(person_id, appointment.person_id, Service.APPOINTMENT, facts_of(appointment), instant)
