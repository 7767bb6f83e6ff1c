"""Taking in timebøker and the times in them, as the record system has them now; an older word changes nothing."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from appointments.commands import holding
from appointments.models import Reservation, Schedule, Slot
from appointments.orders import ScheduleOrder, SlotOrder
from appointments.states import Reserved, ReservedEvent
from portal.audit import commands as audit
from portal.kernel.actor import Actor
from portal.kernel.errors import FinalError
from portal.people.models import Unit

Outcome = Literal["created", "changed", "same", "older"]


class UnknownUnit(FinalError):
    """No active unit has this RESH number."""


class UnknownSchedule(FinalError):
    """The sender has no timebok of this name."""


class CannotChange(FinalError):
    """What patients' grips rest on cannot become another: who is booked in a timebok, which timebok a time lies in."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The row an order became, and what came of it."""

    id: UUID
    outcome: Outcome


@transaction.atomic
def keep_schedule(*, order: ScheduleOrder, by: Actor) -> Entry:
    """Take in a timebok. Raises UnknownUnit, and CannotChange where somebody else is to be booked in it."""
    unit = Unit.objects.filter(resh=order.unit_resh, active=True).first()
    if unit is None:
        raise UnknownUnit("unknown-unit")
    values: dict[str, Any] = {
        "unit": unit,
        "service_category": order.service_category,
        "type_code": order.type_code,
        "name": order.name,
        "comment": order.comment,
        "booking": order.booking,
        "active": order.active,
        "opens_at": order.opens_at,
        "closes_at": order.closes_at,
    }
    resource = UUID(order.actor)
    said = {"source": order.source, "source_key": order.key, "sent_at": order.sent_at}
    fresh = Schedule(resource=resource, **said, **values)
    Schedule.objects.bulk_create([fresh], ignore_conflicts=True)
    row = Schedule.objects.select_for_update(no_key=True).get(source=order.source, source_key=order.key)
    if row.resource != resource:
        raise CannotChange("actor")
    outcome = _bring_up_to_date(row, fresh.pk, values, order)
    if outcome in ("created", "changed"):
        audit.record(
            by=by, action=f"schedule.{outcome}", item_kind="schedule", item_id=row.pk, details={"unit": unit.pk}
        )
    return Entry(row.pk, outcome)


@transaction.atomic
def keep_slot(*, order: SlotOrder, by: Actor) -> Entry:
    """Take in a time. One that is moved is let go of by whoever holds it; what is booked is the hospital's to move.

    Raises UnknownSchedule, and CannotChange where the time is to lie in another timebok.
    """
    schedule = _schedule(order.source, order.schedule)
    values: dict[str, Any] = {"start": order.start, "end": order.end, "state": order.state, "capacity": order.capacity}
    said = {"source": order.source, "source_key": order.key, "sent_at": order.sent_at}
    fresh = Slot(schedule=schedule, **said, **values)
    Slot.objects.bulk_create([fresh], ignore_conflicts=True)
    row = Slot.objects.select_for_update(no_key=True).get(source=order.source, source_key=order.key)
    if row.schedule_id != schedule.pk:
        raise CannotChange("schedule")
    before = (row.start, row.end)
    outcome = _bring_up_to_date(row, fresh.pk, values, order)
    if outcome == "changed" and (row.start, row.end) != before:
        _let_go(row)
    if outcome in ("created", "changed"):
        audit.record(by=by, action=f"slot.{outcome}", item_kind="slot", item_id=row.pk, details={"state": row.state})
    return Entry(row.pk, outcome)


def _schedule(source: str, name: str) -> Schedule:
    """By the sender's identifier ("system|value"), or by our own id."""
    rows = Schedule.objects.filter(source=source)
    found = (rows.filter(source_key=name) if "|" in name else rows.filter(pk=name)).first()
    if found is None:
        raise UnknownSchedule("unknown-schedule")
    return found


def _bring_up_to_date(
    row: Schedule | Slot, fresh: UUID, values: dict[str, Any], order: ScheduleOrder | SlotOrder
) -> Outcome:
    if row.pk == fresh:
        return "created"
    if order.sent_at < row.sent_at:
        return "older"
    changed = any(getattr(row, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(row, name, value)
    row.sent_at = order.sent_at
    row.save(update_fields=[*values, "sent_at"])
    return "changed" if changed else "same"


def _let_go(slot: Slot) -> None:
    """Whoever holds the time while reading has held another one than there is now."""
    held = Reservation.objects.select_for_update(no_key=True).filter(slot=slot, state=Reserved.HELD)
    holding.end(list(held.order_by("pk")), ReservedEvent.RELEASE)
