"""What every app's tables share, and the record of the periodic jobs."""

import uuid
from typing import Any

from django.db import models


class UuidModel(models.Model):
    """A row whose public name is a random uuid, so that nothing can be guessed from it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class AppendOnlyError(RuntimeError):
    """Somebody tried to change or delete a row of history."""


class AppendOnlyModel(models.Model):
    """History: written once, refused by the database and by Python when changed."""

    class Meta:
        abstract = True

    def save(self, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own options, handed on
        """Write the row once."""
        if not self._state.adding:
            raise AppendOnlyError(type(self).__name__)
        super().save(**kwargs)

    def delete(self, using: object = None, keep_parents: bool = False) -> tuple[int, dict[str, int]]:
        """Never."""
        raise AppendOnlyError(type(self).__name__)


class PeriodicRun(models.Model):
    """When a periodic job last ran, as operators and the outside watchdog read it."""

    name = models.CharField(max_length=60, primary_key=True)
    every = models.DurationField()
    started_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=80, blank=True)
    done = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
