"""Somebody dies: what was to come does not, nobody is told, and their times are given back."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from appointments.models import Appointment, Claim, PreparationTask, Reminder, Reservation, Schedule, Slot
from appointments.states import Reminding, Reserved, Status
from portal.flows import died
from portal.kernel import clock
from portal.outbox import registry
from portal.outbox.models import Errand
from portal.people import signals
from portal.people.models import Person
from portal.people.register_feed import read_feed
from portal.people.register_snapshots import take_snapshot
from tests.appointments.test_flows_letters import NAME, called_in
from tests.appointments.told import appointment, made, sweep
from tests.letters import making
from tests.scenarios.test_scenario_young import home
from tests.stories.living import Alive

TODAY = "2026-11-23"


def in_days(days: float) -> datetime:
    return clock.now() + timedelta(days=days)


def state_of(row: Appointment) -> tuple[str, str]:
    row.refresh_from_db()
    return row.status, row.cancelled_by


def held(person: Person) -> Reservation:
    """A time somebody holds while they read."""
    schedule = Schedule.objects.create(
        source="dips", source_key="S-1", unit=making.unit(), resource=uuid4(), service_category="27",
        type_code="x", sent_at=clock.now(),
    )  # fmt: skip
    start = in_days(9)
    times = {"start": start, "end": start + timedelta(minutes=30)}
    slot = Slot.objects.create(
        source="dips", source_key="L-1", schedule=schedule, state="free", sent_at=clock.now(), **times
    )
    until = clock.real_now() + timedelta(minutes=10)
    made_by = {"made_at": clock.now(), "made_by": person.pk, "held_until": until}
    row = Reservation.objects.create(person=person, slot=slot, schedule=schedule, **times, **made_by)
    Claim.objects.create(
        id=row.pk, resource=schedule.resource, slot=slot, during=(times["start"], times["end"]), held_until=until
    )
    return row


def test_the_registers_word_of_a_death_ends_what_is_to_come_and_tells_nobody(alive: Alive) -> None:
    patient = alive.patient()
    row, letter = called_in(alive, patient)
    other, proposed = (
        made(patient.person, in_days(20)),
        appointment(patient.person, None, status=Status.PROPOSED),
    )
    past = appointment(patient.person, in_days(-3))
    PreparationTask.objects.create(appointment=other, number=1, kind="form", title="Skjema")
    holding = held(patient.person)
    sweep(alive)
    before = len(alive.messages())
    alive.change(patient.pid, died_on=TODAY)
    read_feed()
    sweep(alive)
    assert [state_of(each) for each in (row, other, proposed)] == [(Status.CANCELLED, "system")] * 3
    assert state_of(past) == (Status.BOOKED, "")
    assert not Reminder.objects.filter(state__in=[Reminding.PLANNED, Reminding.QUEUED]).exists()
    assert PreparationTask.objects.get().state == "cancelled"
    holding.refresh_from_db()
    assert (holding.state, Claim.objects.count()) == (Reserved.RELEASED, 0)
    letter.refresh_from_db()
    assert letter.withdrawn_reason == "cancelled"
    alive.time_passes(days=17)
    sweep(alive)
    assert len(alive.messages()) == before


def test_a_childs_parents_hear_nothing_from_the_portal(alive: Alive) -> None:
    family = home(alive, date(2018, 5, 5))
    take_snapshot(family.child.person)
    row = made(family.child.person, in_days(30), call_in_letter=NAME)
    alive.change(family.child.pid, died_on=TODAY)
    take_snapshot(family.child.person)
    sweep(alive)
    assert (alive.messages(), state_of(row)) == ([], (Status.CANCELLED, "system"))


@pytest.mark.django_db(transaction=True)
def test_the_death_is_told_of_once_and_a_mistake_that_is_mended_ends_nothing() -> None:
    with transaction.atomic():
        person = making.person()
        row = appointment(person, in_days(30))
        signals.died.send(Person, person_id=person.pk)
    registry.kind("flows.died").handler(person.pk)
    assert state_of(row) == (Status.BOOKED, "")
    assert Errand.objects.filter(kind="flows.died", subject=person.pk).count() == 1
    Person.objects.filter(pk=person.pk).update(died_on=date(2026, 11, 1))
    for _twice in range(2):
        registry.kind("flows.died").handler(person.pk)
    assert state_of(row) == (Status.CANCELLED, "system")
    died.end_one(row.pk)
    assert row.events.filter(kind="appointment.cancel").count() == 1
