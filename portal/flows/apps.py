"""Connects the stories between services when everything they tell of is loaded."""

from importlib import import_module
from typing import Final

from django.apps import AppConfig

STORIES: Final = ("rebooked", "cancelled", "untold", "died", "call_in_letter", "figures")


class FlowsConfig(AppConfig):
    """What happens in one service because something happened in another."""

    name = "portal.flows"
    label = "flows"

    def ready(self) -> None:
        """Let each story listen."""
        for story in STORIES:
            import_module(f"portal.flows.{story}").connect()
