"""Reminders while workers are killed: each once, none of a time that is no longer, none of what is cancelled.

`python -m tests.faults.reminders`. Appointments come in over FHIR; some are moved, some cancelled on the way. Days pass
on the shared clock, eight hours at a time, and at every stop workers die in the middle of telling, the broker is
emptied and the gateway takes messages without saying so. In the end each appointment has been told of exactly as its
own days say, and the gateway holds each message once. Sizes by FAULTS_APPOINTMENTS and FAULTS_KILLS, the order of
events by FAULTS_SEED.
"""

import os
import random
import secrets
import sys
import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import httpx
import redis

from portal.counterparts.standins.appointment_order import Words, appointment
from portal.counterparts.standins.units import UNITS, Unit
from portal.demo.fill.record_system import RecordSystem
from portal.demo.fill.region import Inhabitant
from portal.kernel.clock import OSLO
from tests.faults.drill import NEVER_SIGN_IN
from tests.faults.processes import kill
from tests.faults.stage import Stage, open_stage, wait_for
from tests.faults.telling import say, show, show_table
from tests.faults.traffic import signed_in

BEGINS: Final = datetime(2027, 1, 11, 10, tzinfo=OSLO)
"""A Monday; no holiday and no change of the clocks until it is over."""
FIRST_START: Final = BEGINS + timedelta(days=10, hours=1)
MOVED_AFTER, CANCELLED_AFTER, OVER_AFTER = (timedelta(days=each) for each in (4, 6, 12))
STEP: Final = timedelta(hours=8)
UNIT: Final = "4208101"
READERS: Final = 8
FLUSHES: Final = 6
FATES: Final = ("stays", "stays", "moved", "cancelled")
EXPECTED: Final = {
    "stays": {"created": 1, "days": 1, "hours": 1, "unconfirmed": 1},
    "moved": {"created": 1, "days": 1, "moved": 1, "hours": 1, "unconfirmed": 1},
    "cancelled": {"created": 1, "days": 1, "cancelled": 1},
}
"""What is told of each. One that is moved when its week's notice has gone gets no second: the move has said it all."""
_DUE: Final = (
    "SELECT (SELECT count(*) FROM appointments_reminder WHERE state = 'queued' OR (state = 'planned' AND due_at <= %s))"
    " + (SELECT count(*) FROM outbox_errand WHERE state = 'waiting' AND run_after <= %s)"
    " + (SELECT count(*) FROM appointments_remindermessage WHERE state = 'queued')"
)


@dataclass(frozen=True)
class Planned:
    """One appointment, and what becomes of it."""

    words: Words
    patient: Inhabitant
    fate: str

    def said(self, *, at: datetime, unit: Unit, **changes: Any) -> dict[str, Any]:
        """The hospital's word of it."""
        resource = appointment(replace(self.words, **changes), self.patient.pid, unit)
        resource["meta"]["lastUpdated"] = at.isoformat()
        return resource


class Drill:
    """The hospital, the clock and the harm."""

    def __init__(self, stage: Stage, planned: list[Planned], rng: random.Random, kills: int) -> None:
        self.stage, self.planned, self.rng = stage, planned, rng
        self.now = BEGINS
        stops = int(OVER_AFTER / STEP)
        self.kills = Counter(rng.choices(range(stops), k=kills))
        self.flushes = set(rng.sample(range(stops), min(FLUSHES, stops)))
        self.done: Counter[str] = Counter()
        self.unit = next(each for each in UNITS if each.resh == UNIT)

    def live_through(self) -> bool:
        """Twelve days; False where something stood still."""
        self.say_all([each.said(at=self.now, unit=self.unit) for each in self.planned])
        say(f"{len(self.planned)} appointments taken in")
        quiet = True
        for stop in range(int(OVER_AFTER / STEP)):
            self._harm(stop)
            quiet = self._told() and quiet
            self.stage.behave("sms", mode="ok")
            self.now += STEP
            self.stage.move_clock(set=self.now.isoformat())
            if self.now == BEGINS + MOVED_AFTER:
                later = [each for each in self.planned if each.fate == "moved"]
                self.say_all(
                    [
                        each.said(at=self.now, unit=self.unit, start=each.words.start + timedelta(days=1))
                        for each in later
                    ]
                )
            if self.now == BEGINS + CANCELLED_AFTER:
                ended = [each for each in self.planned if each.fate == "cancelled"]
                self.say_all([each.said(at=self.now, unit=self.unit, status="cancelled", reason="2") for each in ended])
        self.now += timedelta(days=1)
        self.stage.move_clock(set=self.now.isoformat())
        return self._told() and quiet

    def say_all(self, resources: list[dict[str, Any]]) -> None:
        """The portal has taken in each when this comes back."""
        hospital = RecordSystem(self.stage.layout)
        hospital.connect()
        for resource in resources:
            hospital.tell("Appointment", resource)

    def _harm(self, stop: int) -> None:
        self.stage.behave("sms", mode=self.rng.choice(["ok", "accept_then_drop_reply", "slow"]), times=20, seconds=0.5)
        if stop in self.flushes:
            with redis.Redis.from_url(self.stage.servers.redis_url) as broker:
                broker.flushall()
            self.done["flushes"] += 1
        for _ in range(self.kills[stop]):
            time.sleep(self.rng.uniform(0.1, 2.5))  # somewhere in the middle of telling, never at the same place
            worker = self.rng.choice([each for each in self.stage.workers if each.name != "render"])
            children = worker.children()
            if children and self.rng.random() < 0.6:
                kill(self.rng.choice(children))
            else:
                worker.kill_tree()
            self.done["kills"] += 1
            self.stage.revive()

    def _told(self) -> bool:
        now = self.now
        return wait_for(
            f"what is due at {now:%d.%m. %H:%M}",
            lambda: self.stage.number(_DUE, now, now + timedelta(minutes=30)) == 0,
            240,
            self.stage.revive,
        )


