"""docs/access_scenarios.md names every scenario of access once, and only tests that exist."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ROWS = ROW.findall((ROOT / "docs/access_scenarios.md").read_text())
BY_NUMBER = re.compile(r"test_access_\d\d_")


@cache
def functions(path: Path) -> frozenset[str]:
    return frozenset(node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef))


def test_every_scenario_is_in_the_table_once() -> None:
    assert [int(number) for number, _what, _tests in ROWS] == list(range(1, 61))


@pytest.mark.parametrize(("number", "_what", "tests"), ROWS, ids=[f"s{row[0]}" for row in ROWS])
def test_each_scenario_names_tests_that_exist_or_says_why_not(number: str, _what: str, tests: str) -> None:
    named = NAMED.findall(tests)
    assert named or tests.startswith("left, because "), number
    for path, name in named:
        assert name in functions(ROOT / path), f"{path}::{name}"


def test_the_tests_of_rows_that_bear_a_number_are_in_the_table() -> None:
    written = {
        name for name in functions(ROOT / "tests/youth_access/test_access_with_rows.py") if BY_NUMBER.match(name)
    }
    assert written <= {name for _n, _w, tests in ROWS for _path, name in NAMED.findall(tests)}
