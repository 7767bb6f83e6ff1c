"""Tildelt fullmakt (TD): staff appoint somebody for a patient who cannot give a fullmakt, confirmed by their GP."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from portal.audit import commands as audit
from portal.audit.basis import Basis
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.errors import FinalError
from portal.people.models import Person
from youth_access.commands import telling
from youth_access.models import Fullmakt


class NotPossible(FinalError):
    """Codes: `oneself`, `no-areas`, `not-confirmed`, `standing`, `ended`."""


@transaction.atomic
def assign(
    *,
    giver_id: UUID,
    receiver_id: UUID,
    areas: list[str],
    ends_at: datetime | None,
    confirmation: str,
    by: Actor,
    basis: Basis,
) -> UUID:
    """Appoint somebody. `confirmation` says who confirmed it and when. Raises NotPossible."""
    if giver_id == receiver_id:
        raise NotPossible("oneself")
    if not areas:
        raise NotPossible("no-areas")
    if not confirmation.strip():
        raise NotPossible("not-confirmed")
    Person.objects.select_for_update(no_key=True).get(pk=giver_id)
    now = clock.now()
    ours = Fullmakt.objects.filter(
        giver_id=giver_id, receiver_id=receiver_id, kind=Fullmakt.Kind.ASSIGNED, revoked_at=None
    )
    if ours.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now)).exists():
        raise NotPossible("standing")
    ours.update(revoked_at=now, revoked_by=UUID(by.id))
    made = Fullmakt.objects.create(
        giver_id=giver_id,
        receiver_id=receiver_id,
        kind=Fullmakt.Kind.ASSIGNED,
        areas=sorted(areas),
        starts_at=now,
        ends_at=ends_at,
        given_at=now,
        given_by=UUID(by.id),
        note=confirmation,
    )
    _note("fullmakt.assigned", made, by, basis)
    telling.queue(made)
    return made.pk


@transaction.atomic
def end(*, fullmakt_id: UUID, giver_id: UUID, by: Actor, basis: Basis) -> None:
    """End an assigned one at once. Raises NotPossible."""
    found = (
        Fullmakt.objects.select_for_update(no_key=True)
        .filter(pk=fullmakt_id, giver_id=giver_id, kind=Fullmakt.Kind.ASSIGNED, revoked_at=None)
        .first()
    )
    if found is None:
        raise NotPossible("ended")
    found.revoked_at, found.revoked_by = clock.now(), UUID(by.id)
    found.save(update_fields=["revoked_at", "revoked_by"])
    _note("fullmakt.assigned_ended", found, by, basis)


def _note(action: str, row: Fullmakt, by: Actor, basis: Basis) -> None:
    """Once in the log of each: the patient's and the receiver's."""
    for person_id in (row.giver_id, row.receiver_id):
        audit.record(by=by, action=action, item_kind="fullmakt", item_id=row.pk, person_id=person_id, basis=basis)