def plan(rng: random.Random, people: list[Inhabitant], count: int) -> list[Planned]:
    """Appointments of ten in the morning and after, a minute apart, and what becomes of each."""
    made = []
    for number in range(count):
        start = FIRST_START + timedelta(minutes=number)
        words = Words(number=f"P-{number:05}", title="Kontroll", start=start, minutes=1, flags=("canAcknowledge",))
        made.append(Planned(words, rng.choice(people), FATES[number % len(FATES)]))
    return made


def run(count: int, kills: int, seed: str) -> bool:
    """The whole drill; True when everything was told of once."""
    rng = random.Random(seed)
    show(f"seed {seed}, {count} appointments, {kills} kills")
    with open_stage("reminders", {"FAULTS_LEASE_SECONDS": "4"}) as stage:
        stage.begin_web()
        grown = [each for each in stage.people() if each.active and each.kind == "citizen" and each.birth_date < "2005"]
        readers = [each for each in grown if each.slug not in NEVER_SIGN_IN][:READERS]
        say(f"signing in {len(readers)} readers")
        signed_in(stage.layout, readers)
        stage.move_clock(set=BEGINS.isoformat())
        _give_telephones(stage, readers)
        stage.begin_workers()
        began = time.monotonic()
        drill = Drill(stage, plan(rng, readers, count), rng, kills)
        quiet = drill.live_through()
        return _report(drill, time.monotonic() - began) and quiet


def _give_telephones(stage: Stage, readers: list[Inhabitant]) -> None:
    """Each has a number that the contact register has heard of lately."""
    lately = BEGINS.isoformat()
    with httpx.Client(trust_env=False, timeout=30) as client:
        for number, reader in enumerate(readers):
            told = {"reserved": False, "mobile": f"+4740000{number:03}", "mobile_updated": lately}
            address = f"{stage.layout.standins_url}/contact-register/persons/{reader.pid}"
            client.patch(address, json=told | {"mobile_verified": lately}).raise_for_status()


def _report(drill: Drill, seconds: float) -> bool:
    """Compare what was told with each appointment's own days, and with the gateways' list."""
    told = _told_of(drill.stage)
    wrong = [
        f"{each.words.number} ({each.fate}): {dict(told[each.words.number])}"
        for each in drill.planned
        if told[each.words.number] != Counter(EXPECTED[each.fate])
    ]
    keys = {key for (key,) in drill.stage.rows("SELECT 'notice-' || id FROM appointments_remindermessage")}
    with httpx.Client(trust_env=False, timeout=60) as client:
        handed_over = client.get(f"{drill.stage.layout.standins_url}/messages.json").json()
    at_gateway = Counter(each["key"] for each in handed_over)
    doubled = sum(n - 1 for n in at_gateway.values()) + sum(each["copies"] > 1 for each in handed_over)
    rows: list[tuple[str, object]] = [
        ("appointments", len(drill.planned)),
        ("messages at the gateways", len(handed_over)),
        ("worker kills", drill.done["kills"]),
        ("Redis flushes", drill.done["flushes"]),
        ("appointments told of wrongly", len(wrong)),
        ("messages doubled", doubled),
        ("messages lost", len(keys - set(at_gateway))),
        ("messages that nobody knows of", len(set(at_gateway) - keys)),
        ("seconds", f"{seconds:.0f}"),
    ]
    show_table("Reminders", rows)
    for line in wrong[:20]:
        show(f"WRONG: {line}")
    return not wrong and not doubled and keys == set(at_gateway)


def _told_of(stage: Stage) -> dict[str, Counter[str]]:
    """For each of the hospital's numbers, which reminders became messages to somebody, and how many of each."""
    query = (
        "SELECT split_part(a.source_key, '|', 2), r.kind, count(*) FROM appointments_reminder r"
        " JOIN appointments_appointment a ON a.id = r.appointment_id"
        " WHERE r.state = 'done' AND EXISTS (SELECT FROM appointments_remindermessage m WHERE m.reminder_id = r.id"
        " AND m.state IN ('sent', 'delivered')) GROUP BY 1, 2"
    )
    found: dict[str, Counter[str]] = {}
    for number, kind, count in stage.rows(query):
        found.setdefault(number, Counter())[kind] = count
    return found


def main() -> int:
    """Run it once."""
    count, kills = (int(os.environ.get(f"FAULTS_{name}", n)) for name, n in (("APPOINTMENTS", 300), ("KILLS", 60)))
    return 0 if run(count, kills, os.environ.get("FAULTS_SEED") or secrets.token_hex(4)) else 1


if __name__ == "__main__":
    sys.exit(main())
