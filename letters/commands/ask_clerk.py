"""Opening and resolving clerks' tasks."""

from letters.models import ClerkTask, Letter, Posting
from portal.kernel import clock


def open_task(letter: Letter, reason: str, *, posting: Posting | None = None, step: str = "") -> None:
    """Ask a person to look at a letter; the same question about the same thing is asked once."""
    row = ClerkTask(letter=letter, posting=posting, reason=reason, step=step, opened_at=clock.now())
    ClerkTask.objects.bulk_create([row], ignore_conflicts=True)


def close_overtaken(posting: Posting, reason: str) -> None:
    """The question has found its answer without a person. The letter must be locked."""
    asked = ClerkTask.objects.filter(posting=posting, reason=reason, resolved_at__isnull=True)
    asked.update(resolved_at=clock.now(), resolution="overtaken")
