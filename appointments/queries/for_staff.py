"""What the clinic sees of its own book: a day, a week, what waits for an answer, and one appointment's life.

The words of an appointment (what it is, preparation, comments) are not fetched here; `words_of` fetches them where a
clinician who treats the patient has opened it. Every list takes a fixed number of queries.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from appointments.models import Appointment, AppointmentLine, Claim, Request, Schedule, Slot
from appointments.queries.clinic_day import marks
from appointments.states import LIVE, Asked, Status
from appointments.times import day_bounds
from portal.kernel import clock
from portal.kernel.clock import OSLO
from portal.people.models import Person, Unit

PAGE: Final = 25
HANDLED_HERE: Final = (Request.Kind.VIDEO, Request.Kind.SHORT_NOTICE, Request.Kind.YOUTH_WISH)
"""What a person answers; the others go to the record system, and come here only where they did not get through."""
_WORDS: Final = ("title", "description", "instruction", "virtual_address", "virtual_key")


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A free time with its places, and how many of them are taken or held just now."""

    slot: Slot
    taken: int

    @property
    def left(self) -> int:
        """Places nobody has."""
        return max(0, self.slot.capacity - self.taken)


@dataclass(frozen=True, slots=True)
class BookDay:
    """One day of a unit's book. `clashes` holds the appointments that overlap another one of the same resource."""

    appointments: Sequence[Appointment]
    free: Sequence[FreeTime]
    clashes: Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class DayCount:
    """How much there is on one day."""

    day: date
    booked: int
    cancelled: int
    free: int


def units() -> list[Unit]:
    """The units whose book may be opened, by hospital and name."""
    return list(Unit.objects.filter(active=True).order_by("hospital", "name", "pk"))


def book_day(unit_id: str, day: date) -> BookDay:
    """One day: what is planned and was cancelled, and what is free. Three queries."""
    first, next_day = day_bounds(day)
    rows = (
        Appointment.objects.filter(unit_id=unit_id, start__gte=first, start__lt=next_day)
        .exclude(status=Status.ENTERED_IN_ERROR)
        .select_related("person", "schedule", "slot")
        .defer(*_WORDS)
        .annotate(ending=Exists(marks(OuterRef("pk"))))
    )
    appointments = list(rows.order_by("start", "end", "pk"))
    return BookDay(appointments, _free(unit_id, first, next_day), _clashes(appointments))


def book_week(unit_id: str, days: Sequence[date]) -> list[DayCount]:
    """How much there is on each of some days in a row. Three queries."""
    first, last = day_bounds(days[0])[0], day_bounds(days[-1])[1]
    rows = Appointment.objects.filter(unit_id=unit_id, start__gte=first, start__lt=last)
    booked: Counter[date] = Counter()
    cancelled: Counter[date] = Counter()
    for start, status in rows.exclude(status=Status.ENTERED_IN_ERROR).values_list("start", "status"):
        if start is not None:
            (cancelled if status == Status.CANCELLED else booked)[_day_of(start)] += 1
    free: Counter[date] = Counter()
    for each in _free(unit_id, first, last):
        free[_day_of(each.slot.start)] += each.left
    return [DayCount(day, booked[day], cancelled[day], free[day]) for day in days]


def resources(unit_id: str) -> list[Schedule]:
    """The timebøker of a unit, by name, for choosing a person or a room."""
    return list(Schedule.objects.filter(unit_id=unit_id, active=True).order_by("name", "pk"))


def requests_page(unit_id: str, patients: "QuerySet[Person] | None", number: str) -> "Page[Request]":
    """What waits for an answer, oldest first; of some patients only where these are given. Two queries."""
    rows = to_handle(patients).select_related("person", "unit", "appointment").defer("comment", "answer")
    if unit_id:
        rows = rows.filter(unit_id=unit_id)
    return Paginator(rows.order_by("made_at", "pk"), PAGE).get_page(number)


def request_count(patients: "QuerySet[Person] | None") -> int:
    """How many wait; what the badge shows."""
    return to_handle(patients).count()


