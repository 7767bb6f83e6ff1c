"""Taking in what a record system says of an appointment: once, in any order, however often it is said.

Words are ordered by the sender's own time: an older one changes nothing, nor does one that says what was said before.
The newest one holds, whatever stood here. Only what matters to the patient is news, and it is one piece of news.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from django.db import connection, transaction

from appointments.commands import history, reminding, tasks, words
from appointments.commands.codes import ask_about_unknown_codes
from appointments.commands.standing import Turn, take
from appointments.models import Appointment, AppointmentSource, Reminder, Request
from appointments.orders import AppointmentOrder
from appointments.states import LIVE, Status
from portal.audit import commands as audit
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.errors import FinalError
from portal.people.commands import register_person
from portal.people.models import Person, Unit
from youth_access.commands.named_referrals import ReferralOfAnother, known_referrals

__all__ = ["OtherPatient", "Reception", "ReferralOfAnother", "UnknownUnit", "UnknownWhole", "receive"]

Outcome = Literal["created", "changed", "same", "older"]
_ONE_AT_A_TIME: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


class UnknownUnit(FinalError):
    """No active unit has this RESH number."""


class OtherPatient(FinalError):
    """The appointment is known, and is another patient's."""


class UnknownWhole(FinalError):
    """A part that names no patient came before the appointment it is a part of."""


@dataclass(frozen=True, slots=True)
class Reception:
    """Which appointment a word is about, and what came of it."""

    appointment_id: UUID
    outcome: Outcome


@transaction.atomic
def receive(*, order: AppointmentOrder, by: Actor) -> Reception:
    """Take in a word. Raises UnknownUnit, OtherPatient, UnknownWhole, ReferralOfAnother.

    Words about one patient are taken in one after the other, so that a part and its whole find each other.
    """
    unit = Unit.objects.filter(resh=order.unit_resh, active=True).first()
    if unit is None:
        raise UnknownUnit("unknown-unit")
    person = _person(order)
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME, [f"appointments.words:{person.pk}"])
    row, created = _row(order, person, unit)
    if row.person_id != person.pk:
        raise OtherPatient("other-patient")
    word = AppointmentSource.objects.filter(appointment=row).first()
    if order.sent_at < row.sent_at:
        return Reception(row.pk, "older")
    if word is not None and word.fingerprint == order.fingerprint:
        Appointment.objects.filter(pk=row.pk).update(sent_at=order.sent_at)
        return Reception(row.pk, "same")
    referrals = known_referrals(source=order.source, names=order.referrals, person=person, unit=unit, by=by)
    values = words.values(order, row, word, unit, referrals)
    if created:
        _begin(row, order, values, by)
    else:
        take(Turn(row, order, values, is_first=word is None), by=by)
    _finish(row.pk, order, by, "created" if created else "changed")
    return Reception(row.pk, "created" if created else "changed")


def _person(order: AppointmentOrder) -> Person:
    """The patient; a part that names none is its whole's."""
    if order.patient_pid:
        return register_person(pid=order.patient_pid)
    whole = words.whole_of(order)
    if whole is None:
        raise UnknownWhole("unknown-whole")
    return whole.person


def _row(order: AppointmentOrder, person: Person, unit: Unit) -> tuple[Appointment, bool]:
    """The appointment, locked, and whether it was made now."""
    asked = _asked_for_here(order, person)
    if asked is not None:
        return history.lock(asked), False
    fresh = Appointment(
        person=person,
        unit=unit,
        source=order.source,
        source_key=order.key,
        status=order.status,
        start=order.start,
        end=order.end,
        service_category=order.service_category,
        received_at=clock.now(),
        sent_at=order.sent_at,
        **words.ended(order, "hospital"),
    )
    Appointment.objects.bulk_create([fresh], ignore_conflicts=True)
    row_id = Appointment.objects.values_list("pk", flat=True).get(source=order.source, source_key=order.key)
    return history.lock(row_id), row_id == fresh.pk


def _asked_for_here(order: AppointmentOrder, person: Person) -> UUID | None:
    """An appointment that the patient booked here, where the record system uses its own name for it."""
    if Appointment.objects.filter(source=order.source, source_key=order.key).exists():
        return None
    names = [name for name in (order.key, order.key.rpartition("|")[2], order.sender_id) if name]
    booked = Request.objects.filter(
        person=person, kind=Request.Kind.BOOK, appointment__source=order.source, record_id__in=names
    )
    return booked.values_list("appointment_id", flat=True).first()


def _begin(row: Appointment, order: AppointmentOrder, values: dict[str, Any], by: Actor) -> None:
    """An appointment nobody here has heard of. One that is over before it was known is no news."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    history.note(row, "appointment.received", by=by, details={"status": order.status.value})
    if order.status in LIVE:
        tasks.match(row, order.tasks)
    if order.status == Status.BOOKED:
        reminding.news(row, Reminder.Kind.CREATED, by=by)


def _finish(appointment_id: UUID, order: AppointmentOrder, by: Actor, outcome: Outcome) -> None:
    """What follows whatever the word was."""
    row = history.lock(appointment_id)
    words.keep(row, order)
    words.occupy(row, order)
    words.link(row, order)
    ask_about_unknown_codes(row)
    audit.record(
        by=by,
        action=f"appointment.{outcome}",
        item_kind="appointment",
        item_id=row.pk,
        person_id=row.person_id,
        basis=by.kind,
        details={"status": row.status},
    )
