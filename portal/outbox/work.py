"""One worker's round: claim, carry out, note how it went, until nothing is due or the round is long enough."""

import logging
from time import monotonic

from django.db import InterfaceError, OperationalError

from portal.kernel.errors import FinalError, RetryableError
from portal.outbox import commands, registry
from portal.outbox.bounds import bounds_of
from portal.outbox.models import Errand

log = logging.getLogger(__name__)

_ROUND_SECONDS = 20.0
_AT_A_TIME = 1
_UNEXPECTED_TRIES = 6


def work(queue: str, *, seconds: float = _ROUND_SECONDS) -> int:
    """Carry out what is due in a queue; returns how many errands were finished."""
    until = monotonic() + seconds
    finished = 0
    while monotonic() < until:
        errands = commands.claim(queue, _AT_A_TIME)
        if not errands:
            break
        finished += sum(_carry_out(errand) for errand in errands)
    return finished


def _carry_out(errand: Errand) -> bool:
    if commands.is_poison(errand):
        commands.give_up(errand, "poison")
        return False
    if commands.is_stale(errand):
        commands.give_up(errand, "too-late")
        return False
    try:
        with bounds_of(errand):
            registry.kind(errand.kind).handler(errand.subject)
    except RetryableError as error:
        commands.postpone(errand, error.code, error.not_before)
        return False
    except FinalError as error:
        commands.give_up(errand, error.code)
        return False
    except (OperationalError, InterfaceError) as error:
        # The database restarts or a lock was waited for in vain: nothing is wrong with the errand.
        log.warning("database away during an errand", extra={"kind": errand.kind, "code": type(error).__name__})
        commands.postpone(errand, f"database:{type(error).__name__}")
        return False
    except Exception as error:
        log.exception("errand failed unexpectedly", extra={"kind": errand.kind})
        if errand.attempts >= _UNEXPECTED_TRIES:
            commands.give_up(errand, f"unexpected:{type(error).__name__}")
        else:
            commands.postpone(errand, f"unexpected:{type(error).__name__}")
        return False
    commands.finish(errand)
    return True