def to_handle(patients: "QuerySet[Person] | None" = None) -> QuerySet[Request]:
    """Wishes that a person answers, and whatever did not get through to the record system."""
    waiting = Q(state=Asked.FAILED) | Q(state=Asked.WAITING, kind__in=list(HANDLED_HERE))
    rows = Request.objects.filter(waiting)
    return rows if patients is None else rows.filter(person__in=patients)


def request(request_id: UUID) -> Request | None:
    """One request, answered or not, without the patient's words."""
    rows = Request.objects.select_related("person", "unit", "appointment", "reservation").defer("comment")
    return rows.filter(pk=request_id).first()


def comment_of(request_id: UUID) -> str:
    """The patient's own words in a request; for a clinician who treats the patient."""
    return Request.objects.values_list("comment", flat=True).get(pk=request_id)


def case(appointment_id: UUID) -> Appointment | None:
    """One appointment with all that has happened to it, without its words."""
    return (
        Appointment.objects.filter(pk=appointment_id)
        .select_related("person", "unit", "schedule")
        .defer(*_WORDS)
        .prefetch_related(
            Prefetch("events", AppointmentLine.objects.order_by("id")),
            Prefetch("requests", Request.objects.defer("comment").order_by("made_at", "pk")),
        )
        .first()
    )


def words_of(appointment_id: UUID) -> Mapping[str, str]:
    """What an appointment is and how to prepare for it; for a clinician who treats the patient."""
    found = Appointment.objects.only("title", "description", "instruction", "virtual_address").get(pk=appointment_id)
    return {
        "title": found.title,
        "description": found.description,
        "instruction": found.instruction,
        "virtual_address": found.virtual_address,
    }


def names_of(people: Iterable[UUID]) -> Mapping[UUID, str]:
    """Names by id. One query."""
    return dict(Person.objects.filter(pk__in=set(people)).values_list("pk", "name"))


def _free(unit_id: str, first: datetime, last: datetime) -> list[FreeTime]:
    slots = Slot.objects.filter(
        schedule__unit_id=unit_id, schedule__active=True, state=Slot.State.FREE, start__gte=first, start__lt=last
    )
    found = list(slots.filter(start__gt=clock.now()).select_related("schedule").order_by("start", "pk"))
    standing = Claim.objects.filter(
        Q(held_until=None) | Q(held_until__gt=clock.real_now()),
        resource__in={each.schedule.resource for each in found},
        during__overlap=(first, last),
    )
    claims: dict[UUID, list[tuple[UUID | None, datetime, datetime]]] = defaultdict(list)
    for resource, slot_id, during in standing.values_list("resource", "slot_id", "during"):
        claims[resource].append((slot_id, during.lower, during.upper))
    return [FreeTime(each, _taken(each, claims[each.schedule.resource])) for each in found]


def _taken(slot: Slot, claims: Iterable[tuple[UUID | None, datetime, datetime]]) -> int:
    """Places taken; all of them where something else has the same person or room at that time."""
    taken = 0
    for slot_id, start, end in claims:
        if slot_id == slot.pk:
            taken += 1
        elif start < slot.end and end > slot.start:
            return slot.capacity
    return taken


def _clashes(appointments: Iterable[Appointment]) -> dict[UUID, str]:
    """Live appointments that overlap: "resource" where one person or room has both, "patient" where one patient has."""
    found: dict[UUID, str] = {}
    live = [each for each in appointments if each.status in LIVE and each.start and each.end]
    for why, key in (("patient", _patient_key), ("resource", _resource_key)):
        until: dict[object, tuple[datetime, Appointment]] = {}
        for each in live:
            name, start, end = key(each), each.start, each.end
            if name is None or start is None or end is None:
                continue
            before = until.get(name)
            if before is not None and start < before[0]:
                found[each.pk] = found[before[1].pk] = why
            if before is None or end > before[0]:
                until[name] = (end, each)
    return found


def _patient_key(appointment: Appointment) -> object:
    """Parts of one appointment may overlap each other, and its whole overlaps them all."""
    return None if appointment.part_of_id else ("patient", appointment.person_id)


def _resource_key(appointment: Appointment) -> object:
    in_group = appointment.slot is not None and appointment.slot.capacity > 1
    return None if in_group or appointment.schedule is None else appointment.schedule.resource


def _day_of(instant: datetime) -> date:
    return instant.astimezone(OSLO).date()
