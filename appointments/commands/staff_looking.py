"""Staff and other health services who look: each look leaves a row in the audit."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction

from appointments.models import Appointment
from portal.audit import commands as audit
from portal.audit.basis import Basis
from portal.audit.models import AuditRow
from portal.kernel.actor import Actor

AGREEMENT = "care_agreement"
"""The audit's word for the footing of another health service."""


@transaction.atomic
def note_book(*, what: str, unit_id: str, appointments: Collection[UUID], by: Actor, basis: str) -> None:
    """A part of a clinic's book was shown: one row names every appointment in it."""
    audit.record(
        by=by,
        action=what,
        item_kind="appointment_list",
        item_id=unit_id,
        basis=basis,
        result=AuditRow.Result.SHOWN,
        details={"appointments": [str(each) for each in appointments]},
    )


@transaction.atomic
def note_requests(*, requests: Collection[UUID], by: Actor, basis: str) -> None:
    """The queue of requests was shown."""
    audit.record(
        by=by,
        action="tasks",
        item_kind="request_list",
        item_id="",
        basis=basis,
        details={"requests": [str(each) for each in requests]},
    )


@transaction.atomic
def note_case(*, appointment: Appointment, by: Actor, basis: Basis | str, details: dict[str, Any]) -> None:
    """One appointment's life was looked at."""
    audit.record(
        by=by,
        action="case",
        item_kind="appointment",
        item_id=appointment.pk,
        person_id=appointment.person_id,
        basis=basis,
        details=details,
    )


@transaction.atomic
def note_request(
    *, request_id: UUID, person_id: UUID, appointment_id: UUID | None, by: Actor, basis: Basis | str
) -> None:
    """One request was looked at."""
    audit.record(
        by=by,
        action="case",
        item_kind="appointment" if appointment_id else "request",
        item_id=appointment_id or request_id,
        person_id=person_id,
        basis=basis,
    )


@transaction.atomic
def note_busy_times(*, client_id: str, person_id: UUID | None, name: str, covered: bool) -> None:
    """Another health service asked when a patient is busy. The patient reads it in the log, with the service's name.

    The same row whether there was anything to see; where the agreement covers the patient not, it says refused.
    """
    audit.record(
        by=Actor("sender", client_id),
        action="busy_times",
        item_kind="busy_times",
        item_id="",
        person_id=person_id,
        basis=AGREEMENT,
        result=AuditRow.Result.SHOWN if covered else AuditRow.Result.REFUSED,
        details={"name": name},
    )
