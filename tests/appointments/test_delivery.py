"""On the way to the record system: the same words under the same key, until there is an answer or a person steps in."""

import json
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from appointments.commands import asking, booking, delivery_marks, ending, lapsing, moving
from appointments.fhir_out import resource_of
from appointments.models import Appointment, AppointmentLine, Claim, Request
from portal.counterparts.errors import ConflictingDuplicate, CounterpartDown, UnknownOutcome
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.errors import FinalError
from portal.outbox import registry
from portal.outbox.models import Errand
from portal.outbox.work import work
from portal.people.models import Person
from portal.people.queries import pid_of
from tests.appointments import at_hand
from tests.appointments.at_hand import DAY, NOW, Killed, appointment, deliver, eyes, held, record_system, schedule, slot

pytestmark = pytest.mark.django_db
KIND = "appointments.tell_hospital"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def kari() -> Person:
    return at_hand.person(name="Kari Nordli")


@pytest.fixture
def request_(kari: Person) -> Request:
    """A move that waits to be handed over."""
    book = schedule()
    grip = held(kari, slot(book), appointment_id=appointment(kari, book).pk)
    return moving.move(reservation_id=grip.pk, key=uuid4(), eyes=eyes(kari.pk))


def test_what_is_sent_names_the_patient_in_the_body_and_nothing_that_may_change(
    kari: Person, request_: Request
) -> None:
    sent = resource_of(request_, pid_of(kari))
    reservation = request_.reservation
    assert reservation is not None
    assert request_.appointment is not None
    assert sent["identifier"] == [
        dict(zip(("system", "value"), request_.appointment.source_key.split("|"), strict=True))
    ]
    assert (sent["status"], sent["start"]) == ("booked", "2026-12-01T10:00:00+01:00")
    assert reservation.slot.source_key.endswith(sent["extension"][0]["valueReference"]["identifier"]["value"])
    assert sent["participant"][0]["actor"]["identifier"]["value"] == pid_of(kari)
    assert json.loads(json.dumps(sent)) == sent
    Appointment.objects.update(title="Noe annet", flags=[], service_category="30", sequence=4, start=DAY, place="x")
    assert resource_of(Request.objects.get(), pid_of(kari)) == sent


@pytest.mark.parametrize("kill", ["before", "after"])
def test_a_worker_killed_on_either_side_of_the_call_is_done_right_by_the_next(request_: Request, kill: str) -> None:
    with record_system(kill=kill) as hospital:
        with pytest.raises(Killed):
            deliver(request_)
        request_.refresh_from_db()
        assert request_.state == "waiting"
        hospital.kill = ""
        assert deliver(request_).state == "accepted"
        deliver(request_)
        assert len(hospital.filed) == 1


@pytest.mark.parametrize(("mode", "error"), [("down", CounterpartDown), ("accept_then_drop_reply", UnknownOutcome)])
def test_silence_is_tried_again_under_the_same_key(request_: Request, mode: str, error: type[Exception]) -> None:
    with record_system(mode=mode) as hospital:
        with pytest.raises(error):
            deliver(request_)
        assert Claim.objects.count() == 1
        hospital.mode = "ok"
        assert deliver(request_).state == "accepted"
        assert list(hospital.filed) == [f"request-{request_.pk}"]


def test_after_a_day_of_silence_a_person_takes_over_and_both_times_stand(request_: Request) -> None:
    Errand.objects.update(run_after=NOW)
    with record_system(mode="down"), clock.stopped_at(NOW + timedelta(hours=24)):
        work("hospital", seconds=5)
    request_.refresh_from_db()
    errand = Errand.objects.get(kind=KIND)
    assert (request_.state, errand.state, errand.last_error) == ("failed", "given_up", "silent:down")
    assert Claim.objects.count() == 1
    assert AppointmentLine.objects.get(kind="request.fail").cause == "silent:down"
    with record_system():
        assert deliver(request_).state == "accepted", "an operator lets it try again"


def test_nobody_is_left_waiting_past_the_time_itself(kari: Person) -> None:
    grip = held(kari, slot(schedule(), NOW + timedelta(hours=2)))
    request = booking.book(reservation_id=grip.pk, key=uuid4(), eyes=eyes(kari.pk))
    with record_system(mode="down"):
        with pytest.raises(CounterpartDown):
            deliver(request)
        with clock.stopped_at(NOW + timedelta(hours=2)), pytest.raises(FinalError, match="silent"):
            deliver(request)


