"""A database that every test process gets a copy of: the migrations run once, while tests are being collected.

Only in servers of our own. In a database that somebody named, each process runs the migrations by itself.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

MARK: Final = "TEST_TEMPLATE"
"""Names the file that says that the template is ready, in the environment of all test processes."""
_READY: Final = "ready"
_SECONDS: Final = 300.0


Making = subprocess.Popen[bytes]


def begin(folder: Path) -> Making:
    """Start filling the database in DATABASE_URL, in a process of its own."""
    os.environ[MARK] = str(folder / "template")
    return subprocess.Popen([sys.executable, "-m", "tests.template"], stdin=subprocess.DEVNULL)


def name() -> str | None:
    """The template to copy, once it is ready; None where there is none. Raises where it could not be made."""
    if MARK not in os.environ:
        return None
    mark, until = Path(os.environ[MARK]), time.monotonic() + _SECONDS
    while not mark.exists():
        assert time.monotonic() < until, "the template database was never ready"
        time.sleep(0.05)
    assert mark.read_text() == _READY, mark.read_text()
    return urlsplit(os.environ["DATABASE_URL"]).path.removeprefix("/")


def _make() -> str:
    import django
    from django.core.management import call_command

    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.config.settings"
    try:
        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
    except Exception as problem:
        return f"the migrations failed: {problem}"
    return _READY


if __name__ == "__main__":
    told = Path(os.environ[MARK])
    told.with_suffix(".new").write_text(_make())
    told.with_suffix(".new").rename(told)
