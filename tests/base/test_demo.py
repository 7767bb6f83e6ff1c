"""`make demo`, as a newcomer runs it: READY, a second start, and nothing left running."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from portal.demo import strays
from portal.embedded.server import free_port
from portal.kernel import clock
from portal.kernel.calendar import next_daytime
from tests.cores import on_every_core

ROOT = Path(__file__).resolve().parents[2]
FIRST_START_SECONDS = 300
SECOND_START_SECONDS = 90  # measured: under 15 on a machine with nothing else to do
STOP_SECONDS = 60
OURS = ("PORTAL_", "DJANGO_", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "STATIC_ROOT", "COUNTERPART_", "FRESH")


class Demo:
    """A demo with ports and a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.standins_port = free_port(), free_port()
        self.output = folder.with_name("demo.out")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, seconds: float) -> float:
        """Start it with `make demo` and wait for READY; hands back the seconds it took."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        chosen = {"PORT": str(self.port), "STANDINS_PORT": str(self.standins_port), "DEMO_DIR": str(self.folder)}
        with self.output.open("wb") as output, on_every_core():
            self.process = subprocess.Popen(
                ["sh", "tools/demo.sh"],
                cwd=ROOT,
                env=environment | chosen | {"FLOWER_PORT": str(free_port())},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        began = time.monotonic()
        while f"READY http://localhost:{self.port}\n" not in self.output.read_text():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() - began < seconds, self.output.read_text()
            time.sleep(0.1)
        return time.monotonic() - began

    def stop(self, how: signal.Signals) -> int:
        """Stop it and hand back its exit code."""
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(STOP_SECONDS)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = Demo(tmp_path_factory.mktemp("a demo") / "folder")  # the space is meant
    yield demo
    if demo.process is not None and demo.process.poll() is None:
        demo.stop(signal.SIGKILL)
    strays.end_strays(demo.folder)


def _survivors(demo: Demo) -> list[str]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                mark = str(demo.folder).encode()
                if mark in (folder / "environ").read_bytes() or mark in (folder / "cmdline").read_bytes():
                    found.append(f"{folder.name} {(folder / 'cmdline').read_text()[:200]}")
    return found


def _eventually(holds: Callable[[], bool], seconds: float = 30) -> None:
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up, "waited in vain"
        time.sleep(0.2)


def test_a_demo_starts_fills_itself_stops_and_starts_again(demo: Demo) -> None:
    demo.start(FIRST_START_SECONDS)
    portal, standins = f"http://localhost:{demo.port}", f"http://localhost:{demo.standins_port}"
    with httpx.Client(trust_env=False, timeout=20) as client:
        assert client.get(portal).status_code == 200
        assert client.get(f"{portal}/livez").status_code == 200
        orders = client.get(f"{standins}/print/orders.json").json()
        assert orders, "READY means that a letter has been printed"
        assert all(order["copies"] == 1 for order in orders)
        if next_daytime(clock.now()) <= clock.now():  # at night readers are left to sleep
            _eventually(lambda: bool(client.get(f"{standins}/messages.json").json()))
        workers = re.search(r"workers: (\S+)/", demo.output.read_text())
        assert workers is not None
        assert client.get(workers[1]).status_code == 401
    _revives_a_killed_worker(demo)

    assert demo.stop(signal.SIGTERM) == 0, demo.output.read_text()
    assert _survivors(demo) == []

    assert demo.start(SECOND_START_SECONDS) < SECOND_START_SECONDS
    with httpx.Client(trust_env=False, timeout=20) as client:
        kept = client.get(f"{standins}/print/orders.json").json()
        assert {order["key"] for order in orders} <= {order["key"] for order in kept}
        assert all(order["copies"] == 1 for order in kept)
    assert demo.stop(signal.SIGINT) == 0, demo.output.read_text()
    assert _survivors(demo) == []


def _revives_a_killed_worker(demo: Demo) -> None:
    marked = [line for line in _survivors(demo) if "--queues\0render" in line]
    os.kill(min(int(line.split()[0]) for line in marked), signal.SIGKILL)
    _eventually(lambda: "render ended with -9 and was started again" in demo.output.read_text())
