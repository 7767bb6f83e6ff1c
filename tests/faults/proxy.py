"""A TCP proxy that can hold its breath: it accepts, and never answers."""

import asyncio
import threading


class Proxy:
    """Stands in front of a server on loopback. `hang` swallows everything from now on; `pass_on` lets it through."""

    def __init__(self, behind: int) -> None:
        self._behind = behind
        self._hanging = False
        self._swallowed = 0
        self._ready = threading.Event()
        self._stopping = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self.port = 0
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def swallowed(self) -> int:
        """How many pieces of traffic have been swallowed: proof that the proxy was in the way."""
        return self._swallowed

    def start(self) -> None:
        """Begin to listen on a free port."""
        self._thread.start()
        self._ready.wait(10)

    def hang(self) -> None:
        """Accept from now on, and answer nothing."""
        self._hanging = True

    def pass_on(self) -> None:
        """Let everything through again."""
        self._hanging = False

    def stop(self) -> None:
        """Stop listening."""
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(5)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._listen())

    async def _listen(self) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopping.wait()
        server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._behind)
        try:
            await asyncio.gather(self._carry(reader, inner_writer), self._carry(inner_reader, writer))
        except (OSError, asyncio.CancelledError):
            return
        finally:
            writer.close()
            inner_writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            if self._hanging:
                self._swallowed += 1
                continue
            writer.write(data)
            await writer.drain()
        writer.close()
