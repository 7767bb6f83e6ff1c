"""From NHN's Appointment to an order, with every problem found on the way.

Pure: what must be looked up comes in as `Facts`. No text of a problem repeats a value that was sent. What the profile
does not forbid and the portal does not use is kept with the order and not shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from fhir.resources.R4B.appointment import Appointment as Shape

from appointments import codes
from appointments import fhir_codes as known
from appointments.fhir_elements import Refused, Said, codings_of, instant, own_key, refuse_any, said, said_at
from appointments.fhir_parts import LONGEST_ID, papers_of, patient_of, unit_of, whole_of
from appointments.fhir_rules import check
from appointments.fhir_words import booked_of, code_of, meeting_of, place_of, practitioner_of, title_of
from appointments.orders import AppointmentOrder
from appointments.states import Status
from portal.fhir.elements import Findings, as_list, as_object, as_text, without_server_set
from portal.fhir.strict_json import fingerprint
from youth_access.codes import Code
from youth_access.fhir_labels import read_codes, read_withheld_until, referrals_of, withheld_places

__all__ = ["RESOURCE", "Facts", "Refused", "read_appointment"]
RESOURCE: Final = "Appointment"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a resource is held against: who sends, where we are (PORTAL_ENV), what is known here."""

    source: str
    environment: str
    now: datetime
    is_unit: Callable[[str], bool]


def read_appointment(tree: dict[str, Any], raw: bytes, facts: Facts) -> AppointmentOrder:
    """The appointment as its sender has it now. Raises `Refused` with every problem at once."""
    found = Findings(RESOURCE)
    one = said(tree)
    check(one, found)
    start, end = _times(tree, found)
    meeting = meeting_of(one, found)
    letter, tasks = papers_of(one, found)
    labels = read_codes(tree, found)
    reason_system, reason = _reason(one)
    values: dict[str, Any] = {
        "source": facts.source,
        "key": own_key(tree, found),
        "fingerprint": fingerprint(without_server_set(tree)),
        "raw": raw,
        "sent_at": said_at(tree, facts.now, found),
        "patient_pid": patient_of(one, facts.environment, found),
        "unit_resh": unit_of(one, facts.is_unit, found),
        "start": start,
        "end": end,
        "service_category": one.category,
        "care_level": code_of(one, codes.CARE_LEVEL),
        "contact_type": code_of(one, codes.CONTACT_TYPE),
        "title": title_of(one),
        "description": as_text(tree.get("description")).strip(),
        "instruction": as_text(tree.get("patientInstruction")).strip(),
        "place": place_of(one),
        "practitioner": practitioner_of(one),
        "channel": meeting.channel,
        "virtual_address": meeting.address,
        "virtual_key": meeting.key,
        "flags": _flags(one),
        "security_codes": labels,
        "referrals": referrals_of(tree, found, ("basedOn",)),
        "withheld_until": _withheld_until(tree, labels, facts.now, found),
        "no_notice": _is_tagged(tree, codes.NOTICE_TAG),
        "no_reminder": _is_tagged(tree, codes.REMINDER_TAG),
        "cancel_reason_system": reason_system,
        "cancel_reason": reason,
        "part_of": whole_of(one, found),
        "sender_id": as_text(tree.get("id"))[:LONGEST_ID],
        "resource": booked_of(one),
        "call_in_letter": letter,
        "tasks": tasks,
    }
    refuse_any(found, Shape, tree)
    return AppointmentOrder(status=Status(one.status), **values)


def _times(tree: dict[str, Any], found: Findings) -> tuple[datetime | None, datetime | None]:
    start, end = (instant(tree[name], name, found) if tree.get(name) else None for name in ("start", "end"))
    if start is not None and end is not None and end <= start:
        found.add("business-rule", "end-before-start", _("Timen må slutte etter at den begynner."), "end")
    for n, each in enumerate(as_list(tree.get("requestedPeriod"))):
        first, last = as_text(as_object(each).get("start")), as_text(as_object(each).get("end"))
        if first and last and last < first:
            text = _("Perioden må slutte etter at den begynner.")
            found.add("business-rule", "end-before-start", text, f"requestedPeriod[{n}].end")
    return start, end


def _reason(one: Said) -> tuple[str, str]:
    if one.status != Status.CANCELLED:
        return "", ""
    listed = codings_of(one.tree.get("cancelationReason"))
    return next(((system, code) for system, code, _d in listed if system in known.REASONS), ("", ""))


def _flags(one: Said) -> tuple[str, ...]:
    """What is allowed now: a flag that is not active allows nothing."""
    active = [flag for _n, flag in one.parcel.contained("Flag") if flag.get("status") == "active"]
    listed = [code for flag in active for _s, code, _d in codings_of(flag.get("code"))]
    return tuple(dict.fromkeys(known.FLAG_SPELLINGS.get(code, code) for code in listed))


def _is_tagged(tree: dict[str, Any], system: str) -> bool:
    """Whether the sender has said that the patient is not to be told (code 1)."""
    tags = [as_object(tag) for tag in as_list(as_object(tree.get("meta")).get("tag"))]
    return any(tag.get("system") == system and tag.get("code") == "1" for tag in tags)


def _withheld_until(tree: dict[str, Any], labels: tuple[str, ...], now: datetime, found: Findings) -> datetime | None:
    places = withheld_places(tree)
    if Code.DELAYED not in labels:
        if places:
            text = _("Et tidspunkt å holde timen tilbake til krever merket NORU.")
            found.add("required", "delay-without-code", text, f"extension[{places[0]}]")
        return None
    if not places:
        text = _("Merket NORU krever et tidspunkt: utvidelsen withheld-until.")
        found.add("required", "security-without-time", text, "extension")
        return None
    return read_withheld_until(tree, places, now, found)
