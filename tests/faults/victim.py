"""What the kill-and-restart tests kill: one round of a queue, or one periodic job, in a process of its own.

`python -m tests.faults.victim queue post`, `python -m tests.faults.victim job letters.fallback`.
"""

import sys

from portal.config.celery import app


def main(what: str, name: str) -> None:
    """Do it once, in this process, without a broker."""
    app.finalize()
    app.loader.import_default_modules()
    if what == "queue":
        app.tasks["portal.outbox.work"](queue=name)
    else:
        app.tasks[name]()


if __name__ == "__main__":
    main(*sys.argv[1:])
