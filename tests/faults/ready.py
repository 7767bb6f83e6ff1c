"""Servers and an empty database for a drill that works in its own process, with threads instead of programs."""

import os
import subprocess
import sys
from pathlib import Path

import django

from portal.demo import keys
from portal.demo.layout import ROOT
from portal.demo.programs import PORTAL_SETTINGS
from portal.embedded import servers


def prepare(folder: Path) -> servers.Servers:
    """Start them, make the tables, and let Django work here."""
    running = servers.ensure_embedded(folder)
    secrets = keys.load_or_make(folder)
    os.environ |= (
        secrets
        | PORTAL_SETTINGS
        | {
            "PORTAL_ENV": "test",
            "DATABASE_URL": running.database_url,
            "REDIS_URL": running.redis_url,
            "PORTAL_CLOCK_FILE": str(folder / "clock.json"),
        }
    )
    command = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, check=True)
    django.setup()
    return running
