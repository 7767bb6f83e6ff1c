"""`make bench`: every benchmark as a ratio to a peer of the same run, with its limit. Exit 1 beyond a limit.

Names as arguments choose some of them: rendering, counts, outbox, sweep, pages, access, slots, reminders,
appointments. BENCH_LETTERS (1 000 000) is the large table's size.
"""

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from portal.demo.layout import ROOT
from tests.bench import access, counts, outbox, pages, reminders, rows, slots, sweep, time_rows
from tests.bench.figures import Figure, keep, show, show_table
from tests.bench.ground import Ground, open_ground

SMALL = 10_000
LARGE = int(os.environ.get("BENCH_LETTERS", "1000000"))
WAITING_SMALL, WAITING_LARGE = 10_000, 30_000


def rendering(_ground: Ground) -> list[Figure]:
    """Letters a second through our renderer against bare WeasyPrint, and whether its memory stays flat."""
    command = [sys.executable, "-m", "tests.bench.rendering"]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout)
    ours, bare = found["letters_per_second"], found["bare_weasyprint_per_second"]
    before, after = found["child_megabytes_before"], found["child_megabytes_after_500"]
    growth = found["memory_growth"]
    return [
        Figure("letters rendered", "/s", ours, "bare WeasyPrint", bare, found["ratio"], at_least=found["ratio_aim"]),
        Figure(
            "memory after 500 more letters", "MB", after, "before", before, growth, at_most=found["memory_growth_aim"]
        ),
    ]


BENCHES: dict[str, Callable[[Ground], list[Figure]]] = {
    "rendering": rendering,
    "counts": counts.measure,
    "outbox": outbox.measure,
    "sweep": sweep.measure,
    "pages": pages.measure,
    "access": access.measure,
    "slots": slots.measure,
    "reminders": reminders.measure,
    "appointments": pages.measure_appointments,
}
IN_LARGE = {"outbox", "sweep", "pages", "access", "reminders", "appointments"}
WITH_APPOINTMENTS = {"reminders", "appointments"}


def main(chosen: list[str]) -> int:
    """Fill what is needed, measure, tell, and keep."""
    unknown = set(chosen) - set(BENCHES)
    if unknown:
        show(f"there is no bench called {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
        return 2
    names = chosen or list(BENCHES)
    began = time.monotonic()
    figures: list[Figure] = []
    with open_ground() as ground:
        if IN_LARGE & set(names):
            show(f"filling {SMALL:,} and {LARGE:,} letters".replace(",", " "))
            rows.fill(ground.address("small", superuser=True), letters=SMALL, waiting=WAITING_SMALL)
            rows.fill(ground.address("large", superuser=True), letters=LARGE, waiting=WAITING_LARGE)
            rows.give_reader_letters(ground.address("large", superuser=True))
            show(f"filled after {time.monotonic() - began:.0f} s")
        if WITH_APPOINTMENTS & set(names):
            for name, size, waiting in (("small", SMALL, WAITING_SMALL), ("large", LARGE, WAITING_LARGE)):
                ground.measure("tests.bench.time_rows", name)
                time_rows.fill(ground.address(name, superuser=True), appointments=size, waiting=waiting)
            show(f"appointments filled after {time.monotonic() - began:.0f} s")
        for name in names:
            figures += BENCHES[name](ground)
            show(f"{name} measured after {time.monotonic() - began:.0f} s")
    show("")
    show_table(figures)
    path = keep(figures, _machine() | {"letters": LARGE, "seconds": round(time.monotonic() - began)})
    show(f"\n{path.relative_to(ROOT)}")
    return 0 if all(figure.holds for figure in figures) else 1


def _machine() -> dict[str, object]:
    load = Path("/proc/loadavg").read_text().split()[0]
    return {
        "cores": os.cpu_count(),
        "load": float(load),
        "python": platform.python_version(),
        "system": platform.platform(),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
