"""The tables of moves: what must hold for every walk through them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters import states
from letters.states import AT_PRINTER, FINISHED, POSTAL_MOVES, STOPPABLE, Postal, PostalEvent
from portal.kernel.moves import IllegalMoveError

STARTS = (Postal.WAITING, Postal.DUE, Postal.HELD)


@given(st.sampled_from(STARTS), st.lists(st.sampled_from(PostalEvent), max_size=40))
def test_a_random_walk_never_leaves_the_table(start: Postal, events: list[PostalEvent]) -> None:
    state = start
    for event in events:
        if (state, event) in POSTAL_MOVES:
            state = states.move_postal(state, event)
        else:
            with pytest.raises(IllegalMoveError):
                states.move_postal(state, event)
    assert state in Postal


def reachable(start: Postal, *, without: frozenset[PostalEvent] = frozenset()) -> set[Postal]:
    seen, todo = {start}, [start]
    while todo:
        here = todo.pop()
        for (state, event), target in POSTAL_MOVES.items():
            if state == here and event not in without and target not in seen:
                seen.add(target)
                todo.append(target)
    return seen


def test_every_state_can_be_reached_and_every_unfinished_state_can_finish() -> None:
    assert set().union(*(reachable(start) for start in STARTS)) == set(Postal)
    for state in set(Postal) - FINISHED:
        assert reachable(state) & FINISHED, state


def test_the_only_way_to_the_printer_is_the_point_of_no_return() -> None:
    for start in STARTS:
        assert not reachable(start, without=frozenset({PostalEvent.HAND_OVER})) & AT_PRINTER


def test_paper_at_the_printer_is_stopped_by_the_printer_alone() -> None:
    into_cancelled = {state for (state, _), target in POSTAL_MOVES.items() if target == Postal.CANCELLED}
    assert into_cancelled == STOPPABLE | {Postal.CANCEL_ASKED}


def test_posted_goes_nowhere_but_returned() -> None:
    assert {target for (state, _), target in POSTAL_MOVES.items() if state == Postal.POSTED} == {Postal.RETURNED}
    for end in (Postal.RETURNED, Postal.REJECTED, Postal.CANCELLED):
        assert not [key for key in POSTAL_MOVES if key[0] == end]


def test_an_opened_letter_is_never_available_again() -> None:
    assert {target for (state, _), target in states.DIGITAL_MOVES.items() if state == states.Digital.OPENED} == {
        states.Digital.HIDDEN
    }


@given(st.sampled_from(states.NoticeState), st.sampled_from(states.NoticeEvent))
def test_notices_follow_their_table(state: states.NoticeState, event: states.NoticeEvent) -> None:
    if (state, event) in states.NOTICE_MOVES:
        assert states.move_notice(state, event) == states.NOTICE_MOVES[state, event]
    else:
        with pytest.raises(IllegalMoveError):
            states.move_notice(state, event)


@pytest.mark.parametrize("state", [states.NoticeState.DELIVERED, states.NoticeState.FAILED, states.NoticeState.DROPPED])
def test_a_settled_notice_stays_settled(state: states.NoticeState) -> None:
    assert not [key for key in states.NOTICE_MOVES if key[0] == state]


@given(st.sampled_from(states.Digital), st.sampled_from(states.DigitalEvent))
def test_the_digital_track_follows_its_table(state: states.Digital, event: states.DigitalEvent) -> None:
    if (state, event) in states.DIGITAL_MOVES:
        assert states.move_digital(state, event) == states.DIGITAL_MOVES[state, event]
    else:
        with pytest.raises(IllegalMoveError):
            states.move_digital(state, event)
