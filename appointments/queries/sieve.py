"""Which of the free times somebody wants to see, and how many of the days that have any."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Q

from appointments.models import Appointment, Claim, Slot
from appointments.queries import free_times
from portal.kernel import clock
from youth_access.eyes import Eyes

FIRST_DAYS: Final = 3
MORE_DAYS: Final = 7
MOST_DAYS: Final = 60
HORIZON: Final = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Sieve:
    """A weekday (0 is Monday), a part of the day, and how many days to show."""

    weekday: int | None = None
    part_of_day: str = ""
    days: int = FIRST_DAYS

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return self.weekday is not None or bool(self.part_of_day)

    def address(self, days: int) -> dict[str, str]:
        """The same choice with so many days, as parameters of an address."""
        found = {"dager": str(min(days, MOST_DAYS))}
        if self.weekday is not None:
            found["ukedag"] = str(self.weekday)
        if self.part_of_day:
            found["tid"] = self.part_of_day
        return found


def sieve_of(answers: Mapping[str, object]) -> Sieve:
    """The sieve that a form's cleaned answers describe; what is missing or nonsense leaves nothing out."""
    weekday, part, days = answers.get("ukedag"), answers.get("tid"), answers.get("dager")
    return Sieve(
        weekday=weekday if isinstance(weekday, int) else None,
        part_of_day=str(part or ""),
        days=min(days, MOST_DAYS) if isinstance(days, int) else FIRST_DAYS,
    )


def sieved(
    eyes: Eyes, sieve: Sieve, *, appointment: Appointment | None = None, schedule_id: UUID | None = None
) -> list[Slot]:
    """The free times these eyes are offered, through the sieve; of several at the very same hours one."""
    first: date = clock.today()
    found = free_times.offered(
        eyes,
        appointment=appointment,
        schedule_id=schedule_id,
        first=first,
        last=first + HORIZON,
        weekdays=() if sieve.weekday is None else (sieve.weekday,),
        part_of_day=sieve.part_of_day,
    )
    return list({(slot.start, slot.end): slot for slot in reversed(found)}.values())[::-1]


def places_left(slots: Sequence[Slot]) -> dict[UUID, int]:
    """How many places are left in those of the times where several come at once. One query where there are any."""
    groups = {slot.id: slot.capacity for slot in slots if slot.capacity > 1}
    taken = _taken(groups.keys()) if groups else {}
    return {slot_id: max(capacity - taken.get(slot_id, 0), 0) for slot_id, capacity in groups.items()}


def places_left_by_schedule(eyes: Eyes, schedule_ids: Collection[UUID]) -> dict[UUID, int]:
    """The same for all the coming times of timebøker in which one comes in a group. Two queries."""
    slots = list(free_times.free(eyes).filter(schedule__in=list(schedule_ids), capacity__gt=1))
    left, found = places_left(slots), dict[UUID, int]()
    for slot in slots:
        found[slot.schedule_id] = found.get(slot.schedule_id, 0) + left[slot.id]
    return found


def _taken(slot_ids: Collection[UUID]) -> dict[UUID | None, int]:
    live = Q(held_until=None) | Q(held_until__gt=clock.real_now())
    rows = Claim.objects.filter(live, slot_id__in=list(slot_ids)).order_by()
    return dict(rows.values_list("slot_id").annotate(count=Count("pk")))
