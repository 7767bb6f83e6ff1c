"""Somebody has died: their coming appointments end, what is planned to be told is not, and times are given back.

Nobody is told by the portal; it is the hospital that speaks with the next of kin.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import Q

from appointments.commands import ending, history, holding
from appointments.models import Appointment, Reservation
from appointments.states import LIVE, Reserved, ReservedEvent
from portal.kernel import clock
from portal.kernel.actor import system
from portal.outbox import commands as outbox
from portal.outbox.registry import errand
from portal.people import signals
from portal.people.models import Person

ERRAND = "flows.died"


def connect() -> None:
    """Listen."""
    signals.died.connect(_died, dispatch_uid=ERRAND)


def _died(*, person_id: UUID, **_kwargs: object) -> None:
    outbox.put(ERRAND, person_id, step=f"{clock.now():%Y%m%d%H%M%S}")


def _themselves(person_id: UUID) -> UUID:
    return person_id


def _given_up(_person_id: UUID, _code: str) -> None:
    """The errand itself stands on the operators' page; the appointments stay until it is tried again."""


@errand(ERRAND, queue="letters", patient_of=_themselves, given_up=_given_up)
def end_appointments(person_id: UUID) -> None:
    """End what is still to come, one appointment at a time. Nothing where the register has taken it back."""
    if Person.objects.filter(pk=person_id, died_on=None).exists():
        return
    coming = Appointment.objects.filter(person_id=person_id, status__in=LIVE)
    for appointment_id in coming.filter(Q(start=None) | Q(start__gt=clock.now())).values_list("pk", flat=True):
        end_one(appointment_id)
    _let_go(person_id)


@transaction.atomic
def end_one(appointment_id: UUID) -> None:
    """End one appointment, unless somebody else has ended it meanwhile."""
    appointment = history.lock(appointment_id)
    if appointment.status in LIVE:
        ending.end(appointment, by=system(ERRAND), cancelled_by="system", cause="died")


@transaction.atomic
def _let_go(person_id: UUID) -> None:
    """Times somebody held while reading."""
    held = Reservation.objects.select_for_update(no_key=True).filter(person_id=person_id, state=Reserved.HELD)
    holding.end(list(held.order_by("pk")), ReservedEvent.RELEASE)
