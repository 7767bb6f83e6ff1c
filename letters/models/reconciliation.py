"""The nightly comparison with the printer, to the letter, both ways."""

from django.db import models

from portal.kernel.models import UuidModel


class Reconciliation(UuidModel):
    """One comparison: our hand-overs of a period against the printer's own list of the same period.

    `missing` are keys we believe handed over and the printer does not know; `ghosts` are orders the printer has and
    we do not; `doubled` are keys printed more than once. Lists hold keys and ids only.
    """

    period_start = models.DateTimeField()
    period_end = models.DateTimeField()
    finished_at = models.DateTimeField()
    ours = models.PositiveIntegerField()
    theirs = models.PositiveIntegerField()
    missing = models.JSONField(default=list)
    ghosts = models.JSONField(default=list)
    doubled = models.JSONField(default=list)
    repaired = models.JSONField(default=list)
    by_type = models.JSONField(default=dict)

    class Meta:
        get_latest_by = "finished_at"
        indexes = [models.Index("finished_at", name="reconciliation_latest")]

    def __str__(self) -> str:
        return f"{self.period_start:%Y-%m-%d}"

    @property
    def agrees(self) -> bool:
        """Whether both sides hold the same letters, once each."""
        return not (self.missing or self.ghosts or self.doubled)
