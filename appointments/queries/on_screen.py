"""What somebody sees of a patient's appointments: lists, counts, pages and calendars all start at `visible_to`."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db.models import Prefetch, Q, QuerySet

from appointments.codes import Flag
from appointments.models import Appointment, AppointmentLine, PreparationTask, Reservation
from appointments.queries.access import USUAL, columns_for, facts_of, item_facts
from appointments.states import LIVE, Reserved, Status
from portal.kernel.ready import Ready
from youth_access.decide import Decision
from youth_access.eyes import Eyes
from youth_access.facts import Service
from youth_access.listing import Listing
from youth_access.visible import visible

ASKED_WITHIN: Final = timedelta(days=7)
"""An appointment that the patient has not confirmed is asked about from so long before it."""
TASKS_WITHIN: Final = timedelta(days=28)
KEPT_IN_CALENDARS: Final = timedelta(days=30)
"""A past appointment stays in subscribed calendars for so long."""
_HELD: Final = (Status.BOOKED, Status.FULFILLED, Status.NOSHOW)
_NOT_IN_LISTS: Final = ("description", "instruction", "virtual_address", "virtual_key")


def _shown(patient_id: UUID) -> QuerySet[Appointment]:
    return Appointment.objects.filter(person_id=patient_id).exclude(status=Status.ENTERED_IN_ERROR)


_APPOINTMENTS: Final = Listing(Service.APPOINTMENT, _shown, columns_for, item_facts, usual=USUAL)


def visible_to(eyes: Eyes) -> QuerySet[Appointment]:
    """The patient's appointments that these eyes may see now, past and future, cancelled ones too.

    The only door to a citizen's appointments. What was entered in error is never shown.
    """
    return visible(eyes, _APPOINTMENTS)


def decision(eyes: Eyes, appointment: Appointment) -> Decision:
    """What these eyes may do with one appointment of their patient."""
    return eyes.decide(Service.APPOINTMENT, facts_of(appointment))


def hidden_from(eyes: Eyes, appointment_id: UUID) -> Appointment | None:
    """An appointment of the patient that the rules keep from these eyes; for the audit alone."""
    found = _shown(eyes.patient_id).filter(pk=appointment_id).first()
    return found if found is not None and not decision(eyes, found).see else None


def _unconfirmed(patient_id: UUID, after: datetime, until: datetime) -> QuerySet[Appointment]:
    rows = _shown(patient_id).filter(
        status=Status.BOOKED,
        confirmed_at=None,
        flags__contains=[Flag.CONFIRM],
        start__gt=after,
        start__lte=until,
    )
    return _lines(rows.order_by("start", "id"))


def coming(eyes: Eyes) -> list[Appointment]:
    """Those still to take place or taking place now, the first one first; those without a time last. One query."""
    rows = visible_to(eyes).filter(status__in=list(LIVE))
    rows = rows.filter(Q(end__gte=eyes.instant) | Q(end=None)).order_by("start", "id")
    return _as_rows(rows)


def called_off(eyes: Eyes) -> list[Appointment]:
    """Those that would have taken place later, had they not been cancelled. One query."""
    return _as_rows(visible_to(eyes).filter(status=Status.CANCELLED, start__gte=eyes.instant).order_by("start", "id"))


def earlier(eyes: Eyes) -> QuerySet[Appointment]:
    """Those whose time is over, the latest first."""
    rows = visible_to(eyes).filter(end__lt=eyes.instant).order_by("-start", "-id")
    return rows.select_related("unit").defer(*_NOT_IN_LISTS)


def next_one(eyes: Eyes) -> Appointment | None:
    """The appointment that comes first."""
    rows = visible_to(eyes).filter(status=Status.BOOKED, end__gte=eyes.instant).order_by("start", "id")
    return next(iter(_as_rows(rows[:1])), None)


def one(eyes: Eyes, appointment_id: UUID) -> Appointment | None:
    """One appointment with what its page needs, or None where the viewer may not see it or there is none."""
    tasks = Prefetch("tasks", PreparationTask.objects.order_by("number"), to_attr="to_do")
    lines = Prefetch("events", AppointmentLine.objects.order_by("id"), to_attr="lines")
    rows = visible_to(eyes).filter(pk=appointment_id).select_related("unit", "schedule")
    return rows.prefetch_related(tasks, lines).first()


def together_with(eyes: Eyes, appointment: Appointment) -> list[Appointment]:
    """The other appointments of the same bundle, as far as these eyes see them; none of them cancelled."""
    main = appointment.part_of_id or appointment.id
    same = Q(part_of_id=main) | Q(pk=main)
    rows = visible_to(eyes).filter(same).exclude(pk=appointment.id).exclude(status=Status.CANCELLED)
    return _as_rows(rows.order_by("start", "id"))


def parts_to_cancel(eyes: Eyes, appointment: Appointment) -> list[Appointment]:
    """The parts of a main appointment that these eyes see and that are still to take place."""
    rows = visible_to(eyes).filter(part_of_id=appointment.id, status__in=list(LIVE))
    return _as_rows(rows.filter(start__gt=eyes.instant).order_by("start", "id"))


def unconfirmed_count(eyes: Eyes) -> int:
    """How many appointments in the coming days wait for a word that the patient comes; what the badge shows."""
    return len(unconfirmed(eyes))


def unconfirmed(eyes: Eyes) -> list[Appointment]:
    """Those appointments themselves, the first one first: only those that these eyes may see and answer for.

    One query on every page: they are so few that each is decided on by itself.
    """
    rows = _UNCONFIRMED.rows(eyes.patient_id, eyes.instant, eyes.instant + ASKED_WITHIN)
    decisions = [(row, decision(eyes, row)) for row in rows]
    return [row for row, found in decisions if found.see and found.act]


def open_tasks(eyes: Eyes, limit: int) -> list[PreparationTask]:
    """What is to be read or filled in before a coming appointment. Letters wait as letters, and are not among them."""
    soon = visible_to(eyes).filter(status=Status.BOOKED, start__gt=eyes.instant)
    rows = PreparationTask.objects.filter(
        appointment__in=soon.filter(start__lte=eyes.instant + TASKS_WITHIN),
        state=PreparationTask.State.OPEN,
        kind__in=[PreparationTask.Kind.FORM, PreparationTask.Kind.READING],
    )
    return list(rows.select_related("appointment__unit").order_by("appointment__start", "number")[:limit])


def in_calendars(eyes: Eyes) -> list[Appointment]:
    """What a subscribed calendar holds: fixed times from a month back and onward. What is cancelled is gone from it.

    To a calendar's reader, an appointment that was cancelled and one that is kept from them look the same.
    """
    rows = visible_to(eyes).filter(status__in=_HELD, end__gte=eyes.instant - KEPT_IN_CALENDARS)
    return _as_rows(rows.order_by("start", "id"))


def reservation(eyes: Eyes, reservation_id: UUID) -> Reservation | None:
    """A time that the viewer holds or has booked for this patient, whatever has become of it. Nobody else's."""
    rows = Reservation.objects.filter(
        pk=reservation_id, person_id=eyes.patient_id, made_by=eyes.viewer.person_id
    ).select_related("slot", "schedule__unit", "appointment")
    found = rows.first()
    if found is None or found.appointment is None:
        return found
    return found if decision(eyes, found.appointment).see else None


def holds_besides(eyes: Eyes, held: Reservation) -> list[UUID]:
    """What else the viewer holds for the same purpose: for the same appointment, or to book in the same timebok."""
    rows = Reservation.objects.filter(
        person_id=eyes.patient_id,
        made_by=eyes.viewer.person_id,
        state=Reserved.HELD,
    ).exclude(pk=held.id)
    if held.appointment_id is not None:
        rows = rows.filter(appointment_id=held.appointment_id)
    else:
        rows = rows.filter(appointment=None, schedule_id=held.schedule_id)
    return list(rows.values_list("pk", flat=True))


def _as_rows(rows: QuerySet[Appointment]) -> list[Appointment]:
    return list(_lines(rows))


def _lines(rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """What a line of a list shows, and none of the longer words."""
    return rows.select_related("unit").defer(*_NOT_IN_LISTS)


_UNCONFIRMED: Final = Ready(_unconfirmed, uuid4(), datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
