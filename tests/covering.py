"""What must be covered whole by tests, branches included, and whether it was: the floor that `.ci/run` holds.

SlipCover (Altmayer Pizzorno and Berger, ISSTA 2023) puts a mark on each line and branch of these modules as they are
imported. Nothing else runs slower for it, so every test counts, in every process that runs tests; processes that tests
start do not count. `python -m tests.covering` adds the processes up, names what nobody reached, and fails if there is
anything.
"""

import json
import os
import sys
from pathlib import Path
from typing import Final

from slipcover import FileMatcher, ImportManager, Slipcover, merge_coverage, print_coverage

WHOLE: Final = (
    "appointments/states.py",
    "appointments/times.py",
    "letters/addressing.py",
    "letters/channel.py",
    "letters/commands",
    "letters/deadlines.py",
    "letters/states.py",
    "youth_access/ages.py",
    "youth_access/case.py",
    "youth_access/codes.py",
    "youth_access/conditions.py",
    "youth_access/decide.py",
    "youth_access/facts.py",
    "youth_access/law.py",
    "youth_access/table.py",
)
FOLDER: Final = Path(".coverage_data")
_MISSED: Final = ("missing lines", "missing branches")
_NEVER: Final = 2**30
"""Marks stay where they are: to take one away would put other code into functions that tests hold on to."""


def begin() -> Slipcover | None:
    """Mark what is imported from now on, if this run asks for it; None if not."""
    if not os.environ.get("TEST_COVERAGE"):
        return None
    marks = Slipcover(branch=True, d_miss_threshold=_NEVER)
    sys.meta_path.insert(0, ImportManager(marks, FileMatcher(sources=list(WHOLE))).mpf)
    return marks


def save(marks: Slipcover, process: str) -> None:
    """Keep what this process has reached."""
    (FOLDER / f"{process}.json").write_text(json.dumps(marks.get_coverage()))


def report() -> int:
    """Print what no process reached; 0 if that is nothing, 2 if it is something."""
    found = Slipcover(branch=True, source=[]).get_coverage()
    for each in sorted(FOLDER.glob("*.json")):
        merge_coverage(found, json.loads(each.read_text()))
    print_coverage(found, skip_covered=True)
    summary = found["summary"]
    unread = sorted(set(map(str, _every_file())) - set(found["files"]))
    told = [f"{what} {summary[what.replace(' ', '_')]}" for what in ("covered lines", "covered branches", *_MISSED)]
    sys.stdout.write(f"covering: {', '.join(told)}; files never imported: {', '.join(unread) or 'none'}\n")
    return 2 if unread or any(summary[what.replace(" ", "_")] for what in _MISSED) else 0


def _every_file() -> list[Path]:
    return sorted(file for each in map(Path, WHOLE) for file in (each.rglob("*.py") if each.is_dir() else [each]))


if __name__ == "__main__":
    sys.exit(report())
