"""Holding a time: who wins, who may, how it lapses, and what must not show."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from appointments.commands import claims, holding, lapsing
from appointments.commands.holding import Taken, TooManyHolds
from appointments.models import Claim, Reservation
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.people.models import Person
from tests.appointments import at_hand
from tests.appointments.at_hand import DAY, NOW, appointment, eyes, held, on_offer, schedule, slot, slots
from tests.youth_access import families

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def kari() -> Person:
    return at_hand.person(name="Kari Nordli")


@pytest.fixture
def ola() -> Person:
    return at_hand.person(name="Ola Nordli")


def test_the_first_to_hold_a_time_wins(kari: Person, ola: Person) -> None:
    wanted = slot(schedule())
    first = held(kari, wanted)
    with pytest.raises(Taken):
        held(ola, wanted)
    assert Claim.objects.get().pk == first.pk
    assert on_offer(ola, schedule_id=wanted.schedule_id) == []
    at_hand.twins()


def test_it_is_held_for_as_long_as_the_clinic_has_said(kari: Person) -> None:
    at_hand.clinic(hold_minutes=25)
    left = held(kari, slot(schedule())).held_until - clock.real_now()
    assert timedelta(minutes=24) < left <= timedelta(minutes=25)


def test_holding_it_again_is_the_same_hold_and_lasts_no_longer(kari: Person) -> None:
    wanted = slot(schedule())
    first = held(kari, wanted)
    again = held(kari, wanted)
    assert (again.pk, again.held_until) == (first.pk, first.held_until)


def test_a_hold_for_one_purpose_makes_way_for_the_same_persons_other(kari: Person) -> None:
    book = schedule()
    wanted, mine = slot(book), appointment(kari, book)
    first = held(kari, wanted)
    second = held(kari, wanted, appointment_id=mine.pk)
    first.refresh_from_db()
    assert (first.state, second.state, second.appointment_id) == ("released", "held", mine.pk)
    at_hand.twins()


def test_nobody_holds_more_than_two_times_at_once(kari: Person) -> None:
    one, two, three = slots(schedule(), 3)
    held(kari, one)
    second = held(kari, two)
    with pytest.raises(TooManyHolds):
        held(kari, three)
    holding.let_go(reservation_id=second.pk, eyes=eyes(kari.pk))
    held(kari, three)
    at_hand.twins()


def test_what_somebody_else_holds_for_the_same_patient_does_not_show(kari: Person, ola: Person) -> None:
    families.fullmakt(kari, ola)
    book = schedule()
    one, two, three = slots(book, 3)
    held(kari, one)
    held(kari, two)
    assert holding.hold(slot_id=three.pk, eyes=eyes(ola.pk, kari.pk)).person_id == kari.pk


def test_a_lapsed_hold_makes_way_at_once_and_the_sweep_marks_it(kari: Person, ola: Person) -> None:
    wanted = slot(schedule())
    old = held(kari, wanted)
    at_hand.lapse_now(old)
    assert on_offer(ola, schedule_id=wanted.schedule_id) == [wanted.pk]
    new = held(ola, wanted)
    assert [each.pk for each in Claim.objects.all()] == [new.pk]
    assert lapsing.lapse() == 1
    assert lapsing.lapse() == 0
    old.refresh_from_db()
    assert (old.state, old.ended_at) == ("expired", NOW)
    at_hand.twins()


def test_ones_own_lapsed_hold_is_put_away_when_the_time_is_held_anew(kari: Person) -> None:
    wanted = slot(schedule())
    old = held(kari, wanted)
    at_hand.lapse_now(old)
    new = held(kari, wanted)
    old.refresh_from_db()
    assert (old.state, new.state) == ("expired", "held")


def test_the_sweep_takes_the_claim_away_too(kari: Person, ola: Person) -> None:
    """Scenario 3: free to another within one sweep."""
    wanted = slot(schedule())
    at_hand.lapse_now(held(kari, wanted))
    lapsing.lapse()
    assert not Claim.objects.exists()
    held(ola, wanted)


def test_letting_go_gives_the_time_back(kari: Person, ola: Person) -> None:
    wanted = slot(schedule())
    mine = held(kari, wanted)
    with pytest.raises(Http404):
        holding.let_go(reservation_id=mine.pk, eyes=eyes(ola.pk))
    holding.let_go(reservation_id=mine.pk, eyes=eyes(kari.pk))
    holding.let_go(reservation_id=mine.pk, eyes=eyes(kari.pk))
    assert held(ola, wanted).state == "held"


def test_two_times_of_one_clinician_that_overlap_cannot_both_be_taken(kari: Person, ola: Person) -> None:
    """Scenario 4, through the commands: two timebøker, one clinician, times of different length."""
    resource = uuid4()
    long = slot(schedule(resource=resource), minutes=60)
    short = slot(schedule(resource=resource), DAY + timedelta(minutes=45), minutes=15)
    held(kari, long)
    with pytest.raises(Taken):
        held(ola, short)


def test_the_database_itself_refuses_two_claims_that_overlap() -> None:
    """Scenario 4, without the commands."""
    resource = uuid4()
    span = {"resource": resource, "held_until": None}
    Claim.objects.create(pk=uuid4(), during=(DAY, DAY + timedelta(hours=1)), **span)
    Claim.objects.create(pk=uuid4(), during=(DAY + timedelta(hours=1), DAY + timedelta(hours=2)), **span)
    with pytest.raises(IntegrityError, match="claim_one_at_a_time"), transaction.atomic():
        Claim.objects.create(pk=uuid4(), during=(DAY + timedelta(minutes=59), DAY + timedelta(hours=3)), **span)


def test_a_group_takes_as_many_as_it_has_places_for(kari: Person) -> None:
    group = slot(schedule(), capacity=3)
    for _ in range(3):
        held(at_hand.person(), group)
    with pytest.raises(Taken):
        held(kari, group)
    assert on_offer(kari, schedule_id=group.schedule_id) == []


def test_a_group_and_a_time_for_one_of_the_same_clinician_exclude_each_other(kari: Person, ola: Person) -> None:
    resource = uuid4()
    group = slot(schedule(resource=resource), capacity=3)
    alone = slot(schedule(resource=resource), DAY + timedelta(minutes=15))
    place = held(kari, group)
    assert on_offer(ola, schedule_id=alone.schedule_id) == []
    with pytest.raises(Taken):
        held(ola, alone)
    holding.let_go(reservation_id=place.pk, eyes=eyes(kari.pk))
    held(ola, alone)
    assert on_offer(kari, schedule_id=group.schedule_id) == []
    with pytest.raises(Taken):
        held(kari, group)


def test_a_patient_takes_one_place_in_a_group_whoever_asks(kari: Person, ola: Person) -> None:
    families.fullmakt(kari, ola)
    group = slot(schedule(), capacity=3)
    held(kari, group)
    with pytest.raises(Taken):
        holding.hold(slot_id=group.pk, eyes=eyes(ola.pk, kari.pk))


def test_the_hospitals_own_appointment_takes_the_time(kari: Person) -> None:
    book = schedule()
    first, second = slots(book, 2)
    claims.occupy(claim_id=uuid4(), resource=book.resource, start=DAY, end=DAY + timedelta(minutes=10))
    assert on_offer(kari, schedule_id=book.pk) == [second.pk]
    with pytest.raises(Taken):
        held(kari, first)


def test_the_hospital_may_take_a_place_in_a_group_and_change_its_mind(kari: Person) -> None:
    book = schedule()
    group, theirs = slot(book, capacity=1 + 1), uuid4()
    for _ in range(2):
        claims.occupy(claim_id=theirs, slot_id=group.pk, resource=book.resource, start=group.start, end=group.end)
    held(kari, group)
    with pytest.raises(Taken):
        held(at_hand.person(), group)
    claims.release([theirs])
    held(at_hand.person(), group)


def test_the_hospital_may_be_a_moment_before(kari: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own appointment comes in between the last look and the grip."""
    book, take = schedule(), claims.take
    wanted = slot(book)

    def just_before(**how: Any) -> bool:
        claims.occupy(claim_id=uuid4(), resource=book.resource, start=wanted.start, end=wanted.end)
        return take(**how)

    monkeypatch.setattr(claims, "take", just_before)
    with pytest.raises(Taken):
        held(kari, wanted)
    assert not Reservation.objects.exists()


def test_times_that_are_not_free_cannot_be_held(kari: Person) -> None:
    for state in ("busy", "busy-unavailable", "busy-tentative"):
        with pytest.raises(Taken):
            held(kari, slot(schedule(), state=state))
    with pytest.raises(Http404):
        held(kari, slot(schedule(), state="entered-in-error"))
    with pytest.raises(Taken):
        held(kari, slot(schedule(), NOW - timedelta(minutes=1)))
    with pytest.raises(Http404):
        holding.hold(slot_id=uuid4(), eyes=eyes(kari.pk))


def test_holding_and_letting_go_leave_their_marks(kari: Person) -> None:
    wanted = slot(schedule())
    mine = held(kari, wanted)
    holding.let_go(reservation_id=mine.pk, eyes=eyes(kari.pk))
    rows = AuditRow.objects.filter(item_id=str(wanted.pk)).order_by("id")
    assert [(each.action, each.person_id, each.basis) for each in rows] == [
        ("slot.hold", kari.pk, "self"),
        ("slot.let_go", kari.pk, "self"),
    ]
    assert Reservation.objects.get().made_by == kari.pk
