"""What is looked for again and again: reminders whose time has come."""

from time import monotonic
from typing import Final

from appointments.commands.falling_due import AT_ONCE, let_fall_due
from portal.kernel.database_clock import due_now

SECONDS: Final = 20.0
"""How long one round goes on at most; the next one takes what is left."""


def claim_reminders(*, seconds: float = SECONDS) -> int:
    """Let every reminder that is due fall due, batch by batch; says how many did."""
    until = monotonic() + seconds
    due = due_now()
    done = 0
    while True:
        claimed = let_fall_due(due=due)
        done += claimed
        if claimed < AT_ONCE or monotonic() >= until:
            return done
