"""`/livez`: this process answers. `/readyz`: the parts it needs answer too, each asked for a moment at most.

A counterpart that is down is told and changes nothing: the portal serves its pages without it. Neither page holds an
address, a version or a secret.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Final, TypeVar

import redis
from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from psycopg import Error as DriverError

from portal.kernel import clock
from portal.kernel.models import PeriodicRun
from portal.site import counterpart_watch
from portal.site.figures import HEARTBEAT

ALL_IN_SECONDS: Final = 2.5
BROKER_SECONDS: Final = 1.5
SILENT_AFTER: Final = timedelta(seconds=60)

T = TypeVar("T")
_threads = ThreadPoolExecutor(max_workers=8, thread_name_prefix="readyz")


@dataclass(frozen=True)
class Beat:
    """When the scheduler last started its shortest job, if it ever did."""

    at: datetime | None


@require_safe
@transaction.non_atomic_requests
def livez(request: HttpRequest) -> HttpResponse:
    """This process is up; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@transaction.non_atomic_requests
def readyz(request: HttpRequest) -> HttpResponse:
    """200 where database, broker and scheduler are well, else 503; answers within three seconds."""
    end = monotonic() + ALL_IN_SECONDS
    beat_asked, broker_asked = _threads.submit(_ask_database), _threads.submit(_ask_broker)
    counterparts_asked = _threads.submit(counterpart_watch.latest)
    beat = _answer(beat_asked, end)
    broker = _answer(broker_asked, end)
    parts = {
        "database": {"ok": isinstance(beat, Beat)} | _reason(beat),
        "broker": {"ok": broker is True} | _reason(broker),
        "scheduler": _scheduler(beat),
    }
    ready = all(part["ok"] for part in parts.values())
    counterparts = _answer(counterparts_asked, end)
    answer = {"ready": ready, **parts, "counterparts": _counterparts(counterparts)}
    return JsonResponse(answer, status=200 if ready else 503)


def _ask_database() -> Beat:
    """One short question in a connection that this thread gives back at once."""
    try:
        row = PeriodicRun.objects.filter(name=HEARTBEAT).values_list("started_at", flat=True).first()
    finally:
        connections.close_all()
    return Beat(row)


def _ask_broker() -> bool:
    seconds = {"socket_timeout": BROKER_SECONDS, "socket_connect_timeout": BROKER_SECONDS}
    with redis.Redis.from_url(settings.REDIS_URL, **seconds) as broker:
        return bool(broker.ping())


def _answer(asked: Future[T], end: float) -> "T | str":
    """What came of a question before the end; the error's short name where it failed or took too long."""
    try:
        return asked.result(timeout=max(end - monotonic(), 0))
    except TooLate:
        return "timeout"
    except (redis.RedisError, OSError, DatabaseError, DriverError):
        return "no-connection"


def _reason(answer: object) -> dict[str, object]:
    return {"error": answer} if isinstance(answer, str) else {}


def _scheduler(beat: object) -> dict[str, object]:
    """The heartbeat's age in whole seconds of real time."""
    if not isinstance(beat, Beat):
        return {"ok": False, "error": "unknown"}
    if beat.at is None:
        return {"ok": False, "error": "never-started"}
    age = clock.real_now() - beat.at
    limit = max(2 * settings.DOORBELL_EVERY, SILENT_AFTER)
    return {"ok": age <= limit, "heartbeat_age_seconds": round(age.total_seconds())}


def _counterparts(answer: object) -> list[dict[str, object]] | str:
    if not isinstance(answer, tuple):
        return "unknown"
    return [
        {"name": each.name, "ok": each.ok, "milliseconds": each.milliseconds, "detail": each.detail} for each in answer
    ]
