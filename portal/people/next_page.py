"""Where to go after signing in: only ever a page of this portal."""

from typing import Final

from django.utils.http import url_has_allowed_host_and_scheme

LONGEST: Final = 2000
FRONT_PAGE: Final = "/"
_NEVER: Final = ("//", "/logg-inn/", "/logg-ut/")


def safe_next(wanted: str | None) -> str:
    """The address asked for if it is a path of ours, else the empty text.

    Refused: other hosts in every disguise (`//x`, `/\\x`, `https:x`, control characters) and the sign-in pages
    themselves, which would go round in circles.
    """
    if not wanted or len(wanted) > LONGEST or not wanted.startswith("/") or wanted.startswith(_NEVER):
        return ""
    if "\\" in wanted or any(ord(letter) < 33 or ord(letter) == 127 for letter in wanted):
        return ""
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else ""
