"""The whole table enumerated: what must hold in every state, whoever asks about whatever."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import chain

import pytest

from tests.youth_access.rule_states import (
    BIRTHS,
    CITIZENS,
    CODE_SETS,
    FEW_CODE_SETS,
    FLAGS,
    PAIRS,
    REFERRALS,
    REFUSING,
    SINGLE,
    State,
    amount,
    answer,
    states,
    within,
)
from youth_access.ages import Band
from youth_access.decide import Decision
from youth_access.facts import Kind, Service
from youth_access.table import Switch, Table, versions

PLAIN = frozenset[str]()
OTHERS = tuple(kind for kind in Kind if kind not in CITIZENS)
FEW_REFERRALS = ("open", "not assessed", "parents denied", "youth denied", "two, one not assessed")
TABLE = versions()[-1]
ROWS = {row.id: row for row in TABLE.rows}


def opened(table: Table, *names: str) -> Table:
    """The table with some of its questions answered with yes."""
    return replace(
        table,
        switches={
            name: Switch(name, switch.closed and name not in names, switch.question)
            for name, switch in table.switches.items()
        },
    )


EACH_OPENED = {name: opened(TABLE, name) for name in TABLE.switches}
ALL_OPENED = opened(TABLE, *TABLE.switches)


def assert_sound(state: State, decision: Decision) -> None:
    """What no decision may ever be."""
    see, act, notify = amount(decision)
    assert see or not (act or notify), state
    if decision.rule == "DEFAULT":
        assert not see, state
    else:
        assert see == (ROWS[decision.rule].effect == "grant"), state
    if state.kind == Kind.PARENT and state.band in (Band.NEARLY_ADULT, Band.ADULT):
        assert not see, state


def around(
    kinds: Iterable[Kind], codes: Iterable[frozenset[str]], referrals: Iterable[str], table: Table = TABLE
) -> Iterator[tuple[State, Decision]]:
    """Ordinary states with their decisions."""
    for state in states(kinds, codes, referrals, [PLAIN]):
        yield state, answer(state, table)


def test_every_relation_age_service_code_and_referral() -> None:
    count, reached = 0, set()
    for state, decision in around(Kind, CODE_SETS, REFERRALS):
        assert_sound(state, decision)
        reached.add(decision.rule)
        count += 1
    assert count == len(Kind) * len(BIRTHS) * len(Service) * len(CODE_SETS) * len(REFERRALS) == 185_328
    assert "DEFAULT" in reached


def test_no_code_ever_adds_access() -> None:
    for plain, most in around(Kind, [PLAIN], REFERRALS):
        for codes in CODE_SETS:
            assert within(answer(plain._replace(codes=codes)), most), (plain, codes)


@pytest.mark.parametrize("table", [TABLE, ALL_OPENED, *EACH_OPENED.values()])
def test_a_referral_that_is_not_open_never_adds_access(table: Table) -> None:
    for open_, most in around(CITIZENS, [PLAIN, frozenset({"NORN_UNGDOM"})], ["open"], table):
        for referral in REFERRALS:
            assert within(answer(open_._replace(referral=referral), table), most), (open_, referral)


@pytest.mark.parametrize(
    ("kinds", "codes", "referrals"),
    [(CITIZENS, FEW_CODE_SETS, FEW_REFERRALS), (OTHERS, [PLAIN, frozenset({"NORS"})], ["open", "not assessed"])],
)
def test_each_fact_alone_is_sound_and_no_refusal_adds_access(
    kinds: tuple[Kind, ...], codes: Iterable[frozenset[str]], referrals: Iterable[str]
) -> None:
    for plain, most in around(kinds, codes, referrals):
        for flag in FLAGS:
            state = plain._replace(flags=frozenset({flag}))
            decision = answer(state)
            assert_sound(state, decision)
            assert flag not in REFUSING or within(decision, most), state


def test_each_two_facts_together_are_sound_and_no_refusal_adds_access() -> None:
    unlike = {Service.LETTER, Service.DIALOGUE, Service.JOURNAL, Service.FORM, Service.LOG, Service.PROXIES}
    for plain in states(CITIZENS, [PLAIN], ["open", "not assessed"], [PLAIN]):
        if plain.service not in unlike:
            continue
        alone = {flag: answer(plain._replace(flags=frozenset({flag}))) for flag in FLAGS}
        for pair in PAIRS:
            state = plain._replace(flags=pair)
            decision = answer(state)
            assert_sound(state, decision)
            for flag in pair & REFUSING:
                (other,) = pair - {flag}
                assert within(decision, alone[other]), state


@pytest.mark.parametrize("table", [TABLE, ALL_OPENED, *EACH_OPENED.values()])
def test_refusals_never_add_access_however_the_switches_stand(table: Table) -> None:
    for plain, most in around(CITIZENS, [PLAIN], ["open", "not assessed"], table):
        for flag in FLAGS:
            state = plain._replace(flags=frozenset({flag}))
            decision = answer(state, table)
            assert_sound(state, decision)
            assert flag not in REFUSING or within(decision, most), state


@pytest.mark.parametrize("table", [TABLE, ALL_OPENED])
def test_a_childs_refusal_never_hides_anything_from_the_child(table: Table) -> None:
    for plain, before in around([Kind.SELF], FEW_CODE_SETS, REFERRALS, table):
        for flag in ("wish pending", "wish respected"):
            assert answer(plain._replace(flags=frozenset({flag})), table) == before, plain
        denied = plain.codes | {"NORN_FORANS"}
        assert amount(answer(plain._replace(codes=denied), table)) == amount(before), plain


@pytest.mark.parametrize("table", [TABLE, ALL_OPENED])
def test_a_fullmektig_never_gets_more_than_the_one_who_gave(table: Table) -> None:
    for theirs in states([Kind.PROXY, Kind.APPOINTED], FEW_CODE_SETS, FEW_REFERRALS, SINGLE):
        got = answer(theirs, table)
        if got.see:
            assert within(got, answer(theirs._replace(kind=Kind.SELF), table)), theirs


@cache
def while_all_are_closed() -> dict[State, Decision]:
    """What citizens are answered, each fact alone, with every question closed."""
    return {state: answer(state) for state in states(CITIZENS, [PLAIN], FEW_REFERRALS[:-1], SINGLE)}


@pytest.mark.parametrize("name", TABLE.switches)
def test_an_opened_question_changes_something_and_only_in_its_direction(name: str) -> None:
    changed = 0
    for state, closed in while_all_are_closed().items():
        open_ = answer(state, EACH_OPENED[name])
        changed += amount(closed) != amount(open_)
        stricter = name == "both_parents_consent"
        assert within(open_, closed) if stricter else within(closed, open_), state
    assert changed


def test_every_question_is_closed() -> None:
    assert all(switch.closed for switch in TABLE.switches.values())


def test_every_row_is_reached() -> None:
    by_code = states(Kind, CODE_SETS, FEW_REFERRALS, [PLAIN])
    by_flag = states(Kind, [PLAIN], FEW_REFERRALS, SINGLE)
    reached = {answer(state).rule for state in chain(by_code, by_flag)}
    only_once_open = {row.id: row.switch for row in TABLE.rows if row.once_open}
    for row, switch in only_once_open.items():
        found = states(CITIZENS, [PLAIN], FEW_REFERRALS, SINGLE)
        assert any(answer(state, EACH_OPENED[switch]).rule == row for state in found), row
    assert reached | only_once_open.keys() == {*ROWS, "DEFAULT"}
    assert not reached & only_once_open.keys()
