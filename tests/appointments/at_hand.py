"""Clinics, timebøker, free times and appointments as few words as a story needs, and a record system in memory."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from unittest.mock import patch
from uuid import UUID, uuid4

from appointments.codes import Flag
from appointments.commands import holding
from appointments.models import Appointment, Claim, Clinic, Request, Reservation, Schedule, Slot
from appointments.queries.free_times import offered
from appointments.states import GRIPPED, Status
from portal.counterparts.errors import ConflictingDuplicate, CounterpartDown, Refused, UnknownOutcome
from portal.counterparts.health_record import DeliveredResource
from portal.kernel import clock
from portal.outbox import registry
from portal.people.models import Person
from tests.letters.making import eyes, person
from tests.youth_access import families
from tests.youth_access.families import oslo, unit

__all__ = ["eyes", "families", "oslo", "person", "unit"]

NOW = oslo(2026, 11, 23, 9)
DAY = oslo(2026, 12, 1, 10)
"""A Tuesday morning, over a week after NOW."""
ALL_FLAGS = (
    Flag.CANCEL_WITH_COMMENT,
    Flag.CANCEL,
    Flag.CHANGE,
    Flag.CONFIRM,
    Flag.SHORT_NOTICE,
    Flag.CONFERENCE,
)
_numbers = itertools.count(1)


def schedule(
    *, booking: str = "open", type_code: str = "Konsultasjon", resource: UUID | None = None, **more: object
) -> Schedule:
    number = next(_numbers)
    facts: dict[str, object] = {"unit": unit(), "name": f"Timebok {number}", "sent_at": clock.now(), **more}
    return Schedule.objects.create(
        source="dips",
        source_key=f"https://dips.example/timebok|{number}",
        resource=resource or uuid4(),
        service_category="27",
        type_code=type_code,
        booking=booking,
        **facts,
    )


def slot(of: Schedule, start: datetime = DAY, *, minutes: int = 30, capacity: int = 1, state: str = "free") -> Slot:
    made = Slot.objects.create(
        source="dips",
        source_key=f"urn:ietf:rfc:3986|urn:uuid:{uuid4()}",
        schedule=of,
        start=start,
        end=start + timedelta(minutes=minutes),
        state=state,
        capacity=capacity,
        sent_at=clock.now(),
    )
    made.refresh_from_db()
    return made


def slots(of: Schedule, count: int, *, start: datetime = DAY, minutes: int = 30) -> list[Slot]:
    return [slot(of, start + timedelta(minutes=minutes * n), minutes=minutes) for n in range(count)]


def appointment(
    patient: Person, of: Schedule | None = None, start: datetime = DAY + timedelta(days=2), **more: object
) -> Appointment:
    """An appointment that the hospital has made."""
    number = next(_numbers)
    facts: dict[str, object] = {
        "unit_id": of.unit_id if of is not None else unit().pk,
        "schedule": of,
        "source": "dips",
        "source_key": f"https://dips.example/time|{number}",
        "status": Status.BOOKED,
        "start": start,
        "end": start + timedelta(minutes=30),
        "service_category": "27",
        "title": "Kontroll",
        "flags": [flag.value for flag in ALL_FLAGS],
        "received_at": clock.now(),
        "sent_at": clock.now(),
        **more,
    }
    made = Appointment.objects.create(person=patient, **facts)
    made.refresh_from_db()
    return made


def clinic(**decided: object) -> Clinic:
    return Clinic.objects.update_or_create(unit=unit(), defaults=decided)[0]


def lapse_now(*reservations: Reservation) -> None:
    """Let time run out for these holds."""
    past = clock.real_now() - timedelta(seconds=1)
    ids = [each.pk for each in reservations]
    Reservation.objects.filter(pk__in=ids).update(held_until=past)
    Claim.objects.filter(pk__in=ids).update(held_until=past)


def held(who: Person, wanted: Slot, **more: UUID) -> Reservation:
    return holding.hold(slot_id=wanted.pk, eyes=eyes(who.pk), **more)


def on_offer(who: Person, **more: object) -> list[UUID]:
    """The ids of what somebody is offered in the month around the day."""
    wide = {"first": NOW.date(), "last": (DAY + timedelta(days=30)).date(), **more}
    return [each.pk for each in offered(eyes(who.pk), **wide)]  # type: ignore[arg-type]  # tests name its own arguments


def twins() -> None:
    """Every claim has its reservation and the other way round, and both say the same."""
    now = clock.real_now()
    claims = {each.pk: each for each in Claim.objects.all()}
    live = {each.pk: each for each in Reservation.objects.filter(state__in=list(GRIPPED))}
    for key, claim in claims.items():
        if claim.held_until is None:
            assert live[key].state == "booked"
        elif claim.held_until > now:
            assert live[key].state == "held"
    for key, grip in live.items():
        if grip.state == "booked" or grip.held_until > now:
            claim = claims[key]
            assert (claim.during.lower, claim.during.upper, claim.slot_id) == (grip.start, grip.end, grip.slot_id)
            assert (claim.held_until is None) == (grip.state == "booked")


class Killed(BaseException):
    """The worker is killed here."""


@dataclass
class RecordSystem:
    """Files each key once; can say no, be down, drop its reply, or be there when the worker dies."""

    filed: dict[str, dict[str, object]] = field(default_factory=dict)
    mode: str = "ok"
    kill: str = ""
    during: Callable[[], None] | None = None
    """What happens in the portal while the request is under way."""

    def deliver(self, key: str, resource: dict[str, object]) -> DeliveredResource:
        if self.kill == "before":
            raise Killed
        if self.mode == "down":
            raise CounterpartDown("down")
        if self.mode == "reject" and key not in self.filed:
            raise Refused("slot_busy")
        known = self.filed.get(key)
        if known is not None and known != resource:
            raise ConflictingDuplicate("other_content")
        self.filed[key] = resource
        if self.during is not None:
            self.during()
        if self.kill == "after":
            raise Killed
        if self.mode == "accept_then_drop_reply":
            raise UnknownOutcome("timeout")
        return DeliveredResource(f"J-{key}", duplicate=known is not None)


@contextmanager
def record_system(**how: object) -> Iterator[RecordSystem]:
    made = RecordSystem(**how)  # type: ignore[arg-type]  # tests name its own fields
    with patch("appointments.delivery.health_record", lambda: made):
        yield made


def deliver(request: Request) -> Request:
    """What the worker does with the request; how it went stands in the row."""
    registry.kind("appointments.tell_hospital").handler(request.pk)
    request.refresh_from_db()
    return request
