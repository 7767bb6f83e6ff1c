"""A record system tells of appointments over HTTP with a token: NHN's own examples, and all that may go wrong."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from appointments.models import Appointment
from portal.audit.models import AuditRow
from portal.kernel import clock
from tests.appointments import nhn, nhn_timetable
from tests.appointments.at_hand import NOW, person, schedule, slot, unit
from tests.appointments.nhn import timenotifikasjon
from tests.appointments.test_intake_answers import booked_here
from tests.fhir.clients import System, bearer
from tests.letters.making import synthetic_pid

pytestmark = pytest.mark.django_db
SCOPES = tuple(f"system/{kind}.cruds" for kind in ("Appointment", "Schedule", "Slot", "Task"))


@pytest.fixture(autouse=True)
def _still() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def dips(client: Client) -> dict[str, str]:
    return token(client, "dips")


def token(client: Client, name: str, *scopes: str) -> dict[str, str]:
    unit()
    system = System(name)
    system.register(*(scopes or SCOPES))
    return bearer(client, system)


def send(
    client: Client, headers: dict[str, str], tree: Any, address: str = "", method: str = "post", **more: str
) -> Any:
    kind = tree["resourceType"] if isinstance(tree, dict) else "Appointment"
    raw = json.dumps(tree) if isinstance(tree, dict) else tree
    call = getattr(client, method)
    address = address if address.startswith("/fhir") else f"/fhir/{kind}{address}"
    return call(address, raw, content_type="application/fhir+json", headers={**headers, **more})


def by_identifier(tree: dict[str, Any]) -> str:
    named = tree["identifier"][0]
    return f"?identifier={named['system']}%7C{named['value']}"


def words(answer: Any) -> set[str]:
    return {each["details"]["coding"][0]["code"] for each in answer.json()["issue"]}


def location(answer: Any) -> str:
    return str(answer["Location"]).removeprefix("http://localhost:8000")


@pytest.mark.parametrize("example", [timenotifikasjon, nhn.cancelled, nhn.video, nhn.phone, nhn.home_visit])
@pytest.mark.parametrize("method", ["post", "put"])
def test_nhns_own_examples(client: Client, dips: dict[str, str], example: Any, method: str) -> None:
    tree = example()
    address = by_identifier(tree) if method == "put" else ""
    answer = send(client, dips, tree, address, method)
    assert answer.status_code == 201, answer.content
    row = Appointment.objects.get()
    assert row.status == tree["status"]
    assert location(answer) == f"/fhir/Appointment/{row.pk}"
    assert answer.json()["id"] == str(row.pk)
    assert send(client, dips, tree, address, method).status_code == 200


def test_nhns_composite_appointment(client: Client, dips: dict[str, str]) -> None:
    """The part comes first, and names its whole by NHN's own id of it."""
    assert send(client, dips, nhn.time_lege()).status_code == 201
    assert send(client, dips, timenotifikasjon()).status_code == 201
    part, whole = (
        Appointment.objects.get(description="Time med spesialsjukepleier"),
        Appointment.objects.get(description="Kontrol"),
    )
    assert part.part_of == whole
    assert part.practitioner == "Navn på lege"


def test_read_back_as_it_was_sent_with_how_it_stands(client: Client, dips: dict[str, str]) -> None:
    tree = timenotifikasjon()
    sent = send(client, dips, tree)
    answer = client.get(location(sent), headers=dips)
    shown = answer.json()
    assert answer.status_code == 200
    assert shown["contained"] == tree["contained"]
    assert shown["status"] == "booked"
    Appointment.objects.update(status="fulfilled")
    assert client.get(location(sent), headers=dips).json()["status"] == "fulfilled"
    assert AuditRow.objects.filter(action="read", item_kind="appointment", actor_id="dips").count() == 2


def test_an_appointment_booked_here_is_read_without_its_patient(client: Client, dips: dict[str, str]) -> None:
    kari = person()
    row, _asked = booked_here(kari)
    answer = client.get(f"/fhir/Appointment/{row.pk}", headers=dips)
    assert answer.status_code == 200
    assert answer.json()["status"] == "proposed"
    assert answer.json()["participant"] == [{"actor": {"type": "Patient", "display": "withheld"}, "status": "accepted"}]


