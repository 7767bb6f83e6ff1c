"""The portal's own Celery application, with what a drill may ask of it by the environment.

FAULTS_LEASE_SECONDS shortens every errand's lease, so that a short drill need not wait for the real ones.
FAULTS_POISON is a letter's title: rendering that letter kills the worker, each time.
"""

import os
import signal
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import django

from portal.config.celery import app

django.setup()

from letters.models import Letter  # noqa: E402 (tables are known from here on)
from portal.outbox import registry  # noqa: E402

__all__ = ["app"]


def _shorten(seconds: float) -> None:
    for kind in registry.kinds():
        registry._kinds[kind.name] = replace(kind, lease=timedelta(seconds=seconds))


def _poison(title: str) -> None:
    kind = registry.kind("letters.render")

    def render(letter_id: UUID) -> None:
        if Letter.objects.filter(pk=letter_id, title=title).exists():
            os.kill(os.getpid(), signal.SIGKILL)
        kind.handler(letter_id)

    registry._kinds[kind.name] = replace(kind, handler=render)


if os.environ.get("FAULTS_LEASE_SECONDS"):
    _shorten(float(os.environ["FAULTS_LEASE_SECONDS"]))
if os.environ.get("FAULTS_POISON"):
    _poison(os.environ["FAULTS_POISON"])
