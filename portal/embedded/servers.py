"""Both servers at once, or the ones the environment names."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.embedded import postgres, valkey

Embedded = postgres.PostgresServer | valkey.ValkeyServer


@dataclass(frozen=True)
class Servers:
    """Where database and broker are; the server objects are None where the environment named its own."""

    database_url: str
    redis_url: str
    postgres: postgres.PostgresServer | None
    valkey: valkey.ValkeyServer | None

    def embedded(self) -> Iterator[tuple[str, Embedded]]:
        """The servers started here with a name for people, the broker first."""
        if self.valkey is not None:
            yield "the broker", self.valkey
        if self.postgres is not None:
            yield "the database", self.postgres

    def stop(self) -> None:
        """Stop what was started here, the broker first and the database last."""
        for _, server in self.embedded():
            server.stop()

    def discard(self) -> None:
        """Stop what was started here and delete its data."""
        for _, server in self.embedded():
            server.discard()


def ensure(folder: Path, *, durable: bool = True) -> Servers:
    """Servers for demo, tests, benches and drills: DATABASE_URL and REDIS_URL where set, else embedded in `folder`.

    `durable=False` trades safety at a power cut for speed; only for databases that are thrown away.
    """
    return _start(folder, os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", ""), durable=durable)


def ensure_embedded(folder: Path, *, durable: bool = True) -> Servers:
    """Embedded servers whatever the environment says, for drills that must be able to kill them."""
    return _start(folder, "", "", durable=durable)


def _start(folder: Path, database_url: str, redis_url: str, *, durable: bool) -> Servers:
    database = None if database_url else postgres.start(folder / "postgres", durable=durable)
    try:
        broker = None if redis_url else valkey.start(folder / "valkey", durable=durable)
    except Exception:
        if database is not None:
            database.stop()
        raise
    return Servers(
        database_url=database.url if database else database_url,
        redis_url=broker.url if broker else redis_url,
        postgres=database,
        valkey=broker,
    )
