"""Giving and taking back: fullmakt between adults, and a parent's consent to the youth's own access."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from portal.audit.basis import SELF, Basis
from portal.audit.commands import record
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.errors import FinalError
from portal.people.models import Person
from youth_access.ages import GROWN, Band, band
from youth_access.commands import telling
from youth_access.facts import Kind, Service
from youth_access.models import Fullmakt, YouthConsent
from youth_access.relations import birth_of


class NotGiven(FinalError):
    """The fullmakt was not given. Codes: `giver_age`, `receiver_age`, `protected`, `oneself`, `areas`, `period`."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What is given: services, and from when until when; without an end it lasts until somebody ends it."""

    areas: frozenset[Service]
    starts_at: datetime
    ends_at: datetime | None = None


@transaction.atomic
def give_fullmakt(
    *, giver_id: UUID, receiver_id: UUID, grant: Grant, may_give: Collection[Service], by: Actor, basis: Basis
) -> Fullmakt:
    """Give somebody a fullmakt; one they have from before is ended by it, and stays in the history.

    `may_give` is what the giver has: nobody gives more. Raises `NotGiven`.
    """
    locked = Person.objects.select_for_update(no_key=True).filter(pk__in=[giver_id, receiver_id]).order_by("pk")
    people = {one.pk: one for one in locked}
    now = clock.now()
    _demand(people.get(giver_id), people.get(receiver_id), grant, may_give, now)
    for earlier in Fullmakt.objects.filter(
        giver_id=giver_id, receiver_id=receiver_id, kind=Fullmakt.Kind.GIVEN, revoked_at=None
    ):
        _end(earlier, now, by, basis)
    row = Fullmakt.objects.create(
        giver_id=giver_id,
        receiver_id=receiver_id,
        kind=Fullmakt.Kind.GIVEN,
        areas=sorted(area.value for area in grant.areas),
        starts_at=max(grant.starts_at, now),
        ends_at=grant.ends_at,
        given_at=now,
        given_by=giver_id,
    )
    _note(row, "fullmakt.give", by, basis)
    telling.queue(row)
    return row


@transaction.atomic
def end_fullmakt(*, fullmakt_id: UUID, person_id: UUID, by: Actor) -> bool:
    """End a fullmakt at once, by either side; one that was assigned by staff is not theirs to end.

    False where it was ended before, where it is somebody else's, and where there is none.
    """
    row = (
        Fullmakt.objects.select_for_update()
        .filter(Q(giver_id=person_id) | Q(receiver_id=person_id), pk=fullmakt_id, kind=Fullmakt.Kind.GIVEN)
        .first()
    )
    if row is None or row.revoked_at is not None:
        return False
    relation = SELF if row.giver_id == person_id else Kind.PROXY.value
    _end(row, clock.now(), by, Basis(relation=relation))
    return True


@transaction.atomic
def set_youth_consent(*, child_id: UUID, parent_id: UUID, gives: bool, by: Actor, basis: Basis) -> bool:
    """A parent's yes, or its withdrawal. The last word of either parent counts, and each parent's own is kept.

    Whether the parent may is the caller's to decide. False where nothing was said that had not been.
    """
    Person.objects.select_for_update(no_key=True).get(pk=child_id)
    last = YouthConsent.objects.filter(child_id=child_id).order_by("-id").first()
    if not gives and (last is None or not last.gives):
        return False
    if gives and last is not None and last.gives and last.parent_id == parent_id:
        return False
    row = YouthConsent(child_id=child_id, parent_id=parent_id, gives=gives, at=clock.now())
    row.save(force_insert=True)
    record(
        by=by,
        action="consent.give" if gives else "consent.withdraw",
        item_kind="youth_consent",
        item_id=str(row.pk),
        person_id=child_id,
        basis=basis,
    )
    return True


def is_of_age(person: Person, at: datetime) -> bool:
    """Whether somebody is surely 18."""
    birth = birth_of(person)
    return birth is not None and all(band(day, at, gains=True) == Band.ADULT for day in birth.possible_days)


def _demand(
    giver: Person | None, receiver: Person | None, grant: Grant, may_give: Collection[Service], now: datetime
) -> None:
    if giver is None or receiver is None or giver.pk == receiver.pk:
        raise NotGiven("oneself")
    birth = birth_of(giver)
    if birth is None or any(band(day, now, gains=True) not in GROWN for day in birth.possible_days):
        raise NotGiven("giver_age")
    if receiver.died_on is not None or not is_of_age(receiver, now):
        raise NotGiven("receiver_age")
    if giver.protected or receiver.protected:
        raise NotGiven("protected")
    if not grant.areas or not grant.areas <= frozenset(may_give):
        raise NotGiven("areas")
    if grant.ends_at is not None and grant.ends_at <= max(grant.starts_at, now):
        raise NotGiven("period")


def _end(row: Fullmakt, now: datetime, by: Actor, basis: Basis) -> None:
    """What ran out by itself keeps its own end; the row is closed all the same, so that a new one can be given."""
    Fullmakt.objects.filter(pk=row.pk).update(revoked_at=now, revoked_by=UUID(by.id))
    _note(row, "fullmakt.end", by, basis)


def _note(row: Fullmakt, action: str, by: Actor, basis: Basis) -> None:
    """One row for each side, so that both find it in their own log."""
    receivers = Basis(relation=SELF if by.id == str(row.receiver_id) else "")
    for person_id, footing in ((row.giver_id, basis), (row.receiver_id, receivers)):
        record(
            by=by,
            action=action,
            item_kind="fullmakt",
            item_id=row.pk,
            person_id=person_id,
            basis=footing,
            details={"areas": row.areas},
        )
