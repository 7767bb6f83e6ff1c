"""Everything that a day's use leaves behind, as text, by where it was left."""

import json
import logging
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import redis
from celery.signals import before_task_publish, task_prerun
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from portal.kernel.logs import JsonLines

LOUD = ("django.template",)
"""Loggers left at production's level: below it the template engine writes out whole pages' words."""
QUIET = ("httpx", "httpcore", "django.request", "weasyprint", "fontTools", "pdfminer", "celery", "django")
HIDDEN_FROM_URLS = ("set-cookie", "content-security-policy")


class Lines(logging.Handler):
    """Keeps every record as the JSON line it becomes, before the sieve that removes numbers."""

    def __init__(self, keep: "Trail") -> None:
        super().__init__(logging.DEBUG)
        self.keep = keep
        self.setFormatter(JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        where = "SQL log" if record.name.startswith("django.db") else "logs"
        self.keep.leave(where, f"{self.format(record)} {vars(record)!r}")


_SHAPES = re.compile(r"\d{6} ?\d{5}|Kvitr[a-z]{6}|Pip[a-z]{6}")
_ANYWHERE = re.compile(rf"(?=({_SHAPES.pattern}))")


class Trail:
    """What was left where."""

    def __init__(self) -> None:
        self.left: dict[str, list[str]] = defaultdict(list)

    def leave(self, where: str, text: object) -> None:
        self.left[where].append(str(text))

    def hits(self, where: str, canaries: dict[str, str]) -> list[tuple[str, str]]:
        """Which canaries are found there, with a little of what stands around the first of each.

        All of them are looked for at once, by the shapes they have.
        """
        strange = [canary for canary in canaries if not _SHAPES.fullmatch(canary)]
        assert not strange, f"{len(strange)} canaries have a shape that nobody looks for"
        text = "\n".join(self.left[where])
        first: dict[str, int] = {}
        for found in _ANYWHERE.finditer(text):
            if found[1] in canaries:
                first.setdefault(found[1], found.start())
        return [(canaries[canary], text[max(0, at - 80) : at + 60]) for canary, at in first.items()]


@contextmanager
def followed() -> Iterator[Trail]:
    """Everything logged and sent to workers from here on."""
    trail = Trail()
    lines, root = Lines(trail), logging.getLogger()
    before = {name: logging.getLogger(name).level for name in (*QUIET, *LOUD)}
    level, root_handlers = root.level, list(root.handlers)

    def published(body: Any = None, headers: Any = None, **_more: Any) -> None:
        trail.leave("Celery", f"{body!r} {headers!r}")

    def started(args: Any = None, kwargs: Any = None, **_more: Any) -> None:
        trail.leave("Celery", f"{args!r} {kwargs!r}")

    before_task_publish.connect(published)
    task_prerun.connect(started)
    root.addHandler(lines)
    root.setLevel(logging.DEBUG)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.DEBUG)
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.INFO)
    connection.force_debug_cursor = True
    try:
        yield trail
    finally:
        connection.force_debug_cursor = False
        root.removeHandler(lines)
        root.setLevel(level)
        root.handlers[:] = root_handlers
        for name, was in before.items():
            logging.getLogger(name).setLevel(was)
        before_task_publish.disconnect(published)
        task_prerun.disconnect(started)


@dataclass(frozen=True)
class Answer:
    """What came back, already noted."""

    status_code: int
    text: str


class Browser:
    """A browser in this process that remembers every address and every file name."""

    def __init__(self, trail: Trail) -> None:
        self.trail = trail
        self.client = Client(raise_request_exception=False)

    def get(self, path: str, **extra: Any) -> Answer:
        return self._note(path, self.client.get(path, **extra))

    def post(self, path: str, data: Any, **extra: Any) -> Answer:
        return self._note(path, self.client.post(path, data, **extra))

    def _note(self, path: str, answer: Any) -> Answer:
        text = answer.getvalue().decode(errors="replace")
        self.trail.leave("URLs", f"{path} -> {answer.get('Location', '')}")
        self.trail.leave("file names", answer.get("Content-Disposition", ""))
        kept = {name: value for name, value in answer.items() if name.lower() not in HIDDEN_FROM_URLS}
        self.trail.leave("headers", kept)
        self.trail.leave("pages" if answer.status_code < 400 else f"error pages {answer.status_code}", text)
        return Answer(answer.status_code, text)


def collect(trail: Trail) -> None:
    """What lies in the stores afterwards."""
    for address in {settings.REDIS_URL, settings.CELERY_BROKER_URL}:
        trail.left["Redis"] += _redis(address)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - the table's own name
            rows = [row[0] for row in cursor.fetchall()]
            trail.left["database"] += rows
            if table in ("outbox_errand", "audit_auditrow", "kernel_periodicrun"):
                trail.left[table] += rows
    trail.left["sessions"] += [json.dumps(row.get_decoded(), default=str) for row in Session.objects.all()]


def _redis(address: str) -> list[str]:
    store: Any = redis.Redis.from_url(address)
    readers: dict[bytes, Any] = {
        b"string": store.get,
        b"hash": store.hgetall,
        b"list": lambda key: store.lrange(key, 0, -1),
        b"set": store.smembers,
        b"zset": lambda key: store.zrange(key, 0, -1, withscores=True),
    }
    return [f"{key!r} {readers[store.type(key)](key)!r}" for key in store.scan_iter(count=1000)]
