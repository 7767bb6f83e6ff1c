"""A cancelled clinic day is killed in the middle of one appointment, or of one answer, and done right by the next."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from appointments.codes import END_OF_WAIT
from appointments.commands import clinic_day, moving
from appointments.models import Appointment, Request
from appointments.states import Status
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.outbox.models import Errand
from portal.outbox.work import work
from portal.people.models import Person
from tests.appointments import at_hand
from tests.faults.again import EXCLUSIVE, errand_is_done, next_process
from tests.faults.blocked import kill_at
from tests.faults.conftest import Around

pytestmark = pytest.mark.django_db(transaction=True)
ANNE = Actor("staff", str(uuid4()))
INBOX = "/record-system/inbox.json"
HISTORY = "appointments_appointmentline"


@transaction.atomic
def patient(around: Around) -> Person:
    return at_hand.person(pid=around.pid("kari-nordli"))


@transaction.atomic
def cancel_that_day(around: Around) -> None:
    day = (around.now + timedelta(days=8)).date()
    with clock.stopped_at(around.now):
        clinic_day.cancel_day(
            unit_id=at_hand.unit().pk, day=day, reason_system=END_OF_WAIT, reason="9", by=ANNE, resource=None
        )


def test_cancel_one(around: Around) -> None:
    who = patient(around)
    row = at_hand.appointment(who, at_hand.schedule(), around.now + timedelta(days=8))
    cancel_that_day(around)
    kill_at(HISTORY, EXCLUSIVE, "queue", "notices", around.environment)
    row.refresh_from_db()
    assert row.status == Status.BOOKED
    next_process(around, "notices")
    errand_is_done(clinic_day.ERRAND)
    row.refresh_from_db()
    assert (row.status, row.cancel_reason) == (Status.CANCELLED, "9")
    assert row.events.filter(kind="appointment.cancel").count() == 1


def test_refuse_move(around: Around) -> None:
    who, book = patient(around), at_hand.schedule()
    with transaction.atomic(), clock.stopped_at(around.now):
        mine = at_hand.appointment(who, book, around.now + timedelta(days=10))
        grip = at_hand.held(who, at_hand.slot(book, around.now + timedelta(days=8)), appointment_id=mine.pk)
        moving.move(reservation_id=grip.pk, key=uuid4(), eyes=at_hand.eyes(who.pk))
    Errand.objects.all().delete()
    cancel_that_day(around)
    kill_at(HISTORY, EXCLUSIVE, "queue", "notices", around.environment)
    assert Request.objects.get().state == "waiting"
    next_process(around, "notices")
    errand_is_done(clinic_day.MOVE_ERRAND)
    assert Request.objects.get().state == "refused"
    assert Appointment.objects.get().start == mine.start


def test_tell_cancelled(around: Around) -> None:
    """Killed when the record system has filed the cancellation, and that it has is about to be written down."""
    row = at_hand.appointment(patient(around), at_hand.schedule(), around.now + timedelta(days=8))
    cancel_that_day(around)
    with clock.stopped_at(around.now):
        work("notices")
    kill_at(HISTORY, EXCLUSIVE, "queue", "hospital", around.environment)
    filed = f"cancelled-{row.pk}-1"
    assert [each["key"] for each in around.ask(INBOX)] == [filed]
    next_process(around, "hospital")
    errand_is_done(clinic_day.TELL_ERRAND)
    assert row.events.filter(kind="clinic_day.told").count() == 1
    assert [each["key"] for each in around.ask(INBOX)] == [filed]
