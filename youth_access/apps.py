"""App registration."""

from importlib import import_module

from allauth.account.signals import user_logged_in
from django.apps import AppConfig

from portal.people import delivery_reports


class YouthAccessConfig(AppConfig):
    """The access rules' facts."""

    name = "youth_access"
    label = "youth_access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register errands and pages; after sign-in, whoever has somebody to act for chooses for whom first."""
        user_logged_in.connect(import_module("youth_access.acting_session").ask_first)
        import_module("youth_access.errands")
        delivery_reports.register("fullmakter", import_module("youth_access.commands.telling").take_report)
        import_module("youth_access.staff_pages").register()
