"""Grips on a resource's time: taken, kept, given back.

Claims name nobody and lie outside row-level security, so that what one patient has taken is taken for all. That two
exclusive ones never overlap is the database's own constraint; whoever comes second waits for the first transaction,
and then gets a no instead of an error.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from appointments.models import Claim, Slot
from portal.kernel import clock

_LINE_UP: Final = "SELECT pg_advisory_xact_lock(hashtextextended(one, 0)) FROM unnest(%s::text[]) AS each(one)"
_REMOVE_LAPSED: Final = """
DELETE FROM appointments_claim WHERE id IN (
    SELECT id FROM appointments_claim
    WHERE held_until <= %(now)s AND resource = %(resource)s AND during && tstzrange(%(start)s, %(end)s)
    ORDER BY id FOR UPDATE)
"""
_TAKE: Final = """
INSERT INTO appointments_claim (id, resource, slot_id, during, exclusive, held_until)
SELECT %(id)s, %(resource)s, %(slot)s, tstzrange(%(start)s, %(end)s), %(alone)s, %(until)s
WHERE NOT EXISTS (
        SELECT 1 FROM appointments_claim
        WHERE exclusive AND resource = %(resource)s AND during && tstzrange(%(start)s, %(end)s))
    AND NOT EXISTS (
        SELECT 1 FROM appointments_claim
        WHERE NOT exclusive AND resource = %(resource)s AND during && tstzrange(%(start)s, %(end)s)
            AND (%(alone)s OR slot_id IS NULL OR slot_id <> %(slot)s))
    AND (%(alone)s OR (SELECT count(*) FROM appointments_claim WHERE slot_id = %(slot)s) < %(capacity)s)
ON CONFLICT DO NOTHING
"""


def line_up(patient: UUID, resource: UUID) -> None:
    """Wait for others who take a time for this patient, or of this resource, at this very moment.

    Always in this order, so that nobody waits for somebody who waits for them. The resource's turn is what keeps a
    group and a time for one, which no constraint compares, from both getting an overlapping time.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LINE_UP, [[f"appointments.patient:{patient}", f"appointments.resource:{resource}"]])


def take(*, claim_id: UUID, slot: Slot, held_until: datetime) -> bool:
    """Take the slot's time, or one of its places, until `held_until` (real time). False where it is taken.

    Lapsed claims in the way are removed. The slot must be locked, with its schedule at hand.
    """
    values: dict[str, Any] = {
        "id": claim_id,
        "resource": slot.schedule.resource,
        "slot": slot.pk,
        "start": slot.start,
        "end": slot.end,
        "alone": slot.capacity == 1,
        "capacity": slot.capacity,
        "until": held_until,
        "now": clock.real_now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_REMOVE_LAPSED, values)
        cursor.execute(_TAKE, values)
        return bool(cursor.rowcount == 1)


def keep(claim_id: UUID) -> bool:
    """Make a held claim lasting. False where it has lapsed, or somebody has taken its place."""
    return Claim.objects.filter(pk=claim_id, held_until__gt=clock.real_now()).update(held_until=None) == 1


def release(claim_ids: Collection[UUID]) -> int:
    """Give times back; ids without a claim are nothing to mind."""
    return Claim.objects.filter(pk__in=claim_ids).delete()[0]


def occupy(*, claim_id: UUID, resource: UUID, start: datetime, end: datetime, slot_id: UUID | None = None) -> None:
    """The hospital's own appointment takes a resource's time, whoever else may have it; said again, it moves it.

    `claim_id` is the appointment's id. With `slot_id` it takes one of that group's places.
    """
    during = DateTimeTZRange(start, end)
    values = {"resource": resource, "during": during, "slot_id": slot_id, "exclusive": False, "held_until": None}
    Claim.objects.update_or_create(pk=claim_id, defaults=values)
