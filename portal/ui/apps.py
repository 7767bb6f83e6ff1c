"""Registers what every page is built from."""

from django.apps import AppConfig

from portal.ui import languages


class UiConfig(AppConfig):
    """Page chrome, form fields, dates in words and error pages."""

    name = "portal.ui"
    label = "ui"

    def ready(self) -> None:
        """Tell the framework about Northern Sami before the first page asks for it."""
        languages.register_northern_sami()
