"""What the pages need to know about the person who is signed in.

The real object comes from `portal.people`, which lies above this package; only its shape is written down here.
"""

from collections.abc import Collection
from typing import Protocol
from uuid import UUID

from django.http import HttpRequest


class Viewer(Protocol):
    """Someone who is signed in."""

    @property
    def person_id(self) -> UUID:
        """The person's id in this portal."""

    @property
    def display_name(self) -> str:
        """The name as the person is addressed."""

    @property
    def roles(self) -> Collection[str]:
        """Staff roles; empty for those who are citizens only."""


def looker_of(request: HttpRequest) -> object:
    """Who asks a service what is new: the eyes of the request (`youth_access.eyes.Eyes`), where there are any."""
    return getattr(request, "eyes", None) or viewer_of(request)


def viewer_of(request: HttpRequest | None) -> Viewer | None:
    """Who is signed in on this request; None when nobody is, or when the request never got that far."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    return viewer
