"""Tables of legal moves: what follows from a state and an event, and nothing else. The tables stand in each service."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from portal.kernel.errors import FinalError

State = TypeVar("State", bound=StrEnum)
Event = TypeVar("Event", bound=StrEnum)


class IllegalMoveError(FinalError):
    """Something was asked that the state does not allow."""


def next_state(table: Mapping[tuple[State, Event], State], state: State, event: Event) -> State:
    """The state that follows; IllegalMoveError where the table has none."""
    try:
        return table[state, event]
    except KeyError:
        raise IllegalMoveError("illegal-move", f"{state} + {event}") from None
