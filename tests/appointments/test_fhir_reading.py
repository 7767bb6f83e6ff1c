"""What is read of an Appointment: unit, place, people, channel, papers, and what names it."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from appointments.codes import Flag
from appointments.states import Status
from tests.appointments import nhn
from tests.appointments.nhn import changed, timenotifikasjon
from tests.appointments.test_fhir_rules import NOW, TASK, problems, taken, told


def document(name_id: str, kind: str | None = None, **more: Any) -> dict[str, Any]:
    tree = {"resourceType": "DocumentReference", "id": name_id, "status": "current", "content": [{"attachment": {}}]}
    return tree | ({"type": {"coding": [{"system": TASK, "code": kind}]}} if kind else {}) | more


def with_documents(*documents: dict[str, Any]) -> dict[str, Any]:
    tree = timenotifikasjon()
    tree["contained"] += documents
    tree["supportingInformation"] += [{"reference": f"#{each['id']}"} for each in documents]
    return tree


def test_what_is_read_of_nhns_booked_example() -> None:
    order = taken(timenotifikasjon())
    assert (order.status, order.service_category, order.unit_resh) == (Status.BOOKED, "27", nhn.RESH)
    assert order.start == datetime(2026, 12, 3, 11, 0, tzinfo=UTC)
    assert order.end == datetime(2026, 12, 3, 13, 0, tzinfo=UTC)
    assert order.title == "Poliklinisk time"
    assert order.place == "Ortopedisk poliklinikk, Rikshospitalet, Addressen til poliklinikk"
    assert (order.description, order.instruction) == ("Kontrol", "Se innkallingsbrev")
    assert set(order.flags) == {
        Flag.CHANGE_BY_DIALOGUE,
        Flag.SHORT_NOTICE,
        Flag.CONFIRM,
        Flag.DETAILS,
        Flag.DIALOGUE,
    }
    assert (order.no_notice, order.no_reminder) == (False, True)
    assert order.sent_at == datetime(2026, 11, 20, 14, 30, 15, 123000, tzinfo=UTC)
    assert order.patient_pid == nhn.PID


def test_what_is_read_of_the_others() -> None:
    ended = taken(nhn.cancelled())
    assert (ended.cancel_reason_system, ended.cancel_reason) == ("urn:oid:2.16.578.1.12.4.1.1.9179", "AA97")
    assert (ended.channel, ended.virtual_address) == ("url", "https://videomeeting.no/themeeting")
    assert taken(nhn.video()).virtual_address == "https://join.nhn.no/webapp2/home"
    assert (taken(nhn.phone()).channel, taken(nhn.phone()).virtual_address) == ("phone", "909 64 159")
    part = taken(nhn.time_lege())
    assert (part.part_of, part.practitioner, part.flags) == ("Appointment/Timenotifikasjon", "Navn på lege", ())
    assert part.resource
    assert taken(nhn.home_visit()).start is None


def test_kommunikasjonspart_by_resh_is_the_unit_too() -> None:
    """The older form of NHN's example has RESH where the newer has HER-id."""
    tree = timenotifikasjon()
    tree["contained"][4]["identifier"] = [{"system": nhn.RESH_SYSTEM, "value": "1"}]
    tree["contained"][5]["identifier"] = [{"system": nhn.RESH_SYSTEM, "value": nhn.RESH}]
    assert taken(tree).unit_resh == nhn.RESH


def test_the_senders_own_words_name_it() -> None:
    kind = {"text": "  Kontroll\nav\u200bhofte ", "coding": [{"system": nhn.NEW_TYPES, "code": "Poliklinisktime"}]}
    assert taken(timenotifikasjon(appointmentType=kind)).title == "Kontroll av hofte"
    shown = {"coding": [{"system": nhn.NEW_TYPES, "code": "Innleggelse", "display": "Innleggelse ved sengepost"}]}
    assert taken(timenotifikasjon(appointmentType=shown)).title == "Innleggelse ved sengepost"
    assert len(taken(timenotifikasjon(appointmentType={"text": "x" * 500})).title) == 150
    assert (
        taken(timenotifikasjon(appointmentType={"coding": [{"system": "s:x", "display": "Samtale"}]})).title
        == "Samtale"
    )


def test_when_it_was_said() -> None:
    assert taken(timenotifikasjon(meta={})).sent_at == NOW
    assert ("time-invalid", "meta.lastUpdated") in told(timenotifikasjon(meta={"lastUpdated": "nå"}))
    ahead = (NOW + timedelta(hours=2)).isoformat()
    assert ("updated-in-future", "meta.lastUpdated") in told(timenotifikasjon(meta={"lastUpdated": ahead}))
    assert told(timenotifikasjon(meta={"lastUpdated": (NOW + timedelta(minutes=30)).isoformat()})) == set()


