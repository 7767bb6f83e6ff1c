"""The tables of moves: what they allow, that nothing else is, and that what is over stays over."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

import pytest

from appointments import states
from appointments.states import (
    APPOINTMENT_MOVES,
    ASKED_MOVES,
    LIVE,
    REMINDING_MOVES,
    RESERVED_MOVES,
    AppointmentEvent,
    Asked,
    AskedEvent,
    Reminding,
    RemindingEvent,
    Reserved,
    ReservedEvent,
    Status,
)
from portal.kernel.moves import IllegalMoveError

Move = Callable[[str, Any], StrEnum]
TABLES: list[tuple[Mapping[Any, StrEnum], type[StrEnum], type[StrEnum], Move]] = [
    (APPOINTMENT_MOVES, Status, AppointmentEvent, states.move_appointment),
    (RESERVED_MOVES, Reserved, ReservedEvent, states.move_reservation),
    (ASKED_MOVES, Asked, AskedEvent, states.move_request),
    (REMINDING_MOVES, Reminding, RemindingEvent, states.move_reminder),
]


@pytest.mark.parametrize(("table", "kinds", "events", "move"), TABLES)
def test_what_the_table_has_is_allowed_and_nothing_else(
    table: Mapping[Any, StrEnum], kinds: type[StrEnum], events: type[StrEnum], move: Move
) -> None:
    for state in kinds:
        for event in events:
            if (state, event) in table:
                assert move(state, event) == table[state, event]
            else:
                with pytest.raises(IllegalMoveError):
                    move(state, event)


@pytest.mark.parametrize(("table", "kinds", "events", "move"), TABLES)
def test_every_state_is_reached_or_begun_in_and_every_event_is_of_use(
    table: Mapping[Any, StrEnum], kinds: type[StrEnum], events: type[StrEnum], move: Move
) -> None:
    begun_in = {Status.PROPOSED, Status.BOOKED, Reserved.HELD, Asked.WAITING, Reminding.PLANNED}
    assert set(kinds) - begun_in <= set(table.values())
    assert {event for _state, event in table} == set(events)


def test_what_is_given_back_answered_or_told_never_begins_again() -> None:
    assert not {Reserved.RELEASED, Reserved.EXPIRED} & {state for state, _event in RESERVED_MOVES}
    assert not {Asked.ACCEPTED, Asked.REFUSED, Asked.WITHDRAWN} & {state for state, _event in ASKED_MOVES}
    assert not {Reminding.DONE, Reminding.VOID} & {state for state, _event in REMINDING_MOVES}
    assert Status.ENTERED_IN_ERROR not in {state for state, _event in APPOINTMENT_MOVES}


def test_only_the_hospital_brings_a_cancelled_appointment_back() -> None:
    back = {event for (state, event), to in APPOINTMENT_MOVES.items() if state not in LIVE and to in LIVE}
    assert back == {AppointmentEvent.REINSTATE}
