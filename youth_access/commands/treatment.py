"""Referrals and care teams as the record system tells them, and treatment relations set here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction

from portal.audit import commands as audit
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.errors import FinalError
from portal.people.commands import register_person
from portal.people.models import Person, Unit
from youth_access.models import CareTeamMember, Referral, TreatmentRelation


class Refused(FinalError):
    """Codes: `unknown-unit`, `other-patient`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralOrder:
    """A referral as its record system has it now. `team` are HPR numbers of those who treat the patient for it."""

    source: str
    key: str
    patient_pid: str
    unit_resh: str
    received_at: datetime
    team: tuple[str, ...] = ()
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Reception:
    """Which referral an order became, and what came of it."""

    referral_id: UUID
    outcome: Literal["created", "changed", "same"]


@transaction.atomic
def receive(*, order: ReferralOrder, by: Actor) -> Reception:
    """Take in a referral or what is new about it. A referral that moves to another unit is no longer assessed.

    That follows from the assessments themselves, which name the unit that made them. Raises Refused.
    """
    unit = Unit.objects.filter(resh=order.unit_resh, active=True).first()
    if unit is None:
        raise Refused("unknown-unit")
    patient = register_person(pid=order.patient_pid)
    fresh = Referral(
        patient=patient, unit=unit, source=order.source, source_key=order.key, received_at=order.received_at
    )
    Referral.objects.bulk_create([fresh], ignore_conflicts=True)
    row = Referral.objects.select_for_update(no_key=True).get(source=order.source, source_key=order.key)
    if row.patient_id != patient.pk:
        raise Refused("other-patient")
    created = row.pk == fresh.pk
    changed = _bring_up_to_date(row, unit, ended=order.ended)
    changed = _set_team(row, () if order.ended else order.team) or changed
    outcome: Literal["created", "changed", "same"] = "created" if created else "changed" if changed else "same"
    if outcome != "same":
        audit.record(
            by=by, action=f"referral.{outcome}", item_kind="referral", item_id=row.pk, details={"unit": unit.pk}
        )
    return Reception(row.pk, outcome)


@transaction.atomic
def begin(*, patient: Person, clinician: Person, unit: Unit, by: Actor) -> TreatmentRelation:
    """Note that a clinician treats a patient from now on; once, however often it is said."""
    Person.objects.select_for_update(no_key=True).get(pk=patient.pk)
    standing = TreatmentRelation.objects.filter(patient=patient, clinician=clinician, unit=unit, ends_at=None).first()
    if standing is not None:
        return standing
    made = TreatmentRelation.objects.create(patient=patient, clinician=clinician, unit=unit, starts_at=clock.now())
    audit.record(by=by, action="treatment.begun", item_kind="treatment", item_id=made.pk, details={"unit": unit.pk})
    return made


@transaction.atomic
def end(*, relation_id: UUID, by: Actor) -> None:
    """The treatment is over; over already: nothing changes."""
    if TreatmentRelation.objects.filter(pk=relation_id, ends_at=None).update(ends_at=clock.now()):
        audit.record(by=by, action="treatment.ended", item_kind="treatment", item_id=relation_id)


def _bring_up_to_date(row: Referral, unit: Unit, *, ended: bool) -> bool:
    ended_at = (row.ended_at or clock.now()) if ended else None
    if (row.unit_id, row.ended_at) == (unit.pk, ended_at):
        return False
    row.unit, row.ended_at = unit, ended_at
    row.save(update_fields=["unit", "ended_at"])
    return True


def _set_team(row: Referral, numbers: Collection[str]) -> bool:
    """Make the team what it is now: who has gone, or stayed behind at another unit, is ended."""
    now = clock.now()
    standing = CareTeamMember.objects.filter(referral=row, ends_at=None)
    gone = standing.exclude(unit_id=row.unit_id, hpr_number__in=numbers).update(ends_at=now)
    here = set(standing.values_list("hpr_number", flat=True))
    new = [
        CareTeamMember(referral=row, patient_id=row.patient_id, unit_id=row.unit_id, hpr_number=number, starts_at=now)
        for number in dict.fromkeys(numbers)
        if number not in here
    ]
    CareTeamMember.objects.bulk_create(new)
    return bool(gone or new)
