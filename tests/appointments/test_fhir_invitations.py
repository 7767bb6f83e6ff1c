"""Invitations to book in one timebok, as a record system tells of them over HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from appointments.models import Invitation
from portal.kernel import clock
from tests.appointments import nhn, nhn_timetable
from tests.appointments.at_hand import NOW
from tests.appointments.nhn import changed
from tests.appointments.test_fhir_appointments import location, send, token, words
from tests.letters.making import synthetic_pid

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


def test_an_invitation(client: Client, dips: dict[str, str]) -> None:
    of = nhn_timetable.schedule(extension=[{"url": BOOKING, "valueCode": "invitation"}])
    send(client, dips, of)
    answer = send(client, dips, nhn_timetable.task(of))
    assert answer.status_code == 201, answer.content
    row = Invitation.objects.get()
    assert row.valid_until == datetime(2027, 1, 20, tzinfo=UTC)
    shown = client.get(location(answer), headers=dips)
    assert shown.json()["status"] == "requested"
    assert nhn.PID not in shown.content.decode()
    assert send(client, dips, nhn_timetable.task(of)).status_code == 200
    longer = {"period": {"start": "2026-11-20T00:00:00Z", "end": "2027-02-20T00:00:00Z"}}
    send(client, dips, nhn_timetable.task(of, restriction=longer), location(answer), "put")
    row.refresh_from_db()
    assert row.valid_until == datetime(2027, 2, 20, tzinfo=UTC)
    Invitation.objects.update(used_at=NOW + timedelta(hours=1))
    assert client.get(location(answer), headers=dips).json()["status"] == "completed"


@pytest.mark.parametrize("order", [("requested", "cancelled"), ("cancelled", "requested")])
def test_an_invitation_that_is_withdrawn_stays_so(client: Client, dips: dict[str, str], order: tuple[str, ...]) -> None:
    of = nhn_timetable.schedule()
    send(client, dips, of)
    for status in order:
        answer = send(client, dips, nhn_timetable.task(of, status=status))
    assert Invitation.objects.get().withdrawn_at == NOW
    assert answer.json()["status"] == "cancelled"


@pytest.mark.parametrize(
    ("path", "value", "wrong"),
    [
        ("status", "draft", ("status", "status")),
        ("intent", "plan", ("intent", "intent")),
        ("code.coding.0.code", "dance", ("task-type", "code")),
        ("for", None, ("subject-missing", "for.identifier")),
        ("focus", {"display": "x"}, ("schedule-missing", "focus")),
        ("restriction", None, ("period-missing", "restriction.period")),
        ("restriction.period.end", "2026-11-19T00:00:00Z", ("end-before-start", "restriction.period.end")),
        ("restriction.period.end", "2026-12-01", ("time-invalid", "restriction.period.end")),
    ],
)
def test_invitations_that_are_refused(
    client: Client, dips: dict[str, str], path: str, value: Any, wrong: tuple[str, str]
) -> None:
    of = nhn_timetable.schedule()
    send(client, dips, of)
    answer = send(client, dips, changed(nhn_timetable.task(of), path, value))
    assert answer.status_code == 422
    assert wrong in elements(answer)


def test_invitations_of_another_patient_or_in_no_timebok(client: Client, dips: dict[str, str]) -> None:
    of = nhn_timetable.schedule()
    assert words(send(client, dips, nhn_timetable.task(of))) == {"schedule-unknown"}
    send(client, dips, of)
    send(client, dips, nhn_timetable.task(of))
    answer = send(client, dips, nhn_timetable.task(of, synthetic_pid()))
    assert (answer.status_code, words(answer)) == (409, {"key-reused"})
