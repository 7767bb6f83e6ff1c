"""Tasks about access: opened once for each subject and step, closed by the person who did something about it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from portal.audit import commands as audit
from portal.audit.basis import Basis
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.errors import FinalError
from youth_access.models import AccessTask

Kind = AccessTask.Kind


class AlreadyClosed(FinalError):
    """Somebody else closed the task first, or there is no such task."""


def open_task(
    *,
    kind: AccessTask.Kind,
    patient_id: UUID,
    subject: UUID,
    unit_id: str | None,
    step: str = "",
    in_days: int = 0,
    due_at: datetime | None = None,
) -> bool:
    """Open a task unless it was opened before; says whether it was new. The database decides between two at once."""
    now = clock.now()
    row = AccessTask(
        kind=kind,
        patient_id=patient_id,
        unit_id=unit_id,
        subject=subject,
        step=step,
        opened_at=now,
        due_at=due_at or now + timedelta(days=in_days),
    )
    AccessTask.objects.bulk_create([row], ignore_conflicts=True)
    return AccessTask.objects.filter(pk=row.pk).exists()


def close_about(*, subject: UUID, by: Actor, note: str = "") -> int:
    """Close every open task about a subject, because what it asked for is done."""
    closer = UUID(by.id) if by.kind == "staff" else None
    open_ones = AccessTask.objects.filter(subject=subject, closed_at=None)
    return open_ones.update(closed_at=clock.now(), closed_by=closer, note=note)


@transaction.atomic
def close(*, task_id: UUID, patient_id: UUID, note: str, by: Actor, basis: Basis) -> None:
    """A clinician has looked at it. Emergency access is closed by its review alone. Raises AlreadyClosed."""
    found = (
        AccessTask.objects.select_for_update(no_key=True)
        .filter(pk=task_id, patient_id=patient_id, closed_at=None)
        .exclude(kind=Kind.BREAK_GLASS)
        .first()
    )
    if found is None:
        raise AlreadyClosed("closed")
    found.closed_at, found.closed_by, found.note = clock.now(), UUID(by.id), note
    found.save(update_fields=["closed_at", "closed_by", "note"])
    audit.record(
        by=by,
        action="access_task.closed",
        item_kind="access_task",
        item_id=found.pk,
        basis=basis,
        details={"kind": found.kind, "step": found.step},
    )
