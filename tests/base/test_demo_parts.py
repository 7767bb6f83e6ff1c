"""The demo's parts: its folder, its secrets, its processes and its very simple browser."""

import json
import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from portal.demo import keys, layout, strays
from portal.demo.errors import DemoError
from portal.demo.fill.browser import Browser
from portal.demo.process import Process, Program
from portal.demo.supervisor import sole_owner
from portal.embedded.server import free_port
from portal.people import sealing

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
WITH_CHILD = (
    "import subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    "print(child.pid, flush=True)\n"
    "time.sleep(60)\n"
)


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[int, int]:
    chosen = free_port(), free_port()
    for name in ("DATABASE_URL", "REDIS_URL", "FRESH", "FLOWER_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORT", str(chosen[0]))
    monkeypatch.setenv("STANDINS_PORT", str(chosen[1]))
    monkeypatch.setenv("DEMO_DIR", str(tmp_path / "demo"))
    return chosen


def _wait(condition: "object", seconds: float = 10.0) -> None:
    assert callable(condition)
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "waited in vain"
        time.sleep(0.02)


def _gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_the_environment_decides_where_a_demo_lives(ports: tuple[int, int], tmp_path: Path) -> None:
    found = layout.from_environment()
    assert (found.port, found.standins_port) == ports
    assert found.folder == tmp_path / "demo"
    assert found.portal_url == f"http://localhost:{ports[0]}"
    assert not found.fresh


def test_a_taken_port_is_refused_with_the_way_out(ports: tuple[int, int]) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", ports[0]))
        listener.listen()
        with pytest.raises(DemoError, match=f"PORT={ports[0] + 10} make demo"):
            layout.from_environment()


def test_flower_moves_on_to_a_free_port(ports: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        taken = listener.getsockname()[1]
        monkeypatch.setenv("FLOWER_PORT", str(taken))
        assert layout.from_environment().flower_port > taken


@pytest.mark.parametrize("nonsense", ["abc", "0", "70000", "-1"])
def test_nonsense_for_a_port_is_named(ports: tuple[int, int], monkeypatch: pytest.MonkeyPatch, nonsense: str) -> None:
    monkeypatch.setenv("PORT", nonsense)
    with pytest.raises(DemoError, match="PORT must be a port number"):
        layout.from_environment()


def test_secrets_are_made_once_and_are_for_the_owner_only(tmp_path: Path) -> None:
    made = keys.load_or_make(tmp_path)
    assert keys.load_or_make(tmp_path) == made
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    assert len(set(made.values())) == len(made)
    other = tmp_path / "other"
    other.mkdir()
    assert not set(keys.load_or_make(other).values()) & set(made.values())


def test_the_secrets_are_ones_the_portal_takes(tmp_path: Path, settings: object) -> None:
    made = keys.load_or_make(tmp_path)
    for name in ("PORTAL_SEALING_KEYS", "PORTAL_INDEX_KEY"):
        setattr(settings, name, made[name])
    place = sealing.Place("people_person", "1", "pid_sealed")
    assert sealing.unseal(sealing.seal("kept", place), place) == "kept"
    assert sealing.blind_index("kept") == sealing.blind_index("kept")


def test_one_folder_holds_one_demo(ports: tuple[int, int]) -> None:
    found = layout.from_environment()
    with sole_owner(found), pytest.raises(DemoError, match="already runs"), sole_owner(found):
        pass


def test_starting_over_removes_a_demo_but_nobody_elses_files(
    ports: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRESH", "1")
    found = layout.from_environment()
    found.folder.mkdir()
    (found.folder / "thesis.txt").write_text("ten years of work")
    with pytest.raises(DemoError, match="will not remove"), sole_owner(found):
        pass
    assert (found.folder / "thesis.txt").exists()
    keys.load_or_make(found.folder)
    (found.folder / "standins").mkdir()
    with sole_owner(found):
        assert [thing.name for thing in found.folder.iterdir()] == ["lock"]


def test_a_process_that_will_not_stop_is_ended_after_its_grace(tmp_path: Path) -> None:
    process = Process(Program("stubborn", [sys.executable, "-c", STUBBORN], {}), os.environ, tmp_path)
    process.start()
    _wait(lambda: "up" in process.log_tail())
    began = time.monotonic()
    process.ask_to_stop()
    process.make_stop(time.monotonic() + 0.5)
    assert 0.4 < time.monotonic() - began < 5
    assert process.exit_code() == -9


def test_a_process_takes_its_children_with_it_and_rises_again(tmp_path: Path) -> None:
    process = Process(Program("parent", [sys.executable, "-c", WITH_CHILD], {}), os.environ, tmp_path)
    process.start()
    _wait(lambda: process.log_tail().count("\n") == 1)
    first = int(process.log_tail())
    assert process.revive() is None
    os.kill(int(Path(f"/proc/{first}/stat").read_text().rsplit(")", 1)[1].split()[1]), 9)
    _wait(lambda: process.exit_code() is not None)
    told = process.revive()
    assert told is not None
    assert "parent ended with -9" in told
    _wait(lambda: _gone(first))
    _wait(lambda: process.log_tail().count("\n") == 2)
    second = int(process.log_tail().split()[1])
    process.ask_to_stop()
    process.make_stop(time.monotonic() + 5)
    _wait(lambda: _gone(second))


def test_a_stray_is_found_by_its_mark_and_only_by_the_right_one(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    mine, other = (
        subprocess.Popen(command, env={**os.environ, strays.MARK: str(folder)}, start_new_session=True)
        for folder in (tmp_path / "mine", tmp_path / "mine-too")
    )
    try:
        _wait(lambda: strays.MARK.encode() in Path(f"/proc/{mine.pid}/environ").read_bytes())
        assert strays.end_strays(tmp_path / "mine") == 1
        assert mine.wait(5) != 0
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


PAGES = {
    "/logg-inn/": (
        '<form action="/start" method="post"><input type="hidden" name="t" value="7"><button>Logg inn</button></form>'
    ),
    "/start": '<a href="/som/ola">Ola</a> <a href="/som/kari"><b>Kari</b>\n Nordmann <i>42 år</i></a>',
    "/som/kari": "<h1>Velkommen, Kari</h1>",
}


class _Site(BaseHTTPRequestHandler):
    posted: list[str] = []

    def do_GET(self) -> None:
        text = PAGES.get(self.path)
        self.send_response(200 if text else 404)
        self.end_headers()
        self.wfile.write((text or "").encode())

    def do_POST(self) -> None:
        self.posted.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class' word)
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_simple_browser_finds_its_way_by_words(site: str) -> None:
    with Browser() as browser:
        browser.visit(f"{site}/logg-inn/")
        assert browser.press("Logg inn")
        assert _Site.posted == ["t=7"]
        assert browser.press("Kari Nordmann")
        assert "Velkommen, Kari" in browser.text
        assert not browser.press("Ola")
        with pytest.raises(DemoError, match="404"):
            browser.visit(f"{site}/nowhere")


def test_the_secrets_file_is_plain_json(tmp_path: Path) -> None:
    keys.load_or_make(tmp_path)
    assert "FLOWER_PASSWORD" in json.loads((tmp_path / "secrets.json").read_text())
