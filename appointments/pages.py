"""Registers what appointments show on pages shared by all services."""


def register() -> None:
    """Put appointments on the menu and on the front page."""
