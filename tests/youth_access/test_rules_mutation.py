"""A changed cell breaks a test: every cell of the table is changed in every way it can be, and something differs.

Two kinds of change are none. A row widened to what the rows above it have already settled says nothing new. And some
grants are locked twice: they count once a question is answered, and a veto stands in their way until then; so the
grant's own lock may be opened alone, and nothing comes out.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product

import pytest

from tests.youth_access import rule_sets
from tests.youth_access.rule_states import answer
from tests.youth_access.test_enumeration import opened
from youth_access.conditions import CONDITIONS
from youth_access.facts import Kind, Service
from youth_access.table import ALL_SERVICES, Row, Table, TableError, parse, versions

FOLDER = files("youth_access") / "data" / "rules" / "2026-11-01"
RULES, SWITCHES = ((FOLDER / f"{name}.csv").read_text(encoding="utf-8") for name in ("rules", "switches"))
CELLS = list(csv.DictReader(RULES.splitlines()))
TABLE = versions()[0]
AGES = ("any", "0-11", "12", "12-15", "0-15", "0-17", "16+")
NAMES = tuple(TABLE.switches)
STANDS = ((), *((name,) for name in NAMES), NAMES)
"""How the switches may stand: all closed, each opened alone, all opened."""
LOCKED_TWICE = {"G02b": "V24", "G03b": "V24", "G06b": "V18", "G07b": "V16", "G07c": "V16b"}
SETTLED_BY_G07B = {"G07c": "closed not_assessed_parents"}
"""Once that question is answered, G07b above has granted all that G07c could."""


@dataclass(frozen=True)
class Change:
    """One cell, changed."""

    row: str
    column: str
    value: str

    def table(self) -> Table:
        """The whole table with this one cell changed."""
        text = io.StringIO()
        writer = csv.DictWriter(text, CELLS[0])
        writer.writeheader()
        writer.writerows(each | {self.column: self.value} if each["id"] == self.row else each for each in CELLS)
        return parse(TABLE.valid_from, text.getvalue(), SWITCHES)


def changes(row: dict[str, str]) -> Iterator[Change]:
    """Every way to change one row's cells."""
    for column in ("relations", "services"):
        yield from _sets(row, column)
    others = {
        "effect": ("veto", "grant"),
        "ages": AGES,
        "when": tuple(CONDITIONS),
        "switch": ("", *(f"{state} {name}" for state, name in product(("closed", "open"), NAMES))),
        "see": ("yes", "no"),
        "act": ("yes", "no"),
        "notify": ("none", "message", "task", "alarm"),
        "reason": ("something_else",),
    }
    for column, values in others.items():
        yield from (Change(row["id"], column, value) for value in values if value != row[column])


def _sets(row: dict[str, str], column: str) -> Iterator[Change]:
    words = _words(row[column], column)
    for word in words:
        yield Change(row["id"], column, " ".join(words - {word}))
    every = frozenset(Kind) if column == "relations" else frozenset(Service)
    for word in every - words:
        yield Change(row["id"], column, " ".join({*words, word}))


def _words(cell: str, column: str) -> frozenset[str]:
    if column == "relations":
        return frozenset(cell.split())
    if cell == "any":
        return frozenset(Service)
    return frozenset(cell.replace("all", " ".join(ALL_SERVICES)).split())


@cache
def base(switches: tuple[str, ...], kind: Kind, service: Service) -> dict[rule_sets.Outcome, int]:
    """What the real table decides, with some questions answered."""
    return rule_sets.taken(opened(TABLE, *switches), kind, service)


def survives(change: Change) -> bool:
    """Whether the changed table is accepted and decides as the real one does; `decide` must agree where it differs."""
    try:
        table = change.table()
    except TableError:
        return False
    before, after = (_row(each, change.row) for each in (TABLE, table))
    pair = tuple({before.switch, after.switch} - {""})
    for switches in {*STANDS, pair}:
        real, mutant = opened(TABLE, *switches), opened(table, *switches)
        for kind, service in product(before.relations | after.relations, before.services | after.services):
            was, now = base(switches, kind, service), rule_sets.taken(mutant, kind, service)
            if was != now:
                _decide_agrees(was, now, kind, service, real, mutant)
                return False
    return True


def says_nothing_new(change: Change) -> bool:
    """Whether the change only widens a row, or opens one of two locks."""
    if change.column == "switch":
        return change.row in LOCKED_TWICE and change.value in ("", SETTLED_BY_G07B.get(change.row))
    if change.column not in ("relations", "ages", "services", "when"):
        return False
    try:
        before, after = _row(TABLE, change.row), _row(change.table(), change.row)
    except TableError:
        return False
    scope = rule_sets.scope(before)
    wider = before.relations <= after.relations and before.services <= after.services
    return wider and scope & rule_sets.scope(after) == scope


def _row(table: Table, name: str) -> Row:
    return next(row for row in table.rows if row.id == name)


def _decide_agrees(
    was: dict[rule_sets.Outcome, int],
    now: dict[rule_sets.Outcome, int],
    kind: Kind,
    service: Service,
    real: Table,
    mutant: Table,
) -> None:
    differing = next(bits ^ was.get(outcome, 0) for outcome, bits in now.items() if bits != was.get(outcome, 0))
    state = rule_sets.state_of(differing, kind, service)
    one, other = answer(state, real), answer(state, mutant)
    assert (one.rule, one.see, one.act, one.notify, one.reason) != (
        other.rule,
        other.see,
        other.act,
        other.notify,
        other.reason,
    ), state


@pytest.mark.parametrize("row", CELLS, ids=lambda row: row["id"])
def test_each_changed_cell_is_refused_or_decides_something_else(row: dict[str, str]) -> None:
    survivors = [change for change in changes(row) if not says_nothing_new(change) and survives(change)]
    assert not survivors, "\n".join(map(str, survivors))


@pytest.mark.parametrize(("grant", "veto"), list(LOCKED_TWICE.items()))
def test_a_grant_that_is_locked_twice_is_kept_shut_by_a_veto_with_the_same_switch(grant: str, veto: str) -> None:
    inner, outer = _row(TABLE, grant), _row(TABLE, veto)
    assert inner.once_open
    assert not outer.once_open
    assert inner.switch == outer.switch


@pytest.mark.parametrize(("kind", "service"), list(product(Kind, Service)))
def test_the_sets_say_what_decide_says(kind: Kind, service: Service) -> None:
    for switches in ((), NAMES):
        table = opened(TABLE, *switches)
        for outcome, bits in base(switches, kind, service).items():
            for shift in (0, bits.bit_length() // 2):
                if left := bits >> shift << shift:
                    state = rule_sets.state_of(left, kind, service)
                    assert answer(state, table).rule == outcome[0], state
