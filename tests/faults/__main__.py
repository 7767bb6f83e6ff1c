"""`make faults`: every drill, one after the other, each with servers and processes of its own.

Names as arguments choose some of them: `python -m tests.faults race broker`. Exit 1 where one found anything wrong.
FAULTS_DIR keeps the logs in a folder.
"""

import subprocess
import sys
import time

from portal.demo.layout import ROOT
from tests.faults.telling import show, show_table

DRILLS = ("drill", "race", "times", "reminders", "broker", "poison")


def main(chosen: list[str]) -> int:
    """Run them and tell how it went."""
    unknown = set(chosen) - set(DRILLS)
    if unknown:
        show(f"there is no drill called {', '.join(sorted(unknown))}; there are {', '.join(DRILLS)}")
        return 2
    went: list[tuple[str, object]] = []
    failed = 0
    for name in chosen or DRILLS:
        show(f"\n=== {name}")
        began = time.monotonic()
        done = subprocess.run([sys.executable, "-m", f"tests.faults.{name}"], cwd=ROOT, check=False)
        failed += done.returncode != 0
        went.append((name, f"{'ok' if done.returncode == 0 else 'FAILED'}, {time.monotonic() - began:.0f} s"))
    show_table("Drills", went)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
