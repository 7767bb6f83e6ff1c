"""What operators ask of the outbox."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from portal.kernel.database_clock import due_now
from portal.outbox.models import Errand

_MANY_TRIES = 9


@dataclass(frozen=True)
class KindStatus:
    """Errands of one kind: how many wait, since when the oldest is due, how many were given up.

    `struggling` are those tried again and again without success (about nine minutes or longer).
    """

    kind: str
    waiting: int
    due: int
    oldest_due: datetime | None
    given_up: int
    struggling: int


def status() -> list[KindStatus]:
    """One line for each kind that has something waiting or given up; one query."""
    due = Q(state=Errand.State.WAITING, run_after__lte=due_now())
    rows = (
        Errand.objects.exclude(state=Errand.State.DONE)
        .values("kind")
        .annotate(
            waiting=Count("pk", filter=Q(state=Errand.State.WAITING)),
            due=Count("pk", filter=due),
            oldest_due=Min("run_after", filter=due),
            given_up=Count("pk", filter=Q(state=Errand.State.GIVEN_UP)),
            struggling=Count("pk", filter=Q(state=Errand.State.WAITING, attempts__gte=_MANY_TRIES)),
        )
        .order_by("kind")
    )
    return [KindStatus(**row) for row in rows]


def given_up(limit: int = 50) -> list[Errand]:
    """The newest errands that wait for a person, at most so many."""
    return list(Errand.objects.filter(state=Errand.State.GIVEN_UP).order_by("-created_at")[:limit])


def queues_with_work() -> list[str]:
    """Queues in which something is due."""
    due = Errand.objects.filter(state=Errand.State.WAITING, run_after__lte=due_now())
    return sorted(due.values_list("queue", flat=True).distinct())
