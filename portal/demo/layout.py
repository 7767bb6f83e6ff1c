"""Where a demo listens and keeps its things, read from the environment."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

from portal.demo.errors import DemoError

ROOT = Path(__file__).resolve().parents[2]
LAST_PORT = 65_535


@dataclass(frozen=True)
class Layout:
    """One demo's ports and folder; two demos differ in all of them."""

    folder: Path
    port: int
    standins_port: int
    flower_port: int
    fresh: bool
    database_url: str
    redis_url: str

    @property
    def portal_url(self) -> str:
        """The portal's address for people."""
        return f"http://localhost:{self.port}"

    @property
    def standins_url(self) -> str:
        """The stand-in counterparts' address."""
        return f"http://localhost:{self.standins_port}"

    @property
    def flower_url(self) -> str:
        """The view of the workers."""
        return f"http://localhost:{self.flower_port}"

    @property
    def logs(self) -> Path:
        """The folder with one log file per process."""
        return self.folder / "log"


def from_environment() -> Layout:
    """PORT, STANDINS_PORT, FLOWER_PORT, DEMO_DIR, FRESH, DATABASE_URL and REDIS_URL.

    PORT and STANDINS_PORT must be free, since people know them; Flower moves on to the next free port.
    """
    port = _number("PORT", 8000)
    standins_port = _number("STANDINS_PORT", 8001)
    if port == standins_port:
        raise DemoError("PORT and STANDINS_PORT must differ")
    for name, wanted in (("PORT", port), ("STANDINS_PORT", standins_port)):
        if not is_free(wanted):
            raise DemoError(
                f"port {wanted} is taken by another program. Choose another: {name}={wanted + 10} make demo "
                "(and another DEMO_DIR, if that program is a demo too)"
            )
    return Layout(
        folder=Path(os.environ.get("DEMO_DIR") or ROOT / ".demo").absolute(),
        port=port,
        standins_port=standins_port,
        flower_port=next_free(_number("FLOWER_PORT", 5555), {port, standins_port}),
        fresh=os.environ.get("FRESH", "") not in ("", "0", "no", "false"),
        database_url=os.environ.get("DATABASE_URL", ""),
        redis_url=os.environ.get("REDIS_URL", ""),
    )


def is_free(port: int) -> bool:
    """Whether nobody listens on this loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def next_free(port: int, spoken_for: set[int]) -> int:
    """The first free port from `port` on that nobody has been promised."""
    for candidate in range(port, LAST_PORT + 1):
        if candidate not in spoken_for and is_free(candidate):
            return candidate
    raise DemoError(f"no free port from {port} on")


def _number(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdigit() or not 0 < int(text) <= LAST_PORT:
        raise DemoError(f"{name} must be a port number, not {text!r}")
    return int(text)
