"""What is known of people's families, and whose snapshot of the register is due for renewal."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import F, Q, QuerySet

from portal.people import numbers, sealing
from portal.people.models import (
    FormerNumber,
    Guardianship,
    ParentalResponsibility,
    ParentLink,
    Person,
)

TOO_OLD: Final = timedelta(hours=24)
"""After this long a snapshot no longer lets anyone act for somebody else."""

RENEW_AFTER: Final = timedelta(hours=20)
"""Well before that, so that a register which is down for an evening closes nothing."""

ASK_AGAIN_AFTER: Final = timedelta(minutes=10)
CLOCKS_APART: Final = timedelta(minutes=10)
"""How far ahead a snapshot may lie and still be believed; farther means that the clock was moved back since."""

PeopleIds = Callable[[], "QuerySet[Person, UUID]"]
_also_kept_fresh: dict[str, PeopleIds] = {}


def also_keep_fresh(name: str, ids: PeopleIds) -> None:
    """Let services name more people whose snapshots must not grow old, such as those in a fullmakt."""
    _also_kept_fresh[name] = ids


def by_numbers(pids: Collection[str]) -> dict[str, Person]:
    """The people known by these numbers, present or former; texts that are no numbers are passed over."""
    index = {sealing.blind_index(number.digits): pid for pid in pids if (number := _parsed(pid)) is not None}
    former = FormerNumber.objects.filter(pid_index__in=index).select_related("person")
    found = {index[row.pid_index]: row.person for row in former}
    return found | {index[person.pid_index]: person for person in Person.objects.filter(pid_index__in=index)}


def is_fresh(person: Person, at: datetime, older_than: timedelta = TOO_OLD) -> bool:
    """Whether the register told about this person and their family less than so long ago."""
    seen = person.register_seen_at
    return seen is not None and at - older_than < seen <= at + CLOCKS_APART


def due_for_renewal(at: datetime) -> "QuerySet[Person]":
    """Everyone with a tie to somebody whose snapshot should be taken anew, those asked about longest ago first."""
    old = (
        Q(register_seen_at__isnull=True)
        | Q(register_seen_at__lte=at - RENEW_AFTER)
        | Q(register_seen_at__gt=at + CLOCKS_APART)
    )
    not_just_asked = (
        Q(register_asked_at__isnull=True)
        | Q(register_asked_at__lte=at - ASK_AGAIN_AFTER)
        | Q(register_asked_at__gt=at + CLOCKS_APART)
    )
    return Person.objects.filter(old, not_just_asked, _tied()).order_by(F("register_asked_at").asc(nulls_first=True))


def _tied() -> Q:
    """Children with someone who answers for them, those with guardians, and everyone on the other side."""
    held = ParentalResponsibility.objects.filter(holder__isnull=False)
    sides = [
        ParentalResponsibility.objects.values("child_id"),
        held.values("holder_id"),
        ParentLink.objects.values("child_id"),
        ParentLink.objects.values("parent_id"),
        Guardianship.objects.values("person_id"),
        Guardianship.objects.values("guardian_id"),
        *(ids() for ids in _also_kept_fresh.values()),
    ]
    tied = Q()
    for side in sides:
        tied |= Q(pk__in=side)
    return tied


def _parsed(pid: str) -> numbers.IdentityNumber | None:
    try:
        return numbers.parse(pid)
    except numbers.NotAnIdentityNumber:
        return None
