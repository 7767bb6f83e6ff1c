"""The counterparts as a Django app: no tables, one check."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from portal.counterparts.checks import real_counterparts_only


class CounterpartsConfig(AppConfig):
    """Registers the check that refuses stand-ins in production."""

    name = "portal.counterparts"
    verbose_name = "Counterparts"

    def ready(self) -> None:
        """Hold the check against every `manage.py check`, `migrate` and start of a server by hand."""
        register(real_counterparts_only, Tags.security)
