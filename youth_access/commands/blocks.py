""" "No digital parental access" for a child, and a patient's no to one clinician (NORS): set and ended, never deleted.

A local block is invisible to parents, also afterwards: its audit rows carry no patient.
"""

from uuid import UUID

from django.db import transaction

from portal.audit import commands as audit
from portal.audit.basis import Basis
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.errors import FinalError
from portal.people.models import Person
from youth_access.models import LocalBlock, StaffBlock


class NotPossible(FinalError):
    """Codes: `not-a-relative`, `no-block`, `ended`."""


@transaction.atomic
def set_block(*, child_id: UUID, parent_id: UUID | None, reason: str, note: str, by: Actor, basis: Basis) -> UUID:
    """Stop one parent, or everyone with parental responsibility, within the next request."""
    Person.objects.select_for_update(no_key=True).get(pk=child_id)
    standing = LocalBlock.objects.filter(child_id=child_id, parent_id=parent_id, ended_at=None).first()
    if standing is not None:
        return standing.pk
    made = LocalBlock.objects.create(
        child_id=child_id, parent_id=parent_id, reason=reason, note=note, set_at=clock.now(), set_by=UUID(by.id)
    )
    _note("local_block.set", "local_block", made.pk, by, basis)
    return made.pk


@transaction.atomic
def end_block(*, block_id: UUID, child_id: UUID, by: Actor, basis: Basis) -> None:
    """Let the register's parents in again. Raises NotPossible."""
    found = LocalBlock.objects.select_for_update(no_key=True).filter(pk=block_id, child_id=child_id).first()
    if found is None or found.ended_at is not None:
        raise NotPossible("ended")
    found.ended_at, found.ended_by = clock.now(), UUID(by.id)
    found.save(update_fields=["ended_at", "ended_by"])
    _note("local_block.ended", "local_block", found.pk, by, basis)


@transaction.atomic
def block_clinician(*, patient_id: UUID, clinician_id: UUID, by: Actor, basis: Basis) -> UUID:
    """The patient does not want this clinician to see anything (NORS)."""
    Person.objects.select_for_update(no_key=True).get(pk=patient_id)
    standing = StaffBlock.objects.filter(patient_id=patient_id, clinician_id=clinician_id, ended_at=None).first()
    if standing is not None:
        return standing.pk
    made = StaffBlock.objects.create(patient_id=patient_id, clinician_id=clinician_id, set_at=clock.now())
    _note("staff_block.set", "staff_block", made.pk, by, basis)
    return made.pk


@transaction.atomic
def unblock_clinician(*, block_id: UUID, patient_id: UUID, by: Actor, basis: Basis) -> None:
    """The patient has changed their mind. Raises NotPossible."""
    found = StaffBlock.objects.select_for_update(no_key=True).filter(pk=block_id, patient_id=patient_id).first()
    if found is None or found.ended_at is not None:
        raise NotPossible("ended")
    found.ended_at = clock.now()
    found.save(update_fields=["ended_at"])
    _note("staff_block.ended", "staff_block", found.pk, by, basis)


def _note(action: str, kind: str, row_id: UUID, by: Actor, basis: Basis) -> None:
    audit.record(by=by, action=action, item_kind=kind, item_id=row_id, basis=basis)
