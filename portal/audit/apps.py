"""App registration."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The audit's table."""

    name = "portal.audit"
    label = "audit"
