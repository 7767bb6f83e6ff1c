"""Letters about an appointment: those the patient has, taking them back, and writing a new one in their place.

A letter that the portal writes itself has the source `portal.flows` and a key made of the appointment and its
sequence: whatever happens twice, there is one letter for each time the appointment has had.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final

from appointments.models import Appointment
from appointments.states import AppointmentEvent, Status
from letters.commands import intake, withdrawal
from letters.models import Letter
from letters.orders import LetterOrder
from letters.states import AT_PRINTER
from portal.audit import commands as audit
from portal.flows.time_letter_words import TITLES, Occasion, body
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people.queries import pid_of
from youth_access.codes import KNOWN, WITHHELD

SOURCE: Final = "portal.flows"


def name_of(appointment: Appointment) -> str:
    """The name by which the portal knows its own letters about one appointment."""
    return f"urn:dis-portal:time|{appointment.pk}"


def of(appointment: Appointment) -> list[Letter]:
    """The letters about an appointment that have not been taken back, oldest first: call-in letters, and our own."""
    about = Letter.objects.filter(person_id=appointment.person_id, withdrawn_at__isnull=True)
    ours = about.filter(source=SOURCE, order__identifiers__contains=[name_of(appointment)])
    found = list(ours)
    if appointment.call_in_letter:
        theirs = about.filter(source=appointment.source)
        found += theirs.filter(order__identifiers__contains=[appointment.call_in_letter])
    return sorted(found, key=lambda letter: (letter.received_at, str(letter.pk)))


def is_coming(appointment: Appointment) -> bool:
    """Whether it is booked and still to take place."""
    return appointment.status == Status.BOOKED and appointment.start is not None and appointment.start > clock.now()


def was_called_off(appointment: Appointment) -> bool:
    """Whether the hospital has cancelled it, or struck it as a mistake, before the patient would have come."""
    cancelled = appointment.status == Status.CANCELLED and appointment.cancelled_by == "hospital"
    called_off = cancelled or appointment.status == Status.ENTERED_IN_ERROR
    return called_off and appointment.start is not None and appointment.start > clock.now()


def is_withheld(appointment: Appointment) -> bool:
    """Whether a clinician, or a code nobody here knows, keeps it from the patient for now: then nothing is written."""
    codes = set(appointment.security_codes)
    return not WITHHELD.isdisjoint(codes) or not codes <= KNOWN


def on_paper(letters: Sequence[Letter]) -> bool:
    """Whether any of them has gone to the printer: the patient may have it in hand."""
    return any(letter.postings.filter(state__in=AT_PRINTER).exists() for letter in letters)


def is_written(appointment: Appointment) -> bool:
    """Whether the portal has written a letter about the appointment as it is now."""
    return Letter.objects.filter(source=SOURCE, source_key=_key(appointment)).exists()


def take_back(letters: Sequence[Letter], *, by: Actor, reason: str) -> None:
    """Take letters back: what is not opened disappears, what is not printed is stopped."""
    for letter in letters:
        withdrawal.withdraw(letter_id=letter.pk, by=by, reason=reason)


def write(appointment: Appointment, type_code: str, *, by: Actor) -> None:
    """Write a letter about the appointment as it is now, in place of those the patient has. Once for each sequence.

    The appointment must be locked in the present transaction, and be still to come.
    """
    if is_written(appointment):
        return
    earlier = of(appointment)
    occasion = Occasion(type_code, _old_start(appointment), on_paper(earlier))
    take_back(earlier[:-1], by=by, reason="superseded")
    received = intake.receive(order=_order(appointment, occasion, earlier[-1] if earlier else None), by=by)
    audit.record(
        by=by,
        action="letter.write",
        item_kind="letter",
        item_id=received.letter_id,
        person_id=appointment.person_id,
        details={"appointment": str(appointment.pk), "type": type_code},
    )


def _key(appointment: Appointment) -> str:
    return f"{appointment.pk}-{appointment.sequence}"


def _order(appointment: Appointment, occasion: Occasion, replaced: Letter | None) -> LetterOrder:
    key = _key(appointment)
    raw = json.dumps({"appointment": str(appointment.pk), "sequence": appointment.sequence}).encode()
    names = (name_of(appointment), appointment.call_in_letter)
    return LetterOrder(
        source=SOURCE,
        key=key,
        fingerprint=sha256(key.encode()).hexdigest(),
        identifiers=tuple(name for name in names if name),
        raw=raw,
        type_code=occasion.type_code,
        patient_pid=pid_of(appointment.person),
        unit_resh=appointment.unit_id,
        title=TITLES[occasion.type_code],
        language="nb",
        body_html=body(appointment, occasion),
        security_codes=tuple(appointment.security_codes),
        referral_ids=tuple(appointment.referral_ids),
        withheld_until=appointment.withheld_until,
        must_arrive_by=_needed_by(appointment, occasion),
        replaces=replaced.pk if replaced is not None else None,
    )


def _needed_by(appointment: Appointment, occasion: Occasion) -> datetime | None:
    """Before the patient would have come in vain, where that is still ahead; else before the time it has now."""
    ahead = [each for each in (occasion.old_start, appointment.start) if each is not None and each > clock.now()]
    return min(ahead, default=None)


def _old_start(appointment: Appointment) -> datetime | None:
    """The time the appointment had before it was last moved."""
    moves = appointment.events.filter(kind=f"appointment.{AppointmentEvent.MOVE}")
    latest = moves.order_by("-id").values_list("details", flat=True).first()
    return datetime.fromisoformat(latest["from"]) if latest and latest.get("from") else None
