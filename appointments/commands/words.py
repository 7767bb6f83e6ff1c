"""What a record system's word sets on an appointment, where the word itself is kept, and what it is tied to."""

from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from appointments.commands import claims
from appointments.models import Appointment, AppointmentSource, Reservation, Schedule
from appointments.orders import AppointmentOrder
from appointments.queries.for_sender import word_place
from appointments.states import Reserved, Status
from portal.fhir.elements import as_uuid
from portal.kernel import clock
from portal.people import sealing
from portal.people.models import Unit
from youth_access.codes import Code

_AS_SAID: Final = (
    "sent_at",
    "service_category",
    "care_level",
    "contact_type",
    "title",
    "description",
    "instruction",
    "place",
    "practitioner",
    "channel",
    "virtual_address",
    "virtual_key",
    "no_notice",
    "no_reminder",
    "call_in_letter",
)


def values(
    order: AppointmentOrder, row: Appointment, word: AppointmentSource | None, unit: Unit, referrals: list[UUID]
) -> dict[str, Any]:
    """Every column the word decides but status, time and what a cancellation leaves."""
    said = {name: getattr(order, name) for name in _AS_SAID}
    said |= {"unit": unit, "flags": list(order.flags), "referral_ids": referrals}
    return said | _codes(order, row, word) | _schedule(order, row, unit)


def _codes(order: AppointmentOrder, row: Appointment, word: AppointmentSource | None) -> dict[str, Any]:
    """The sender's codes where they are new to us; what a clinician or the patient set here meanwhile stays."""
    before = list(word.security_codes) if word is not None else []
    said = list(order.security_codes)
    if said == before and row.security_codes != before:
        return {}
    if Code.OWN_WISH in row.security_codes and Code.OWN_WISH not in said:
        said = [*(code for code in said if code != Code.OPEN), Code.OWN_WISH.value]
    return {"security_codes": said, "withheld_until": order.withheld_until}


def _schedule(order: AppointmentOrder, row: Appointment, unit: Unit) -> dict[str, Any]:
    """The timebok of whoever is booked, so that the patient may be offered its other times."""
    if not order.resource or (row.schedule is not None and str(row.schedule.resource) == order.resource):
        return {}
    rows = Schedule.objects.filter(source=order.source, resource=order.resource, unit=unit)
    return {"schedule": rows.order_by("-active", "source_key").first()}


def ended(order: AppointmentOrder, by: str) -> dict[str, Any]:
    """What a cancellation leaves on an appointment; nothing where the word is none."""
    if order.status != Status.CANCELLED:
        return {"cancelled_at": None, "cancelled_by": "", "cancel_reason_system": "", "cancel_reason": ""}
    return {
        "cancelled_at": clock.now(),
        "cancelled_by": by,
        "cancel_reason_system": order.cancel_reason_system,
        "cancel_reason": order.cancel_reason,
    }


def keep(row: Appointment, order: AppointmentOrder) -> None:
    """Keep the word as it was received, sealed, in place of the one before."""
    AppointmentSource.objects.update_or_create(
        appointment=row,
        defaults={
            "raw_sealed": sealing.seal(order.raw.decode(), word_place(row.pk)),
            "fingerprint": order.fingerprint,
            "sender_id": order.sender_id,
            "part_of": order.part_of,
            "security_codes": list(order.security_codes),
        },
    )


def occupy(row: Appointment, order: AppointmentOrder) -> None:
    """Whoever is booked can be offered to nobody else meanwhile; the patient's own grip on the time is enough."""
    start, end = row.start, row.end
    if start is None or end is None or row.status != Status.BOOKED or not order.resource or _is_gripped(row):
        claims.release([row.pk])
    else:
        claims.occupy(claim_id=row.pk, resource=UUID(order.resource), start=start, end=end)


def _is_gripped(row: Appointment) -> bool:
    grips = Reservation.objects.filter(appointment=row, state=Reserved.BOOKED)
    return any(each.start == row.start for each in grips)


def whole_of(order: AppointmentOrder) -> Appointment | None:
    """The sender's appointment that this one is a part of, by its identifier or by our own id."""
    if not order.part_of:
        return None
    rows = Appointment.objects.filter(source=order.source).select_related("person")
    return rows.filter(_named(order.part_of)).first()


def _named(name: str) -> Q:
    """By the sender's identifier ("system|value"), or by our own id ("Appointment/<id>")."""
    ours = as_uuid(name.removeprefix("Appointment/"))
    return Q(source_key=name) if ours is None else Q(pk=ours)


def link(row: Appointment, order: AppointmentOrder) -> None:
    """Tie the appointment to the whole it is a part of, and to the parts that came before it."""
    mine = Appointment.objects.filter(source=row.source, person_id=row.person_id).exclude(pk=row.pk)
    whole = None
    if order.part_of:
        theirs = Q(word__sender_id=order.part_of.removeprefix("Appointment/"))
        whole = mine.filter(_named(order.part_of) | theirs).exclude(part_of=row).order_by("pk").first()
    Appointment.objects.filter(pk=row.pk).update(part_of=whole)
    names = [row.source_key, f"Appointment/{row.pk}"]
    names += [f"Appointment/{order.sender_id}"] if order.sender_id else []
    parts = mine.filter(part_of=None, word__part_of__in=names)
    if whole is not None:
        parts = parts.exclude(pk=whole.pk)
    parts.update(part_of=row)
