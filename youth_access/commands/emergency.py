"""Emergency access ("break-glass"): one clinician, one patient, an hour, a reason; then somebody else reviews it.

The hour is counted on the clinic's clock and not the machine's: it is part of the case history, it stands in the
patient's log beside what was read, and a demo that moves its clock must see it run out.
"""

from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from django.db import transaction

from portal.audit import commands as audit
from portal.audit.basis import Basis
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.errors import FinalError
from portal.people.models import Person
from youth_access.commands import tasks
from youth_access.models import AccessTask, BreakGlass

LASTS: Final = timedelta(minutes=60)
REVIEW_DAYS: Final = 3
Verdict = Literal["justified", "not_justified"]


class NotPossible(FinalError):
    """Codes: `oneself`, `no-reason`, `no-such`, `reviewed`, `own`."""


def running(clinician_id: UUID, patient_id: UUID, at: datetime) -> BreakGlass | None:
    """The emergency access in force between the two, if any."""
    rows = BreakGlass.objects.filter(clinician_id=clinician_id, patient_id=patient_id, started_at__lte=at)
    return rows.filter(ends_at__gt=at).order_by("-started_at").first()


@transaction.atomic
def begin(*, clinician_id: UUID, patient_id: UUID, reason: str, note: str, flags: tuple[str, ...]) -> BreakGlass:
    """Open one patient for an hour; one that runs already is given back. `flags` go to the reviewer by the audit."""
    if clinician_id == patient_id:
        raise NotPossible("oneself")
    if not note.strip():
        raise NotPossible("no-reason")
    Person.objects.select_for_update(no_key=True).get(pk=patient_id)
    now = clock.now()
    standing = running(clinician_id, patient_id, now)
    if standing is not None:
        return standing
    made = BreakGlass.objects.create(
        clinician_id=clinician_id,
        patient_id=patient_id,
        reason=reason,
        note=note,
        started_at=now,
        ends_at=now + LASTS,
    )
    tasks.open_task(
        kind=AccessTask.Kind.BREAK_GLASS,
        patient_id=patient_id,
        subject=made.pk,
        unit_id=None,
        in_days=REVIEW_DAYS,
    )
    _note("emergency.begun", made, Actor("staff", str(clinician_id)), {"reason": reason, "flags": list(flags)})
    return made


@transaction.atomic
def leave(*, break_glass_id: UUID, clinician_id: UUID) -> None:
    """End one's own emergency access before its hour is over; one that is over already stays as it is."""
    found = BreakGlass.objects.select_for_update(no_key=True).get(pk=break_glass_id, clinician_id=clinician_id)
    now = clock.now()
    if found.started_at < now < found.ends_at:
        found.ends_at = now
        found.save(update_fields=["ends_at"])
        _note("emergency.left", found, Actor("staff", str(clinician_id)), {})


@transaction.atomic
def review(*, break_glass_id: UUID, verdict: Verdict, note: str, by: UUID) -> None:
    """A second person says whether it was justified. Raises NotPossible, also for one's own."""
    found = BreakGlass.objects.select_for_update(no_key=True).filter(pk=break_glass_id).first()
    if found is None:
        raise NotPossible("no-such")
    if found.clinician_id == by:
        raise NotPossible("own")
    if found.reviewed_at is not None:
        raise NotPossible("reviewed")
    if not note.strip():
        raise NotPossible("no-reason")
    found.reviewed_at, found.reviewed_by = clock.now(), by
    found.verdict, found.verdict_note = verdict, note
    found.save(update_fields=["reviewed_at", "reviewed_by", "verdict", "verdict_note"])
    reviewer = Actor("staff", str(by))
    tasks.close_about(subject=found.pk, by=reviewer)
    _note("emergency.reviewed", found, reviewer, {"verdict": verdict}, relation="reviewer")


def _note(action: str, row: BreakGlass, by: Actor, details: dict[str, object], *, relation: str = "emergency") -> None:
    """In the patient's own log: the patient has a right to know that somebody came in this way."""
    audit.record(
        by=by,
        action=action,
        item_kind="break_glass",
        item_id=row.pk,
        person_id=row.patient_id,
        basis=Basis(relation=relation),
        details=details,
    )
