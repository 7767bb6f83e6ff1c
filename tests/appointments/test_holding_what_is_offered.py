"""Which times are offered, to whom, for what; and what a list of free times must not show."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from appointments.commands import holding
from appointments.commands.holding import AlreadyAsked, NotAllowed, Taken, TooLate
from appointments.models import Invitation, Request
from portal.kernel import clock
from portal.people.models import Person
from tests.appointments import at_hand
from tests.appointments.at_hand import DAY, NOW, appointment, eyes, held, on_offer, schedule, slot, slots
from tests.youth_access import families
from youth_access.facts import Outcome

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


class TestWhoMayBook:
    def test_a_closed_timebok_is_the_hospitals_alone(self, kari: Person) -> None:
        with pytest.raises(NotAllowed):
            held(kari, slot(schedule(booking="closed")))

    def test_outside_its_opening_nobody_books(self, kari: Person) -> None:
        later, over = NOW + timedelta(days=1), NOW - timedelta(days=1)
        for window in ({"opens_at": later}, {"closes_at": over}, {"active": False}):
            with pytest.raises(NotAllowed):
                held(kari, slot(schedule(**window)))
        held(kari, slot(schedule(opens_at=over, closes_at=later)))

    def test_with_a_referral_there_that_has_not_ended(self, kari: Person) -> None:
        wanted = slot(schedule(booking="referral"))
        with pytest.raises(NotAllowed):
            held(kari, wanted)
        families.referral(kari, families.unit("4200002", "En annen"))
        with pytest.raises(NotAllowed):
            held(kari, wanted)
        ended = families.referral(kari)
        type(ended).objects.filter(pk=ended.pk).update(ended_at=NOW)
        with pytest.raises(NotAllowed):
            held(kari, wanted)
        families.referral(kari)
        held(kari, wanted)

    def test_with_an_invitation_that_is_valid_and_unused(self, kari: Person) -> None:
        wanted = slot(schedule(booking="invitation"))
        made = Invitation.objects.create(
            person=kari,
            schedule=wanted.schedule,
            source="dips",
            source_key="1",
            valid_from=NOW,
            valid_until=NOW + timedelta(days=30),
        )
        for change in ({"used_at": NOW}, {"withdrawn_at": NOW}, {"valid_from": NOW + timedelta(minutes=1)}):
            Invitation.objects.filter(pk=made.pk).update(**change)
            with pytest.raises(NotAllowed):
                held(kari, wanted)
            Invitation.objects.filter(pk=made.pk).update(used_at=None, withdrawn_at=None, valid_from=NOW)
        held(kari, wanted)

    def test_a_parent_of_a_14_year_old_only_where_the_referral_is_open_to_parents(self) -> None:
        mine = families.family(born=NOW.date().replace(year=2012))
        wanted = slot(schedule(booking="referral"))
        families.referral(mine.child, outcome=Outcome.PARENTS_DENIED)
        look = eyes(mine.mother.pk, mine.child.pk)
        with pytest.raises(NotAllowed):
            holding.hold(slot_id=wanted.pk, eyes=look)
        families.referral(mine.child, outcome=Outcome.OPEN)
        found = holding.hold(slot_id=wanted.pk, eyes=eyes(mine.mother.pk, mine.child.pk))
        assert found.person_id == mine.child.pk


class TestForAMove:
    def test_the_new_time_is_held_and_the_old_one_stands(self, kari: Person) -> None:
        book = schedule()
        mine, wanted = appointment(kari, book), slot(book)
        found = held(kari, wanted, appointment_id=mine.pk)
        assert (found.appointment_id, found.state) == (mine.pk, "held")
        mine.refresh_from_db()
        assert mine.start == DAY + timedelta(days=2)

    def test_only_times_of_the_same_kind_at_the_same_unit(self, kari: Person) -> None:
        book = schedule(booking="closed")
        sibling, other_kind = schedule(booking="closed"), schedule(type_code="Blodprøve")
        elsewhere = schedule(unit=families.unit("4200002", "En annen"))
        mine = appointment(kari, book)
        good = slot(sibling)
        bad = [slot(other_kind), slot(elsewhere)]
        assert on_offer(kari, appointment=mine) == [good.pk]
        for each in bad:
            with pytest.raises(NotAllowed):
                held(kari, each, appointment_id=mine.pk)
        held(kari, good, appointment_id=mine.pk)

    @pytest.mark.parametrize(
        "change", [{"flags": ["cancel"]}, {"status": "fulfilled"}, {"start": NOW, "end": NOW + timedelta(hours=1)}]
    )
    def test_not_where_the_hospital_has_not_flagged_it_or_it_is_over(
        self, kari: Person, change: dict[str, Any]
    ) -> None:
        book = schedule()
        mine = appointment(kari, book, **change)
        with pytest.raises(NotAllowed) as refused:
            held(kari, slot(book), appointment_id=mine.pk)
        assert (refused.value.item_id, refused.value.by.id) == (mine.pk, str(kari.pk))

    def test_not_inside_the_limit(self, kari: Person) -> None:
        book = schedule()
        mine = appointment(kari, book, start=NOW + timedelta(hours=24))
        held(kari, slot(book), appointment_id=mine.pk)
        with clock.stopped_at(NOW + timedelta(seconds=1)), pytest.raises(TooLate):
            held(kari, slot(book, DAY + timedelta(hours=3)), appointment_id=mine.pk)

    def test_not_while_an_answer_is_awaited(self, kari: Person) -> None:
        book = schedule()
        mine = appointment(kari, book)
        asked = {"kind": "cancel", "key": uuid4(), "made_at": NOW, "made_by": kari.pk, "made_as": "self"}
        Request.objects.create(person=kari, unit=mine.unit, appointment=mine, **asked)
        with pytest.raises(AlreadyAsked):
            held(kari, slot(book), appointment_id=mine.pk)

    def test_another_patients_appointment_does_not_exist(self, kari: Person, ola: Person) -> None:
        book = schedule()
        mine = appointment(ola, book)
        for each in (mine.pk, uuid4(), appointment(kari, book, status="entered-in-error").pk):
            with pytest.raises(Http404) as missing:
                held(kari, slot(book, DAY + timedelta(hours=each.int % 5)), appointment_id=each)
            assert not isinstance(missing.value, NotAllowed)

    def test_a_hidden_appointment_is_refused_as_if_missing_and_noted(self, kari: Person) -> None:
        book = schedule()
        mine = appointment(kari, book, security_codes=["NORU"], withheld_until=NOW + timedelta(days=1))
        with pytest.raises(NotAllowed):
            held(kari, slot(book), appointment_id=mine.pk)


class TestBusy:
    def test_what_overlaps_the_patients_own_appointment_is_left_out(self, kari: Person) -> None:
        book = schedule()
        first, second = slots(book, 2)
        appointment(kari, start=DAY + timedelta(minutes=40))
        assert on_offer(kari, schedule_id=book.pk) == [first.pk]
        with pytest.raises(Taken):
            held(kari, second)

    def test_the_appointment_that_is_moved_is_not_in_its_own_way(self, kari: Person) -> None:
        book = schedule()
        first, _second = slots(book, 2)
        mine = appointment(kari, book, start=DAY + timedelta(minutes=10))
        assert first.pk in on_offer(kari, appointment=mine)

    def test_what_is_hidden_does_not_show_as_a_gap(self, kari: Person) -> None:
        book = schedule()
        first, second = slots(book, 2)
        appointment(kari, start=DAY, security_codes=["NORU"], withheld_until=NOW + timedelta(days=1))
        assert on_offer(kari, schedule_id=book.pk) == [first.pk, second.pk]

    def test_what_one_holds_oneself_is_left_out_and_others_holds_for_the_patient_are_not_told(
        self, kari: Person, ola: Person
    ) -> None:
        families.fullmakt(kari, ola)
        one, other = schedule(), schedule()
        held(kari, slot(one))
        there = slot(other)
        assert on_offer(kari, schedule_id=other.pk) == []
        found = holding.hold(slot_id=there.pk, eyes=eyes(ola.pk, kari.pk))
        assert found.state == "held"


def test_weekdays_and_parts_of_the_day_are_oslos(kari: Person) -> None:
    book = schedule()
    tuesday_eight = slot(book, at_hand.oslo(2026, 12, 1, 8))
    tuesday_noon = slot(book, at_hand.oslo(2026, 12, 1, 12))
    wednesday_late = slot(book, at_hand.oslo(2026, 12, 2, 0, 30))
    wide = {"schedule_id": book.pk}
    assert on_offer(kari, weekdays=[1], **wide) == [tuesday_eight.pk, tuesday_noon.pk]
    assert on_offer(kari, weekdays=[2], **wide) == [wednesday_late.pk]
    assert on_offer(kari, part_of_day="morning", **wide) == [tuesday_eight.pk, wednesday_late.pk]
    assert on_offer(kari, part_of_day="afternoon", **wide) == [tuesday_noon.pk]
    assert on_offer(kari, part_of_day="nonsense", weekdays=[0], **wide) == []
    wednesday = wednesday_late.start.astimezone(clock.OSLO).date()
    days = {"first": wednesday, "last": wednesday}
    assert on_offer(kari, **days, **wide) == [wednesday_late.pk]


def test_the_offer_takes_the_same_number_of_queries_for_one_time_and_for_many(kari: Person) -> None:
    book = schedule()
    mine = appointment(kari, book)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            found = on_offer(kari, appointment=mine)
        assert found
        return len(seen)

    slot(book)
    few = queries()
    slots(book, 40, start=DAY + timedelta(days=1), minutes=10)
    assert queries() == few
