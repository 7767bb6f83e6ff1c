"""Asking the hospital to cancel an appointment, and those of its parts that the patient names."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appointments.codes import END_OF_WAIT, Flag
from appointments.commands import requesting
from appointments.commands.permission import (
    AlreadyAsked,
    NotAllowed,
    TooLate,
    demand_nothing_asked,
    demand_time_left,
    lock_for,
)
from appointments.models import Appointment, Request
from youth_access.decide import Decision
from youth_access.eyes import Eyes

__all__ = ["REASONS", "AlreadyAsked", "NotAllowed", "Reason", "TooLate", "cancel"]
_DEED: Final = "request.cancel"
_FLAGS: Final = (Flag.CANCEL, Flag.CANCEL_WITH_COMMENT)


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason in the patient's words, and the code that the record system gets. Set 8445, the profile's own choice."""

    words: Promise
    code: str
    system: str = END_OF_WAIT


REASONS: Final[Mapping[str, Reason]] = {
    "cannot_come": Reason(_("Tidspunktet passer ikke"), "9"),
    "ill": Reason(_("Jeg er syk den dagen"), "9"),
    "recovered": Reason(_("Jeg trenger ikke timen lenger"), "9"),
    "unwanted": Reason(_("Jeg ønsker ikke denne helsehjelpen"), "2"),
    "elsewhere": Reason(_("Jeg har valgt et annet sykehus"), "4"),
    "specialist": Reason(_("Jeg er henvist til en avtalespesialist"), "7"),
    "other": Reason(_("Noe annet"), "9"),
}


@transaction.atomic
def cancel(
    *,
    appointment_id: UUID,
    key: UUID,
    eyes: Eyes,
    reason: str,
    comment: str = "",
    parts: Collection[UUID] = (),
) -> Request:
    """Ask the hospital to cancel; the appointment stands until it has answered. `reason` is one of `REASONS`.

    `parts` are those of the bundle that are to be cancelled with it, each by a request of its own; the others stay. The
    main appointment's request is given back. Raises TooLate inside the clinic's limit of any of them, NotAllowed, and
    of these AlreadyAsked.
    """
    appointment, decision = lock_for(eyes, appointment_id, _FLAGS, action=_DEED)
    same = requesting.known(eyes, key, Request.Kind.CANCEL, appointment_id=appointment_id)
    if same is not None:
        return same
    chosen = [_part(eyes, appointment, each) for each in sorted(set(parts))]
    if reason not in REASONS:
        raise NotAllowed(eyes, decision, item_id=appointment_id, action=_DEED)
    request = _ask(eyes, appointment, decision, key, reason, comment)
    for part, decided in chosen:
        said = comment if Flag.CANCEL_WITH_COMMENT in part.flags else ""
        _ask(eyes, part, decided, uuid5(key, str(part.pk)), reason, said)
    return request


def _part(eyes: Eyes, main: Appointment, part_id: UUID) -> tuple[Appointment, Decision]:
    part, decision = lock_for(eyes, part_id, _FLAGS, action=_DEED)
    if part.part_of_id != main.pk:
        raise NotAllowed(eyes, decision, item_id=part_id, action=_DEED)
    return part, decision


def _ask(eyes: Eyes, appointment: Appointment, decision: Decision, key: UUID, reason: str, comment: str) -> Request:
    demand_nothing_asked(eyes, appointment, decision, action=_DEED)
    demand_time_left(eyes, appointment, decision, action=_DEED)
    if comment and Flag.CANCEL_WITH_COMMENT not in appointment.flags:
        raise NotAllowed(eyes, decision, item_id=appointment.pk, action=_DEED)
    chosen = REASONS[reason]
    return requesting.put(
        kind=Request.Kind.CANCEL,
        key=key,
        eyes=eyes,
        decision=decision,
        appointment=appointment,
        unit_id=appointment.unit_id,
        reason_system=chosen.system,
        reason=chosen.code,
        comment=comment,
    )
