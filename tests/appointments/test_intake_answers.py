"""The hospital's word answers what the patient has asked: a booking, a move, a cancellation."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from appointments.codes import Flag
from appointments.commands import booking, cancelling, holding, moving
from appointments.commands.answering import accept
from appointments.fhir_elements import resource_named
from appointments.models import (
    Appointment,
    Claim,
    Request,
    Reservation,
)
from appointments.orders import AppointmentOrder
from appointments.states import Asked, Status
from portal.kernel import clock
from portal.people.models import Person
from tests.appointments.at_hand import DAY, NOW, eyes, person, schedule, slot
from tests.appointments.test_intake import BY, Heard, moves, news, outcomes, say, word

__all__ = ["moves"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _still() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def kari() -> Person:
    return person()


def booked_here(patient: Person) -> tuple[Appointment, Request]:
    """The patient has booked a free time in the portal, and the hospital has not answered."""
    looking = eyes(patient.pk)
    held = holding.hold(slot_id=slot(schedule()).pk, eyes=looking)
    asked = booking.book(reservation_id=held.pk, key=uuid4(), eyes=looking)
    assert asked.appointment is not None
    return asked.appointment, asked


def grip_of(asked: Request) -> Reservation:
    assert asked.reservation_id is not None
    return Reservation.objects.get(pk=asked.reservation_id)


def echo(row: Appointment, hours: float = 6, **changes: Any) -> AppointmentOrder:
    """The hospital's word on an appointment made here."""
    patient = row.person
    times = {"start": row.start, "end": row.end}
    return word(patient, hours, **({"source": row.source, "key": row.source_key} | times | changes))


def test_the_hospitals_yes_to_a_booking(kari: Person) -> None:
    row, asked = booked_here(kari)
    row = say(echo(row, place="Bygg B"))
    asked.refresh_from_db()
    assert (row.status, asked.state, row.place) == (Status.BOOKED, Asked.ACCEPTED, "Bygg B")
    assert news(row) == ["created"]
    assert Claim.objects.filter(pk=grip_of(asked).pk).exists()


def test_the_echo_of_a_booking_that_is_answered_already_is_no_news(kari: Person) -> None:
    row, asked = booked_here(kari)
    accept(request_id=asked.pk, by=BY, record_id="B-77")
    before = news(row)
    mine = say(echo(row, place="Bygg B"))
    assert news(row) == before
    named_otherwise = say(echo(row, hours=7, key="https://dips.example/time|B-77", place="Bygg B", title="Ny"))
    assert (mine.pk, named_otherwise.pk) == (row.pk, row.pk)


def test_a_yes_at_another_time_moves_it_and_gives_the_time_back(kari: Person, moves: Heard) -> None:
    row, asked = booked_here(kari)
    later = DAY + timedelta(days=3)
    row = say(echo(row, start=later, end=later + timedelta(minutes=30)))
    asked.refresh_from_db()
    assert (row.status, row.start, asked.state) == (Status.BOOKED, later, Asked.ACCEPTED)
    assert (news(row), moves) == (["moved"], [row.pk])
    assert not Claim.objects.filter(pk=grip_of(asked).pk).exists()


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.ENTERED_IN_ERROR])
def test_the_hospitals_no_to_a_booking(kari: Person, status: Status) -> None:
    row, asked = booked_here(kari)
    row = say(echo(row, status=status))
    asked.refresh_from_db()
    assert (row.status, asked.state) == (status, Asked.REFUSED)
    assert not Claim.objects.exists()


def movable(patient: Person) -> tuple[Appointment, Request]:
    """An appointment of the hospital's that the patient has asked to move to another time of the same timebok."""
    doctor = resource_named("s|7")
    of = schedule(resource=UUID(doctor))
    row = say(
        word(
            patient,
            resource=doctor,
            flags=(Flag.CHANGE.value, Flag.CANCEL.value),
            start=DAY + timedelta(days=9),
            end=DAY + timedelta(days=9, minutes=30),
        )
    )
    looking = eyes(patient.pk)
    held = holding.hold(slot_id=slot(of, DAY + timedelta(days=2)).pk, eyes=looking, appointment_id=row.pk)
    return row, moving.move(reservation_id=held.pk, key=uuid4(), eyes=looking)


def test_the_hospitals_word_with_the_wished_time_settles_the_move(kari: Person, moves: Heard) -> None:
    row, asked = movable(kari)
    wished = grip_of(asked)
    row = say(echo(row, start=wished.start, end=wished.end, resource=resource_named("s|7")))
    asked.refresh_from_db()
    assert (row.start, row.sequence, asked.state) == (wished.start, 1, Asked.ACCEPTED)
    assert (news(row), moves) == (["moved"], [row.pk])
    assert list(Claim.objects.values_list("pk", flat=True)) == [wished.pk]


def test_another_move_leaves_the_wish_waiting(kari: Person) -> None:
    row, asked = movable(kari)
    later = DAY + timedelta(days=20)
    row = say(echo(row, start=later, end=later + timedelta(minutes=30), resource=resource_named("s|7")))
    asked.refresh_from_db()
    assert (row.start, asked.state) == (later, Asked.WAITING)
    assert Claim.objects.filter(pk=grip_of(asked).pk).exists()


def test_a_word_from_before_the_answer_cannot_undo_it(kari: Person) -> None:
    row, asked = movable(kari)
    accept(request_id=asked.pk, by=BY)
    wished = grip_of(asked)
    assert outcomes(echo(row, hours=1, title="Gammelt")) == ["older"]
    row.refresh_from_db()
    assert row.start == wished.start


def test_the_hospitals_cancellation_settles_the_wish_to_cancel(kari: Person) -> None:
    row = say(word(kari, flags=(Flag.CANCEL.value,), start=DAY + timedelta(days=9), end=DAY + timedelta(days=10)))
    asked = cancelling.cancel(appointment_id=row.pk, key=uuid4(), eyes=eyes(kari.pk), reason="unwanted")
    row = say(echo(row, status=Status.CANCELLED, cancel_reason_system="8445", cancel_reason="2"))
    asked.refresh_from_db()
    assert (row.status, row.cancelled_by, asked.state) == (Status.CANCELLED, "patient", Asked.ACCEPTED)
