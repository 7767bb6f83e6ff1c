"""Times that a clinic opens and closes by hand, in timebøker of its own beside those of the record system."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction

from appointments.codes import SPECIALIST
from appointments.models import Appointment, Claim, Schedule, Slot
from appointments.states import LIVE
from appointments.times import LONGEST_SLOT, exists_on_the_clock, is_twice_on_the_clock
from portal.audit import commands as audit
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.clock import OSLO
from portal.kernel.errors import FinalError

PORTAL: Final = "portal"
"""The source of timebøker that clinics keep here."""
MOST_AT_ONCE: Final = 100
FURTHEST: Final = timedelta(days=730)
_STANDING: Final = (Slot.State.FREE, Slot.State.BUSY, Slot.State.TENTATIVE)


class TimesRefused(FinalError):
    """Times that cannot be opened or closed. `detail` tells of which time, as hours and minutes in Oslo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Equally long times one after the other: from `first` until the last that ends by `last`, for `capacity` each."""

    day: date
    first: time
    last: time
    minutes: int
    capacity: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """A timebok that is to be begun, and who may book in it."""

    name: str
    type_code: str
    booking: str


@transaction.atomic
def open_in(*, unit_id: str, schedule_id: UUID | None, fresh: Fresh, times: Times, by: Actor) -> int:
    """Offer times in one of the unit's timebøker, or without `schedule_id` in a fresh one. Raises TimesRefused.

    A fresh timebok whose times cannot be opened is not begun either.
    """
    if schedule_id is None:
        schedule_id = open_schedule(
            unit_id=unit_id, name=fresh.name, type_code=fresh.type_code, booking=fresh.booking, by=by
        )
    return open_times(schedule_id=schedule_id, times=times, by=by)


@transaction.atomic
def open_schedule(*, unit_id: str, name: str, type_code: str, booking: str, by: Actor) -> UUID:
    """Begin a timebok of the clinic's own. What is booked in it can be in no other timebok."""
    key = uuid4()
    made = Schedule.objects.create(
        id=key,
        source=PORTAL,
        source_key=f"urn:ietf:rfc:3986|urn:uuid:{key}",
        unit_id=unit_id,
        resource=uuid4(),
        service_category=SPECIALIST,
        type_code=type_code,
        name=name,
        booking=Schedule.Booking(booking),
        sent_at=clock.now(),
    )
    audit.record(by=by, action="schedule.open", item_kind="schedule", item_id=made.pk, details={"unit": unit_id})
    return made.pk


@transaction.atomic
def open_times(*, schedule_id: UUID, times: Times, by: Actor) -> int:
    """Offer these times; says how many. All of them or none.

    Raises TimesRefused: `not-ours` for a timebok of a record system, `passed`, `too-far`, `no-room` where not one fits,
    `too-many`, `too-long`; `not-on-the-clock`, `twice-on-the-clock` and `clock-changes` on the nights when the clocks
    change; and `overlap` with a time, a booking or an appointment of whoever is booked here.
    """
    schedule = _lock(schedule_id)
    wanted = _laid_out(times)
    _none_in_the_way(schedule, wanted)
    now = clock.now()
    rows = [_slot(schedule, start, end, times.capacity, now) for start, end in wanted]
    Slot.objects.bulk_create(rows)
    details = {"first": wanted[0][0].isoformat(), "last": wanted[-1][1].isoformat(), "count": len(rows)}
    audit.record(by=by, action="slots.open", item_kind="schedule", item_id=schedule.pk, details=details)
    return len(rows)


@transaction.atomic
def close_time(*, slot_id: UUID, by: Actor) -> None:
    """Take a free time out again. Raises TimesRefused: `taken` where somebody has it or is just about to."""
    slot = Slot.objects.select_for_update(no_key=True).get(pk=slot_id)
    if slot.state != Slot.State.FREE:
        raise TimesRefused("not-free")
    lapsed = Claim.objects.filter(slot=slot, held_until__lte=clock.real_now())
    if Claim.objects.filter(slot=slot).exclude(pk__in=lapsed.values("pk")).exists():
        raise TimesRefused("taken")
    slot.state = Slot.State.UNAVAILABLE
    slot.save(update_fields=["state"])
    audit.record(by=by, action="slot.close", item_kind="slot", item_id=slot.pk)


def _lock(schedule_id: UUID) -> Schedule:
    """The timebok, locked: of two who open times in it at once, the second sees what the first has opened."""
    schedule = Schedule.objects.select_for_update(no_key=True).get(pk=schedule_id)
    if schedule.source != PORTAL:
        raise TimesRefused("not-ours")
    return schedule


def _laid_out(times: Times) -> list[tuple[datetime, datetime]]:
    length = timedelta(minutes=times.minutes)
    if not timedelta() < length <= LONGEST_SLOT:
        raise TimesRefused("too-long")
    at, until = datetime.combine(times.day, times.first), datetime.combine(times.day, times.last)
    found = []
    while at + length <= until:
        found.append(_time(at, length))
        at += length
        if len(found) > MOST_AT_ONCE:
            raise TimesRefused("too-many")
    if not found:
        raise TimesRefused("no-room")
    now = clock.now()
    if found[0][0] <= now:
        raise TimesRefused("passed")
    if found[-1][1] > now + FURTHEST:
        raise TimesRefused("too-far")
    return found


def _time(local: datetime, length: timedelta) -> tuple[datetime, datetime]:
    """One time as two instants; one during which the clocks change would be longer or shorter than it says."""
    start, end = _instant(local), _instant(local + length)
    if end - start != length:
        raise TimesRefused("clock-changes", f"{local:%H.%M}")
    return start, end


def _instant(local: datetime) -> datetime:
    """A time on Oslo's clocks as an instant; a time that does not exist that night, or does so twice, is refused."""
    if not exists_on_the_clock(local):
        raise TimesRefused("not-on-the-clock", f"{local:%H.%M}")
    found = local.replace(tzinfo=OSLO).astimezone(UTC)
    if is_twice_on_the_clock(found):
        raise TimesRefused("twice-on-the-clock", f"{local:%H.%M}")
    return found


def _none_in_the_way(schedule: Schedule, wanted: Sequence[tuple[datetime, datetime]]) -> None:
    first, last = wanted[0][0], wanted[-1][1]
    slots = Slot.objects.filter(schedule__resource=schedule.resource, state__in=_STANDING)
    taken = [*slots.filter(start__lt=last, end__gt=first).values_list("start", "end")]
    claims = Claim.objects.filter(resource=schedule.resource, during__overlap=(first, last))
    taken += [(each.lower, each.upper) for each in claims.values_list("during", flat=True)]
    planned = Appointment.objects.filter(schedule__resource=schedule.resource, status__in=list(LIVE))
    taken += planned.filter(start__lt=last, end__gt=first).values_list("start", "end")  # type: ignore[arg-type]  # both are there: the filter asks
    for start, end in wanted:
        if any(one < end and other > start for one, other in taken):
            raise TimesRefused("overlap", f"{start.astimezone(OSLO):%H.%M}")


def _slot(schedule: Schedule, start: datetime, end: datetime, capacity: int, now: datetime) -> Slot:
    key = uuid4()
    return Slot(
        id=key,
        source=PORTAL,
        source_key=f"urn:ietf:rfc:3986|urn:uuid:{key}",
        schedule=schedule,
        start=start,
        end=end,
        state=Slot.State.FREE,
        capacity=capacity,
        sent_at=now,
    )
