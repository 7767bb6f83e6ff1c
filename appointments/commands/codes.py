"""Codes of set 9603 that staff set on an appointment, or take away, after it came in."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from appointments.commands import history, reminding
from appointments.models import Appointment
from portal.audit import commands as audit
from portal.kernel.actor import Actor
from portal.kernel.errors import FinalError
from youth_access.codes import KNOWN, Code
from youth_access.commands import tasks
from youth_access.models import AccessTask

LONGEST_NOTE: Final = 1000


class CodesRefused(FinalError):
    """Codes that make no sense together, or that this person may not undo."""


@transaction.atomic
def set_codes(
    *, appointment_id: UUID, codes: Collection[str], withheld_until: datetime | None, reason: str, by: Actor
) -> bool:
    """Let the appointment carry exactly these codes. False when it does already.

    They hold from the next request: lists, calendars and reminders ask anew each time. Raises CodesRefused without a
    reason, for a code we do not know, for NORU without a time and a time without NORU, and where staff would undo the
    patient's own wish (NORN_EPO).
    """
    appointment = history.lock(appointment_id)
    wanted = list(dict.fromkeys(codes))
    _check(appointment, wanted, withheld_until, reason, by)
    if (wanted, withheld_until) == (appointment.security_codes, appointment.withheld_until):
        return False
    before = list(appointment.security_codes)
    appointment.security_codes, appointment.withheld_until = wanted, withheld_until
    appointment.save(update_fields=["security_codes", "withheld_until"])
    _note(appointment, before, reason, by)
    reminding.opened_up(appointment, carried=before, by=by)
    tasks.close_about(subject=appointment.pk, by=by)
    return True


def ask_about_unknown_codes(appointment: Appointment) -> None:
    """A code we do not know may be newer and stricter than we are: the appointment is hidden, and a person is asked."""
    if KNOWN.issuperset(appointment.security_codes):
        return
    tasks.open_task(
        kind=AccessTask.Kind.UNKNOWN_CODE,
        patient_id=appointment.person_id,
        subject=appointment.pk,
        unit_id=appointment.unit_id,
    )


def _check(appointment: Appointment, codes: list[str], until: datetime | None, reason: str, by: Actor) -> None:
    if not reason.strip():
        raise CodesRefused("reason-missing")
    if not KNOWN.issuperset(codes):
        raise CodesRefused("code-unknown")
    if (Code.DELAYED in codes) != (until is not None):
        raise CodesRefused("delay-and-time")
    undone = Code.OWN_WISH in appointment.security_codes and Code.OWN_WISH not in codes
    if undone and (by.kind, by.id) != ("citizen", str(appointment.person_id)):
        raise CodesRefused("patients-own-wish")


def _note(appointment: Appointment, before: list[str], reason: str, by: Actor) -> None:
    until = appointment.withheld_until.isoformat() if appointment.withheld_until else ""
    changes = {"from": before, "to": appointment.security_codes, "until": until}
    history.note(appointment, "codes", by=by, details=changes | {"note": reason.strip()[:LONGEST_NOTE]})
    audit.record(
        by=by,
        action="codes",
        item_kind="appointment",
        item_id=appointment.pk,
        person_id=appointment.person_id,
        basis="clinician" if by.kind == "staff" else "self",
        details=changes,
    )
