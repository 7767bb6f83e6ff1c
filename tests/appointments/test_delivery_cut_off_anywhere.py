"""Cut off at each statement in turn: a request is answered wholly or not at all, and the next try does what is left."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from appointments.commands import booking, cancelling, holding, moving
from appointments.models import Appointment, AppointmentLine, Claim, PreparationTask, Reminder, Request, Reservation
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.outbox import registry
from portal.outbox.models import Errand
from portal.people.models import Person
from tests.appointments import at_hand
from tests.appointments.at_hand import NOW, Killed, appointment, deliver, eyes, held, record_system, schedule, slot
from tests.appointments.test_state_machine import KIND, Bomb

pytestmark = pytest.mark.django_db
TABLES = (Appointment, AppointmentLine, AuditRow, Claim, Errand, PreparationTask, Reminder, Request, Reservation)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def kari() -> Person:
    return at_hand.person(name="Kari Nordli")


def everything() -> list[list[Any]]:
    return [list(model._default_manager.order_by("pk").values_list()) for model in TABLES]


def at_every_statement(deed: Callable[[], object], afterwards: Callable[[bool], None]) -> int:
    """Kill the deed at its first statement, its second, and so on till it lives; says how many times it died."""
    for n in range(200):
        with transaction.atomic():
            died = False
            try:
                with connection.execute_wrapper(Bomb(n)):
                    deed()
            except Killed:
                died = True
            afterwards(died)
            transaction.set_rollback(True)
        if not died:
            return n
    raise AssertionError("it never came to an end")


def to_book(who: Person) -> Request:
    return booking.book(reservation_id=held(who, slot(schedule())).pk, key=uuid4(), eyes=eyes(who.pk))


def to_move(who: Person) -> Request:
    """For the second time, so that there is an earlier grip of the patient's own to give back."""
    book = schedule()
    first, second = at_hand.slots(book, 2)
    mine = appointment(who, book)
    made = []
    for wanted in (first, second):
        grip = held(who, wanted, appointment_id=mine.pk)
        made.append(moving.move(reservation_id=grip.pk, key=uuid4(), eyes=eyes(who.pk)))
        if len(made) == 1:
            with record_system():
                deliver(made[0])
    return made[-1]


def to_cancel(who: Person) -> Request:
    mine = appointment(who)
    PreparationTask.objects.create(appointment=mine, number=1, kind="form", title="Skjema")
    return cancelling.cancel(appointment_id=mine.pk, key=uuid4(), eyes=eyes(who.pk), reason="ill")


@pytest.mark.parametrize("mode", ["ok", "reject"])
@pytest.mark.parametrize("ask", [to_book, to_move, to_cancel])
def test_an_answer_counts_wholly_or_not_at_all(kari: Person, ask: Callable[[Person], Request], mode: str) -> None:
    request = ask(kari)
    before = everything()
    with record_system(mode=mode) as hospital:

        def and_then(died: bool) -> None:
            if died:
                assert everything() == before
            deliver(request)
            assert request.state == ("accepted" if mode == "ok" else "refused")
            assert AppointmentLine.objects.filter(details__request=str(request.pk)).count() == 2
            at_hand.twins()
            hospital.filed.clear()

        died = at_every_statement(lambda: registry.kind(KIND).handler(request.pk), and_then)
    assert died > 10


def test_what_a_patient_does_happens_wholly_or_not_at_all(kari: Person) -> None:
    book = schedule()
    mine, wanted, another = appointment(kari, book), *at_hand.slots(book, 2)
    to_confirm, to_let_go = held(kari, wanted, appointment_id=mine.pk), held(kari, another)
    look = eyes(kari.pk)
    deeds: dict[str, Callable[[], object]] = {
        "let go": lambda: holding.let_go(reservation_id=to_let_go.pk, eyes=look),
        "move": lambda: moving.move(reservation_id=to_confirm.pk, key=uuid4(), eyes=look),
        "book": lambda: booking.book(reservation_id=to_let_go.pk, key=uuid4(), eyes=look),
        "cancel": lambda: cancelling.cancel(appointment_id=mine.pk, key=uuid4(), eyes=look, reason="ill"),
    }
    before = everything()

    def nothing_if_it_died(died: bool) -> None:
        assert (everything() == before) == died
        at_hand.twins()

    for deed in deeds.values():
        assert at_every_statement(deed, nothing_if_it_died) > 4
