"""Writing down what a patient asks, once for each form, with the errand that tells the hospital."""

from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from appointments.commands import history
from appointments.commands.permission import NotAllowed
from appointments.models import Appointment, Request
from portal.audit import commands as audit
from portal.kernel import clock
from portal.outbox import commands as outbox
from youth_access.decide import Decision
from youth_access.eyes import Eyes
from youth_access.footing import actor_of, basis_of

TELL_HOSPITAL: Final = "appointments.tell_hospital"


def known(eyes: Eyes, key: UUID, kind: Request.Kind, **about: UUID | str | None) -> Request | None:
    """What was asked with this form before. None for a new key, and for one that was used for something else."""
    return Request.objects.filter(
        key=key, kind=kind, person_id=eyes.patient_id, made_by=eyes.viewer.person_id, **about
    ).first()


def put(
    *,
    kind: Request.Kind,
    key: UUID,
    eyes: Eyes,
    decision: Decision,
    appointment: Appointment | None,
    unit_id: str,
    reservation_id: UUID | None = None,
    reason_system: str = "",
    reason: str = "",
    comment: str = "",
) -> Request:
    """Write the request, its history, audit and errand in the present transaction.

    Raises NotAllowed where the key belongs to another form.
    """
    request = Request(
        person_id=eyes.patient_id,
        unit_id=unit_id,
        appointment=appointment,
        reservation_id=reservation_id,
        kind=kind,
        key=key,
        reason_system=reason_system,
        reason=reason,
        comment=comment,
        made_at=clock.now(),
        made_by=eyes.viewer.person_id,
        made_as=decision.relation.value,
    )
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError:
        same = known(eyes, key, kind, appointment_id=request.appointment_id, unit_id=unit_id)
        if same is None:
            raise NotAllowed(eyes, decision, item_id=key, action=f"request.{kind}", kind="request") from None
        return same
    note(request, eyes, decision, f"request.{kind}")
    outbox.put(TELL_HOSPITAL, request.pk)
    return request


def note(request: Request, eyes: Eyes, decision: Decision, deed: str) -> None:
    """History and audit of what a citizen did with a request."""
    by = actor_of(eyes)
    if request.appointment is not None:
        history.note(request.appointment, deed, by=by, details={"request": str(request.pk)})
    audit.record(
        by=by,
        action=deed,
        item_kind="request" if request.appointment_id is None else "appointment",
        item_id=request.appointment_id or request.pk,
        person_id=request.person_id,
        basis=basis_of(eyes, decision),
        details={"request": str(request.pk)},
    )
