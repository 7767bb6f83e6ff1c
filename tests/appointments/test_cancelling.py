"""Cancelling: with a reason, inside what the hospital flags and the clinic's limit, part by part."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.http import Http404

from appointments import announcements
from appointments.commands import answering, cancelling, ending, moving
from appointments.commands.cancelling import REASONS, AlreadyAsked, NotAllowed, TooLate
from appointments.models import Appointment, Claim, PreparationTask, Reminder, Request
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.kernel.actor import Actor, system
from portal.kernel.moves import IllegalMoveError
from portal.people.models import Person
from tests.appointments import at_hand
from tests.appointments.at_hand import NOW, appointment, deliver, eyes, held, on_offer, record_system, schedule, slot

pytestmark = pytest.mark.django_db
HOSPITAL = Actor("sender", "dips")


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def kari() -> Person:
    return at_hand.person(name="Kari Nordli")


@pytest.fixture
def cancelled_signals() -> Iterator[list[UUID]]:
    heard: list[UUID] = []

    def hear(appointment_id: UUID, **_more: object) -> None:
        heard.append(appointment_id)

    announcements.cancelled.connect(hear)
    yield heard
    announcements.cancelled.disconnect(hear)


def cancel(who: Person, mine: Appointment, **more: object) -> Request:
    asked = {"key": uuid4(), "reason": "cannot_come", **more}
    return cancelling.cancel(appointment_id=mine.pk, eyes=eyes(who.pk), **asked)  # type: ignore[arg-type]  # its own


def test_it_stands_until_the_hospital_has_answered(kari: Person, cancelled_signals: list[UUID]) -> None:
    mine = appointment(kari)
    task = PreparationTask.objects.create(appointment=mine, number=1, kind="form", title="Skjema")
    request = cancel(kari, mine, reason="elsewhere", comment="Takk for meg")
    mine.refresh_from_db()
    assert (mine.status, request.state, cancelled_signals) == ("booked", "waiting", [])
    with record_system() as hospital:
        deliver(request)
    mine.refresh_from_db()
    task.refresh_from_db()
    assert (mine.status, mine.sequence, mine.cancelled_by, mine.cancelled_at) == ("cancelled", 1, "patient", NOW)
    assert (mine.cancel_reason, mine.cancel_reason_system) == ("4", "urn:oid:2.16.578.1.12.4.1.1.8445")
    assert (task.state, task.reason, task.settled_at) == ("cancelled", "appointment-cancelled", NOW), "scenario 18"
    assert cancelled_signals == [mine.pk]
    assert Reminder.objects.filter(kind="cancelled").count() == 1
    sent = hospital.filed[f"request-{request.pk}"]
    assert sent["cancelationReason"] == {"coding": [{"system": "urn:oid:2.16.578.1.12.4.1.1.8445", "code": "4"}]}
    assert "Takk for meg" in str(sent)
    assert AuditRow.objects.filter(action="appointment.cancel", person_id=kari.pk).count() == 1


def test_a_no_leaves_it_as_it_was(kari: Person, cancelled_signals: list[UUID]) -> None:
    mine = appointment(kari)
    before = Appointment.objects.filter(pk=mine.pk).values().get()
    request = cancel(kari, mine)
    with record_system(mode="reject"):
        deliver(request)
    assert (request.state, request.answer) == ("refused", "slot_busy")
    assert Appointment.objects.filter(pk=mine.pk).values().get() == before
    assert cancelled_signals == []
    assert Reminder.objects.filter(kind="answered").count() == 1


def test_the_same_form_twice_is_one_request(kari: Person) -> None:
    mine, key = appointment(kari), uuid4()
    assert cancel(kari, mine, key=key).pk == cancel(kari, mine, key=key).pk
    with pytest.raises(AlreadyAsked):
        cancel(kari, mine)


def test_without_the_flag_it_is_refused_and_a_forged_post_stands_in_the_audit(kari: Person) -> None:
    """Scenario 15; the row itself is written when the request has ended, see tests/audit/test_refusals.py."""
    mine = appointment(kari, flags=["canChangeAppointment"])
    with pytest.raises(NotAllowed) as refused:
        cancel(kari, mine)
    assert isinstance(refused.value, Http404)
    assert (refused.value.action, refused.value.item_kind, refused.value.item_id) == (
        "request.cancel",
        "appointment",
        mine.pk,
    )
    assert not Request.objects.exists()


def test_inside_the_limit_it_is_never_accepted_in_silence(kari: Person) -> None:
    """Scenario 16, 24 hours."""
    mine = appointment(kari, start=NOW + timedelta(hours=24))
    with clock.stopped_at(NOW + timedelta(seconds=1)), pytest.raises(TooLate):
        cancel(kari, mine)
    assert cancel(kari, mine).state == "waiting", "at the limit itself there is still time"


def test_the_limit_may_be_two_working_days(kari: Person) -> None:
    """Scenario 16: a Wednesday at 10; the limit is Monday at 10."""
    at_hand.clinic(cancel_limit=2, cancel_unit="working_days")
    mine = appointment(kari, start=at_hand.oslo(2026, 11, 25, 10))
    with clock.stopped_at(at_hand.oslo(2026, 11, 23, 10, 0, 1)), pytest.raises(TooLate):
        cancel(kari, mine)
    with clock.stopped_at(at_hand.oslo(2026, 11, 23, 10)):
        cancel(kari, mine)


def test_words_of_ones_own_only_where_they_are_flagged(kari: Person) -> None:
    mine = appointment(kari, flags=["cancel"])
    with pytest.raises(NotAllowed):
        cancel(kari, mine, comment="Hei")
    assert cancel(kari, mine).comment == ""


def test_a_reason_that_is_not_on_the_list_is_refused(kari: Person) -> None:
    with pytest.raises(NotAllowed):
        cancel(kari, appointment(kari), reason="because")


def test_every_reason_has_a_code_of_the_profiles_own_set() -> None:
    assert {each.code for each in REASONS.values()} <= {"1", "2", "3", "4", "5", "7", "9"}
    assert {each.system for each in REASONS.values()} == {"urn:oid:2.16.578.1.12.4.1.1.8445"}


class TestBundle:
    """Scenario 20."""

    def test_each_part_that_is_named_gets_a_request_of_its_own(self, kari: Person) -> None:
        main = appointment(kari)
        xray, talk = appointment(kari, part_of=main, flags=["cancel"]), appointment(kari, part_of=main)
        key = uuid4()
        request = cancel(kari, main, parts=[xray.pk], comment="Syk", key=key)
        assert cancel(kari, main, parts=[xray.pk], comment="Syk", key=key).pk == request.pk
        assert request.appointment_id == main.pk
        asked = {each.appointment_id: each for each in Request.objects.all()}
        assert set(asked) == {main.pk, xray.pk}
        assert (asked[main.pk].comment, asked[xray.pk].comment) == ("Syk", "")
        with record_system():
            for each in asked.values():
                deliver(each)
        statuses = dict(Appointment.objects.values_list("pk", "status"))
        assert statuses == {main.pk: "cancelled", xray.pk: "cancelled", talk.pk: "booked"}

    def test_one_part_that_cannot_be_cancelled_stops_all(self, kari: Person) -> None:
        main = appointment(kari)
        fixed, stranger = appointment(kari, part_of=main, flags=[]), appointment(kari)
        soon = appointment(kari, part_of=main, start=NOW + timedelta(hours=5))
        for part, error in ((fixed, NotAllowed), (stranger, NotAllowed), (soon, TooLate)):
            with pytest.raises(error):
                cancel(kari, main, parts=[part.pk])
        assert not Request.objects.exists()


class TestEnding:
    def test_the_hospital_ends_what_the_patient_was_about_to_move(self, kari: Person) -> None:
        book = schedule()
        mine = appointment(kari, book)
        wanted = slot(book)
        grip = held(kari, wanted, appointment_id=mine.pk)
        request = moving.move(reservation_id=grip.pk, key=uuid4(), eyes=eyes(kari.pk))
        ending.end(mine, by=HOSPITAL, cancelled_by="hospital", reason="1", cause="clinic-day")
        request.refresh_from_db()
        assert request.state == "withdrawn"
        assert not Claim.objects.exists()
        assert on_offer(kari, schedule_id=book.pk) == [wanted.pk]
        at_hand.twins()

    def test_a_wish_to_cancel_has_come_true(self, kari: Person) -> None:
        mine = appointment(kari)
        request = cancel(kari, mine)
        ending.end(mine, by=HOSPITAL, cancelled_by="hospital")
        request.refresh_from_db()
        assert request.state == "accepted"

    def test_what_had_failed_is_refused(self, kari: Person) -> None:
        book = schedule()
        mine = appointment(kari, book)
        grip = held(kari, slot(book), appointment_id=mine.pk)
        request = moving.move(reservation_id=grip.pk, key=uuid4(), eyes=eyes(kari.pk))
        answering.fail(request_id=request.pk, code="poison")
        ending.end(mine, by=system("people.died"), cancelled_by="system", cause="died")
        request.refresh_from_db()
        mine.refresh_from_db()
        assert (request.state, mine.cancelled_by) == ("refused", "system")

    def test_what_is_over_cannot_be_ended(self, kari: Person) -> None:
        mine = appointment(kari, status="fulfilled")
        with pytest.raises(IllegalMoveError):
            ending.end(mine, by=HOSPITAL, cancelled_by="hospital")
