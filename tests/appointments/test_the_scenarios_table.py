"""docs/appointment_scenarios.md names every scenario of appointments once, and only tests that exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ROWS = ROW.findall((ROOT / "docs/appointment_scenarios.md").read_text())


def test_every_scenario_is_in_the_table_once() -> None:
    assert [int(number) for number, _what, _tests in ROWS] == list(range(1, 21))


@pytest.mark.parametrize(("number", "_what", "tests"), ROWS, ids=[f"s{row[0]}" for row in ROWS])
def test_each_scenario_names_tests_that_exist(number: str, _what: str, tests: str) -> None:
    named = NAMED.findall(tests)
    assert named, number
    for path, name in named:
        tree = ast.parse((ROOT / path).read_text())
        assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, f"{path}::{name}"
