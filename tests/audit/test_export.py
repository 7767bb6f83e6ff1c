"""The export: valid AuditEvents with basis and decision, and nobody's name or number."""

import json
import re
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from fhir.resources.R4B.auditevent import AuditEvent
from hypothesis import given
from hypothesis import strategies as st

from portal.audit.basis import Basis
from portal.audit.fhir_export import PROFILE, audit_event
from portal.audit.models import AuditRow
from portal.kernel import clock
from tests.audit.written import write
from tests.letters import making
from tests.youth_access.families import oslo

pytestmark = pytest.mark.django_db
URL = "https://min-helse.example"


def exported(first: str = "2026-11-01", last: str = "2026-12-01") -> list[dict[str, Any]]:
    told = StringIO()
    call_command("export_audit", f"--from={first}", f"--to={last}", stdout=told, stderr=StringIO())
    return [json.loads(line) for line in told.getvalue().splitlines()]


def valid(row: AuditRow) -> dict[str, Any]:
    event = audit_event(row, URL)
    AuditEvent.model_validate_json(json.dumps(event))
    return event


def codes(concepts: list[dict[str, Any]]) -> set[str]:
    return {coding["code"] for concept in concepts for coding in concept["coding"]}


def test_a_fathers_reading() -> None:
    father, child, letter = uuid4(), uuid4(), uuid4()
    basis = Basis(relation="FO", rule="G05", version="2026-11-01:abc", band="0-11")
    event = valid(write(by=father, about=child, item_id=letter, basis=basis))
    assert (event["action"], event["outcome"]) == ("R", "0")
    assert codes(event["purposeOfEvent"]) == {"FAMRQT"}
    (agent,) = event["agent"]
    assert agent["who"] == {
        "type": "RelatedPerson",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{father}"},
    }
    assert agent["role"] == [{"coding": [{"system": "urn:oid:2.16.578.1.12.4.1.1.7611", "code": "FO"}]}]
    assert agent["policy"] == ["urn:oid:2.16.578.1.12.4.1.7.2.1.1"]
    patient, item = event["entity"]
    assert patient["what"]["identifier"]["value"] == f"urn:uuid:{child}"
    assert item["what"]["identifier"]["value"] == f"urn:uuid:{letter}"
    assert {"type": "rule", "valueString": "G05"} in item["detail"]
    assert {"type": "age-band", "valueString": "0-11"} in item["detail"]
    decision = event["extension"][1]["extension"]
    assert {"url": "decision-ref-id", "valueString": "2026-11-01:abc#G05"} in decision


def test_a_refusal_is_a_failure() -> None:
    event = valid(write(by=uuid4(), about=uuid4(), basis="FO", result=AuditRow.Result.REFUSED))
    assert (event["action"], event["outcome"]) == ("R", "4")


def test_a_clinician_follows_the_trust_frameworks_profile() -> None:
    doctor = uuid4()
    basis = Basis(relation="emergency", hpr="9144900", organisation="983974899")
    event = valid(write(by=doctor, kind="staff", about=uuid4(), action="emergency.begun", basis=basis))
    assert event["meta"]["profile"] == [PROFILE]
    assert event["agent"][0]["who"] == {"reference": "#role", "type": "PractitionerRole"}
    (role,) = event["contained"]
    assert role["practitioner"]["identifier"] == {"system": "urn:oid:2.16.578.1.12.4.1.4.4", "value": "9144900"}
    assert role["organization"]["identifier"]["value"] == "983974899"
    assert codes(event["purposeOfEvent"]) == {"ETREAT"}
    assert (event["action"], event["agent"][0]["policy"]) == ("U", ["urn:oid:2.16.578.1.12.4.1.7.2.1.7"])


@given(
    kind=st.sampled_from(["citizen", "staff", "system", "sender"]),
    by=st.uuids().map(str) | st.sampled_from(["letters.fallback", "dips", "people.forget_sessions"]),
    about=st.none() | st.uuids(),
    item_id=st.uuids().map(str) | st.sampled_from(["", "ecbt-1"]),
    basis=st.builds(
        Basis,
        relation=st.sampled_from(["self", "FO", "VE", "FU", "TD", "clinician", "emergency", "clerk", "operator", ""]),
        rule=st.sampled_from(["", "V16", "G07c"]),
        version=st.sampled_from(["", "2026-11-01:0123456789ab"]),
        band=st.sampled_from(["", "12", "18+"]),
        hpr=st.sampled_from(["", "9144900"]),
        organisation=st.sampled_from(["", "983974899", "4200001"]),
    ),
    result=st.none() | st.sampled_from(list(AuditRow.Result)),
)
def test_whatever_stands_in_a_row_the_event_is_valid(
    kind: Any, by: str, about: UUID | None, item_id: str, basis: Basis, result: AuditRow.Result | None
) -> None:
    valid(write(kind=kind, by=by, about=about, item_id=item_id, basis=basis, result=result))


def test_no_name_no_title_no_number_and_nothing_staff_wrote_is_exported() -> None:
    pid = making.synthetic_pid()
    person = making.person(pid=pid, name="Kari Nordli")
    with clock.stopped_at(oslo(2026, 11, 23, 12)):
        write(about=person.pk, details={"note": "Kari ringte om BUP", "by": "name", "number": pid})
        told = json.dumps(exported())
    for never in ("Kari", "BUP", "note", pid):
        assert never not in told
    assert re.search(r"(?<!\d)\d{11}(?!\d)", re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", told)) is None


def test_days_are_oslos_and_the_export_itself_is_noted() -> None:
    with clock.stopped_at(oslo(2026, 10, 31, 23, 59)):
        write(action="before")
    with clock.stopped_at(oslo(2026, 11, 1)):
        write(action="first")
    with clock.stopped_at(oslo(2026, 11, 30, 23, 59)):
        write(action="last")
    with clock.stopped_at(oslo(2026, 12, 1)):
        write(action="after")
        events = exported()
    assert [event["subtype"][0]["code"] for event in events] == ["first", "last"]
    note = AuditRow.objects.get(action="audit.exported")
    assert note.details == {"from": "2026-11-01", "to": "2026-12-01"}


@pytest.mark.parametrize("period", [("2026-12-01", "2026-11-01"), ("november", "2026-12-01")])
def test_a_period_that_is_none_is_refused(period: tuple[str, str]) -> None:
    with pytest.raises(CommandError):
        exported(*period)
