"""Says at start-up which key is missing or wrong, so that nobody finds out while signing in."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from portal.counterparts.identity.client_key import client_key
from portal.people import sealing

_TRIALS: Final[tuple[Callable[[], object], ...]] = (
    sealing.sealing_key_id,
    lambda: sealing.blind_index(""),
    client_key,
)


def keys_are_usable(app_configs: Sequence[Any] | None = None, **_kwargs: object) -> list[CheckMessage]:
    """The system check: one error per key that cannot be used; no message shows key material."""
    found: list[CheckMessage] = []
    for trial in _TRIALS:
        try:
            trial()
        except ImproperlyConfigured as fault:
            found.append(Error(str(fault), id="people.E001"))
    return found
