"""The great drill: letters come in over FHIR, patients open some, the limit runs out for the rest, and all the while
workers are killed, Redis is flushed, PostgreSQL is restarted and the printer misbehaves.

`python -m tests.faults.drill`. Sizes by FAULTS_LETTERS, FAULTS_KILLS, FAULTS_FLUSHES, FAULTS_RESTARTS; the order of
events by FAULTS_SEED, the longest pause between two of them by FAULTS_GAP (seconds). Exit 1 where a letter is lost or
doubled, or where our rows and the printer's list disagree.
"""

import os
import random
import secrets
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

import redis

from portal.demo.fill.region import Inhabitant
from portal.demo.fill.texts import TEXTS
from portal.demo.layout import ROOT
from tests.faults import books, ledger, schedule
from tests.faults.processes import kill
from tests.faults.schedule import Event
from tests.faults.stage import Stage, open_stage, wait_while_moving
from tests.faults.telling import say, show, show_table
from tests.faults.traffic import Order, Traffic, signed_in

LONGEST_GAP = float(os.environ.get("FAULTS_GAP", "4.5"))
SHORTEST_GAP = 0.6
LATE_READERS_SECONDS = 6.0
STALLED_SECONDS = 240.0  # longer than the longest lease
FINAL_TIME = "2027-03-10T09:00:00+01:00"
# At which share of the drill a letter's reader opens it; some of them weeks after it was printed.
OPENING_TIMES = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.5)
NEVER_SIGN_IN = ("kanari-fugl",)


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    letters: int = 2000
    kills: int = 60
    flushes: int = 10
    restarts: int = 3
    readers: int = 10
    modes: int = 12
    days: int = 8

    @classmethod
    def from_environment(cls) -> "Size":
        """FAULTS_LETTERS and its like over the sizes of the issue."""
        return cls(**{name: int(os.environ.get(f"FAULTS_{name.upper()}", size)) for name, size in vars(cls()).items()})


@dataclass
class Harm:
    """Carries out the schedule, event by event, and counts."""

    stage: Stage
    done: Counter[str] = field(default_factory=Counter)
    died_by_themselves: int = 0

    def do(self, event: Event) -> None:
        """One piece of harm."""
        say(" ".join(part for part in (event.what, event.lever[0] if event.lever else "", event.how) if part))
        self.done[event.what] += 1
        getattr(self, f"_{event.what}")(event)

    def _kill(self, event: Event) -> None:
        workers = self.stage.workers
        worker = workers[int(event.pick * len(workers))]
        self.done[f"kill {event.how}"] += 1
        if event.how == "tree":
            worker.kill_tree()
        elif event.how == "parent" or not (children := worker.children()):
            worker.kill_parent()
        else:
            kill(children[int(event.pick * 997) % len(children)])

    def _renderer(self, event: Event) -> None:
        renderers = [pid for worker in self.stage.workers for pid in worker.grandchildren()]
        if renderers:
            kill(renderers[int(event.pick * len(renderers))])

    def _beat(self, _event: Event) -> None:
        self.stage.parts["beat"].kill_tree()

    def _flush(self, _event: Event) -> None:
        with redis.Redis.from_url(self.stage.servers.redis_url) as broker:
            broker.flushall()

    def _restart(self, _event: Event) -> None:
        assert self.stage.servers.postgres is not None
        self.stage.servers.postgres.restart(immediate=True)

    def _behave(self, event: Event) -> None:
        assert event.lever is not None
        self.stage.behave(event.lever[0], **event.lever[1])

    def _clock(self, event: Event) -> None:
        self.stage.move_clock(advance=event.how)


def plan_orders(rng: random.Random, people: list[Inhabitant], readers: list[Inhabitant], count: int) -> list[Order]:
    """Letters to everybody, most of them to those who read; about half of those will be opened."""
    patients = [person for person in people if person.kind == "citizen"]
    made = []
    for number in range(count):
        patient = rng.choice(readers if rng.random() < 0.75 else patients)
        opens = rng.choice(OPENING_TIMES) if patient in readers and rng.random() < 0.6 else None
        made.append(Order(f"B-{number:06}", patient, rng.randrange(len(TEXTS)), opens))
    return made


def run(size: Size, seed: str) -> bool:
    """The whole drill; True when nothing was lost, doubled or contradictory."""
    rng = random.Random(seed)
    extra = {"FAULTS_LEASE_SECONDS": os.environ["FAULTS_LEASE"]} if os.environ.get("FAULTS_LEASE") else {}
    show(f"seed {seed}, {size}")
    with open_stage("drill", extra) as stage:
        stage.begin_web()
        readers = [p for p in stage.people() if p.active and p.kind == "citizen" and p.slug not in NEVER_SIGN_IN]
        readers = readers[: size.readers]
        say(f"signing in {len(readers)} readers")
        browsers = signed_in(stage.layout, readers)
        traffic = Traffic(stage.layout, plan_orders(rng, stage.people(), readers, size.letters), rng)
        events = schedule.make(
            rng,
            kills=size.kills,
            flushes=size.flushes,
            restarts=size.restarts,
            modes=size.modes,
            days=size.days,
        )
        stage.begin_workers()
        began = time.monotonic()
        traffic.begin(senders=2, readers=browsers)
        harm = Harm(stage)
        _do_all(harm, events, traffic, size)
        settled = _settle(stage, traffic)
        return _report(stage, traffic, harm, time.monotonic() - began, settled=settled)


