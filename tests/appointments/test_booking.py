"""Booking a held time: once for each form, and the patient's only once the hospital has said yes."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import Http404

from appointments.commands import booking, holding
from appointments.commands.booking import Lapsed, NotAllowed, Taken
from appointments.models import Appointment, AppointmentLine, Claim, Invitation, Reminder, Request, Reservation, Slot
from appointments.queries import free_times, on_screen, requests
from appointments.queries.free_times import bookable
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.outbox.models import Errand
from portal.people.models import Person
from tests.appointments import at_hand
from tests.appointments.at_hand import DAY, NOW, deliver, eyes, held, on_offer, record_system, schedule, slot, slots
from tests.youth_access import families

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def kari() -> Person:
    return at_hand.person(name="Kari Nordli")


def book(who: Person, mine: Reservation, key: UUID | None = None) -> Request:
    return booking.book(reservation_id=mine.pk, key=key or uuid4(), eyes=eyes(who.pk))


def test_a_booking_is_proposed_until_the_hospital_says_yes(kari: Person) -> None:
    wanted = slot(schedule(name="Blodprøver", booking="open"))
    request = book(kari, held(kari, wanted))
    made = Appointment.objects.get()
    assert (made.status, made.start, made.title, made.person_id) == ("proposed", DAY, "Blodprøver", kari.pk)
    assert (request.kind, request.state, request.made_as, request.appointment_id) == (
        "book",
        "waiting",
        "self",
        made.pk,
    )
    assert Reservation.objects.get().appointment_id == made.pk
    assert Claim.objects.get().held_until is None
    assert Errand.objects.filter(kind="appointments.tell_hospital", subject=request.pk, queue="hospital").count() == 1
    assert on_screen.visible_to(eyes(kari.pk)).get().pk == made.pk
    at_hand.twins()
    with record_system() as hospital:
        deliver(request)
    made.refresh_from_db()
    assert (made.status, made.sequence, request.state) == ("booked", 0, "accepted")
    assert request.record_id == f"J-request-{request.pk}"
    assert set(made.flags) == {"cancel", "canChangeAppointment"}
    sent = hospital.filed[f"request-{request.pk}"]
    assert (sent["resourceType"], sent["status"]) == ("Appointment", "proposed")
    assert list(Reminder.objects.filter(kind="created").values_list("appointment", flat=True)) == [made.pk]
    kinds = list(AppointmentLine.objects.order_by("id").values_list("kind", flat=True))
    assert kinds[:2] == ["appointment.propose", "request.book"]
    assert {"request.accept", "appointment.book"} <= set(kinds)


def test_a_double_click_is_one_appointment_and_the_same_answer(kari: Person) -> None:
    """Scenario 2."""
    mine, key = held(kari, slot(schedule())), uuid4()
    first, second = book(kari, mine, key), book(kari, mine, key)
    assert first.pk == second.pk
    assert book(kari, mine).pk == first.pk, "another window with the same hold"
    assert Appointment.objects.count() == Errand.objects.filter(kind="appointments.tell_hospital").count() == 1


def test_a_key_that_was_used_for_something_else_is_refused(kari: Person) -> None:
    one, two = slots(schedule(), 2)
    key = uuid4()
    book(kari, held(kari, one), key)
    with pytest.raises(NotAllowed):
        book(kari, held(kari, two), key)
    assert Appointment.objects.count() == 1


def test_a_key_of_somebody_elses_is_refused_like_that_too(kari: Person) -> None:
    one, two = slots(schedule(), 2)
    key, ola = uuid4(), at_hand.person()
    book(ola, held(ola, one), key)
    with pytest.raises(NotAllowed):
        book(kari, held(kari, two), key)


def test_a_lapsed_hold_cannot_be_confirmed(kari: Person) -> None:
    """Scenario 3."""
    mine = held(kari, slot(schedule()))
    at_hand.lapse_now(mine)
    with pytest.raises(Lapsed):
        book(kari, mine)
    assert not Appointment.objects.exists()
    assert not Errand.objects.exists()


@pytest.mark.parametrize("way", ["let go", "taken by another"])
def test_what_is_no_longer_held_cannot_be_confirmed(kari: Person, way: str) -> None:
    wanted = slot(schedule())
    mine = held(kari, wanted)
    if way == "let go":
        holding.let_go(reservation_id=mine.pk, eyes=eyes(kari.pk))
    else:
        at_hand.lapse_now(mine)
        held(at_hand.person(), wanted)
    with pytest.raises(Lapsed):
        book(kari, mine)


def test_a_time_that_the_hospital_took_back_meanwhile_is_taken(kari: Person) -> None:
    mine = held(kari, slot(schedule()))
    Slot.objects.update(state="busy-unavailable")
    with pytest.raises(Taken):
        book(kari, mine)
    assert not Appointment.objects.exists()


def test_a_timebok_that_has_closed_meanwhile_is_refused(kari: Person) -> None:
    mine = held(kari, slot(schedule()))
    type(mine.schedule).objects.update(booking="closed")
    with pytest.raises(NotAllowed):
        book(kari, mine)


def test_only_whoever_holds_it_confirms_it(kari: Person) -> None:
    ola = at_hand.person(name="Ola")
    families.fullmakt(kari, ola)
    mine = held(kari, slot(schedule()))
    for look in (eyes(ola.pk), eyes(ola.pk, kari.pk)):
        with pytest.raises(Http404):
            booking.book(reservation_id=mine.pk, key=uuid4(), eyes=look)


def test_a_hold_for_a_move_is_not_for_booking(kari: Person) -> None:
    there = schedule()
    moved = at_hand.appointment(kari, there)
    with pytest.raises(NotAllowed):
        book(kari, held(kari, slot(there), appointment_id=moved.pk))


def test_a_no_gives_the_time_back_and_tells_the_patient(kari: Person) -> None:
    wanted = slot(schedule())
    request = book(kari, held(kari, wanted))
    with record_system(mode="reject"):
        deliver(request)
    made = Appointment.objects.get()
    assert (request.state, request.answer) == ("refused", "slot_busy")
    assert (made.status, made.cancelled_by) == ("cancelled", "hospital")
    assert list(Reminder.objects.filter(state="planned").values_list("kind", flat=True)) == ["answered"]
    assert not Claim.objects.exists()
    assert on_offer(kari, schedule_id=wanted.schedule_id) == [wanted.pk]
    at_hand.twins()


def test_the_hospitals_own_word_may_come_before_its_answer(kari: Person) -> None:
    request = book(kari, held(kari, slot(schedule())))
    Appointment.objects.update(status="booked")
    with record_system():
        deliver(request)
    assert (request.state, Appointment.objects.get().status) == ("accepted", "booked")
    assert not Reminder.objects.exists(), "the hospital's word was told when it came"


def test_an_invitation_is_used_once_and_comes_back_with_a_no(kari: Person) -> None:
    there = schedule(booking="invitation")
    one, two = slots(there, 2)
    Invitation.objects.create(
        person=kari, schedule=there, source="dips", source_key="1", valid_from=NOW, valid_until=NOW + timedelta(days=9)
    )
    first, second = held(kari, one), held(kari, two)
    request = book(kari, first)
    assert Invitation.objects.get().used_at == NOW
    with pytest.raises(NotAllowed):
        book(kari, second)
    with record_system(mode="reject"):
        deliver(request)
    assert Invitation.objects.get().used_at is None
    book(kari, second)


def test_two_windows_cannot_use_one_invitation_at_the_same_moment(
    kari: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = schedule(booking="invitation")
    Invitation.objects.create(
        person=kari, schedule=there, source="dips", source_key="1", valid_from=NOW, valid_until=NOW + timedelta(days=9)
    )
    mine = held(kari, slot(there))
    asked = free_times.ground_of

    def used_just_then(*told: Any) -> object:
        ground = asked(*told)
        Invitation.objects.update(used_at=NOW)
        return ground

    monkeypatch.setattr(free_times, "ground_of", used_just_then)
    with pytest.raises(NotAllowed):
        book(kari, mine)


def test_the_appointment_belongs_to_the_referral_that_opened_the_timebok(kari: Person) -> None:
    about = families.referral(kari)
    book(kari, held(kari, slot(schedule(booking="referral"))))
    assert Appointment.objects.get().referral_ids == [about.pk]


def test_who_booked_for_whom_stands_in_the_request_and_the_audit(kari: Person) -> None:
    ola = at_hand.person(name="Ola")
    families.fullmakt(kari, ola)
    look = eyes(ola.pk, kari.pk)
    mine = holding.hold(slot_id=slot(schedule()).pk, eyes=look)
    request = booking.book(reservation_id=mine.pk, key=uuid4(), eyes=look)
    assert (request.person_id, request.made_by, request.made_as) == (kari.pk, ola.pk, "FU")
    row = AuditRow.objects.get(action="request.book")
    assert (row.actor_id, row.person_id, row.basis, row.item_kind) == (str(ola.pk), kari.pk, "FU", "appointment")
    assert [each.pk for each in requests.of(eyes(kari.pk))] == [request.pk]
    assert request.appointment_id is not None
    own = eyes(kari.pk)
    assert requests.waiting_for(own, [request.appointment_id]) == {request.appointment_id: [request]}
    assert requests.of(own, appointment_id=request.appointment_id) == [request]
    assert requests.of(own, appointment_id=uuid4()) == []
    assert requests.one(own, request.pk) == request
    Appointment.objects.update(security_codes=["NORU"], withheld_until=NOW + timedelta(days=1))
    own.look_anew()
    assert (requests.of(own), requests.one(own, request.pk)) == ([], None), "hidden with the appointment"


def test_one_is_told_of_the_timeboeker_one_may_book_in(kari: Person) -> None:
    opened = [schedule(name="A"), schedule(name="B")]
    schedule(booking="closed")
    schedule(booking="referral")
    assert bookable(eyes(kari.pk)) == opened
