"""The free times that these eyes are offered: to move an appointment to, or to book.

A time that clashes with something else of the patient's is left out only where these eyes may see that other thing:
what is hidden from them must not show as a gap.
"""

from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID

from django.contrib.postgres.fields import DateTimeRangeField
from django.db.models import Count, Exists, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, ExtractHour, ExtractIsoWeekDay

from appointments.models import Appointment, Claim, Reservation, Schedule, Slot
from appointments.queries.grounds import Ground, grounds, in_use, takes_bookings
from appointments.queries.on_screen import visible_to
from appointments.states import LIVE, Reserved
from appointments.times import day_bounds
from portal.kernel import clock
from youth_access.eyes import Eyes

MOST: Final = 400
PARTS: Final = {"morning": (0, 12), "afternoon": (12, 16), "evening": (16, 24)}
"""Parts of the day in Oslo, from the first hour up to the last, which is not in it."""
_DURING: Final = Func(OuterRef("start"), OuterRef("end"), function="tstzrange", output_field=DateTimeRangeField())


def offered(
    eyes: Eyes,
    *,
    appointment: Appointment | None = None,
    schedule_id: UUID | None = None,
    first: date,
    last: date,
    weekdays: Collection[int] = (),
    part_of_day: str = "",
) -> list[Slot]:
    """Free times from the first day to the last in Oslo, soonest first, each with its schedule and unit.

    For `appointment` those it may be moved to; else those of the timebok that these eyes may book in. Weekdays are 0
    (Monday) to 6; `part_of_day` is one of `PARTS`. A fixed number of queries.
    """
    among = family(appointment) if appointment is not None else _of_one(eyes, schedule_id)
    rows = free(eyes, appointment).filter(schedule__in=among)
    rows = rows.filter(start__gte=day_bounds(first)[0], start__lt=day_bounds(last)[1])
    if weekdays:
        rows = rows.annotate(weekday=ExtractIsoWeekDay("start", tzinfo=clock.OSLO))
        rows = rows.filter(weekday__in=[each + 1 for each in weekdays])
    if part_of_day in PARTS:
        begins, ends = PARTS[part_of_day]
        rows = rows.annotate(hour=ExtractHour("start", tzinfo=clock.OSLO)).filter(hour__gte=begins, hour__lt=ends)
    return list(rows.select_related("schedule__unit").order_by("start", "id")[:MOST])


def bookable(eyes: Eyes) -> list[Schedule]:
    """The timebøker these eyes may book in now, each with its unit."""
    return [each.schedule for each in grounds(eyes, takes_bookings())]


def ground_of(eyes: Eyes, schedule_id: UUID) -> Ground | None:
    """On what ground these eyes may book in one timebok; None where they may not."""
    return next(iter(grounds(eyes, takes_bookings().filter(pk=schedule_id))), None)


def family(appointment: Appointment) -> QuerySet[Schedule]:
    """The timebøker whose times an appointment may be moved to: its own, and those of the same kind at its unit."""
    own = Schedule.objects.filter(pk__in=[appointment.schedule_id])
    same_kind = Q(unit_id=appointment.unit_id, type_code__in=own.values("type_code"))
    return Schedule.objects.filter(Q(pk__in=own.values("pk")) | same_kind, in_use())


def free(eyes: Eyes, appointment: Appointment | None = None) -> QuerySet[Slot]:
    """Times to come with room left, but for those where these eyes know that the patient is busy.

    The appointment that is to be moved does not count as busy.
    """
    slots = Slot.objects.filter(state=Slot.State.FREE, start__gt=clock.now(), schedule__active=True)
    return _with_room(slots).filter(*_patient_free(eyes, appointment))


def _of_one(eyes: Eyes, schedule_id: UUID | None) -> list[Schedule]:
    ground = ground_of(eyes, schedule_id) if schedule_id is not None else None
    return [] if ground is None else [ground.schedule]


def _with_room(slots: QuerySet[Slot]) -> QuerySet[Slot]:
    """Exclusive claims and shared ones are asked for apart: each question has an index of its own."""
    live = Q(held_until=None) | Q(held_until__gt=clock.real_now())
    here = Claim.objects.filter(live, resource=OuterRef("schedule__resource"), during__overlap=_DURING)
    shared = here.filter(exclusive=False)
    of_slot = Claim.objects.filter(live, slot=OuterRef("pk")).order_by().values("slot").annotate(n=Count("pk"))
    places = Coalesce(Subquery(of_slot.values("n")), 0)
    alone = Q(capacity=1) & ~Exists(shared)
    group = Q(capacity__gt=1) & Q(capacity__gt=places) & ~Exists(shared.filter(~Q(slot=OuterRef("pk")) | Q(slot=None)))
    return slots.filter(~Exists(here.filter(exclusive=True)), alone | group)


def _patient_free(eyes: Eyes, appointment: Appointment | None) -> list[Q]:
    overlaps = Q(start__lt=OuterRef("end"), end__gt=OuterRef("start"))
    seen = visible_to(eyes)
    planned = seen.filter(overlaps, status__in=list(LIVE))
    if appointment is not None:
        planned = planned.exclude(pk=appointment.pk)
    held = Q(state=Reserved.HELD, made_by=eyes.viewer.person_id, held_until__gt=clock.real_now())
    booked = Q(state=Reserved.BOOKED, appointment__in=seen.values("pk"))
    mine = Reservation.objects.filter(overlaps, held | booked, person_id=eyes.patient_id)
    if appointment is not None:
        mine = mine.exclude(Q(state=Reserved.BOOKED) & Q(appointment=appointment))
    return [Q(~Exists(planned)), Q(~Exists(mine))]