def test_the_unit() -> None:
    tree = timenotifikasjon()
    assert ("unit-unknown", "contained[3]") in told(changed(tree, "contained.4.identifier.0.value", "9"))
    bare = changed(tree, "contained.4.identifier", [])
    for n in (1, 3):
        bare = changed(bare, f"contained.{n}.identifier", [])
    assert ("unit-missing", "contained") in told(bare)
    own = changed(
        tree, "contained.3.managingOrganization", {"identifier": {"system": nhn.RESH_SYSTEM, "value": nhn.RESH}}
    )
    assert taken(own).unit_resh == nhn.RESH


def test_video_and_telephone() -> None:
    for address in (
        "http://x.example",
        "javascript:alert(1)",
        "https://",
        "https://a@b.example",
        "https://x y",
        "https://[x",
    ):
        tree = nhn.video(extension=[nhn.virtual("url", valueUrl=address)])
        assert ("virtual-address", "extension[0]") in told(tree), address
    for number in ("ring oss", "12", "+" * 30):
        tree = nhn.video(extension=[nhn.virtual("phone", valueString=number)])
        assert ("virtual-address", "extension[0]") in told(tree), number
    assert ("virtual-channel", "extension[0]") in told(
        nhn.video(extension=[nhn.virtual("zoom", valueUrl="https://x.no")])
    )
    one = nhn.virtual("url", valueUrl="https://x.example/m")
    assert ("virtual-repeated", "extension[1]") in told(nhn.video(extension=[one, one]))
    one["extension"].append({"url": "sessionKey", "valueString": "1234"})
    assert taken(nhn.video(extension=[one])).virtual_key == "1234"
    one["extension"][2]["valueString"] = "1" * 101
    assert ("virtual-key", "extension[0]") in told(nhn.video(extension=[one]))
    assert taken(nhn.video(extension=[nhn.virtual("phone")])).virtual_address == ""


def test_the_call_in_letter() -> None:
    key = {"system": "https://dips.example/brev", "value": "B-1"}
    assert taken(with_documents(document("d", identifier=[key]))).call_in_letter == "https://dips.example/brev|B-1"
    assert taken(with_documents(document("d", masterIdentifier=key))).call_in_letter == "https://dips.example/brev|B-1"
    tree = timenotifikasjon()
    tree["supportingInformation"].append({"type": "DocumentReference", "identifier": key})
    assert taken(tree).call_in_letter == "https://dips.example/brev|B-1"
    assert taken(with_documents(document("d"))).call_in_letter == ""
    long = with_documents(document("d", identifier=[key | {"value": "x" * 200}]))
    assert ("letter-key-too-long", "supportingInformation[6]") in told(long)


def test_tasks() -> None:
    key = {"system": "https://dips.example/skjema", "value": "S-1"}
    reading = {"attachment": {"url": "https://helsenorge.no/kne", "title": "Les om kneet"}}
    order = taken(
        with_documents(
            document("f", "form", identifier=[key], description="Fyll ut skjema"),
            document("r", "reading", content=[reading]),
        )
    )
    assert [(each.kind, each.title, each.reference) for each in order.tasks] == [
        ("form", "Fyll ut skjema", "https://dips.example/skjema|S-1"),
        ("reading", "Les om kneet", "https://helsenorge.no/kne"),
    ]
    place = "supportingInformation[6]"
    assert ("task-unknown", place) in told(with_documents(document("x", "dance", description="x")))
    assert ("task-title", place) in told(with_documents(document("x", "reading")))
    assert ("task-reference", place) in told(with_documents(document("x", "form", description="x")))
    unsafe = document("x", "reading", description="x", content=[{"attachment": {"url": "http://x.example"}}])
    assert ("task-reference", place) in told(with_documents(unsafe))
    many = [document(f"d{n}", "reading", description=f"Les {n}") for n in range(21)]
    assert ("tasks-too-many", "supportingInformation") in told(with_documents(*many))


def test_the_whole_is_named_in_three_ways() -> None:
    def named(reference: dict[str, Any]) -> dict[str, Any]:
        return nhn.time_lege(extension=[{"url": nhn.PART_OF, "valueReference": reference}])

    key = {"system": nhn.BOOKING_ID, "value": "a2"}
    assert taken(named({"identifier": key})).part_of == f"{nhn.BOOKING_ID}|a2"
    assert taken(named({"reference": "https://dips.example/fhir/Appointment/77"})).part_of == "Appointment/77"
    assert ("part-of-reference", "extension[0].valueReference") in told(named({"display": "Den store"}))
    twice = nhn.time_lege()
    twice["extension"] *= 2
    assert ("part-of-repeated", "extension[1]") in told(twice)


