"""Stand-ins that a killed process and the test itself both speak to, on one clock."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from django.conf import LazySettings

from portal.kernel import clock
from tests.counterparts.running import SECRET, RunningStandins, start_standins

ADDRESSES = {
    "CONTACT_REGISTER_URL": "contact-register",
    "POPULATION_REGISTER_URL": "population-register",
    "PRINT_PROVIDER_URL": "print",
    "SMS_URL": "sms",
    "EMAIL_URL": "email",
    "HEALTH_RECORD_URL": "record-system",
}


@dataclass
class Around:
    """What lies around a step: the stand-ins' address, the environment of a process, and what time it is."""

    url: str
    environment: dict[str, str]
    now: datetime

    def ask(self, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.url}{path}", data, {"Content-Type": "application/json"})  # noqa: S310 (loopback)
        with urlopen(request, timeout=20) as answer:  # noqa: S310 (the same)
            return json.loads(answer.read())

    def pid(self, slug: str) -> str:
        return str(next(row["pid"] for row in self.ask("/people.json") if row["slug"] == slug))

    def copies(self, key: str) -> int:
        return sum(row["copies"] for row in self.ask("/print/orders.json") if row["key"] == key)


@pytest.fixture(scope="session", autouse=True)
def _warm_processes() -> Iterator[None]:
    """What victims are forked from is ended with the run; imported late, for it reads the settings."""
    yield
    if "tests.faults.nursery" in sys.modules:
        from tests.faults.nursery import close_all

        close_all()


@pytest.fixture(scope="session")
def clock_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faults") / "clock.json"


@pytest.fixture(scope="session")
def running(clock_file: Path) -> Iterator[RunningStandins]:
    slow_post = {"STANDINS_POSTING_SECONDS": "86400", "STANDINS_DELIVERY_SECONDS": "0.1"}
    started = start_standins(
        clock_file.parent, "http://127.0.0.1:9", secret=SECRET, clock_file=clock_file, environment=slow_post
    )
    yield started
    started.stop()


@pytest.fixture
def around(running: RunningStandins, clock_file: Path, settings: LazySettings) -> Around:
    """Everybody is well, and it is ten in the morning in Oslo: tomorrow, or the day after where that is too soon.

    What is sent now has then been announced, and is not yet reminded of.
    """
    soonest = clock.real_now().astimezone(clock.OSLO) + timedelta(hours=22)
    day = soonest.date() + timedelta(days=soonest.hour >= 10)
    now = datetime(day.year, day.month, day.day, 10, tzinfo=clock.OSLO)
    offset = (now - clock.real_now()).total_seconds()
    clock_file.write_text(json.dumps({"offset_seconds": offset}))
    os.utime(clock_file)
    environment = {"PORTAL_CLOCK_FILE": str(clock_file), "STANDINS_URL": running.url}
    for name, path in ADDRESSES.items():
        setattr(settings, name, f"{running.url}/{path}")
    made = Around(running.url, environment, now)
    made.ask("/reset", {})
    return made
