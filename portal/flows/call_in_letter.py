"""The way from an appointment's page to its call-in letter, for whoever may see the letter."""

from django.urls import reverse

from letters.queries.on_screen import visible_to
from portal.ui import links
from youth_access.eyes import Eyes


def connect() -> None:
    """Answer those who ask for a letter by its sender's name."""
    links.register("letter", address)


def address(looker: object, name: str) -> str:
    """The newest letter by that name, one still in force before one taken back; empty where these eyes see none.

    Letters that the portal wrote in another's place carry its name too, so the way leads to the one that counts.
    """
    if not isinstance(looker, Eyes):
        return ""
    letters = visible_to(looker).filter(order__identifiers__contains=[name])
    found = sorted(letters, key=lambda letter: (letter.withdrawn_at is None, letter.received_at))
    return reverse("letters:letter", args=[found[-1].pk]) if found else ""
