"""Which tests begin. The long ones do, one in each process at a time, so that no process is left alone with one.

The tests are handed out in shares of the same size, one to each process, and whoever is done takes half of the longest
share that is left, from its end (`--dist worksteal`). So each share begins with its part of the long ones. The order
of the others is random, and is left as it is.
"""

from collections.abc import Sequence

LONG = (
    "tests/base/test_demo.py",
    "tests/canary/",
    "tests/faults/test_drill.py",
    "tests/youth_access/test_time_machine.py",
    "tests/letters/test_state_machine.py",
    "tests/appointments/test_state_machine.py",
    "tests/fuzz/test_fuzz_portal.py::test_no_request",
    "tests/fuzz/test_fuzz_portal.py::test_reading_changes",
    "tests/crawl/test_crawl.py",
    "tests/youth_access/test_staff_in_a_browser.py",
    "tests/fhir/test_fhir_fuzz.py",
)
"""The beginnings of their names, the longest first."""


def dealt(names: Sequence[str], processes: int) -> list[int]:
    """The places of the names in the order in which they are to be handed out to so many processes."""
    long = sorted((place for place, name in enumerate(names) if name.startswith(LONG)), key=lambda at: _rank(names[at]))
    others = [place for place, name in enumerate(names) if not name.startswith(LONG)]
    order: list[int] = []
    for number, size in enumerate(shares(len(names), processes)):
        begins = long[number::processes]
        rest = max(size - len(begins), 0)
        order += begins + others[:rest]
        others = others[rest:]
    return order + others


def shares(count: int, processes: int) -> list[int]:
    """How many tests each process is given at first; an even part of what is left."""
    sizes: list[int] = []
    for left in range(processes, 0, -1):
        sizes.append((count - sum(sizes)) // left)
    return sizes


def _rank(name: str) -> int:
    return next(place for place, begins in enumerate(LONG) if name.startswith(begins))
