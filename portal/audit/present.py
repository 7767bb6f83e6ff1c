"""What the present request knows about whoever sent it, so that every audit row of it says the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Present:
    """The request's id, and what the session vouches for: level, and a clinician's HPR number and organisation."""

    request_id: str = ""
    acr: str = ""
    hpr: str = ""
    organisation: str = ""


NOBODY: Final = Present()
_now: ContextVar[Present] = ContextVar("audit_present", default=NOBODY)


def present() -> Present:
    """The present request's facts; empty outside requests."""
    return _now.get()


@contextmanager
def during(facts: Present) -> Iterator[None]:
    """Let every audit row written inside carry these facts."""
    token = _now.set(facts)
    try:
        yield
    finally:
        _now.reset(token)