def test_found_by_identifier_in_a_form_and_in_the_address(client: Client, dips: dict[str, str]) -> None:
    tree = timenotifikasjon()
    send(client, dips, tree)
    name = f"{nhn.BOOKING_ID}|{tree['identifier'][0]['value']}"
    form = "application/x-www-form-urlencoded"
    for answer in (
        client.post("/fhir/Appointment/_search", f"identifier={name}", form, headers=dips),
        client.get("/fhir/Appointment", {"identifier": name}, headers=dips),
    ):
        assert answer.status_code == 200
        assert answer.json()["total"] == 1
        assert answer.json()["entry"][0]["resource"]["description"] == "Kontrol"
    other = token(client, "other")
    assert client.get("/fhir/Appointment", {"identifier": name}, headers=other).json()["total"] == 0
    assert client.get("/fhir/Appointment", {"identifier": "s|nothing"}, headers=dips).json()["total"] == 0


def test_searches_that_ask_for_nothing_or_name_a_patient(client: Client, dips: dict[str, str]) -> None:
    assert words(client.get("/fhir/Appointment", headers=dips)) == {"search-empty"}
    assert words(client.get("/fhir/Appointment", {"identifier": "alone"}, headers=dips)) == {"search-identifier"}
    answer = client.get("/fhir/Appointment", {"patient.identifier": f"s|{nhn.PID}"}, headers=dips)
    assert answer.status_code == 400
    assert nhn.PID not in answer.content.decode()


def test_update_by_id(client: Client, dips: dict[str, str]) -> None:
    tree = timenotifikasjon()
    sent = send(client, dips, tree)
    newer = tree | {"start": "2026-12-04T12:00:00+01:00", "end": "2026-12-04T13:00:00+01:00"}
    newer["meta"] = {"lastUpdated": "2026-11-21T10:00:00Z"}
    newer["id"] = sent.json()["id"]
    answer = send(client, dips, newer, location(sent), "put")
    assert answer.status_code == 200, answer.content
    assert answer.json()["start"].startswith("2026-12-04")
    assert send(client, dips, tree).json()["start"].startswith("2026-12-04")


def test_addresses_that_do_not_fit_the_body(client: Client, dips: dict[str, str]) -> None:
    tree = timenotifikasjon()
    sent = send(client, dips, tree)
    assert words(send(client, dips, tree, "?identifier=s%7C1", "put")) == {"id-mismatch"}
    assert words(send(client, dips, tree, "", "put")) == {"id-mismatch"}
    assert words(send(client, dips, timenotifikasjon(id=None), location(sent), "put")) == {"id-mismatch"}
    assert words(send(client, dips, tree, location(sent), "put")) == {"id-mismatch"}
    versioned = send(client, dips, tree, by_identifier(tree), "put", **{"If-Match": 'W/"1"'})
    assert (versioned.status_code, words(versioned)) == (412, {"versions"})


@pytest.mark.parametrize("name", ["1", "not-an-id", "00000000-0000-4000-8000-000000000000"])
def test_what_does_not_exist(client: Client, dips: dict[str, str], name: str) -> None:
    assert client.get(f"/fhir/Appointment/{name}", headers=dips).status_code == 404
    assert send(client, dips, timenotifikasjon(), f"/{name}", "put").status_code == 404


def test_anothers_appointment_is_as_unknown_as_one_that_does_not_exist(client: Client, dips: dict[str, str]) -> None:
    sent = send(client, dips, timenotifikasjon())
    other = token(client, "other")
    missing = client.get("/fhir/Appointment/00000000-0000-4000-8000-000000000000", headers=other)
    assert client.get(location(sent), headers=other).content == missing.content


def test_scopes(client: Client) -> None:
    reader = token(client, "reader", "system/Appointment.rs")
    assert send(client, reader, timenotifikasjon()).status_code == 403
    writer = token(client, "writer", "system/Appointment.cu")
    sent = send(client, writer, timenotifikasjon())
    assert sent.status_code == 201
    assert client.get(location(sent), headers=writer).status_code == 403
    assert client.delete(location(sent), headers=writer).status_code == 405
    assert client.get(location(sent)).status_code == 401


