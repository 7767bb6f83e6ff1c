"""The floor of what tests must reach sees a line, a branch and a file that nobody reached."""

import importlib
import sys
from pathlib import Path

import pytest

from tests import covering

PROGRAM = """
def size(number: int) -> str:
    if number > 9:
        return "large"
    return "small"


def sign(number: int) -> int:
    if number < 0:
        number = -number
    return number
"""


@pytest.fixture
def floor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one module that must be covered whole."""
    (tmp_path / "measured_by_itself.py").write_text(PROGRAM)
    monkeypatch.setenv("TEST_COVERAGE", "1")
    monkeypatch.setattr(covering, "WHOLE", (str(tmp_path / "measured_by_itself.py"),))
    monkeypatch.setattr(covering, "FOLDER", tmp_path)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "measured_by_itself", raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("first", "second", "says", "code"),
    [
        ((10, -1), (1, 1), "missing lines 0, missing branches 0; files never imported: none", 0),
        ((10, -1), (11, -2), "missing lines 1, missing branches 2;", 2),
        ((10, -1), (1, -1), "missing lines 0, missing branches 1;", 2),
    ],
    ids=["all", "a line", "a branch alone"],
)
def test_what_two_processes_reached_counts_together(
    floor: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    first: tuple[int, int],
    second: tuple[int, int],
    says: str,
    code: int,
) -> None:
    for name, (size, sign) in (("gw0", first), ("gw1", second)):
        monkeypatch.delitem(sys.modules, "measured_by_itself", raising=False)
        marks = covering.begin()
        assert marks is not None
        measured = importlib.import_module("measured_by_itself")
        measured.size(size)
        measured.sign(sign)
        covering.save(marks, name)
        del sys.meta_path[0]
    assert covering.report() == code
    assert says in capsys.readouterr().out


@pytest.mark.usefixtures("floor")
def test_a_file_that_no_process_imported_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert covering.report() == 2
    assert "measured_by_itself.py" in capsys.readouterr().out


def test_a_run_that_does_not_ask_is_not_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_COVERAGE", raising=False)
    assert covering.begin() is None
