"""Our own starter for Valkey, the doorbell between web and workers."""

import shutil
import signal
from pathlib import Path

import redis

from portal.embedded import identity
from portal.embedded.programs import valkey_program
from portal.embedded.server import Server

READY_TIMEOUT_SECONDS = 1.0


class ValkeyServer(Server):
    """One Valkey (or Redis) that never evicts: a queue is one key, and eviction would throw it away whole."""

    stop_signal = signal.SIGTERM

    def __init__(self, folder: Path, port: int | None = None, *, durable: bool = True) -> None:
        super().__init__(folder, port)
        self.durable = durable
        self.configuration = folder / "valkey.conf"

    @property
    def url(self) -> str:
        """The address of Redis database 0, password included."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def stop(self, *, immediate: bool = False) -> None:
        """Stop in good order; `immediate` kills it, for Valkey takes SIGQUIT no differently."""
        if immediate:
            self.kill()
        super().stop()

    def discard(self) -> None:
        """Stop and delete what it kept; for test runs."""
        self.kill()
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _command(self) -> list[str]:
        return identity.launch_command("plain", [str(valkey_program()), str(self.configuration)])

    def _prepare(self) -> None:
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f'dir "{self.folder}"',
            "daemonize no",
            "maxmemory-policy noeviction",
            f"appendonly {'yes' if self.durable else 'no'}",
            'save ""',
            f"requirepass {self.password}",
        ]
        self.configuration.touch(mode=0o600)
        self.configuration.write_text("\n".join(lines) + "\n")

    def _is_ready(self) -> bool:
        client = redis.Redis.from_url(self.url, socket_timeout=READY_TIMEOUT_SECONDS)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()


def start(data_dir: Path, port: int | None = None, *, durable: bool = True) -> ValkeyServer:
    """Start Valkey with its data in `data_dir`; without a `port` a free one is taken."""
    server = ValkeyServer(Path(data_dir).absolute(), port, durable=durable)
    server.start()
    return server
