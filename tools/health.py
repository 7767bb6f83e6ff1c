"""Is this container's process well? For the health checks of docker-compose.yml: exit code 0 or 1.

web      answers on /livez.
worker   answers Celery's ping under its own name; the queue's name follows.
beat     has written its schedule lately (it does so every three minutes).
flower   answers on /healthcheck.
"""

import os
import socket
import subprocess
import sys
import time
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

SECONDS = 4
PING_SECONDS = 10
SCHEDULE = Path("/tmp/beat-schedule")  # noqa: S108 (the container's own, and the only writable place)
OLDEST_SCHEDULE_SECONDS = 600


def answers(url: str) -> bool:
    """Whether an address of this machine answers with 200, asked by the portal's own public name."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0]
    address = urlsplit(url)
    connection = HTTPConnection(address.netloc, timeout=SECONDS)
    try:
        connection.request("GET", address.path, headers={"Host": host})
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def worker_answers(queue: str) -> bool:
    """Whether this container's worker answers a ping."""
    command = [sys.executable, "-m", "celery", "--app", "portal.config.celery:app", "inspect", "ping"]
    name = f"{queue}@{socket.gethostname()}"
    asked = [*command, "--timeout", str(PING_SECONDS), "--destination", name]
    return subprocess.run(asked, check=False, capture_output=True).returncode == 0  # noqa: S603 (our own programs)


def schedule_is_written(schedule: Path) -> bool:
    """Whether the scheduler's file is there and young."""
    try:
        return time.time() - schedule.stat().st_mtime < OLDEST_SCHEDULE_SECONDS
    except FileNotFoundError:
        return False


def main(part: str, *details: str) -> int:
    """0 where the part is well."""
    if part == "web":
        well = answers("http://127.0.0.1:8000/livez")
    elif part == "worker":
        well = worker_answers(details[0])
    elif part == "beat":
        well = schedule_is_written(SCHEDULE)
    elif part == "flower":
        well = answers("http://127.0.0.1:5555/healthcheck")
    else:
        raise SystemExit(f"unknown part: {part}")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
