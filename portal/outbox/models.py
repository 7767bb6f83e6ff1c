"""The table of errands: what must still be carried out, each exactly as long as it takes.

A row is written in the same transaction as the change that calls for it, so neither can exist without the other.
"""

from django.db import models
from django.db.models import Q

from portal.kernel.models import UuidModel


class Errand(UuidModel):
    """One thing to carry out: `kind` says which handler, `subject` which row it is about.

    What has the earliest `urgency` goes first. `run_after` follows the shared clock (it may wait for
    daytime); `lease_until` is the machine's real time.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        GIVEN_UP = "given_up"

    kind = models.CharField(max_length=40)
    queue = models.CharField(max_length=20)
    subject = models.UUIDField()
    key = models.CharField(max_length=160, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    run_after = models.DateTimeField()
    urgency = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("queue", "urgency", name="errand_next", condition=Q(state="waiting")),
            models.Index("run_after", name="errand_due", condition=Q(state="waiting")),
            models.Index("kind", "run_after", name="errand_unfinished", condition=~Q(state="done")),
            models.Index("subject", name="errand_subject"),
            models.Index("done_at", name="errand_done", condition=Q(state="done")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(lease__isnull=True, lease_until__isnull=True)
                | Q(lease__isnull=False, lease_until__isnull=False),
                name="errand_lease_both_or_neither",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | (~Q(state="done") & Q(done_at__isnull=True)),
                name="errand_done_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
