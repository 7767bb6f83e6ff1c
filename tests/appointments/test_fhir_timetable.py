"""Timebøker, the times in them and invitations, as a record system tells of them over HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from appointments.commands import holding
from appointments.fhir import Facts
from appointments.models import Reservation, Schedule, Slot
from appointments.queries.free_times import offered
from portal.kernel import clock
from portal.people.models import Unit
from tests.appointments import nhn, nhn_timetable
from tests.appointments.at_hand import DAY, NOW, eyes, person
from tests.appointments.nhn import changed
from tests.appointments.test_fhir_appointments import by_identifier, location, send, token, words

pytestmark = pytest.mark.django_db
OURS = "https://dis-portal.example/fhir"
BOOKING = f"{OURS}/StructureDefinition/booking"
CAPACITY = f"{OURS}/StructureDefinition/capacity"
PERIOD = f"{OURS}/StructureDefinition/booking-period"


@pytest.fixture(autouse=True)
def _still() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def dips(client: Client) -> dict[str, str]:
    return token(client, "dips")


def elements(answer: Any) -> set[tuple[str, str]]:
    issues = answer.json()["issue"]
    return {(each["details"]["coding"][0]["code"], each["expression"][0].partition(".")[2]) for each in issues}


def open_to(mode: str) -> list[dict[str, str]]:
    return [{"url": BOOKING, "valueCode": mode}]


def test_nhns_timebok(client: Client, dips: dict[str, str]) -> None:
    tree = nhn_timetable.schedule()
    answer = send(client, dips, tree, by_identifier(tree), "put")
    assert answer.status_code == 201, answer.content
    row = Schedule.objects.get()
    assert (row.type_code, row.name, row.service_category) == ("Poliklinisktime", "Doctor Feelgood", "27")
    assert (row.booking, row.active, row.unit_id) == ("closed", True, nhn.RESH)
    assert (row.opens_at, row.closes_at) == (None, datetime(2026, 12, 31, 17, tzinfo=UTC))
    assert client.get(location(answer), headers=dips).json()["active"] is True


def test_two_schedules_of_one_clinician_share_the_clinician(client: Client, dips: dict[str, str]) -> None:
    for tree in (nhn_timetable.schedule(), nhn_timetable.schedule()):
        assert send(client, dips, tree).status_code == 201
    first, second = Schedule.objects.all()
    assert first.resource == second.resource


def test_a_timebok_is_brought_up_to_date_and_an_older_word_is_not_taken(client: Client, dips: dict[str, str]) -> None:
    tree = nhn_timetable.schedule()
    send(client, dips, tree)
    newer = tree | {"comment": "Ny", "active": False, "extension": open_to("open")}
    assert send(client, dips, newer).status_code == 200
    row = Schedule.objects.get()
    assert (row.comment, row.active, row.booking) == ("Ny", False, "open")
    older = tree | {"meta": {"lastUpdated": "2026-01-01T00:00:00Z"}}
    answer = send(client, dips, older, f"/{row.pk}", "put")
    assert answer.status_code == 200
    row.refresh_from_db()
    assert row.comment == "Ny"


def test_who_is_booked_cannot_become_somebody_else(client: Client, dips: dict[str, str]) -> None:
    tree = nhn_timetable.schedule()
    send(client, dips, tree)
    answer = send(client, dips, changed(tree, "actor.0.identifier.value", "2"))
    assert (answer.status_code, elements(answer)) == (409, {("cannot-change", "actor")})


def test_when_patients_may_book(client: Client, dips: dict[str, str]) -> None:
    free = nhn_timetable.schedule(planningHorizon=None)
    send(client, dips, free)
    assert Schedule.objects.get().closes_at == datetime(2026, 12, 22, 15, 15, tzinfo=UTC)
    period = {"start": "2026-11-25T08:00:00+01:00", "end": "2026-12-01T08:00:00+01:00"}
    send(client, dips, free | {"extension": [{"url": PERIOD, "valuePeriod": period}]})
    row = Schedule.objects.get()
    assert (row.opens_at, row.closes_at) == (
        datetime(2026, 11, 25, 7, tzinfo=UTC),
        datetime(2026, 12, 1, 7, tzinfo=UTC),
    )
    turned = [{"url": PERIOD, "valuePeriod": {"start": period["end"], "end": period["start"]}}]
    assert ("end-before-start", "extension[0].valuePeriod.end") in elements(
        send(client, dips, free | {"extension": turned})
    )


@pytest.mark.parametrize(
    ("path", "value", "wrong"),
    [
        ("identifier.0.value", "timebok-1", ("key-not-uuid", "identifier")),
        ("identifier.0.assigner", None, ("unit-missing", "identifier[0].assigner")),
        ("identifier.0.assigner.identifier.value", "9", ("unit-unknown", "identifier[0].assigner")),
        ("serviceType", [], ("type-missing", "serviceType")),
        ("serviceType.0.coding.0.code", "Kaffe", ("type-unknown", "serviceType[0].coding[0]")),
        ("actor", [], ("actor-missing", "actor")),
        ("actor.0.identifier", None, ("actor-missing", "actor")),
        ("actor.0.type", "Patient", ("actor-type", "actor[0].type")),
        ("comment", "x" * 1001, ("text-too-long", "comment")),
        ("extension", [{"url": BOOKING, "valueCode": "some"}], ("booking-unknown", "extension[0].valueCode")),
        ("implicitRules", "https://x.example", ("element-refused", "implicitRules")),
        ("planningHorizon.end", "snart", ("time-invalid", "planningHorizon.end")),
    ],
)
def test_schedules_that_are_refused(
    client: Client, dips: dict[str, str], path: str, value: Any, wrong: tuple[str, str]
) -> None:
    answer = send(client, dips, changed(nhn_timetable.schedule(), path, value))
    assert answer.status_code == 422
    assert wrong in elements(answer)


def test_the_unit_by_our_extension_or_by_the_service(client: Client, dips: dict[str, str]) -> None:
    bare = changed(nhn_timetable.schedule(), "identifier.0.assigner", None)
    named = {"identifier": {"system": nhn.RESH_SYSTEM, "value": nhn.RESH}}
    extension = [{"url": f"{OURS}/StructureDefinition/unit", "valueReference": named}]
    assert send(client, dips, bare | {"extension": extension}).status_code == 201
    service = changed(nhn_timetable.schedule(), "identifier.0.assigner", None)
    service["actor"] = [{"type": "HealthcareService", "display": "Blodbanken", **named}]
    assert send(client, dips, service).status_code == 201


def test_nhns_time(client: Client, dips: dict[str, str]) -> None:
    of = nhn_timetable.schedule(extension=open_to("open"))
    send(client, dips, of)
    tree = nhn_timetable.slot(of)
    answer = send(client, dips, tree, by_identifier(tree), "put")
    assert answer.status_code == 201, answer.content
    row = Slot.objects.get()
    assert (row.start, row.state, row.capacity) == (datetime(2026, 12, 1, 8, tzinfo=UTC), "free", 1)
    assert client.get(location(answer), headers=dips).json()["status"] == "free"
    by_our_id = nhn_timetable.slot(
        of,
        schedule={"reference": f"Schedule/{row.schedule_id}"},
        start="2026-12-01T10:00:00+01:00",
        end="2026-12-01T10:30:00+01:00",
    )
    assert send(client, dips, by_our_id).status_code == 201


def test_nhns_time_that_ends_a_month_later_is_refused(client: Client, dips: dict[str, str]) -> None:
    of = nhn_timetable.schedule()
    send(client, dips, of)
    citizen = {"coding": [{"system": f"{nhn.VOLVEN}7617", "code": "Vaksine"}]}
    tree = nhn_timetable.slot(
        of,
        serviceType=[citizen],
        appointmentType=citizen,
        start="2026-06-01T09:00:00+02:00",
        end="2026-07-01T09:30:00+02:00",
    )
    answer = send(client, dips, tree)
    assert (answer.status_code, elements(answer)) == (422, {("slot-too-long", "end")})


def test_busy_times_and_those_taken_out_are_not_offered(client: Client, dips: dict[str, str]) -> None:
    of = nhn_timetable.schedule(extension=open_to("open"))
    send(client, dips, of)
    tree = nhn_timetable.slot(of)
    kari = person()

    def found() -> int:
        here = Schedule.objects.get().pk
        return len(offered(eyes(kari.pk), schedule_id=here, first=DAY.date(), last=DAY.date()))

    sent = send(client, dips, tree)
    assert found() == 1
    for state in ("busy", "busy-tentative", "busy-unavailable", "entered-in-error"):
        assert send(client, dips, tree | {"status": state}, location(sent), "put").status_code == 200
        assert found() == 0
    assert send(client, dips, tree).status_code == 200
    assert found() == 1


def test_a_time_that_is_moved_is_let_go_of(client: Client, dips: dict[str, str]) -> None:
    of = nhn_timetable.schedule(extension=open_to("open"))
    send(client, dips, of)
    tree = nhn_timetable.slot(of)
    send(client, dips, tree)
    held = holding.hold(slot_id=Slot.objects.get().pk, eyes=eyes(person().pk))
    assert send(client, dips, tree | {"end": "2026-12-01T09:45:00+01:00"}).status_code == 200
    assert Reservation.objects.get(pk=held.pk).state == "released"


def test_a_group_has_room_for_so_many(client: Client, dips: dict[str, str]) -> None:
    of = nhn_timetable.schedule()
    send(client, dips, of)
    assert (
        send(client, dips, nhn_timetable.slot(of, extension=[{"url": CAPACITY, "valuePositiveInt": 8}])).status_code
        == 201
    )
    assert Slot.objects.get().capacity == 8
    for value in (0, 501, "8"):
        answer = send(client, dips, nhn_timetable.slot(of, extension=[{"url": CAPACITY, "valuePositiveInt": value}]))
        assert ("capacity", "extension[0].valuePositiveInt") in elements(answer)


@pytest.mark.parametrize(
    ("path", "value", "wrong"),
    [
        ("status", "open", ("status", "status")),
        ("end", "2026-12-01T09:00:00+01:00", ("end-before-start", "end")),
        ("start", "2026-12-01", ("time-invalid", "start")),
        ("schedule", {"reference": "Schedule/example-schedule-1"}, ("schedule-missing", "schedule")),
        ("serviceCategory", [], ("category-missing", "serviceCategory")),
        ("appointmentType.coding.0.code", "Kaffe", ("type-unknown", "appointmentType[0].coding[0]")),
        ("identifier", [], ("key-missing", "identifier")),
    ],
)
def test_times_that_are_refused(
    client: Client, dips: dict[str, str], path: str, value: Any, wrong: tuple[str, str]
) -> None:
    of = nhn_timetable.schedule()
    send(client, dips, of)
    answer = send(client, dips, changed(nhn_timetable.slot(of), path, value))
    assert answer.status_code == 422
    assert wrong in elements(answer)


def test_a_time_in_a_timebok_nobody_knows_or_another_one(client: Client, dips: dict[str, str]) -> None:
    of, other = nhn_timetable.schedule(), nhn_timetable.schedule()
    assert words(send(client, dips, nhn_timetable.slot(of))) == {"schedule-unknown"}
    send(client, dips, of)
    send(client, dips, other)
    tree = nhn_timetable.slot(of)
    send(client, dips, tree)
    answer = send(client, dips, tree | {"schedule": nhn_timetable.slot(other)["schedule"]})
    assert (answer.status_code, elements(answer)) == (409, {("cannot-change", "schedule")})
    stranger = token(client, "other")
    assert words(send(client, stranger, nhn_timetable.slot(of))) == {"schedule-unknown"}


def test_the_same_time_again_and_an_older_word(client: Client, dips: dict[str, str]) -> None:
    of = nhn_timetable.schedule()
    send(client, dips, of)
    tree = nhn_timetable.slot(of)
    assert [send(client, dips, tree).status_code for _ in range(2)] == [201, 200]
    send(client, dips, tree | {"status": "busy", "meta": {"lastUpdated": "2026-01-01T00:00:00Z"}})
    assert Slot.objects.get().state == "free"


@pytest.mark.parametrize("kind", ["Schedule", "Slot", "Task"])
def test_anothers_and_what_does_not_exist(client: Client, dips: dict[str, str], kind: str) -> None:
    of = nhn_timetable.schedule()
    sent = {
        "Schedule": send(client, dips, of),
        "Slot": send(client, dips, nhn_timetable.slot(of)),
        "Task": send(client, dips, nhn_timetable.task(of)),
    }
    stranger = token(client, "other")
    for address in (location(sent[kind]), f"/fhir/{kind}/00000000-0000-4000-8000-000000000000", f"/fhir/{kind}/1"):
        answer = client.get(address, headers=stranger)
        assert (answer.status_code, words(answer)) == (404, {"not-found"})


def test_a_closed_unit(client: Client, dips: dict[str, str]) -> None:
    Unit.objects.update(active=False)
    assert ("unit-unknown", "identifier[0].assigner") in elements(send(client, dips, nhn_timetable.schedule()))


def test_a_unit_that_closes_meanwhile(client: Client, dips: dict[str, str]) -> None:
    """The commands ask for themselves, since the unit may have closed since the resource was read."""
    Unit.objects.update(active=False)
    with patch("appointments.api_timetable.facts_for", _as_if_open):
        assert words(send(client, dips, nhn_timetable.schedule())) == {"unit-unknown"}
    with patch("appointments.api.facts_for", _as_if_open):
        assert words(send(client, dips, nhn.timenotifikasjon())) == {"unit-unknown"}


def _as_if_open(source: str) -> Facts:
    return Facts(source=source, environment="test", now=clock.now(), is_unit=lambda _resh: True)
