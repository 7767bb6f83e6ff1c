"""Delivery reports that the gateways send by themselves: one door, and whoever sent the notice takes the report.

Keys look alike whatever a notice was about, so each service is asked whether the notice is its own.
"""

from typing import Protocol
from uuid import UUID


class Taker(Protocol):
    """Takes the report of a notice; False where the notice is not its own."""

    def __call__(self, notice_id: UUID, *, delivered: bool) -> bool:
        """Take it, or say that it is another's."""


_takers: dict[str, Taker] = {}


def register(service: str, taker: Taker) -> None:
    """Let a service take the reports of its notices."""
    _takers[service] = taker


def take(notice_id: UUID, *, delivered: bool) -> bool:
    """Give a report to whose it is; False where nobody knows the notice."""
    return any(taker(notice_id, delivered=delivered) for taker in _takers.values())
