"""Pages ask the database as often for hundreds of appointments as for one."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments.models import Appointment, PreparationTask, Request
from portal.kernel import clock
from portal.people.models import Person
from tests.appointments import at_hand
from tests.appointments.at_hand import DAY, NOW, appointment, schedule, slots
from tests.appointments.at_screen import Screen
from tests.appointments.test_feeds import subscribed
from tests.youth_access import families
from youth_access.facts import Outcome

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    cache.clear()
    with clock.stopped_at(NOW):
        yield


def crowd(patient: Person, count: int, main: Appointment, **more: Any) -> None:
    """As many more appointments, coming, past and cancelled, each with a task and a request; some of one bundle."""
    for number in range(count):
        start = DAY + timedelta(hours=3 * number + 3)
        made = appointment(patient, start=start, part_of=main if number % 5 == 0 else None, **more)
        PreparationTask.objects.create(appointment=made, number=0, kind="form", title="Skjema")
        Request.objects.create(
            person=patient,
            unit_id=made.unit_id,
            appointment=made,
            kind="video",
            key=uuid4(),
            made_at=NOW,
            made_by=patient.pk,
            made_as="self",
        )
        appointment(patient, start=NOW - timedelta(days=1 + number), status="fulfilled", **more)
        appointment(patient, start=start, status="cancelled", cancelled_at=NOW, **more)


def counted(screen: Screen, path: str) -> int:
    screen.client.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = screen.client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return len(queries)


@pytest.mark.parametrize("who", ["adult", "mother", "youth"])
def test_one_or_two_hundred_appointments_are_as_many_questions(who: str) -> None:
    if who == "adult":
        patient = at_hand.person(name="Kari Nordli")
        screen, more = Screen(patient), dict[str, Any]()
    else:
        family = families.family(born=date(2012, 5, 5), consented=True)
        patient = family.child
        screen = Screen(family.mother, patient) if who == "mother" else Screen(patient)
        more = {"referral_ids": [families.referral(patient, outcome=Outcome.OPEN).pk]}
    book = schedule(booking="open")
    main = appointment(patient, book, start=DAY, **more)
    slots(book, 3)
    crowd(patient, 5, main, **more)
    paths = ["/", "/timer/", "/timer/?vis=tidligere", f"/timer/{main.id}/", "/timer/kalender/"]
    paths += [f"/timer/{main.id}/endre/", f"/timer/{main.id}/avlys/"] if who != "youth" else []
    few = {path: counted(screen, path) for path in paths}
    crowd(patient, 70, main, **more)
    slots(book, 200, start=DAY + timedelta(days=60))
    assert {path: counted(screen, path) for path in paths} == few
    assert max(few.values()) < 60, few


def test_a_calendar_of_hundreds_is_as_many_questions_as_one() -> None:
    kari = at_hand.person(name="Kari Nordli")
    main = appointment(kari, start=DAY)
    path = subscribed(Screen(kari))

    def ask() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(path).status_code == 200
        return len(queries)

    ask()
    few = ask()
    crowd(kari, 70, main)
    assert ask() == few
