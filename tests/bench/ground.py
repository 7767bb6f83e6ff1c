"""What the benchmarks stand on: embedded servers, three databases from one mould, and processes that measure in them.

`base` is nearly empty, `small` holds ten thousand letters and `large` a million. A measuring process says what it
found as one line of JSON.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import psycopg

from portal.demo import keys, prepare
from portal.demo.layout import ROOT, Layout
from portal.demo.programs import PORTAL_SETTINGS
from portal.embedded import servers
from portal.embedded.server import free_port


@dataclass
class Ground:
    """The servers, and the environment of whoever measures."""

    layout: Layout
    servers: servers.Servers
    environment: dict[str, str]

    def address(self, database: str, *, superuser: bool = False) -> str:
        """The address of one of the databases."""
        assert self.servers.postgres is not None
        url = self.servers.postgres.superuser_url if superuser else self.servers.database_url
        return urlsplit(url)._replace(path=f"/{database}").geturl()

    def within(self, database: str) -> dict[str, str]:
        """The environment of a process that works in a database."""
        return self.environment | {"DATABASE_URL": self.address(database)}

    def begin(self, module: str, database: str, *arguments: str) -> "subprocess.Popen[str]":
        """Start a measuring process with pipes."""
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=self.within(database) | PORTAL_SETTINGS | {"PORTAL_ENV": "test"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def measure(self, module: str, database: str, *arguments: str) -> dict[str, Any]:
        """Run a measuring process; what it found."""
        process = self.begin(module, database, *arguments)
        out, _ = process.communicate()
        if process.returncode:
            raise RuntimeError(f"{module} ended with {process.returncode}")
        found: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
        return found


@contextmanager
def open_ground() -> Iterator[Ground]:
    """Start the servers and make the mould: every table, and one letter that the others are copied from."""
    with TemporaryDirectory(prefix="dis-portal-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        layout = Layout(folder, free_port(), free_port(), free_port(), fresh=True, database_url="", redis_url="")
        layout.logs.mkdir()
        running = servers.ensure_embedded(folder)
        ground = Ground(layout, running, _environment(layout, running))
        try:
            prepare.everything(layout, ground.environment)
            ground.measure("tests.bench.rows", "portal")
            for database in ("base", "small", "large"):
                _copy_mould(ground, database)
            yield ground
        finally:
            running.discard()


def _copy_mould(ground: Ground, database: str) -> None:
    with psycopg.connect(ground.address("postgres", superuser=True), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {database} TEMPLATE portal OWNER portal".encode())


def _environment(layout: Layout, running: servers.Servers) -> dict[str, str]:
    secrets = keys.load_or_make(layout.folder)
    secrets.pop("FLOWER_PASSWORD")
    return {
        **os.environ,
        **secrets,
        "PORTAL_ENV": "demo",
        "DATABASE_URL": running.database_url,
        "REDIS_URL": running.redis_url,
        "PORTAL_URL": layout.portal_url,
        "STANDINS_URL": layout.standins_url,
        "PORTAL_CLOCK_FILE": str(layout.folder / "clock.json"),
        "STATIC_ROOT": str(layout.folder / "static"),
        "FHIR_REQUESTS_PER_MINUTE": "1000000",
    }
