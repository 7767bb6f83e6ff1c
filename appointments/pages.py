"""Registers what appointments show on pages shared by all services."""

from appointments import figures, staff_pages


def register() -> None:
    """Put appointments on the menu and on the front page."""
    figures.register()
    staff_pages.register()
