"""What the stand-in remembers, in memory: requests, codes, tokens and sessions, each with its end."""

import secrets
import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar, cast
from uuid import uuid4

from portal.counterparts.identity.standin import config
from portal.kernel import clock

T = TypeVar("T")


class Shelf(Generic[T]):
    """Things under names that cannot be guessed, each until its time is out. Safe to share between threads."""

    def __init__(self) -> None:
        self._things: dict[str, tuple[T, datetime]] = {}
        self._lock = threading.Lock()

    def put(self, thing: T, until: datetime, name: str = "") -> str:
        """Keep a thing; its name."""
        name = name or secrets.token_urlsafe(32)
        now = clock.real_now()
        with self._lock:
            self._things = {key: kept for key, kept in self._things.items() if kept[1] > now}
            self._things[name] = (thing, until)
        return name

    def claim(self, name: str, until: datetime) -> bool:
        """Take a name once: false where somebody has it. For shelves whose things are nothing but there."""
        now = clock.real_now()
        with self._lock:
            kept = self._things.get(name)
            if kept is not None and kept[1] > now:
                return False
            self._things = {key: kept for key, kept in self._things.items() if kept[1] > now}
            self._things[name] = (cast(T, True), until)
        return True

    def get(self, name: str) -> T | None:
        """The thing of this name, if its time is not out."""
        with self._lock:
            kept = self._things.get(name)
        return kept[0] if kept and kept[1] > clock.real_now() else None

    def take(self, name: str) -> T | None:
        """The thing of this name, for the last time."""
        with self._lock:
            kept = self._things.pop(name, None)
        return kept[0] if kept and kept[1] > clock.real_now() else None


@dataclass(frozen=True)
class Request:
    """A pushed authorization request, checked. `key` is what its code and tokens are bound to; empty for nothing."""

    client_id: str
    redirect_uri: str
    state: str
    nonce: str
    challenge: str
    scope: frozenset[str]
    level: str
    locale: str
    fresh: bool
    key: str = ""


@dataclass
class Session:
    """One person's session across services."""

    slug: str
    level: str
    organisation: str
    authenticated_at: datetime
    sid: str = field(default_factory=lambda: str(uuid4()))
    clients: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Grant:
    """What a code or an access token stands for."""

    request: Request
    slug: str
    level: str
    organisation: str
    authenticated_at: datetime
    sid: str


@dataclass(frozen=True)
class Memory:
    """All that one provider remembers."""

    requests: Shelf[Request] = field(default_factory=Shelf)
    codes: Shelf[Grant] = field(default_factory=Shelf)
    access_tokens: Shelf[Grant] = field(default_factory=Shelf)
    sessions: Shelf[Session] = field(default_factory=Shelf)
    used_assertions: Shelf[bool] = field(default_factory=Shelf)
    used_proofs: Shelf[bool] = field(default_factory=Shelf)
    nonces: Shelf[bool] = field(default_factory=Shelf)


def session_until() -> datetime:
    """When a session that begins or is used now ends."""
    return clock.real_now() + config.SESSION_LIVES
