"""Signed-in sessions: begun, kept alive, ended from inside or outside, and never older than their limits.

All instants are the machine's real time (`clock.real_now`), in the demo too.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.sessions.models import Session as BrowserSession
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from portal.kernel import clock
from portal.kernel.ready import Ready
from portal.people import signals
from portal.people.models import Person, Role, SignInSession, StaffRole

Ending = SignInSession.Ending
SEEN_AT_MOST_EVERY: Final = timedelta(seconds=30)
"""How often a busy session's last activity is written: the idle limit is this much shorter at worst."""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session within its limits, the roles in force in it now, and those its person holds that need HelseID first."""

    row: SignInSession
    roles: frozenset[Role]
    dormant: frozenset[Role] = frozenset()


def in_force(held: frozenset[Role], *, hpr_number: str, organisation: str) -> frozenset[Role]:
    """The roles that count in a session. Nobody is a clinician without an HPR number and an employer from HelseID."""
    return held if hpr_number and organisation else held - {Role.CLINICIAN}


def begin(
    *,
    session_key: str,
    person: Person,
    issuer: str,
    sid: str,
    assurance: str,
    authenticated_at: datetime,
    hpr_number: str = "",
    organisation: str = "",
) -> SignInSession:
    """Open a session for a browser session that has just got a new key."""
    now = clock.real_now()
    return SignInSession.objects.create(
        session_hash=hash_of(session_key),
        issuer=issuer,
        sid=sid,
        person=person,
        assurance=assurance,
        hpr_number=hpr_number,
        organisation=organisation,
        authenticated_at=authenticated_at,
        started_at=now,
        last_seen_at=now,
    )


def behind(session_key: str) -> SignInSession | None:
    """The sign-in behind a browser session, with its person, the roles held now, and what the browser session holds.

    The last is `browser_data`, still encoded; None where the browser session is gone or has run out. One query.
    """
    return next(iter(_BEHIND.rows(hash_of(session_key), session_key, clock.real_now())), None)


def current(session_key: str) -> OpenSession | Ending | None:
    """The open session behind a key; why it ended; or None where there never was one. One query; see `judge`."""
    return judge(behind(session_key))


def judge(row: SignInSession | None) -> OpenSession | Ending | None:
    """The open session, or why it ended, of what `behind` found. A session found beyond a limit is ended here."""
    if row is None:
        return None
    if row.ended_at is not None:
        return Ending(row.ending)
    reached = limit_reached(row, clock.real_now())
    if reached is not None:
        end(row, reached)
        return reached
    held = frozenset(Role(role) for role in row.held_roles)  # type: ignore[attr-defined]  # annotated by `behind`
    roles = in_force(held, hpr_number=row.hpr_number, organisation=row.organisation)
    return OpenSession(row, roles, held - roles)


def _behind(session_hash: str, session_key: str, now: datetime) -> QuerySet[SignInSession]:
    held_now = StaffRole.objects.filter(person=OuterRef("person"), ended_at__isnull=True).values("role")
    browser = BrowserSession.objects.filter(session_key=session_key, expire_date__gt=now).values("session_data")
    return (
        SignInSession.objects.select_related("person")
        .annotate(held_roles=ArraySubquery(held_now), browser_data=Subquery(browser))
        .filter(session_hash=session_hash)
    )


_BEHIND: Final = Ready(_behind, "its hash", "its key", datetime(1, 1, 1, tzinfo=UTC))


def limit_reached(row: SignInSession, at: datetime) -> Ending | None:
    """Which limit an open session has reached at an instant, if any."""
    if at >= row.started_at + settings.SESSION_ABSOLUTE_LIMIT:
        return Ending.ABSOLUTE
    if at >= row.last_seen_at + settings.SESSION_IDLE_LIMIT:
        return Ending.IDLE
    return None


def ends_at(row: SignInSession) -> datetime:
    """When the session runs out if nothing more is done."""
    idle: datetime = row.last_seen_at + settings.SESSION_IDLE_LIMIT
    absolute: datetime = row.started_at + settings.SESSION_ABSOLUTE_LIMIT
    return min(idle, absolute)


def keep_alive(row: SignInSession, *, at_once: bool = False) -> None:
    """Note activity. Written at most every half minute unless asked for at once."""
    now = clock.real_now()
    if not at_once and now - row.last_seen_at < SEEN_AT_MOST_EVERY:
        return
    if SignInSession.objects.filter(pk=row.pk, ended_at__isnull=True).update(last_seen_at=now):
        row.last_seen_at = now


def end(row: SignInSession, ending: Ending) -> bool:
    """End one session and say so; an ended one keeps its first reason. Says whether it was open."""
    with transaction.atomic():
        still_open = SignInSession.objects.filter(pk=row.pk, ended_at__isnull=True)
        if not still_open.update(ended_at=clock.real_now(), ending=ending):
            return False
        signals.signed_out.send(SignInSession, session=row, ending=ending.value)
    return True


def end_by_sid(*, issuer: str, sid: str) -> int:
    """End the sessions that began from one session at the identity provider. Says how many were open."""
    if not sid:
        return 0
    found = SignInSession.objects.filter(issuer=issuer, sid=sid, ended_at__isnull=True)
    return sum(end(row, Ending.PROVIDER) for row in found)


def forget_old(*, older_than: timedelta) -> int:
    """Delete what is left of sessions that began so long ago, and the framework's expired rows. Says how many."""
    now = clock.real_now()
    BrowserSession.objects.filter(expire_date__lt=now).delete()
    count, _by_table = SignInSession.objects.filter(started_at__lt=now - older_than).delete()
    return count


def hash_of(session_key: str) -> str:
    """What is kept of a browser session's key: enough to find it, not enough to use it."""
    return hashlib.sha256(session_key.encode()).hexdigest()
