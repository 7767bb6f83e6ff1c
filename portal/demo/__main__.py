"""`python -m portal.demo`: start everything, fill it, say READY, stay until told to stop."""

import sys
import time
from typing import TextIO

from portal.demo import layout as layouts
from portal.demo.errors import DemoError
from portal.demo.fill.steps import fill
from portal.demo.supervisor import Say, Supervisor, sole_owner, stop_on_signals
from portal.embedded.errors import EmbeddedServerError


def main() -> int:
    """Run a demo; the exit code is 0 after Ctrl-C or SIGTERM, 1 when it could not start."""
    began = time.monotonic()

    def say(text: str) -> None:
        _tell(f"demo {time.monotonic() - began:5.1f} s: {text}")

    stop_on_signals()
    try:
        layout = layouts.from_environment()
        with sole_owner(layout):
            supervisor = Supervisor(layout, say)
            try:
                supervisor.start()
                fill(supervisor, say)
                _tell_addresses(supervisor, say)
                _tell(f"READY {layout.portal_url}")
                supervisor.watch()
            finally:
                say("stopping")
                supervisor.stop()
                say("stopped")
    except KeyboardInterrupt:
        return 0
    except (DemoError, EmbeddedServerError) as problem:
        _tell(f"demo: {problem}", sys.stderr)
        return 1
    return 0


def _tell(line: str, where: TextIO = sys.stdout) -> None:
    where.write(f"{line}\n")
    where.flush()


def _tell_addresses(supervisor: Supervisor, say: Say) -> None:
    layout = supervisor.layout
    say(f"stand-ins, phones, printer's tray and clock: {layout.standins_url}/")
    say(f"workers: {layout.flower_url}/ (drift / {supervisor.secrets['FLOWER_PASSWORD']})")
    say(f"logs: {layout.logs}")


if __name__ == "__main__":
    sys.exit(main())
