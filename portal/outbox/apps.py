"""App registration."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """The table of errands."""

    name = "portal.outbox"
    label = "outbox"