def _do_all(harm: Harm, events: list[Event], traffic: Traffic, size: Size) -> None:
    """Each event when the work has come so far, or at the latest some seconds after the one before."""
    last = time.monotonic()
    for number, event in enumerate(events):
        while not _is_time(harm.stage, traffic, size, number / len(events), time.monotonic() - last):
            harm.stage.revive()
            time.sleep(0.15)
        last = time.monotonic()
        traffic.share = number / len(events)
        harm.do(event)
        harm.stage.revive()


def _is_time(stage: Stage, traffic: Traffic, size: Size, share: float, since: float) -> bool:
    if since < SHORTEST_GAP:
        return False
    return since > LONGEST_GAP or _progress(stage, traffic, size) >= share


def _progress(stage: Stage, traffic: Traffic, size: Size) -> float:
    """How far the letters have come: taken in, decided, and finished count a third each."""
    decided = stage.number("SELECT count(*) FROM letters_letter WHERE stage = 'decided'")
    waiting = stage.number("SELECT count(*) FROM letters_posting WHERE state IN ('waiting','due','ready','submitting')")
    return (len(traffic.sent) + decided + max(decided - waiting, 0)) / (3 * size.letters)


def _settle(stage: Stage, traffic: Traffic) -> bool:
    """All is well again, weeks pass, and everything comes to an end."""
    say(f"all harm is done; {len(traffic.sent)} letters taken in, {len(traffic.opened)} opened; now it settles")
    for counterpart in ("print", "sms", "email", "population-register", "contact-register"):
        stage.behave(counterpart, mode="ok")
    unsent = lambda: len(traffic.orders) - len(traffic.sent)  # noqa: E731 (used once, here)
    sent = wait_while_moving("the hospital", unsent, STALLED_SECONDS, stage.revive)
    undecided = lambda: books.unfinished(stage).get("letters not yet decided", 0)  # noqa: E731 (the same)
    decided = wait_while_moving("decisions", undecided, STALLED_SECONDS, stage.revive)
    stage.move_clock(set=FINAL_TIME)
    say(f"weeks have passed, {len(traffic.opened)} opened")
    left = lambda: sum(books.unfinished(stage).values())  # noqa: E731 (the same)
    quiet = wait_while_moving("settling", left, STALLED_SECONDS, stage.revive)
    say(f"everything has settled, {len(traffic.opened)} opened")
    traffic.share = 2.0
    time.sleep(LATE_READERS_SECONDS)
    traffic.end()
    if not quiet:
        say(f"left: {books.unfinished(stage)}")
    return sent and decided and quiet


def _report(stage: Stage, traffic: Traffic, harm: Harm, seconds: float, *, settled: bool) -> bool:
    book = books.read(stage, traffic)
    found = ledger.reckon(book)
    found.contradictory += traffic.wrong
    receipts = stage.number("SELECT count(*) FROM letters_printreceipt")
    differences = _own_reconciliation(stage)
    given_up = stage.number("SELECT count(*) FROM outbox_errand WHERE state = 'given_up'")
    rows: list[tuple[str, object]] = [
        ("letters", len(book.letters)),
        ("printed exactly once", found.printed),
        ("opened and not printed", found.opened),
        ("both, opened after the hand-over", found.both_late),
        ("both, reserved patient", found.both_obligatory),
        ("held for a named person, with a task", found.held),
        ("lost", len(found.lost)),
        ("doubled", len(found.doubled)),
        ("contradictory", len(found.contradictory)),
        ("differences in the portal's own comparison", differences),
        ("orders at the printer, copies 1 each", len(book.orders)),
        ("receipts", receipts),
        ("errands given up to a person", given_up),
        ("FHIR calls for them", traffic.tries),
        ("kills (child / tree / parent)", _kills(harm)),
        ("renderers and schedulers killed", harm.done["renderer"] + harm.done["beat"]),
        ("Redis flushes", harm.done["flush"]),
        ("PostgreSQL immediate restarts", harm.done["restart"]),
        ("spells of misbehaviour", sum(n for what, n in harm.done.items() if what == "behave") // 2),
        ("seconds", f"{seconds:.0f}"),
    ]
    show_table("Fault drill", rows)
    for line in [*found.lost, *found.doubled, *found.contradictory][:30]:
        show(f"WRONG: {line}")
    return settled and found.clean and differences == 0


def _own_reconciliation(stage: Stage) -> int:
    """What the portal's nightly comparison finds over all the days of the drill.

    A worker killed in a comparison has left its lease of some minutes, which nobody needs to wait for here.
    """
    stage.change("UPDATE kernel_periodicrun SET lease_until = NULL WHERE name = 'letters.reconcile'")
    command = [sys.executable, "-m", "tests.faults.victim", "job", "letters.reconcile"]
    subprocess.run(command, cwd=ROOT, env=stage.environment, check=True, stderr=subprocess.DEVNULL)
    query = (
        "SELECT coalesce(sum(jsonb_array_length(missing || ghosts || doubled)), 0)"
        " FROM letters_reconciliation WHERE finished_at = (SELECT max(finished_at) FROM letters_reconciliation)"
    )
    return stage.number(query)


def _kills(harm: Harm) -> str:
    kinds = " / ".join(str(harm.done[f"kill {way}"]) for way in schedule.WAYS_TO_DIE)
    return f"{harm.done['kill']} ({kinds})"


def main() -> int:
    """Run it once."""
    return 0 if run(Size.from_environment(), os.environ.get("FAULTS_SEED") or secrets.token_hex(4)) else 1


if __name__ == "__main__":
    sys.exit(main())