def test_the_practitioner_by_display_name_and_number() -> None:
    tree = timenotifikasjon()
    doctor = {"type": "Practitioner", "display": "Overlege\tKari Berg", "identifier": {"system": "s:hpr", "value": "7"}}
    tree["participant"].append({"actor": doctor, "status": "accepted"})
    assert taken(tree).practitioner == "Overlege Kari Berg"
    assert taken(tree).resource
    named = {"resourceType": "Practitioner", "id": "p", "name": [{"given": ["Kari"], "family": "Berg"}]}
    tree["contained"].append(named)
    tree["participant"][3]["actor"] = {"reference": "#p"}
    assert (taken(tree).practitioner, taken(tree).resource) == ("Kari Berg", "")


def test_a_foreign_clients_odd_but_legal_json() -> None:
    """Extensions on primitives, other code systems, unused elements and offsets of its own are no trouble."""
    tree = timenotifikasjon(
        start="2026-12-03T16:30:00.000+05:30",
        end="2026-12-03T18:30:00+05:30",
        _start={"id": "s1"},
        created="2026-11-01",
        minutesDuration=120,
        extension=[{"url": "https://hapi.example/x", "valueString": "y"}],
    )
    tree["participant"].append({"actor": {"display": "Tolk"}, "status": "accepted", "required": "optional"})
    tree["appointmentType"]["coding"].insert(
        0, {"system": "http://terminology.hl7.org/CodeSystem/v2-0276", "code": "CHECKUP"}
    )
    order = taken(tree)
    assert order.start == datetime(2026, 12, 3, 11, 0, tzinfo=UTC)
    assert order.title == "Poliklinisk time"


def test_the_fingerprint_is_of_what_is_said_and_not_of_when() -> None:
    tree = timenotifikasjon()
    again = changed(tree, "meta.lastUpdated", "2026-11-21T10:00:00Z") | {"id": "other"}
    assert taken(tree).fingerprint == taken(again).fingerprint
    assert taken(tree).fingerprint != taken(tree | {"description": "Noe annet"}).fingerprint


def test_a_long_place_is_cut_at_a_whole_part() -> None:
    tree = changed(timenotifikasjon(), "contained.3.description", "Gå til høyre. " * 40)
    assert taken(tree).place == "Ortopedisk poliklinikk, Rikshospitalet, Addressen til poliklinikk"
    lines = {"line": ["Sognsvannsveien 20", "Bygg D"], "postalCode": "0372", "city": "Oslo"}
    assert taken(changed(tree, "contained.3.address", lines)).place.endswith("Sognsvannsveien 20, Bygg D, 0372 Oslo")


def test_the_guides_example_is_taken() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "integration.md").read_text(encoding="utf-8")
    block = re.search(r"```json\n(\{\"resourceType\": \"Appointment\".*?)```", guide, re.DOTALL)
    assert block is not None
    order = taken(json.loads(block[1].replace("<fødselsnummer>", nhn.PID).replace("<RESH-id>", nhn.RESH)))
    assert (order.title, order.flags, order.unit_resh) == ("Kontroll", ("cancel",), nhn.RESH)
    assert order.place == "Ortopedisk poliklinikk, UNN Tromsø"


def test_the_unit_of_a_health_service_that_the_appointment_carries() -> None:
    tree = changed(timenotifikasjon(), "contained.4.identifier", [])
    for n in (1, 3):
        tree = changed(tree, f"contained.{n}.identifier", [])
    named = {"identifier": {"system": nhn.RESH_SYSTEM, "value": nhn.RESH}}
    tree["contained"].append({"resourceType": "HealthcareService", "id": "h", "providedBy": named})
    assert taken(tree).unit_resh == nhn.RESH


@pytest.mark.parametrize(
    "example", [timenotifikasjon, nhn.cancelled, nhn.video, nhn.phone, nhn.time_lege, nhn.home_visit]
)
def test_nhns_own_examples_are_taken(example: Callable[[], dict[str, Any]]) -> None:
    assert problems(example()) == []


def test_everything_at_once_and_with_fhirs_own_shape() -> None:
    tree = timenotifikasjon(status="arrived", start=None, comment="x", description=["no"], nonsense=1)
    found = told(tree)
    assert {("status", "status"), ("start-missing", "start"), ("element-refused", "comment")} <= found
    assert ("element-unknown", "nonsense") in found
    assert any(element == "description" for _code, element in found)
