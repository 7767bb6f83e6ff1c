"""Brings the database and the static files up to date before the processes start, and skips what is unchanged."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypedDict

import psycopg

from portal.demo.errors import DemoError
from portal.demo.layout import ROOT, Layout
from portal.demo.programs import PORTAL_SETTINGS

LONGEST_TAIL = 2_000
OWN_COMMENT = "dis-portal demo"
MIGRATIONS = ("*/migrations/*.py", "portal/*/migrations/*.py", "tools/lock/*.txt")
STATIC_FILES = ("static/**/*", "*/static/**/*", "portal/*/static/**/*", "tools/lock/*.txt")


class Call(TypedDict):
    """One of Django's commands, with what it reads from its environment."""

    arguments: list[str]
    environment: dict[str, str]


def manage(arguments: list[str], environment: Mapping[str, str], logs: Path) -> None:
    """Run one of Django's commands; a failure is told with the end of what it printed."""
    _run(["manage.py", *arguments], environment, logs, "")


def manage_all(calls: list[Call], environment: Mapping[str, str], logs: Path) -> None:
    """Run several of Django's commands in one process."""
    _run(["-m", "portal.demo.fill.commands"], environment, logs, json.dumps(calls))


def _run(arguments: list[str], environment: Mapping[str, str], logs: Path, typed: str) -> None:
    done = subprocess.run(  # noqa: S603 (our own programs)
        [sys.executable, *arguments],
        check=False,
        cwd=ROOT,
        env={**environment, **PORTAL_SETTINGS},
        input=typed,
        capture_output=True,
        text=True,
    )
    with (logs / "manage.log").open("a") as log:
        log.write(f"$ {' '.join(arguments)}\n{done.stdout}{done.stderr}")
    if done.returncode != 0:
        raise DemoError(f"{' '.join(arguments)} failed:\n{(done.stderr or done.stdout)[-LONGEST_TAIL:]}")


def everything(layout: Layout, environment: Mapping[str, str]) -> None:
    """Tables and static files, both at once."""
    with ThreadPoolExecutor() as pool:
        for job in [pool.submit(step, layout, environment) for step in (database, static_files)]:
            job.result()


def database(layout: Layout, environment: Mapping[str, str]) -> None:
    """Run the migrations; an embedded database whose migrations have not changed needs none."""
    if layout.database_url:
        claim(layout)
    stamp = layout.folder / "migrated"
    print_of = _fingerprint(MIGRATIONS)
    if not layout.database_url and _reads(stamp, print_of):
        return
    manage(["migrate", "--no-input", "--verbosity", "0"], environment, layout.logs)
    stamp.write_text(print_of)


def static_files(layout: Layout, environment: Mapping[str, str]) -> None:
    """Collect, compress and name the static files by their content, when one has changed."""
    stamp = layout.folder / "collected"
    print_of = _fingerprint(STATIC_FILES)
    if _reads(stamp, print_of):
        return
    manage(["collectstatic", "--no-input", "--clear", "--verbosity", "0"], environment, layout.logs)
    stamp.write_text(print_of)


def claim(layout: Layout) -> None:
    """Make sure a database of somebody's own choosing holds this demo's rows or none at all."""
    try:
        with psycopg.connect(layout.database_url, autocommit=True) as connection:
            _claim(connection, layout)
    except psycopg.Error as problem:
        raise DemoError(f"the database in DATABASE_URL cannot be used: {str(problem).strip()}") from problem


def _claim(connection: psycopg.Connection, layout: Layout) -> None:
    comment = connection.execute(
        "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'public'"
    ).fetchone()
    ours = comment is not None and comment[0] == OWN_COMMENT
    table = connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone()
    if table is not None and not ours:
        raise DemoError("the database in DATABASE_URL holds tables that no demo made; name an empty one")
    if ours and not layout.fresh and not (layout.folder / "migrated").exists():
        raise DemoError("the database in DATABASE_URL was filled by a demo in another folder; use FRESH=1")
    if ours and layout.fresh:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    connection.execute(f"COMMENT ON SCHEMA public IS '{OWN_COMMENT}'")


def _reads(stamp: Path, text: str) -> bool:
    return stamp.exists() and stamp.read_text() == text


def _fingerprint(patterns: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}):
        found = path.stat()
        digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
