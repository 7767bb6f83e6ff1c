"""Holding a time: who wins, who may, how it lapses, and what must not show."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from appointments.commands import claims, holding, lapsing
from appointments.commands.holding import AlreadyAsked, NotAllowed, Taken, TooLate, TooManyHolds
from appointments.models import Claim, Invitation, Request, Reservation
from portal.audit.models import AuditRow
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
    span = {"resource": book.resource, "start": group.start, "end": group.end}
    claims.occupy(claim_id=theirs, slot_id=group.pk, **span)
    claims.occupy(claim_id=theirs, slot_id=group.pk, **span)
    held(kari, group)
    with pytest.raises(Taken):
        held(at_hand.person(), group)
    claims.release([theirs])
    held(at_hand.person(), group)


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
        self, kari: Person, change: dict[str, object]
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
    days = {"first": wednesday_late.start.date(), "last": wednesday_late.start.date()}
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
