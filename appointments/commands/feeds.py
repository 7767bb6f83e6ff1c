"""Calendars that somebody subscribes to: making one, ending one, and opening one by its address.

Whoever has the address has the calendar, so it is told once, to the one who made it; here only its hash is kept.
What a calendar shows is decided at each fetch, for its owner as of then.
"""

import hashlib
import secrets
from typing import Final
from uuid import UUID

from django.db import transaction

from appointments.models import CalendarFeed
from portal.audit import commands as audit
from portal.kernel import clock, reach
from portal.kernel.errors import FinalError
from youth_access.acting_choices import at_best
from youth_access.eyes import Eyes
from youth_access.facts import Service
from youth_access.footing import actor_of, basis_of
from youth_access.readers import eyes_without_session

MOST: Final = 5
"""So many calendars may one person subscribe to for one patient; an old one is ended before a new one is made."""
_TOKEN_BYTES: Final = 32


class TooManyFeeds(FinalError):
    """There are as many calendars as there may be."""


class FeedsClosed(FinalError):
    """The rules let these eyes see no appointments, so there is nothing to subscribe to."""


@transaction.atomic
def make(*, eyes: Eyes) -> tuple[CalendarFeed, str]:
    """A new calendar of the patient's appointments, and the secret part of its address. The secret is kept nowhere."""
    if not is_open(eyes):
        raise FeedsClosed("closed")
    mine = CalendarFeed.objects.filter(owner_id=eyes.viewer.person_id, patient_id=eyes.patient_id, revoked_at=None)
    if len(mine.select_for_update()) >= MOST:
        raise TooManyFeeds("too-many")
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    feed = CalendarFeed.objects.create(
        owner_id=eyes.viewer.person_id,
        patient_id=eyes.patient_id,
        token_hash=hash_of(token),
        made_at=clock.now(),
    )
    _note(feed, eyes, "calendar.make")
    return feed, token


@transaction.atomic
def revoke(*, feed_id: UUID, eyes: Eyes) -> bool:
    """End a calendar at once. False where there is none of these eyes' own, or it was ended before."""
    mine = CalendarFeed.objects.select_for_update().filter(
        pk=feed_id, owner_id=eyes.viewer.person_id, patient_id=eyes.patient_id, revoked_at=None
    )
    feed = mine.first()
    if feed is None:
        return False
    feed.revoked_at = clock.now()
    feed.save(update_fields=["revoked_at"])
    _note(feed, eyes, "calendar.end")
    return True


def open_feed(*, token: str) -> tuple[CalendarFeed, Eyes] | None:
    """The calendar behind an address, with its owner's eyes as of now; None where there is none that may be shown.

    An address that never was, one that was ended, and one whose owner has lost the right to look are all the same.
    """
    with reach.everyone("calendar:address"):
        feed = CalendarFeed.objects.filter(token_hash=hash_of(token), revoked_at=None).first()
    if feed is None:
        return None
    with reach.one_patient(f"citizen:{feed.owner_id}", feed.patient_id):
        eyes = eyes_without_session(feed.owner_id, feed.patient_id, clock.now())
        return (feed, eyes) if eyes.person.died_on is None and is_open(eyes) else None


def is_open(eyes: Eyes) -> bool:
    """Whether the rules let these eyes see any appointment of the patient at all."""
    return at_best(eyes, Service.APPOINTMENT).see


def hash_of(token: str) -> str:
    """What is kept of an address: enough to know it again, too little to make it."""
    return hashlib.sha256(token.encode()).hexdigest()


def _note(feed: CalendarFeed, eyes: Eyes, action: str) -> None:
    audit.record(
        by=actor_of(eyes),
        action=action,
        item_kind="calendar_feed",
        item_id=feed.id,
        person_id=feed.patient_id,
        basis=basis_of(eyes, at_best(eyes, Service.APPOINTMENT)),
    )