def test_other_content_under_our_key_is_for_a_person(request_: Request) -> None:
    with record_system() as hospital:
        hospital.filed[f"request-{request_.pk}"] = {"resourceType": "Appointment"}
        with pytest.raises(ConflictingDuplicate):
            deliver(request_)
    registry.kind(KIND).given_up(request_.pk, "other_content")
    request_.refresh_from_db()
    assert request_.state == "failed"


def test_what_was_settled_while_it_was_under_way_keeps_that(request_: Request) -> None:
    def hospital_cancels() -> None:
        mine = request_.appointment
        assert mine is not None
        ending.end(Appointment.objects.get(pk=mine.pk), by=Actor("sender", "dips"), cancelled_by="hospital")

    with record_system(during=hospital_cancels):
        deliver(request_)
    assert (request_.state, request_.record_id) == ("withdrawn", f"J-request-{request_.pk}")
    assert AppointmentLine.objects.filter(kind="request.overtaken").count() == 1


def test_a_no_that_comes_too_late_changes_nothing(request_: Request, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.counterparts.errors import Refused

    class Late:
        def deliver(self, _key: str, _resource: object) -> None:
            mine = request_.appointment
            assert mine is not None
            ending.end(Appointment.objects.get(pk=mine.pk), by=Actor("sender", "dips"), cancelled_by="hospital")
            raise Refused("slot_busy")

    monkeypatch.setattr("appointments.delivery.health_record", Late)
    deliver(request_)
    assert (request_.state, request_.answer) == ("withdrawn", "")


def test_a_wish_that_was_taken_back_while_it_was_under_way_is_marked_as_filed(kari: Person) -> None:
    mine = appointment(kari)
    request = asking.ask_video(appointment_id=mine.pk, key=uuid4(), eyes=eyes(kari.pk))
    with record_system(during=lambda: asking.withdraw(request_id=request.pk, eyes=eyes(kari.pk))):
        deliver(request)
    assert (request.state, request.delivered_at) == ("withdrawn", NOW)


def test_what_is_filed_is_marked_once(kari: Person) -> None:
    request = asking.ask_video(appointment_id=appointment(kari).pk, key=uuid4(), eyes=eyes(kari.pk))
    for record_id in ("J-1", "J-2"):
        delivery_marks.note_filed(request_id=request.pk, record_id=record_id)
    request.refresh_from_db()
    assert request.record_id == "J-1"
    assert AppointmentLine.objects.filter(kind="request.filed").count() == 1


def test_the_errand_reaches_its_own_patient_and_no_other(request_: Request) -> None:
    patient_of = registry.kind(KIND).patient_of
    assert patient_of is not None
    assert patient_of(request_.pk) == request_.person_id
    assert patient_of(uuid4()) is None
    with record_system():
        assert work("hospital", seconds=5) == 1
    request_.refresh_from_db()
    assert request_.state == "accepted"


class TestLost:
    def test_a_request_without_an_errand_gets_one_again(self, request_: Request) -> None:
        assert lapsing.find_lost() == 0
        Errand.objects.all().delete()
        assert lapsing.find_lost() == 0, "it may just have been written"
        with clock.stopped_at(NOW + timedelta(minutes=6)):
            assert lapsing.find_lost() == 1
            assert lapsing.find_lost() == 0
        assert Errand.objects.get().subject == request_.pk

    def test_what_waits_for_a_clinician_is_not_lost(self, kari: Person) -> None:
        request = asking.ask_video(appointment_id=appointment(kari).pk, key=uuid4(), eyes=eyes(kari.pk))
        with record_system():
            deliver(request)
        Errand.objects.all().delete()
        with clock.stopped_at(NOW + timedelta(days=1)):
            assert lapsing.find_lost() == 0

    def test_a_claim_that_lapsed_long_ago_goes(self, kari: Person) -> None:
        grip = held(kari, slot(schedule()))
        Claim.objects.update(held_until=clock.real_now() - timedelta(minutes=6))
        assert lapsing.find_lost() == 1
        assert not Claim.objects.exists()
        assert grip.state == "held"