def test_another_patient_under_the_same_identifier(client: Client, dips: dict[str, str]) -> None:
    tree = timenotifikasjon()
    send(client, dips, tree)
    other = nhn.changed(tree, "participant.0.actor.identifier.value", synthetic_pid())
    answer = send(client, dips, other)
    assert (answer.status_code, words(answer)) == (409, {"key-reused"})


def test_refused_with_everything_at_once(client: Client, dips: dict[str, str]) -> None:
    tree = timenotifikasjon(status="arrived", comment="x", patientInstruction="x" * 1001)
    answer = send(client, dips, tree)
    assert answer.status_code == 422
    assert words(answer) == {"status", "element-refused", "text-too-long"}
    elements = {each["expression"][0] for each in answer.json()["issue"]}
    assert elements == {"Appointment.status", "Appointment.comment", "Appointment.patientInstruction"}
    assert not Appointment.objects.exists()


def test_what_the_command_alone_can_know(client: Client, dips: dict[str, str]) -> None:
    part = nhn.time_lege()
    part["participant"] = part["participant"][1:]
    answer = send(client, dips, part)
    assert (answer.status_code, words(answer)) == (422, {"part-of-unknown"})
    based = [{"type": "ServiceRequest", "identifier": {"system": "s:h", "value": "1"}}]
    assert send(client, dips, timenotifikasjon(basedOn=based)).status_code == 201
    answer = send(client, dips, timenotifikasjon(synthetic_pid(), basedOn=based))
    assert (answer.status_code, words(answer)) == (422, {"referral-of-another"})


@pytest.mark.parametrize("body", ["", "[]", "null", "{", '{"resourceType": "Patient"}', '{"a": 1, "a": 2}'])
def test_bodies_that_are_no_appointment(client: Client, dips: dict[str, str], body: str) -> None:
    assert send(client, dips, body).status_code == 400


def test_depth_and_size(client: Client, dips: dict[str, str], settings: Any) -> None:
    deep: Any = "x"
    for _ in range(60):
        deep = [deep]
    assert words(send(client, dips, timenotifikasjon(extension=deep))) == {"too-deep"}
    settings.FHIR_MAX_BYTES = 1000
    assert send(client, dips, timenotifikasjon()).status_code == 413


def test_minimal_answers(client: Client, dips: dict[str, str]) -> None:
    answer = send(client, dips, timenotifikasjon(), Prefer="return=minimal")
    assert (answer.status_code, answer.content) == (201, b"")


def test_the_patients_number_is_in_no_answer_to_a_refusal_and_in_no_log(
    client: Client, dips: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    tree = timenotifikasjon(status=nhn.PID, comment=nhn.PID)
    answer = send(client, dips, tree)
    assert answer.status_code == 422
    assert nhn.PID not in answer.content.decode()
    assert nhn.PID not in caplog.text


def test_a_hidden_appointment_is_taken_and_shown_to_nobody(client: Client, dips: dict[str, str]) -> None:
    label = {"security": [{"system": "urn:oid:2.16.578.1.12.4.1.1.9603", "code": "NORN_NYTT"}]}
    assert send(client, dips, timenotifikasjon(meta=label)).status_code == 201
    assert Appointment.objects.get().security_codes == ["NORN_NYTT"]


def test_the_capability_statement_names_the_resources(client: Client) -> None:
    listed = client.get("/fhir/metadata").json()["rest"][0]["resource"]
    assert {"Appointment", "Schedule", "Slot", "Task"} <= {each["type"] for each in listed}


def test_a_timebok_of_ours_offers_what_the_sender_books(client: Client, dips: dict[str, str]) -> None:
    """The doctor's appointment takes the doctor's time in every timebok."""
    answer = send(client, dips, nhn_timetable.schedule())
    assert answer.status_code == 201, answer.content
    tree = timenotifikasjon()
    doctor = {"type": "Practitioner", "identifier": {"system": "urn:oid:2.16.578.1.12.4.1.4.4", "value": "1010101010"}}
    tree["participant"].append({"actor": doctor, "status": "accepted"})
    assert send(client, dips, tree).status_code == 201
    row = Appointment.objects.get()
    assert str(row.schedule_id) == answer.json()["id"]
    assert slot(schedule(resource=row.schedule.resource if row.schedule else None)).schedule.resource
