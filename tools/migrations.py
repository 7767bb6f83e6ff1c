"""Checks the migrations: none is missing, each app's form one line, and none locks a table that people use.

Runs against an embedded database of its own, because Django writes a migration's SQL only with a connection.
"""

import base64
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import django
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from portal.embedded import servers

ROOT = Path(__file__).resolve().parents[1]
SQUAWK = Path(sys.executable).with_name("squawk")
# How Django spells its tables is not ours to choose; locks, rewrites and lost columns are what we look for.
STYLE = (
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",
    "prefer-identity",
    "prefer-robust-stmts",
    "prefer-text-field",
    "prefer-timestamp-tz",
    "require-timeout-settings",
)


def main() -> int:
    """Run the three checks; 0 when all hold."""
    with tempfile.TemporaryDirectory(prefix="dis-portal-lint-") as folder:
        running = servers.ensure_embedded(Path(folder), durable=False)
        try:
            _configure(running)
            problems = [*_missing(), *_forks(), *_dangerous(Path(folder))]
        finally:
            running.discard()
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    return 1 if problems else 0


def _configure(running: servers.Servers) -> None:
    os.environ |= {
        "PORTAL_ENV": "test",
        "DJANGO_SETTINGS_MODULE": "portal.config.settings",
        "DATABASE_URL": running.database_url,
        "REDIS_URL": running.redis_url,
        "SECRET_KEY": "lint-" + "s" * 60,
        "PORTAL_SEALING_KEYS": f"lint:{base64.b64encode(b'k' * 32).decode()}",
        "PORTAL_INDEX_KEY": "lint-" + "i" * 60,
        "COUNTERPART_SECRET": "lint-" + "c" * 60,
    }
    django.setup()


def _missing() -> list[str]:
    try:
        call_command("makemigrations", "--check", "--dry-run", verbosity=1)
    except SystemExit:
        return ["a model has changed without a migration: run `manage.py makemigrations`"]
    except CommandError as problem:
        return [str(problem)]
    return []


def _own_apps() -> set[str]:
    folders = {config.label: Path(config.path) for config in apps.get_app_configs()}
    return {
        label
        for label, folder in folders.items()
        if folder.is_relative_to(ROOT) and not folder.is_relative_to(ROOT / ".venv")
    }


def _forks() -> list[str]:
    graph = MigrationLoader(None).graph
    own = {label: [name for app, name in graph.leaf_nodes() if app == label] for label in _own_apps()}
    return [f"{label}: two migrations claim to be the last: {names}" for label, names in own.items() if len(names) > 1]


def _dangerous(folder: Path) -> list[str]:
    """Squawk's verdict on every migration after an app's first: those meet tables with people's rows in them."""
    call_command("migrate", verbosity=0)
    loader = MigrationLoader(connection)
    own = _own_apps()
    files = []
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if app in own and not migration.initial:
            file = folder / f"{app}.{name}.sql"
            file.write_text("".join(f"{line}\n" for line in loader.collect_sql([(migration, False)])))
            files.append(str(file))
    if not files:
        return []
    command = [str(SQUAWK), "--assume-in-transaction", "--exclude", ",".join(STYLE), *files]
    verdict = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 (our own programs)
    return [verdict.stdout + verdict.stderr] if verdict.returncode else []


if __name__ == "__main__":
    sys.exit(main())
