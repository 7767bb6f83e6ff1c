"""Fullmakter given and received, and consents to a youth's own access."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from youth_access.models import Fullmakt, YouthConsent

MOST = 200


@dataclass(frozen=True, slots=True)
class Fullmakter:
    """What one person has given and received, in force or to come, and what is over."""

    given: list[Fullmakt]
    received: list[Fullmakt]
    over: list[Fullmakt]


def fullmakter_of(person_id: UUID, at: datetime) -> Fullmakter:
    """Every fullmakt a person has a part in, newest first. One query."""
    rows = list(
        Fullmakt.objects.filter(Q(giver_id=person_id) | Q(receiver_id=person_id))
        .select_related("giver", "receiver")
        .order_by("-given_at", "-pk")[:MOST]
    )
    current = [row for row in rows if not is_over(row, at)]
    return Fullmakter(
        given=[row for row in current if row.giver_id == person_id],
        received=[row for row in current if row.receiver_id == person_id],
        over=[row for row in rows if is_over(row, at)],
    )


def is_over(row: Fullmakt, at: datetime) -> bool:
    """Whether it was ended, or has run out."""
    return row.revoked_at is not None or (row.ends_at is not None and row.ends_at <= at)


def current_between(giver_id: UUID, receiver_id: UUID, at: datetime) -> Fullmakt | None:
    """The fullmakt in force or to come from one to the other."""
    rows = Fullmakt.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at),
        giver_id=giver_id,
        receiver_id=receiver_id,
        kind=Fullmakt.Kind.GIVEN,
        revoked_at=None,
    )
    return rows.first()


def last_consents(children: Collection[UUID]) -> dict[UUID, YouthConsent]:
    """The last word about each child, with whose it was. One query."""
    rows = (
        YouthConsent.objects.filter(child_id__in=children)
        .select_related("parent")
        .order_by("child_id", "-id")
        .distinct("child_id")
    )
    return {row.child_id: row for row in rows}


def consent_history(child_id: UUID) -> list[YouthConsent]:
    """Every word about one child, newest first."""
    rows = YouthConsent.objects.filter(child_id=child_id).select_related("parent").order_by("-id")
    return list(rows[:MOST])
