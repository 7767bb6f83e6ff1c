"""The record system tells of referrals and of who treats whom, over HTTP with a token."""

import json
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from portal.kernel import clock
from portal.people.models import Person
from portal.people.queries import pid_of
from tests.fhir.clients import System, bearer
from tests.letters.making import synthetic_pid
from tests.people.signed_in import HPR_NUMBER
from tests.youth_access import families
from tests.youth_access.staff_at_work import HOME, at, clinician, desk
from youth_access.circumstances import ItemFacts
from youth_access.eyes import eyes_for
from youth_access.facts import Service
from youth_access.models import CareTeamMember, Referral
from youth_access.staff_queries import in_force

pytestmark = pytest.mark.django_db
NOW = families.oslo(2026, 11, 22, 12)
PID, UNIT, HPR = "urn:oid:2.16.578.1.12.4.1.4.1", "urn:oid:2.16.578.1.12.4.1.4.102", "urn:oid:2.16.578.1.12.4.1.4.4"
SYSTEM = "https://dips.example/henvisning"


@pytest.fixture(autouse=True)
def _still() -> object:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def dips(client: Client) -> dict[str, str]:
    return _token(client, "dips")


def _token(client: Client, name: str, scope: str = "system/ServiceRequest.cru") -> dict[str, str]:
    families.unit()
    system = System(name)
    system.register(scope)
    return bearer(client, system)


def request(pid: str, *, number: str = "H-1", unit: str = "4200001", team: tuple[str, ...] = (), **more: Any) -> Any:
    """A referral as a record system writes it."""
    performers = [(UNIT, unit), *((HPR, each) for each in team)]
    return {
        "resourceType": "ServiceRequest",
        "status": "active",
        "intent": "order",
        "identifier": [{"system": SYSTEM, "value": number}],
        "subject": {"identifier": {"system": PID, "value": pid}},
        "authoredOn": "2026-11-01",
        "performer": [{"identifier": {"system": one, "value": other}} for one, other in performers],
    } | more


def send(client: Client, headers: dict[str, str], tree: Any, address: str = "", method: str = "post") -> Any:
    call = getattr(client, method)
    body = tree if isinstance(tree, str) else json.dumps(tree)
    return call(f"/fhir/ServiceRequest{address}", body, content_type="application/fhir+json", headers=headers)


def problems(answer: Any) -> set[str]:
    return {each["details"]["coding"][0]["code"] for each in answer.json()["issue"]}


def test_a_referral_arrives_once_and_is_read_back_without_the_patient(client: Client, dips: dict[str, str]) -> None:
    pid = synthetic_pid(date(2013, 5, 3))
    first = send(client, dips, request(pid, team=(HPR_NUMBER,)))
    assert first.status_code == 201, first.content
    again = send(client, dips, request(pid, team=(HPR_NUMBER,)))
    assert (again.status_code, again["Location"]) == (200, first["Location"])
    row = Referral.objects.get()
    assert (row.source, row.source_key, row.unit_id) == ("dips", f"{SYSTEM}|H-1", "4200001")
    shown = client.get(first["Location"].replace("http://localhost:8000", ""), headers=dips)
    assert shown.json()["performer"][1]["identifier"]["value"] == HPR_NUMBER
    assert pid not in shown.content.decode()


def test_a_clinician_named_by_hpr_number_finds_the_patient_at_first_sign_in(
    client: Client, dips: dict[str, str]
) -> None:
    child, who = families.person("Nora Barn", date(2013, 5, 3)), clinician()
    send(client, dips, request(pid_of(child), team=(HPR_NUMBER,)))
    browser = desk(who)
    assert "Nora Barn" in browser.get(HOME).content.decode()
    assert browser.get(at(child)).status_code == 200
    send(client, dips, request(pid_of(child), team=()))
    assert browser.get(at(child)).status_code == 404
    assert CareTeamMember.objects.get().ends_at == NOW


