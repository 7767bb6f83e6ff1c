"""How the counterparts are, asked in the background, so that one that hangs cannot hang a page or a probe.

An answer is kept for a while in this process. Whoever asks waits a moment for a fresh one at most, and then gets the
last one known.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from threading import Lock
from time import monotonic
from typing import Final

from django.utils.translation import get_language, override

from portal.counterparts.health import check_all
from portal.counterparts.probe import CounterpartHealth

KEPT_SECONDS: Final = 15.0
PATIENCE_SECONDS: Final = 2.5
OLDEST_SECONDS: Final = 120.0
"""An answer older than this is no answer any more."""

Answer = tuple[CounterpartHealth, ...]
Check = Callable[[], Sequence[CounterpartHealth]]


class Watch:
    """The last answers of all counterparts, one round of questions at a time; the words are kept by language."""

    def __init__(self, check: Check, *, patience: float = PATIENCE_SECONDS) -> None:
        self._check = check
        self._patience = patience
        self._lock = Lock()
        self._known: dict[str, tuple[float, Answer]] = {}
        self._asking: dict[str, Future[Answer]] = {}
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="counterparts")

    def latest(self) -> Answer | None:
        """The counterparts' health; None when not one round of questions has been answered of late."""
        language = get_language() or "nb"
        fresh = self._from_memory(language, KEPT_SECONDS)
        if fresh is not None:
            return fresh
        try:
            return self._ask(language).result(timeout=self._patience)
        except TooLate:
            return self._from_memory(language, OLDEST_SECONDS)

    def _from_memory(self, language: str, seconds: float) -> Answer | None:
        at, answer = self._known.get(language, (-1e9, ()))
        return answer if monotonic() - at <= seconds else None

    def _ask(self, language: str) -> Future[Answer]:
        with self._lock:
            asking = self._asking.get(language)
            if asking is None or asking.done():
                asking = self._asking[language] = self._threads.submit(self._round, language)
            return asking

    def _round(self, language: str) -> Answer:
        with override(language):
            answer = tuple(self._check())
        self._known[language] = (monotonic(), answer)
        return answer


_watch = Watch(check_all)


def latest() -> Answer | None:
    """The counterparts' health as this process knows it."""
    return _watch.latest()
