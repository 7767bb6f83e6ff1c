"""Our own starter for PostgreSQL: as root and as an ordinary user, on loopback, beside any other PostgreSQL."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from portal.embedded import identity
from portal.embedded.errors import EmbeddedServerError
from portal.embedded.programs import postgres_programs
from portal.embedded.server import POLL_SECONDS, STOP_SECONDS, Server

SUPERUSER = "postgres"
ROLE = "portal"
DATABASE = "portal"

# No compilation of short queries, and no values in the log: a refused row could name a patient.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "jit": "off",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "panic",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For test databases, which nobody misses after a power cut, and whose password keeps no secret. Four thousand rounds of
# hashing are half of what a connection costs.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "scram_iterations": "1"}


class PostgresServer(Server):
    """One PostgreSQL with a database `portal` owned by a role `portal` that is no superuser."""

    stop_signal = signal.SIGINT  # "fast": ends open transactions, writes everything down

    def __init__(self, folder: Path, port: int | None = None, *, durable: bool = True) -> None:
        super().__init__(folder, port)
        self.durable = durable
        self.mode = identity.postgres_mode()
        self.place = identity.state_folder(self.folder, self.mode)
        self.cluster = self.place / "cluster"
        self.programs = identity.reachable_programs(postgres_programs(), self.place, self.mode)

    @property
    def url(self) -> str:
        """The address of the database `portal` for its owner, password included."""
        return self._address(ROLE, DATABASE)

    @property
    def superuser_url(self) -> str:
        """For what the portal's own role may not do: drills that end other sessions, role set-up."""
        return self._address(SUPERUSER, "postgres")

    def start(self, seconds: float = 20.0) -> None:
        """Start, and on the first start make the role and the database."""
        super().start(seconds)
        self._make_database()

    def discard(self) -> None:
        """Stop and delete every row; for databases of a test run."""
        self.stop(immediate=True)
        shutil.rmtree(self.place, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _address(self, user: str, database: str) -> str:
        return f"postgresql://{user}:{quote(self.password)}@127.0.0.1:{self.port}/{database}"

    def _command(self) -> list[str]:
        settings = SETTINGS | {"port": str(self.port)} | ({} if self.durable else FORGETFUL)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return identity.launch_command(self.mode, [str(self.programs / "postgres"), "-D", str(self.cluster), *options])

    def _prepare(self) -> None:
        if (self.cluster / "PG_VERSION").exists() and not (self.place / "unfinished").exists():
            self._end_orphan()
            return
        (self.place / "unfinished").touch()  # an interrupted first start is done again from the beginning
        self._make_cluster()
        (self.place / "unfinished").unlink()

    def _make_cluster(self) -> None:
        if self.cluster.exists():
            shutil.rmtree(self.cluster)
        self.cluster.mkdir(mode=0o700)
        password_file = self.place / "superuser-password"
        password_file.touch(mode=0o600)
        password_file.write_text(self.password)
        for path in (self.cluster, password_file):
            identity.hand_over(path, self.mode)
        command = [
            str(self.programs / "initdb"),
            *("-D", str(self.cluster), "-U", SUPERUSER, "-A", "scram-sha-256", "--pwfile", str(password_file)),
            *("-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
        ]
        made = subprocess.run(  # noqa: S603 (our own programs)
            identity.launch_command(self.mode, command), check=False, capture_output=True, text=True, cwd="/"
        )
        password_file.unlink()
        if made.returncode != 0:
            raise EmbeddedServerError(f"initdb failed in {self.cluster}:\n{made.stderr[-2000:]}")

    def _end_orphan(self) -> None:
        """End a server of this folder whose starter was killed, and clear a lock file that names a stranger."""
        pid = self._pid_in_lock_file()
        if pid is None:
            return
        if not _is_postgres_of(pid, self.cluster):
            (self.cluster / "postmaster.pid").unlink(missing_ok=True)
            return
        os.kill(pid, signal.SIGINT)
        give_up = time.monotonic() + STOP_SECONDS
        while _is_postgres_of(pid, self.cluster) and time.monotonic() < give_up:
            time.sleep(POLL_SECONDS)

    def _pid_in_lock_file(self) -> int | None:
        try:
            return int((self.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def _is_ready(self) -> bool:
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[0] == str(self.pid) and lines[7].strip() == "ready"

    def _make_database(self) -> None:
        with psycopg.connect(self.superuser_url, autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                return
            role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(role))
            make_role = sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE PASSWORD {}")
            connection.execute(make_role.format(role, sql.Literal(self.password)))
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))


def start(data_dir: Path, port: int | None = None, *, durable: bool = True) -> PostgresServer:
    """Start PostgreSQL with its data in `data_dir`; without a `port` a free one is taken."""
    server = PostgresServer(Path(data_dir).absolute(), port, durable=durable)
    server.start()
    return server


def _is_postgres_of(pid: int, cluster: Path) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return words[0].endswith(b"postgres") and str(cluster).encode() in words
