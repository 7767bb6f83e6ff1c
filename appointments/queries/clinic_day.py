"""What a clinic has on one Oslo day that has not begun: who would be told if it were cancelled."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from appointments.models import Appointment, AppointmentLine, Request, Reservation, Schedule, Slot
from appointments.states import LIVE, Asked, Reserved
from appointments.times import day_bounds
from portal.kernel import clock

MARK: Final = "clinic_day.cancel"
"""The history line that says why an appointment is to end, and by whom; the errand reads it there."""
TAKEN_BACK: Final = ("appointment.cancel", "appointment.reinstate")
"""What makes an older mark void."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a unit, or of one person or room there."""

    unit_id: str
    day: date
    resource: UUID | None = None

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """What is left of the day: from now, or from its first instant, to the next day's."""
        first, next_day = day_bounds(self.day)
        return max(first, clock.now()), next_day

    @property
    def passed(self) -> bool:
        """Whether nothing is left of it."""
        return day_bounds(self.day)[1] <= clock.now()

    def schedules(self) -> QuerySet[Schedule]:
        """The timebøker it is about."""
        rows = Schedule.objects.filter(unit_id=self.unit_id)
        return rows if self.resource is None else rows.filter(resource=self.resource)

    def slots(self) -> QuerySet[Slot]:
        """The times in them, whatever their state."""
        first, last = self.bounds
        return Slot.objects.filter(schedule__in=self.schedules(), start__gte=first, start__lt=last)

    def reservations(self, state: Reserved) -> QuerySet[Reservation]:
        """What patients hold or have booked in them."""
        first, last = self.bounds
        rows = Reservation.objects.filter(schedule__in=self.schedules(), start__gte=first, start__lt=last)
        return rows.filter(state=state)

    def coming(self) -> QuerySet[Appointment]:
        """The appointments that have not begun."""
        first, last = self.bounds
        rows = Appointment.objects.filter(unit_id=self.unit_id, status__in=list(LIVE), start__gte=first, start__lt=last)
        return rows if self.resource is None else rows.filter(schedule__resource=self.resource)

    def unmarked(self) -> QuerySet[Appointment]:
        """Those of them that no cancelled day is about to end already."""
        return self.coming().filter(~Exists(marks(OuterRef("pk")).filter(details__day=self.day.isoformat())))

    def counts(self) -> dict[UUID | None, int]:
        """How many would be told for each person or room; under None those that no timebok is known for."""
        rows = self.unmarked().order_by().values_list("schedule__resource").annotate(n=Count("pk"))
        return dict(rows)

    def moves_into(self) -> QuerySet[Request]:
        """Requests to move an appointment of another day to this one; those of this day end with their appointment."""
        rows = Request.objects.filter(kind=Request.Kind.MOVE, state=Asked.WAITING)
        here = Q(appointment__in=self.coming())
        return rows.filter(~here, reservation__in=self.reservations(Reserved.BOOKED))


def marks(appointment: OuterRef) -> QuerySet[AppointmentLine]:
    """The marks of an appointment that nothing has made void since."""
    later = AppointmentLine.objects.filter(
        appointment=OuterRef("appointment"), kind__in=TAKEN_BACK, pk__gt=OuterRef("pk")
    )
    return AppointmentLine.objects.filter(~Exists(later), appointment=appointment, kind=MARK)
