"""How long the fallback sweep takes for a thousand due letters, at ten thousand and at a million rows.

As a process of its own it sweeps one database each time it is told to, and says how long it took; the two databases
are swept in turns, so that a busy machine is busy for both.
"""

import statistics
import subprocess
import sys
import time
from importlib import import_module

import django

from tests.bench.figures import Figure
from tests.bench.ground import Ground

ROUNDS = 7
DUE = 1000
_FALL_DUE = """
UPDATE letters_posting SET due_at = now() - interval '1 minute' WHERE id IN (
    SELECT id FROM letters_posting WHERE state = 'waiting' AND due_at > now() ORDER BY md5(id::text) LIMIT %s)
"""


def measure(ground: Ground) -> list[Figure]:
    """The medians of some rounds, the first not counted."""
    ours, peer, ratio = in_turns(ground, "tests.bench.sweep")
    return [Figure("fallback sweep of 1 000 due, at 1 M letters", "ms", ours, "at 10 000 letters", peer, ratio, 1.5)]


def in_turns(ground: Ground, module: str) -> tuple[float, float, float]:
    """Let a module sweep the large and the small database in turns: milliseconds of each, and large over small."""
    small, large = (ground.begin(module, name) for name in ("small", "large"))
    seconds: dict[str, list[float]] = {"small": [], "large": []}
    for _ in range(ROUNDS + 1):
        seconds["small"].append(_round(small))
        seconds["large"].append(_round(large))
    for process in (small, large):
        process.communicate("")
    ours, peer = (statistics.median(seconds[name][1:]) * 1000 for name in ("large", "small"))
    ratio = statistics.median(
        big / little for big, little in zip(seconds["large"][1:], seconds["small"][1:], strict=True)
    )
    return ours, peer, ratio


def _round(process: "subprocess.Popen[str]") -> float:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("sweep\n")
    process.stdin.flush()
    return float(process.stdout.readline())


def main() -> None:
    """Sweep whenever a line comes in."""
    django.setup()
    import_module("portal.config.celery")
    from django.db import connection

    from letters.commands import fallback
    from portal.kernel import reach

    for _line in sys.stdin:
        with connection.cursor() as cursor:
            cursor.execute(_FALL_DUE, [DUE])
        began = time.perf_counter()
        with reach.everyone("job:letters.fallback"):
            done = fallback.sweep()
        took = time.perf_counter() - began
        assert done == DUE, done
        sys.stdout.write(f"{took}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
