"""A child's wish that parents be kept out: closed from the moment it is recorded, then answered by a clinician.

No audit row here carries the patient: a parent who may read a younger child's log must not learn of the wish.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import Q

from portal.audit import commands as audit
from portal.audit.basis import Basis
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.errors import FinalError
from portal.people.models import Person
from youth_access.commands import tasks
from youth_access.models import ChildWish, Referral

State = ChildWish.State
_MOVES = {
    State.RESPECTED: frozenset({State.PENDING}),
    State.DECLINED: frozenset({State.PENDING, State.RESPECTED}),
    State.TAKEN_BACK: frozenset({State.PENDING, State.RESPECTED}),
}
_NEEDS_REASON = frozenset({State.DECLINED})


class NotPossible(FinalError):
    """The wish cannot be recorded or answered so. Codes: `no-referral`, `no-wish`, `answered`, `no-reason`."""


@transaction.atomic
def record(*, child_id: UUID, referral_id: UUID | None, note: str, by: Actor, basis: Basis) -> UUID:
    """Write down what the child wants, for one referral or for everything. Recorded already: nothing changes."""
    Person.objects.select_for_update(no_key=True).get(pk=child_id)
    if referral_id is not None and not Referral.objects.filter(pk=referral_id, patient_id=child_id).exists():
        raise NotPossible("no-referral")
    about = Q(referral__isnull=True) if referral_id is None else Q(referral_id=referral_id)
    standing = ChildWish.objects.filter(about, child_id=child_id, state__in=[State.PENDING, State.RESPECTED]).first()
    if standing is not None:
        return standing.pk
    made = ChildWish.objects.create(
        child_id=child_id, referral_id=referral_id, recorded_at=clock.now(), recorded_by=UUID(by.id), note=note
    )
    _note("wish.recorded", made, by, basis)
    return made.pk


@transaction.atomic
def answer(*, wish_id: UUID, child_id: UUID, state: ChildWish.State, note: str, by: Actor, basis: Basis) -> None:
    """Respect the wish, decline it with a reason, or note that the child has taken it back. Raises NotPossible."""
    found = ChildWish.objects.select_for_update(no_key=True).filter(pk=wish_id, child_id=child_id).first()
    if found is None:
        raise NotPossible("no-wish")
    if found.state not in _MOVES.get(state, frozenset()):
        raise NotPossible("answered")
    if state in _NEEDS_REASON and not note.strip():
        raise NotPossible("no-reason")
    found.state, found.answer = state, note
    found.answered_at, found.answered_by = clock.now(), UUID(by.id)
    found.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    tasks.close_about(subject=found.pk, by=by)
    _note(f"wish.{state.value}", found, by, basis)


def _note(action: str, row: ChildWish, by: Actor, basis: Basis) -> None:
    details = {"referral": str(row.referral_id)} if row.referral_id else {}
    audit.record(by=by, action=action, item_kind="child_wish", item_id=row.pk, basis=basis, details=details)