def test_a_new_unit_makes_the_referral_not_assessed(client: Client, dips: dict[str, str]) -> None:
    """Scenario 34, over HTTP."""
    mine = families.family(born=date(2013, 5, 3))
    families.unit("4200009", "BUP Tromsø", confidential=True)
    location = send(client, dips, request(pid_of(mine.child), team=("9",)))["Location"].rpartition("/")[2]
    row = Referral.objects.get()
    families.assess(row, "open")
    assert _mother_sees(mine.child, mine.mother, row)
    moved = request(pid_of(mine.child), unit="4200009", team=("9",))
    assert send(client, dips, moved, f"/{location}", "put").status_code == 200
    row.refresh_from_db()
    assert in_force(row, NOW) is None
    assert not _mother_sees(mine.child, mine.mother, row)
    assert list(CareTeamMember.objects.filter(ends_at=None).values_list("unit_id", flat=True)) == ["4200009"]


def test_update_by_identifier_creates_and_ends(client: Client, dips: dict[str, str]) -> None:
    pid = synthetic_pid()
    address = f"?identifier={SYSTEM}|H-1"
    assert send(client, dips, request(pid), address, "put").status_code == 201
    over = send(client, dips, request(pid, status="completed", team=("7",)), address, "put")
    assert (over.status_code, over.json()["status"]) == (200, "completed")
    assert Referral.objects.get().ended_at == NOW
    assert not CareTeamMember.objects.filter(ends_at=None).exists()
    assert send(client, dips, request(pid), address, "put").json()["status"] == "active"
    assert problems(send(client, dips, request(pid), "?identifier=x|y", "put")) == {"id-mismatch"}


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"status": "draft"}, {"status"}),
        ({"identifier": []}, {"key-missing"}),
        ({"identifier": [{"system": "s", "value": "x" * 300}]}, {"key-too-long"}),
        ({"identifier": [{"system": "s", "value": "01010112345"}]}, {"key-is-a-person"}),
        ({"subject": {"identifier": {"system": PID, "value": "12345678901"}}}, {"subject-number"}),
        ({"subject": {"reference": "Patient/1"}}, {"subject-missing"}),
        ({"performer": []}, {"performer-missing"}),
        ({"performer": [{"identifier": {"system": UNIT, "value": "99"}}]}, {"performer-unknown"}),
        ({"performer": [{"identifier": {"system": "x", "value": "9"}}]}, {"performer-system", "performer-missing"}),
        ({"authoredOn": "2026-11-01T12:00:00"}, {"time-invalid"}),
        ({"intent": None}, {"element-invalid"}),
        ({"colour": "red"}, {"element-unknown"}),
    ],
)
def test_every_problem_is_named_and_nothing_kept(
    client: Client, dips: dict[str, str], changes: dict[str, Any], codes: set[str]
) -> None:
    answer = send(client, dips, {k: v for k, v in (request(synthetic_pid()) | changes).items() if v is not None})
    assert answer.status_code == 422
    assert codes <= problems(answer)
    assert "12345678901" not in answer.content.decode()
    assert not Referral.objects.exists()


def test_who_may_not_and_what_is_not_ours(client: Client, dips: dict[str, str]) -> None:
    pid = synthetic_pid()
    location = send(client, dips, request(pid))["Location"].rpartition("/")[2]
    other = _token(client, "metavision")
    assert client.get(f"/fhir/ServiceRequest/{location}", headers=other).status_code == 404
    assert client.get(f"/fhir/ServiceRequest/{uuid4()}", headers=dips).status_code == 404
    assert client.get("/fhir/ServiceRequest/x", headers=dips).status_code == 404
    assert send(client, {}, request(pid)).status_code == 401
    letters_only = _token(client, "letters", "system/CommunicationRequest.write")
    assert send(client, letters_only, request(pid)).status_code == 403
    assert problems(send(client, dips, request(synthetic_pid()))) == {"key-reused"}
    assert send(client, other, request(synthetic_pid())).status_code == 201
    assert send(client, dips, "[1]").status_code == 400
    assert send(client, dips, '{"resourceType": "Patient"}').status_code == 400


def _mother_sees(child: Person, mother: Person, row: Referral) -> bool:
    facts = ItemFacts(codes=("N",), referral_ids=(row.pk,), unit_id=row.unit_id)
    return eyes_for(families.viewer(mother), child.pk, NOW).decide(Service.LETTER, facts).see
