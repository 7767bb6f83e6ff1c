"""The table as data: what is refused, which version counts when, and how an old decision is made again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.youth_access.rule_states import CITIZENS, FEW_CODE_SETS, SINGLE, answer, states
from youth_access import table as tables
from youth_access.decide import decide
from youth_access.facts import Actor, Assurance, Kind, Patient, Referral, Relation, Service, Wishes
from youth_access.table import (
    Table,
    TableError,
    UnknownVersion,
    began_at,
    in_force,
    parse,
    table_by_version,
    versions,
)

BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
HEAD = "id,effect,relations,ages,services,when,switch,see,act,notify,reason,source,law\n"
VETO = "V1,veto,FO,12-15,all,always,closed q,no,no,none,not_available,I,\n"
GRANT = "G1,grant,FO,0-15,letter,always,,yes,yes,message,parent,L,\n"
SWITCHES = 'name,closed,question\nq,yes,"May they?"\n'


def test_rows_are_read_as_they_stand() -> None:
    table = parse(BEGAN, HEAD + VETO + GRANT, SWITCHES)
    veto, grant = table.rows
    assert veto.effect == "veto"
    assert (veto.relations, veto.switch, veto.once_open) == (frozenset({Kind.PARENT}), "q", False)
    assert (grant.see, grant.act, grant.services) == (True, True, frozenset({Service.LETTER}))
    assert grant.notify == "message"
    assert table.rows_for(Kind.PARENT, Service.LETTER) == (veto, grant)
    assert table.rows_for(Kind.PARENT, Service.JOURNAL) == (veto,)
    assert table.rows_for(Kind.SELF, Service.LETTER) == ()


def test_a_switch_that_is_opened_takes_its_veto_away_and_lets_its_grant_count() -> None:
    waiting = GRANT.replace("always,,", "always,open q,")
    closed = parse(BEGAN, HEAD + VETO + waiting, SWITCHES)
    opened = parse(BEGAN, HEAD + VETO + waiting, SWITCHES.replace("yes", "no"))
    assert [row.id for row in closed.rows_for(Kind.PARENT, Service.LETTER)] == ["V1"]
    assert [row.id for row in opened.rows_for(Kind.PARENT, Service.LETTER)] == ["G1"]
    assert closed.digest != opened.digest


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("veto", "deny"),
        ("FO", "XX"),
        ("FO", ""),
        ("12-15", "12-14"),
        ("12-15", ""),
        ("all", "everything"),
        ("all", ""),
        ("always", "perhaps"),
        ("closed q", "closed other"),
        ("closed q", "closed"),
        ("closed q", "q"),
        ("no,no,none", "yes,no,none"),
        ("no,no,none", "no,yes,none"),
        ("no,no,none", "no,no,message"),
        ("no,no,none", "no,no,shout"),
        ("no,no,none", "No,no,none"),
        ("not_available", ""),
        ("veto", "grant"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused_by_its_name(wrong: str, right: str) -> None:
    with pytest.raises(TableError, match="row V1"):
        parse(BEGAN, HEAD + VETO.replace(wrong, right, 1) + GRANT, SWITCHES)


def test_a_missing_column_is_refused() -> None:
    with pytest.raises(TableError, match="row V1"):
        parse(BEGAN, (HEAD + VETO).replace(",law", "").replace(",I,\n", ",I\n"), SWITCHES)


def test_two_rows_with_one_id_and_vetoes_below_grants_are_refused() -> None:
    with pytest.raises(TableError, match="one id"):
        parse(BEGAN, HEAD + VETO + VETO, SWITCHES)
    with pytest.raises(TableError, match="below a grant"):
        parse(BEGAN, HEAD + GRANT + VETO, SWITCHES)


def test_a_switch_is_closed_yes_or_no_and_stands_in_some_row() -> None:
    with pytest.raises(TableError, match="closed is yes or no"):
        parse(BEGAN, HEAD + VETO, SWITCHES.replace("yes", "maybe"))
    with pytest.raises(TableError, match="no row has the switch idle"):
        parse(BEGAN, HEAD + VETO, f"{SWITCHES}idle,yes,Who?\n")


def test_a_table_without_grants_says_no_to_everybody() -> None:
    table = parse(BEGAN, HEAD + VETO, SWITCHES)
    for state in states(Kind, [frozenset()], ["open"], SINGLE[:1]):
        assert answer(state, table).rule in ("V1", "DEFAULT")
        assert not answer(state, table).see


@pytest.mark.parametrize(
    ("name", "instant"),
    [
        ("2026-11-01", datetime(2026, 10, 31, 23, tzinfo=UTC)),
        ("2026-06-01", datetime(2026, 5, 31, 22, tzinfo=UTC)),
        ("2026-11-22T1200", datetime(2026, 11, 22, 11, tzinfo=UTC)),
    ],
)
def test_a_version_begins_at_midnight_or_at_a_minute_in_oslo(name: str, instant: datetime) -> None:
    table = parse(began_at(name), HEAD + VETO, SWITCHES)
    assert table.valid_from == instant
    assert table.version == f"{name}:{table.digest[:12]}"


NOON = began_at("2026-11-22T1200")


@pytest.fixture
def changed_at_noon(monkeypatch: pytest.MonkeyPatch) -> tuple[Table, Table]:
    """Two versions: the second opens one question at noon."""
    before = versions()[0]
    after = parse(NOON, *_files(opening="not_assessed_parents"))
    monkeypatch.setattr(tables, "versions", lambda: (before, after))
    return before, after


def _files(opening: str) -> tuple[str, str]:
    folder = files("youth_access") / "data" / "rules" / "2026-11-01"
    rules, switches = ((folder / f"{name}.csv").read_text(encoding="utf-8") for name in ("rules", "switches"))
    return rules, switches.replace(f"{opening},yes", f"{opening},no")


def test_a_change_at_noon_counts_from_noon_and_old_decisions_can_be_made_again(
    changed_at_noon: tuple[Table, Table],
) -> None:
    """Scenario 59."""
    before, after = changed_at_noon
    assert in_force(NOON - timedelta(microseconds=1)) is before
    assert in_force(NOON) is in_force(NOON + timedelta(days=9)) is after
    assert in_force(datetime(2020, 1, 1, tzinfo=UTC)) is before
    found = list(states(CITIZENS, FEW_CODE_SETS, ["open", "not assessed"], SINGLE[:4]))
    for table in changed_at_noon:
        for state in found[::7]:
            noted = answer(state, table)
            assert answer(state, table_by_version(noted.version)) == noted
    assert any(answer(each, before).see != answer(each, after).see for each in found)


def test_a_decision_names_the_version_of_its_own_instant(changed_at_noon: tuple[Table, Table]) -> None:
    asked = (Actor(), Relation(Kind.SELF), Patient(None), Service.LETTER, None, Referral(), Wishes(), Assurance.HIGH)
    before, after = changed_at_noon
    assert decide(*asked, NOON - timedelta(seconds=1)).version == before.version
    assert decide(*asked, NOON).version == after.version


@pytest.mark.parametrize("version", ["", "2026-11-01", "2026-11-01:000000000000", "2020-01-01:abc"])
def test_an_unknown_version_is_said_to_be_unknown(version: str) -> None:
    with pytest.raises(UnknownVersion):
        table_by_version(version)


def test_every_kept_version_can_be_found_again_and_they_are_in_order() -> None:
    kept = versions()
    assert [table_by_version(table.version) for table in kept] == list(kept)
    assert [table.valid_from for table in kept] == sorted({table.valid_from for table in kept})


CELL = st.sampled_from(["V1", "veto", "grant", "FO", "12-15", "all", "always", "yes", "no", "none", '"', "", "\x00"])


@given(st.lists(st.lists(CELL | st.text(max_size=5), max_size=15)), st.text(max_size=80))
def test_whatever_stands_in_the_files_is_read_or_refused(lines: list[list[str]], switches: str) -> None:
    rules = "\n".join(",".join(cells) for cells in lines)
    try:
        table = parse(BEGAN, HEAD + rules, f"name,closed,question\n{switches}")
    except TableError:
        return
    assert all(row.see == (row.effect == "grant") for row in table.rows)


def test_a_cell_too_many_is_refused() -> None:
    with pytest.raises(TableError, match="V1 has a cell too many"):
        parse(BEGAN, f"{HEAD}{VETO.strip()},more\n", SWITCHES)


def test_the_hash_covers_both_files() -> None:
    table = parse(BEGAN, HEAD + VETO, SWITCHES)
    assert parse(BEGAN, HEAD + VETO + GRANT, SWITCHES).digest != table.digest
    assert parse(BEGAN, HEAD + VETO, SWITCHES.replace("May", "Might")).digest != table.digest
    assert replace(table, rows=()).digest == table.digest
