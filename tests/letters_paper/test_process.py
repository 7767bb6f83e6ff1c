"""The child process: limits hold, deaths are survived, nothing is left behind and nothing is told."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from letters.rendering import Renderer, RendererUnavailable, RenderFailed, RenderTimeout, wire
from tests.letters_paper.samples import letter

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def own() -> Iterator[Renderer]:
    made = Renderer()
    yield made
    made.close()


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def ends_soon(pid: int) -> bool:
    for _ in range(100):
        if not is_running(pid):
            return True
        time.sleep(0.05)
    return False


STARTING = """
import sys
programs = []
sys.addaudithook(lambda event, _about: programs.append(event) if event in ("subprocess.Popen", "os.fork") else None)
from letters.rendering import child
print(programs, "weasyprint" in sys.modules)
"""


def test_a_child_starts_no_other_program_to_find_its_libraries() -> None:
    told = subprocess.run([sys.executable, "-c", STARTING], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout == "[] True\n"


def test_one_child_makes_many_letters_and_is_replaced_after_its_share() -> None:
    made = Renderer(renew_after=2)
    try:
        made.render(letter())
        first = made.child.pid
        made.render(letter())
        assert made.child.pid is None
        made.render(letter())
        assert made.child.pid not in (None, first)
    finally:
        made.close()


def test_a_child_killed_between_letters_is_replaced(own: Renderer) -> None:
    expected = own.render(letter())
    pid = own.child.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert own.render(letter()) == expected
    assert own.child.pid != pid


def test_a_child_killed_in_the_middle_of_a_letter_is_replaced_and_asked_again(own: Renderer) -> None:
    own.render(letter())
    pid = own.child.pid
    assert pid is not None
    body = "<p>En lang setning med mange ord til deg.</p>" * 900
    killer = threading.Timer(0.3, os.kill, (pid, signal.SIGKILL))
    killer.start()
    made = own.render(letter(body=body))
    killer.join()
    assert made.pages > 20
    assert own.child.pid != pid


def test_a_letter_that_takes_too_long_is_stopped_and_the_next_one_made() -> None:
    slow = Renderer(wall_seconds=1.0)
    try:
        slow.render(letter())
        pid = slow.child.pid
        assert pid is not None
        with pytest.raises(RenderTimeout):
            slow.render(letter(body="<p>En lang setning med mange ord.</p>" * 20_000))
        assert ends_soon(pid)
        assert slow.render(letter()).pages == 1
    finally:
        slow.close()


def test_processor_time_is_limited_by_the_kernel() -> None:
    lean = Renderer(cpu_seconds=2)
    try:
        with pytest.raises(RenderTimeout):
            lean.render(letter(body="<p>En lang setning med mange ord.</p>" * 20_000))
        for _ in range(60):  # more in all than one letter may need
            assert lean.render(letter()).pages == 1
    finally:
        lean.close()


def test_nesting_that_breaks_the_layout_fails_that_letter_only(own: Renderer) -> None:
    with pytest.raises(RenderFailed):
        own.render(letter(body="<div>" * 600 + "a" + "</div>" * 600))
    assert own.render(letter()).pages == 1


def test_a_module_that_does_not_start_is_worth_a_retry() -> None:
    broken = Renderer(module="letters.rendering.no_such_module")
    with pytest.raises(RendererUnavailable):
        broken.render(letter())


def test_threads_share_one_child(own: Renderer) -> None:
    made: list[str] = []
    threads = [threading.Thread(target=lambda: made.append(own.render(letter()).sha256)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 6
    assert len(set(made)) == 1


PARENT = """
import os, sys, time
from letters.rendering import renderer
from tests.letters_paper.samples import letter
made = renderer().render(letter())
{more}
"""


def run_parent(more: str, *, wait: bool = True) -> "subprocess.Popen[str]":
    code = PARENT.format(more=more)
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if wait:
        process.wait(timeout=60)
    return process


def test_the_child_goes_when_its_parent_is_killed() -> None:
    with run_parent("print(renderer().child.pid, flush=True); time.sleep(600)", wait=False) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_running(pid)
        parent.kill()
        assert ends_soon(pid)


def test_the_child_and_its_folder_go_when_its_parent_ends() -> None:
    with run_parent("print(renderer().child.pid, renderer().child._folder, flush=True)") as parent:
        assert parent.stdout is not None
        pid, folder = parent.stdout.readline().split()
        assert ends_soon(int(pid))
        assert not Path(folder).exists()


def test_a_forked_worker_gets_a_child_of_its_own_and_leaves_its_parents_alone() -> None:
    more = """
before = renderer().child.pid
worker = os.fork()
if worker == 0:
    again = renderer().render(letter())
    fine = again == made and renderer().child.pid != before
    renderer().close()
    os._exit(0 if fine else 1)
_, status = os.waitpid(worker, 0)
print(status, renderer().child.pid == before, renderer().render(letter()) == made, flush=True)
"""
    with run_parent(more) as parent:
        assert parent.stdout is not None
        assert parent.stdout.read().split() == ["0", "True", "True"]


def test_a_thread_that_started_the_child_may_end() -> None:
    more = """
import threading
renderer().close()
thread = threading.Thread(target=lambda: renderer().render(letter()))
thread.start(); thread.join()
pid = renderer().child.pid
time.sleep(0.5)
print(renderer().render(letter()) == made, renderer().child.pid == pid, flush=True)
"""
    with run_parent(more) as parent:
        assert parent.stdout is not None
        assert parent.stdout.read().split() == ["True", "True"]


def test_the_child_holds_none_of_our_secrets(own: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "hemmelig-nokkel")
    own.close()
    own.render(letter())
    environment = Path(f"/proc/{own.child.pid}/environ").read_bytes()
    assert b"hemmelig" not in environment
    assert b"SECRET" not in environment
    assert b"DATABASE" not in environment


def test_the_child_says_nothing_of_the_letter_when_it_fails(own: Renderer) -> None:
    with pytest.raises(RenderFailed) as failure:
        own.render(letter(body="<img src='https://x.example/Kari-Nordmann.png' alt='x'>"))
    assert "Kari" not in f"{failure.value} {failure.value.__cause__} {failure.value.__context__}"


@pytest.mark.parametrize(
    "content",
    [b"", b"\0\0\0\xff{}", b"\0\0\0\x02{}", b'\0\0\0\x0d{"facts": {}}', b'\0\0\0\x19{"facts": 1, "sizes": [0]}'],
)
def test_garbled_answers_are_told_from_answers(content: bytes) -> None:
    with pytest.raises(wire.Garbled):
        wire.decode(content)


def test_messages_survive_the_wire() -> None:
    message = wire.Message({"a": "å"}, (b"", b"\0" * 1000))
    packed = wire.encode(message)
    assert wire.length(packed[: wire.PREFIX]) == len(packed) - wire.PREFIX
    assert wire.decode(packed[wire.PREFIX :]) == message
    with pytest.raises(wire.Garbled):
        wire.length(b"\xff" * 8)
