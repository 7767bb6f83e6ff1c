"""What the two embedded servers have in common: one process, one folder, one port, one address."""

import fcntl
import secrets
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import IO

from portal.embedded.errors import EmbeddedServerError

START_SECONDS = 20.0
STOP_SECONDS = 10.0
POLL_SECONDS = 0.02
LOG_TAIL = 2_000


def free_port() -> int:
    """A loopback port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server(ABC):
    """A server process of our own on loopback, with its data in a folder nobody else may read.

    The folder is locked while the server object lives, so two starts never share a data folder.
    """

    stop_signal: signal.Signals = signal.SIGTERM

    def __init__(self, folder: Path, port: int | None) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        self.port = port or free_port()
        self.log_file = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None
        self.password = self._kept_password()

    @property
    @abstractmethod
    def url(self) -> str:
        """The address a client connects to, password included."""

    @abstractmethod
    def _command(self) -> list[str]:
        """The command line that runs the server in the foreground."""

    @abstractmethod
    def _is_ready(self) -> bool:
        """Whether the running process answers clients."""

    @abstractmethod
    def _prepare(self) -> None:
        """Make what must exist before the process starts; called before every start."""

    @property
    def pid(self) -> int:
        """The server's process id; an error where it does not run."""
        if self._process is None:
            raise EmbeddedServerError(f"the server in {self.folder} is not running")
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def start(self, seconds: float = START_SECONDS) -> None:
        """Start and wait until it answers.

        After a crash the old server's children hold its memory for a second or two and a new start is refused;
        therefore an early exit is tried again until `seconds` have passed.
        """
        self._take_lock()
        self._prepare()
        give_up = time.monotonic() + seconds
        while not self._start_once(give_up):
            if time.monotonic() > give_up:
                self.kill()
                self._release_lock()
                raise EmbeddedServerError(f"{type(self).__name__} did not start; its log ends:\n{self._log_tail()}")
            time.sleep(0.25)

    def stop(self, *, immediate: bool = False) -> None:
        """Stop in good order; `immediate` pulls the plug the way a power cut would, after which it recovers."""
        if self._process is None:
            self._release_lock()
            return
        self._process.send_signal(signal.SIGQUIT if immediate else self.stop_signal)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
        self._release_lock()

    def kill(self) -> None:
        """Kill the process at once, without a chance to tidy up."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def restart(self, *, immediate: bool = False) -> None:
        """Stop and start again on the same port with the same data."""
        self.stop(immediate=immediate)
        self.start()

    def _start_once(self, give_up: float) -> bool:
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 (our own programs)
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,  # Ctrl-C is for the one who stops us in order, not for the server
            )
        while self.alive and time.monotonic() < give_up:
            if self._is_ready():
                return True
            time.sleep(POLL_SECONDS)
        return False

    def _kept_password(self) -> str:
        path = self.folder / "password"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(24))
        return path.read_text()

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        handle = (self.folder / "lock").open("w")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            raise EmbeddedServerError(f"another process already runs the server in {self.folder}") from None
        self._lock = handle

    def _release_lock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _log_tail(self) -> str:
        if not self.log_file.exists():
            return "(nothing was written)"
        return self.log_file.read_bytes()[-LOG_TAIL:].decode(errors="replace")
