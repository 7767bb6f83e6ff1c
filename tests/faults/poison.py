"""One poisoned letter among two hundred: each try to make it kills its worker. The others go, it is set aside.

`python -m tests.faults.poison`. Exit 1 where another letter than the poisoned one is held up, or where the poisoned
one is tried for ever or vanishes without a clerk's task.
"""

import os
import random
import sys
import time

from tests.faults.stage import Stage, open_stage, wait_for
from tests.faults.telling import say, show_table
from tests.faults.traffic import Order, Traffic

TITLE = "Giftbrev"
POISONED = "B-GIFT"
LEASE_SECONDS = 3
DECIDED = "SELECT count(*) FROM letters_letter WHERE stage = 'decided'"
TASKS = """
SELECT count(*) FROM letters_clerktask t JOIN letters_letter l ON l.id = t.letter_id
WHERE t.reason = 'render_failed' AND t.resolved_at IS NULL AND l.stage = 'stuck' AND l.source_key LIKE %s
"""


def run(letters: int) -> bool:
    """Send so many letters, one of them poisoned; True when exactly that one is set aside."""
    extra = {"FAULTS_LEASE_SECONDS": str(LEASE_SECONDS), "FAULTS_POISON": TITLE}
    with open_stage("poison", extra) as stage:
        stage.begin_web()
        patient = next(person for person in stage.people() if person.slug == "kari-nordli")
        keys = [f"B-{n:06}" for n in range(letters - 1)]
        keys.insert(letters // 10, POISONED)
        traffic = Traffic(stage.layout, [Order(key, patient, 0) for key in keys], random.Random(1), TITLE)
        stage.begin_workers()
        began = time.monotonic()
        traffic.begin(senders=2, readers={})
        others = wait_for("the others", lambda: stage.number(DECIDED) == letters - 1, 240, stage.revive)
        seconds_others = time.monotonic() - began
        say("every other letter is on its way")
        aside = wait_for("the poisoned one to be set aside", lambda: _tasks(stage) == 1, 240, stage.revive)
        traffic.end()
        lost = stage.number("SELECT coalesce(max(lost), 0) FROM outbox_errand")
        tasks = stage.number("SELECT count(*) FROM letters_clerktask")
        show_table(
            "Poisoned letter",
            [
                ("letters", letters),
                ("decided", stage.number(DECIDED)),
                ("seconds until the others were decided", f"{seconds_others:.0f}"),
                ("workers the poisoned one took down", lost),
                ("set aside with a task for a clerk", "yes" if aside else "NO"),
                ("tasks in all", tasks),
                ("seconds", f"{time.monotonic() - began:.0f}"),
            ],
        )
        return others and aside and tasks == 1 and not traffic.wrong


def _tasks(stage: Stage) -> int:
    return stage.number(TASKS, f"%{POISONED}")


def main() -> int:
    """Run it once."""
    return 0 if run(int(os.environ.get("FAULTS_POISON_AMONG", "200"))) else 1


if __name__ == "__main__":
    sys.exit(main())
