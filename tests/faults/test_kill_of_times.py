"""What brings requests to the hospital, and what puts lapsed holds away, is killed in the middle and done right."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from appointments import tasks
from appointments.commands import booking, holding, moving
from appointments.models import Appointment, AppointmentLine, Claim, Request, Reservation
from portal.kernel import clock
from portal.outbox.models import Errand
from portal.people.models import Person
from tests.appointments import at_hand
from tests.faults.again import EXCLUSIVE, a_second_after, errand_is_done, job_again, next_process, wait_for
from tests.faults.blocked import kill_at, kill_once
from tests.faults.conftest import Around

pytestmark = pytest.mark.django_db(transaction=True)
INBOX = "/record-system/inbox.json"


@transaction.atomic
def patient(around: Around) -> Person:
    return at_hand.person(pid=around.pid("kari-nordli"))


@transaction.atomic
def asked_to_move(around: Around, who: Person) -> Request:
    """An appointment of the hospital's in ten days, and the wish to have it two days before."""
    book, soon = at_hand.schedule(), around.now + timedelta(days=8)
    mine = at_hand.appointment(who, book, around.now + timedelta(days=10))
    grip = at_hand.held(who, at_hand.slot(book, soon), appointment_id=mine.pk)
    return moving.move(reservation_id=grip.pk, key=uuid4(), eyes=at_hand.eyes(who.pk))


def filed(around: Around) -> list[str]:
    return [row["key"] for row in around.ask(INBOX)]


def moved_once(request: Request) -> None:
    request.refresh_from_db()
    mine = Appointment.objects.get(requests=request)
    grip = Reservation.objects.get(requests=request)
    assert (request.state, mine.start, mine.sequence) == ("accepted", grip.start, 1)
    assert AppointmentLine.objects.filter(kind="appointment.move").count() == 1
    assert [each.pk for each in Claim.objects.all()] == [grip.pk]
    at_hand.twins()


def test_tell_hospital(around: Around) -> None:
    """Killed when the record system has filed the request, and its answer is about to be written down."""
    who = patient(around)
    request = asked_to_move(around, who)
    old_start = Appointment.objects.get().start
    kill_at("appointments_appointmentline", EXCLUSIVE, "queue", "hospital", around.environment)
    assert filed(around) == [f"request-{request.pk}"]
    request.refresh_from_db()
    assert (request.state, Appointment.objects.get().start) == ("waiting", old_start)
    next_process(around, "hospital")
    errand_is_done("appointments.tell_hospital")
    assert filed(around) == [f"request-{request.pk}"]
    moved_once(request)


def test_tell_hospital_killed_while_the_record_system_takes_it(around: Around) -> None:
    request = asked_to_move(around, patient(around))
    around.ask("/record-system/behave", {"mode": "slow", "seconds": 3})
    begun = a_second_after(
        lambda: Errand.objects.filter(kind="appointments.tell_hospital", lease__isnull=False).exists()
    )
    kill_once("queue", "hospital", around.environment, begun)
    wait_for(lambda: filed(around) == [f"request-{request.pk}"])
    around.ask("/record-system/behave", {"mode": "ok"})
    next_process(around, "hospital")
    moved_once(request)


def test_a_no_reaches_the_patient_with_the_old_time_intact(around: Around) -> None:
    request = asked_to_move(around, patient(around))
    old_start = Appointment.objects.get().start
    around.ask("/record-system/behave", {"mode": "reject"})
    kill_at("appointments_reservation", EXCLUSIVE, "queue", "hospital", around.environment)
    next_process(around, "hospital")
    request.refresh_from_db()
    assert (request.state, Appointment.objects.get().start) == ("refused", old_start)
    assert request.answer
    assert not Claim.objects.exists()


def test_lapse(around: Around) -> None:
    who = patient(around)
    with transaction.atomic():
        grip = at_hand.held(who, at_hand.slot(at_hand.schedule(), around.now + timedelta(days=8)))
    at_hand.lapse_now(grip)
    kill_at("appointments_claim", EXCLUSIVE, "job", "appointments.lapse", around.environment)
    assert (Reservation.objects.get().state, Claim.objects.count()) == ("held", 1)
    job_again(around, "appointments.lapse", tasks.let_holds_lapse)
    assert (Reservation.objects.get().state, Claim.objects.count()) == ("expired", 0)


def test_find_lost_requests(around: Around) -> None:
    who = patient(around)
    with transaction.atomic():
        grip = holding.hold(
            slot_id=at_hand.slot(at_hand.schedule(), around.now + timedelta(days=8)).pk, eyes=at_hand.eyes(who.pk)
        )
        request = booking.book(reservation_id=grip.pk, key=uuid4(), eyes=at_hand.eyes(who.pk))
    Errand.objects.all().delete()
    Request.objects.update(made_at=clock.now() - timedelta(minutes=10))
    kill_at("outbox_errand", EXCLUSIVE, "job", "appointments.find_lost_requests", around.environment)
    assert not Errand.objects.exists()
    job_again(around, "appointments.find_lost_requests", tasks.find_lost_requests)
    assert Errand.objects.get(kind="appointments.tell_hospital").subject == request.pk
