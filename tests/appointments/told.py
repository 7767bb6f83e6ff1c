"""Appointments for the tests of who is told what: made as rows, and told of by the commands themselves."""

import itertools
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from appointments import announcements
from appointments.commands import ending, history, reminding
from appointments.models import Appointment, Reminder
from appointments.states import AppointmentEvent, Status
from appointments.sweeps import claim_reminders
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people.models import Person
from tests.letters import making
from tests.stories.living import Alive

HOSPITAL = Actor("sender", "dips")
NEWS = "Du har noe nytt om en avtale på Min helse. Logg inn for å se."
_keys = itertools.count(1)


def appointment(person: Person, start: datetime | None, **changes: Any) -> Appointment:
    """A booked appointment that nobody has been told of."""
    number = next(_keys)
    values: dict[str, Any] = {
        "unit": making.unit(),
        "source": "dips",
        "source_key": f"https://dips.example/time|T-{number}",
        "status": Status.BOOKED,
        "end": start + timedelta(minutes=30) if start else None,
        "service_category": "27",
        "received_at": clock.now(),
        "sent_at": clock.now(),
        "flags": ["cancel"],
    }
    return Appointment.objects.create(person=person, start=start, **(values | changes))


@transaction.atomic
def made(person: Person, start: datetime | None, **changes: Any) -> Appointment:
    """The same, and told of."""
    row = appointment(person, start, **changes)
    news(row, Reminder.Kind.CREATED)
    return row


@transaction.atomic
def news(row: Appointment, kind: Reminder.Kind) -> None:
    reminding.news(history.lock(row.pk), kind, by=HOSPITAL)


@transaction.atomic
def moved(row: Appointment, to: datetime) -> Appointment:
    """The hospital gives it another time."""
    locked = history.lock(row.pk)
    details = {"from": locked.start.isoformat() if locked.start else "", "to": to.isoformat()}
    history.move(
        locked,
        AppointmentEvent.MOVE,
        by=HOSPITAL,
        details=details,
        start=to,
        end=to + timedelta(minutes=30),
        confirmed_at=None,
    )
    reminding.news(locked, Reminder.Kind.MOVED, by=HOSPITAL)
    announcements.moved.send(sender=Appointment, appointment_id=locked.pk)
    return locked


@transaction.atomic
def cancelled(row: Appointment, *, by: str = "hospital") -> Appointment:
    """It will not take place."""
    locked = history.lock(row.pk)
    ending.end(locked, by=HOSPITAL, cancelled_by=by, reason_system="urn:oid:2.16.578.1.12.4.1.1.8445", reason="9")
    return locked


def sweep(alive: Alive) -> int:
    """The reminder sweep, then the workers."""
    found = claim_reminders()
    alive.work()
    return found


def rows(about: Appointment) -> list[tuple[str, int, str]]:
    """Kind, sequence and state of all there is to tell of it, in the order it falls due."""
    found = Reminder.objects.filter(appointment=about).order_by("due_at", "sequence", "kind")
    return list(found.values_list("kind", "sequence", "state"))


def planned(about: Appointment) -> list[tuple[str, datetime]]:
    """What is still to be told, and when."""
    found = Reminder.objects.filter(appointment=about, state="planned").order_by("due_at", "kind")
    return [(kind, due_at.astimezone(clock.OSLO)) for kind, due_at in found.values_list("kind", "due_at")]


def in_days(days: float) -> datetime:
    return clock.now() + timedelta(days=days)


def texts(alive: Alive) -> list[str]:
    """The words of every message handed over, oldest first."""
    return [str(row["text"]) for row in alive.messages()]


class Heard:
    """Of what it was said that nobody was told."""

    def __init__(self) -> None:
        self.news: list[tuple[UUID, str]] = []

    def note(self, *, appointment_id: UUID, kind: str, **_kwargs: object) -> None:
        self.news.append((appointment_id, kind))


def told_to(alive: Alive) -> list[str]:
    """The numbers and addresses that messages were handed over to."""
    return sorted(row["to"] for row in alive.messages())


def lines(about: Appointment | UUID) -> list[str]:
    """The kinds of its history, oldest first."""
    row = about if isinstance(about, Appointment) else Appointment.objects.get(pk=about)
    return list(row.events.order_by("id").values_list("kind", flat=True))
