"""Writing errands, claiming them, and noting how they went."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from portal.kernel import clock
from portal.kernel.database_clock import due_now
from portal.outbox import doorbell, registry
from portal.outbox.bounds import bounds_of
from portal.outbox.models import Errand

_FIRST_PAUSE = timedelta(seconds=2)
_LONGEST_PAUSE = timedelta(minutes=10)
_POISON_AFTER = 12
_NO_HURRY = timedelta(days=60)


class OutsideTransactionError(RuntimeError):
    """An errand was written outside the transaction of the change it belongs to."""


def put(
    kind: str,
    subject: uuid.UUID,
    *,
    step: str = "",
    run_after: datetime | None = None,
    needed_by: datetime | None = None,
) -> None:
    """Write an errand in the present transaction; the same kind, subject and step is written once only.

    What is needed soonest is carried out first; without `needed_by`, first come, first served.
    """
    _write(kind, [_row(kind, subject, step, run_after, needed_by)])
    if run_after is None or run_after <= clock.now():
        doorbell.ring_after_commit(registry.kind(kind).queue)


def put_many(kind: str, subjects: Sequence[tuple[uuid.UUID, datetime | None]]) -> None:
    """Write errands of one kind for many (subject, needed by) at once."""
    _write(kind, [_row(kind, subject, "", None, needed_by) for subject, needed_by in subjects])
    if subjects:
        doorbell.ring_after_commit(registry.kind(kind).queue)


def _row(kind: str, subject: uuid.UUID, step: str, run_after: datetime | None, needed_by: datetime | None) -> Errand:
    now = clock.now()
    start = run_after or now
    return Errand(
        kind=kind,
        queue=registry.kind(kind).queue,
        subject=subject,
        key=f"{kind}:{subject}:{step}",
        run_after=start,
        urgency=needed_by or start + _NO_HURRY,
        created_at=now,
    )


def _write(kind: str, rows: list[Errand]) -> None:
    if not connection.in_atomic_block:
        raise OutsideTransactionError(kind)
    Errand.objects.bulk_create(rows, ignore_conflicts=True)


def claim(queue: str, limit: int) -> list[Errand]:
    """Lease up to `limit` errands of a queue that are due; no two workers get the same one."""
    with transaction.atomic():
        rows = list(_due(queue).select_for_update(skip_locked=True)[:limit])
        for row in rows:
            row.lost += row.lease is not None
            row.lease = uuid.uuid4()
            row.attempts += 1
            Errand.objects.filter(pk=row.pk).update(
                lease=row.lease, lease_until=Now() + registry.kind(row.kind).lease, attempts=row.attempts, lost=row.lost
            )
    return rows


def _due(queue: str) -> QuerySet[Errand]:
    """What this worker may take. While versions change, a kind it does not know is left for a newer worker."""
    known = [kind.name for kind in registry.kinds()]
    return (
        Errand.objects.filter(state=Errand.State.WAITING, queue=queue, run_after__lte=due_now(), kind__in=known)
        .exclude(lease_until__gt=Now())
        .order_by("urgency")
    )


def finish(errand: Errand) -> None:
    """The errand is carried out; nothing happens when the lease was lost to another worker meanwhile."""
    _mine(errand).update(state=Errand.State.DONE, done_at=clock.now(), lease=None, lease_until=None, last_error="")


def postpone(errand: Errand, code: str, until: datetime | None = None) -> None:
    """Try again at `until`, or later and later: 2 s, 4 s, 8 s … up to 10 minutes between tries."""
    pause = min(_FIRST_PAUSE * 2 ** min(errand.attempts - 1, 12), _LONGEST_PAUSE)
    _mine(errand).update(run_after=until or due_now() + pause, lease=None, lease_until=None, last_error=code[:80])


def give_up(errand: Errand, code: str) -> None:
    """A person must take over: the kind's `given_up` and the row's state change together or not at all."""
    with transaction.atomic():
        kept = _mine(errand).update(state=Errand.State.GIVEN_UP, lease=None, lease_until=None, last_error=code[:80])
        if kept:
            with bounds_of(errand):
                registry.kind(errand.kind).given_up(errand.subject, code)


def is_poison(errand: Errand) -> bool:
    """Whether this errand has now taken too many workers down with it."""
    return errand.lost >= _POISON_AFTER


def is_stale(errand: Errand) -> bool:
    """Whether nobody has tried this errand for so long that a person must say if it is still wanted."""
    limit = registry.kind(errand.kind).stale_after
    return limit is not None and errand.attempts <= 1 and clock.now() - errand.run_after > limit


def retry_given_up(errand_id: uuid.UUID) -> bool:
    """An operator lets an errand that was given up try again."""
    return (
        Errand.objects.filter(pk=errand_id, state=Errand.State.GIVEN_UP).update(
            state=Errand.State.WAITING, run_after=clock.now(), attempts=0, lost=0
        )
        == 1
    )


def hasten(kind: str, subject: uuid.UUID) -> None:
    """Let a waiting errand run now (its reason to wait is gone)."""
    Errand.objects.filter(kind=kind, subject=subject, state=Errand.State.WAITING).update(run_after=clock.now())
    doorbell.ring_after_commit(registry.kind(kind).queue)


def forget_done(before: datetime, limit: int = 5000) -> int:
    """Delete errands carried out before an instant; returns how many."""
    old = Errand.objects.filter(state=Errand.State.DONE, done_at__lt=before).values("pk")[:limit]
    return Errand.objects.filter(pk__in=old).delete()[0]


def _mine(errand: Errand) -> QuerySet[Errand]:
    return Errand.objects.filter(pk=errand.pk, lease=errand.lease)
