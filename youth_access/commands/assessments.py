"""A clinician decides for one referral who may see it, and for how long (nektingsperiode).

A referral's assessments never overlap: a new one ends what it meets, at the very instant it begins itself. So an
extension leaves no gap, and what follows a denial is decided together with it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from portal.audit import commands as audit
from portal.audit.basis import Basis
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.errors import FinalError
from youth_access.commands import tasks
from youth_access.facts import Outcome
from youth_access.models import AccessTask, Referral, ReferralAssessment

REVIEW_DAYS = 30


class NotPossible(FinalError):
    """The assessment cannot be made or ended as asked. Codes: `no-referral`, `empty-period`, `no-reason`, `ended`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An assessment as asked for. `opens_after` says that an open one follows where it has an end."""

    outcome: Outcome
    starts_at: datetime
    ends_at: datetime | None
    reason: str
    note: str = ""
    opens_after: bool = False


@transaction.atomic
def assess(*, referral_id: UUID, patient_id: UUID, wanted: Wanted, by: Actor, basis: Basis) -> UUID:
    """Set what holds for a referral from an instant on. The same once more changes nothing. Raises NotPossible."""
    referral = _lock(referral_id, patient_id)
    if wanted.ends_at is not None and wanted.ends_at <= wanted.starts_at:
        raise NotPossible("empty-period")
    if wanted.outcome != Outcome.OPEN and not wanted.note.strip():
        raise NotPossible("no-reason")
    same = _already(referral, wanted)
    if same is not None:
        return same.pk
    _make_room(referral, wanted.starts_at, by)
    made = _add(referral, wanted, by)
    if wanted.opens_after and wanted.ends_at is not None:
        following = Wanted(outcome=Outcome.OPEN, starts_at=wanted.ends_at, ends_at=None, reason="after_period")
        _add(referral, following, by)
    if wanted.outcome == Outcome.YOUTH_DENIED:
        tasks.open_task(
            kind=AccessTask.Kind.YOUTH_DENIED,
            patient_id=referral.patient_id,
            subject=made.pk,
            unit_id=referral.unit_id,
            in_days=REVIEW_DAYS,
        )
    _note("assessment.set", made, by, basis)
    return made.pk


@transaction.atomic
def end(*, assessment_id: UUID, patient_id: UUID, by: Actor, basis: Basis) -> None:
    """End an assessment and what was to follow it: the referral is then not assessed. Raises NotPossible."""
    found = ReferralAssessment.objects.filter(pk=assessment_id, referral__patient_id=patient_id).first()
    if found is None:
        raise NotPossible("no-referral")
    referral = _lock(found.referral_id, patient_id)
    found = ReferralAssessment.objects.get(pk=assessment_id)
    now = clock.now()
    if not _lasts(found, now):
        raise NotPossible("ended")
    _make_room(referral, now, by)
    tasks.close_about(subject=found.pk, by=by)
    _note("assessment.ended", found, by, basis)


def effective_end(row: ReferralAssessment) -> datetime | None:
    """When an assessment stops counting: at its end, or at the instant it was ended, whichever is first."""
    return min((each for each in (row.ends_at, row.ended_at) if each is not None), default=None)


def _lasts(row: ReferralAssessment, after: datetime) -> bool:
    """Whether it counts at any instant from here on."""
    until = effective_end(row)
    return until is None or until > max(after, row.starts_at)


def _lock(referral_id: UUID, patient_id: UUID) -> Referral:
    found = Referral.objects.select_for_update(no_key=True).filter(pk=referral_id, patient_id=patient_id).first()
    if found is None:
        raise NotPossible("no-referral")
    return found


def _already(referral: Referral, wanted: Wanted) -> ReferralAssessment | None:
    """The assessment that says all of this already, and is followed by the same."""
    rows = [row for row in referral.assessments.all() if _lasts(row, wanted.starts_at)]
    same = [
        row
        for row in rows
        if row.unit_id == referral.unit_id
        and row.starts_at <= wanted.starts_at
        and (row.outcome, row.reason, row.note) == (wanted.outcome, wanted.reason, wanted.note)
        and effective_end(row) == wanted.ends_at
    ]
    followed = any(row.starts_at == wanted.ends_at for row in rows)
    return same[0] if same and followed == (wanted.opens_after and wanted.ends_at is not None) else None


def _make_room(referral: Referral, start: datetime, by: Actor) -> None:
    for row in referral.assessments.all():
        if _lasts(row, start):
            row.ended_at, row.ended_by = max(start, row.starts_at), UUID(by.id)
            row.save(update_fields=["ended_at", "ended_by"])


def _add(referral: Referral, wanted: Wanted, by: Actor) -> ReferralAssessment:
    return ReferralAssessment.objects.create(
        referral=referral,
        unit_id=referral.unit_id,
        outcome=wanted.outcome,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        reason=wanted.reason,
        note=wanted.note,
        made_at=clock.now(),
        made_by=UUID(by.id),
    )


def _note(action: str, row: ReferralAssessment, by: Actor, basis: Basis) -> None:
    """The row carries no patient: who may read a patient's log must not learn from it that something is closed."""
    details = {"referral": str(row.referral_id), "outcome": row.outcome, "reason": row.reason}
    audit.record(by=by, action=action, item_kind="assessment", item_id=row.pk, basis=basis, details=details)
