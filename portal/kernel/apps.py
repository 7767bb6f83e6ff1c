"""App registration."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The table of periodic jobs."""

    name = "portal.kernel"
    label = "kernel"
