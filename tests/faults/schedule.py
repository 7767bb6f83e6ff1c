"""Which harm is done in which order: made from a seed, so that the same seed gives the same order again."""

import random
from dataclasses import dataclass

MISBEHAVIOUR: tuple[tuple[str, dict[str, object]], ...] = (
    ("print", {"mode": "accept_then_drop_reply"}),
    ("print", {"mode": "down"}),
    ("print", {"mode": "slow", "seconds": 1.5}),
    ("print", {"mode": "error"}),
    ("print", {"mode": "duplicate_receipts"}),
    ("print", {"mode": "late_receipts"}),
    ("print", {"mode": "garbage"}),
    ("print", {"mode": "forget_keys"}),
    ("print", {"mode": "hang", "seconds": 12, "times": 2}),
    ("population-register", {"mode": "down", "times": 15}),
    ("contact-register", {"mode": "garbage", "times": 15}),
    ("sms", {"mode": "accept_then_drop_reply", "times": 15}),
)
WAYS_TO_DIE = {"child": 5, "tree": 3, "parent": 2}
WELL: dict[str, object] = {"mode": "ok"}


@dataclass(frozen=True)
class Event:
    """One piece of harm. `what` is kill, renderer, beat, flush, restart, behave or clock; `how` says more."""

    what: str
    how: str = ""
    lever: tuple[str, dict[str, object]] | None = None
    pick: float = 0.0


def make(rng: random.Random, *, kills: int, flushes: int, restarts: int, modes: int, days: int) -> list[Event]:
    """A shuffled list of events. The printer behaves again between two spells of misbehaviour."""
    ways = rng.choices(list(WAYS_TO_DIE), list(WAYS_TO_DIE.values()), k=kills)
    events = [Event("kill", way, pick=rng.random()) for way in ways]
    events += [Event("flush")] * flushes
    events += [Event("restart")] * restarts
    events += [Event("renderer", pick=rng.random()) for _ in range(kills // 12)]
    events += [Event("beat")] * (kills // 20)
    events += [Event("clock", "P1D")] * days
    rng.shuffle(events)
    spells = [MISBEHAVIOUR[n % len(MISBEHAVIOUR)] for n in range(modes)]
    rng.shuffle(spells)
    return _with_spells(events, spells)


def _with_spells(events: list[Event], spells: list[tuple[str, dict[str, object]]]) -> list[Event]:
    """Spread the spells evenly: each lasts two thirds of its share, then all is well for the last third."""
    made = list(events)
    share = len(events) / max(len(spells), 1)
    places = [(int(n * share), int((n + 0.67) * share), lever) for n, lever in enumerate(spells)]
    for begin, end, lever in reversed(places):
        made.insert(end, Event("behave", "ok", (lever[0], WELL)))
        made.insert(begin, Event("behave", str(lever[1]["mode"]), lever))
    return made
