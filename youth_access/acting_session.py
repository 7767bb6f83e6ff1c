"""The choice of whom to act for, as the session holds it: one id, and nothing of what it gives."""

from typing import Final

from django.http import HttpRequest

from portal.audit.commands import record
from youth_access.acting_choices import door
from youth_access.eyes import ACTING_FOR, Eyes, own_eyes
from youth_access.footing import actor_of, basis_of

ASK_FIRST: Final = "acting_ask_first"
"""Set at sign-in: whoever has somebody to act for chooses before the page they were on their way to."""


def begin(request: HttpRequest, eyes: Eyes) -> None:
    """Act for the one these eyes look at, from the next request on. Written down; call it in a transaction."""
    request.session[ACTING_FOR] = str(eyes.patient_id)
    _note(eyes, "acting.begin")


def end(request: HttpRequest, eyes: Eyes, *, lost: bool = False) -> None:
    """Be oneself again. `lost` says that the rules ended it. Written down; call it in a transaction."""
    request.session.pop(ACTING_FOR, None)
    if eyes.acting_for_another:
        _note(eyes, "acting.lost" if lost else "acting.end")
    request.eyes = own_eyes(eyes.viewer)  # type: ignore[attr-defined]  # read back by eyes.eyes_of


def _note(eyes: Eyes, action: str) -> None:
    record(
        by=actor_of(eyes),
        action=action,
        item_kind="person",
        item_id=eyes.patient_id,
        person_id=eyes.patient_id,
        basis=basis_of(eyes, door(eyes)),
    )


def ask_first(request: HttpRequest, **_signal: object) -> None:
    """Somebody has come in; their next page may ask whom it is about."""
    if ACTING_FOR not in request.session:
        request.session[ASK_FIRST] = True
