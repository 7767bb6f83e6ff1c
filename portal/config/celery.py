"""The Celery application: routes, and the beat schedule in UTC by intervals.

Intervals, not wall-clock times: a scheduler that thinks in Oslo time loses or doubles runs on the two nights when the
clocks change. What must happen at a local time looks at the local time itself.
"""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.config.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def schedule(sender: Celery, **kwargs: object) -> None:
    """The periodic jobs; all are safe to run twice at once."""
    every = {
        "portal.outbox.look": settings.DOORBELL_EVERY,
        "letters.fallback": settings.SWEEP_EVERY,
        "letters.routes": settings.SWEEP_EVERY * 5,
        "letters.reports": settings.SWEEP_EVERY * 5,
        "letters.find_lost": settings.SWEEP_EVERY * 5,
        "letters.reconcile": settings.SWEEP_EVERY * 5,
        "appointments.reminders": settings.SWEEP_EVERY,
        "appointments.reports": settings.SWEEP_EVERY * 5,
        "appointments.lapse": settings.SWEEP_EVERY,
        "appointments.find_lost_requests": settings.SWEEP_EVERY * 5,
        "portal.outbox.tidy": settings.SWEEP_EVERY * 5,
        "people.forget_sessions": settings.SWEEP_EVERY * 5,
        "people.register_events": settings.SWEEP_EVERY,
        "people.refresh_snapshots": settings.SWEEP_EVERY * 5,
        "audit.seal": settings.SWEEP_EVERY,
        "audit.verify": settings.SWEEP_EVERY,
        "access.tasks": settings.SWEEP_EVERY * 5,
    }
    for task, interval in every.items():
        sender.add_periodic_task(interval.total_seconds(), sender.signature(task), name=task, expires=60)
