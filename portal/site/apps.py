"""Registers the pages that belong to no single service."""

from importlib import import_module

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Front page, settings, what the portal is and how it treats people's data."""

    name = "portal.site"
    label = "site"

    def ready(self) -> None:
        """Fill in the menu. Sign-ins go into the audit from the start."""
        import_module("portal.site.sign_in_audit").connect()
        import_module("portal.site.menu").register_all()
