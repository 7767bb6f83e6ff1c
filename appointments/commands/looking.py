"""The audit of looks: which appointment, list or calendar file was shown to whom, and on what footing."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from appointments.models import Appointment, CalendarFeed
from appointments.queries import on_screen
from portal.audit import commands as audit
from youth_access.eyes import Eyes
from youth_access.facts import Service
from youth_access.footing import actor_of, basis_of


@transaction.atomic
def note_page(*, appointment: Appointment, eyes: Eyes) -> None:
    """One appointment was read."""
    _note_one(appointment, eyes, "appointment")


@transaction.atomic
def note_file(*, appointment: Appointment, eyes: Eyes) -> None:
    """One appointment was taken out as a calendar file."""
    _note_one(appointment, eyes, "calendar_file")


@transaction.atomic
def note_list(*, shown: Sequence[UUID], eyes: Eyes) -> None:
    """A list was shown: one row names every appointment on it. An empty list tells nothing and leaves nothing."""
    if shown:
        _note_many(shown, eyes, "appointment_list", "")


@transaction.atomic
def note_fetch(*, feed: CalendarFeed, shown: Sequence[UUID], eyes: Eyes) -> None:
    """A calendar that somebody subscribes to was fetched, with these appointments in it."""
    _note_many(shown, eyes, "calendar_feed", str(feed.id))


def _note_one(appointment: Appointment, eyes: Eyes, item_kind: str) -> None:
    audit.record(
        by=actor_of(eyes),
        action="read",
        item_kind=item_kind,
        item_id=appointment.id,
        person_id=appointment.person_id,
        basis=basis_of(eyes, on_screen.decision(eyes, appointment)),
    )


def _note_many(shown: Sequence[UUID], eyes: Eyes, item_kind: str, item_id: str) -> None:
    audit.record(
        by=actor_of(eyes),
        action="read",
        item_kind=item_kind,
        item_id=item_id,
        person_id=eyes.patient_id,
        basis=basis_of(eyes, eyes.decide(Service.APPOINTMENT)),
        details={"appointments": [str(each) for each in shown]},
    )
