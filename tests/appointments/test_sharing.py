"""When a patient is busy, as a municipality or a general practitioner may know it, and what they may never infer."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments.commands import agreements
from appointments.models import Appointment, CareAgreement
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.kernel.actor import system
from portal.people.models import Person
from portal.people.queries import pid_of
from tests.appointments import at_hand
from tests.appointments.at_hand import NOW, appointment, oslo
from tests.fhir.clients import System, bearer
from tests.letters.making import synthetic_pid
from tests.people.signed_in import signed_in
from tests.youth_access import families

pytestmark = pytest.mark.django_db
BY = system("tests")
FNR = "urn:oid:2.16.578.1.12.4.1.4.1"
START = oslo(2026, 12, 1, 10)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def kari() -> Person:
    return at_hand.person()


class Town:
    """A municipality's system, which has an agreement from the start."""

    def __init__(self, client_id: str = "tromso", name: str = "Tromsø kommune", *, agreed: bool = True) -> None:
        self.browser = Client()
        made = System(client_id)
        made.register("system/Appointment.rs")
        self.headers = bearer(self.browser, made)
        self.agreement: CareAgreement | None = None
        if agreed:
            self.agreement = agreements.begin(client_id=client_id, kind="municipality", name=name, by=BY)

    def cares_for(self, who: Person) -> "Town":
        assert self.agreement is not None
        agreements.cover(agreement_id=self.agreement.pk, person=who, by=BY)
        return self

    def asks(self, number: str, *dates: str, **more: str) -> Any:
        asked = [("patient.identifier", f"{FNR}|{number}"), *(("date", each) for each in dates), *more.items()]
        return self.browser.post(
            "/fhir/Appointment/_search",
            urlencode(asked),
            content_type="application/x-www-form-urlencoded",
            headers=self.headers,
        )

    def finds(self, who: Person, *dates: str) -> list[dict[str, Any]]:
        answer = self.asks(pid_of(who), *dates)
        assert answer.status_code == 200, answer.content
        return [each["resource"] for each in answer.json().get("entry", [])]


def secretive(patient: Person, start: datetime = START, **more: object) -> Appointment:
    """An appointment whose every word would tell something."""
    facts: dict[str, object] = {
        "title": "HEMMELIGTITTEL",
        "description": "HEMMELIGBESKRIVELSE",
        "instruction": "HEMMELIGINSTRUKS",
        "place": "HEMMELIGSTED",
        "practitioner": "HEMMELIGLEGE",
        "virtual_address": "https://hemmelig.example",
        "contact_type": "12345",
        "source_key": f"https://dips.example/HEMMELIG|{start.isoformat()}",
        **more,
    }
    return appointment(patient, None, start, **facts)


def test_times_and_hospital_and_nothing_else(kari: Person) -> None:
    one = secretive(kari)
    town = Town().cares_for(kari)
    answer = town.asks(pid_of(kari))
    (found,) = answer.json()["entry"]
    assert set(found["resource"]) == {"resourceType", "id", "meta", "status", "start", "end", "participant"}
    assert found["resource"]["start"] == "2026-12-01T10:00:00+01:00"
    assert found["resource"]["end"] == "2026-12-01T10:30:00+01:00"
    assert found["resource"]["participant"] == [
        {"actor": {"type": "Location", "display": at_hand.unit().hospital}, "status": "accepted"}
    ]
    said = answer.content.decode()
    for word in ("HEMMELIG", "hemmelig", "12345", str(one.pk), str(kari.pk), at_hand.unit().name, pid_of(kari)):
        assert word not in said, word
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "facts",
    [
        {"security_codes": ["NORN_FORANS"]},
        {"security_codes": ["NORN_UNGDOM"]},
        {"security_codes": ["NORN_EPO"]},
        {"security_codes": ["NORS"]},
        {"security_codes": ["N", "NORN_FFL"]},
        {"security_codes": ["NORN_NYKODE"]},
        {"security_codes": ["NORU"], "withheld_until": NOW + timedelta(days=2)},
        {"security_codes": ["NORU"], "withheld_until": NOW - timedelta(days=2)},
        {"withheld_until": NOW + timedelta(days=2)},
        {"status": "proposed"},
        {"status": "entered-in-error"},
        {"status": "cancelled", "cancelled_at": NOW},
        {"status": "noshow"},
        {"status": "fulfilled"},
    ],
)
def test_what_is_hidden_or_does_not_take_place_is_as_if_it_were_not(kari: Person, facts: dict[str, object]) -> None:
    town = Town().cares_for(kari)
    before = town.asks(pid_of(kari))
    secretive(kari, START, **facts)
    after = town.asks(pid_of(kari))
    assert (before.status_code, before.content) == (after.status_code, after.content)


def test_nothing_of_a_confidential_unit_or_of_somebody_with_a_protected_address(kari: Person) -> None:
    town = Town().cares_for(kari)
    secretive(kari, unit_id=families.unit("4200066", "Avdeling for rus", confidential=True).pk)
    assert town.finds(kari) == []
    secretive(kari, START + timedelta(days=1))
    assert len(town.finds(kari)) == 1
    families.register_says(kari, protected=True)
    assert town.finds(kari) == []


def test_an_unknown_patient_an_uncovered_one_and_one_without_appointments_get_the_same_answer(kari: Person) -> None:
    free, town = at_hand.person(name="Ola Nordli"), Town()
    secretive(kari)
    town.cares_for(free)
    asked = {"unknown": synthetic_pid(), "uncovered": pid_of(kari), "free": pid_of(free)}
    town.asks(synthetic_pid())
    answers, queries = [], []
    for number in asked.values():
        with CaptureQueriesContext(connection) as counted:
            answers.append(town.asks(number))
        queries.append(len(counted))
    assert {(each.status_code, each.content) for each in answers} == {(200, answers[0].content)}
    assert answers[0].json()["total"] == 0
    assert len(set(queries)) == 1, "as many statements whoever is asked about"
    rows = AuditRow.objects.filter(action="busy_times").order_by("id")
    assert {(each.item_kind, each.basis, each.actor_id) for each in rows} == {
        ("busy_times", "care_agreement", "tromso")
    }
    assert [(each.person_id, each.result) for each in rows[1:]] == [
        (None, "refused"),
        (kari.pk, "refused"),
        (free.pk, "shown"),
    ]
    assert not Person.objects.exclude(pk__in=[kari.pk, free.pk]).exists(), "nobody is registered by being asked about"


def test_the_patient_reads_in_the_log_who_looked(kari: Person) -> None:
    secretive(kari)
    Town().cares_for(kari).finds(kari)
    Town("balsfjord", "Balsfjord kommune").asks(pid_of(kari))
    page = signed_in(Client(), kari).get("/innsyn/").content.decode()
    assert "Tromsø kommune så tidspunktene for timene dine" in page
    assert "Balsfjord kommune prøvde å åpne tidspunktene for timene dine" in page
    assert "Grunnlag: avtale om samarbeid" in page


def test_an_agreement_that_has_ended_or_a_patient_taken_out_closes_at_once(kari: Person) -> None:
    secretive(kari)
    town = Town().cares_for(kari)
    assert town.agreement is not None
    assert len(town.finds(kari)) == 1
    agreements.uncover(agreement_id=town.agreement.pk, person=kari, by=BY)
    assert town.finds(kari) == []
    town.cares_for(kari)
    assert len(town.finds(kari)) == 1
    later = NOW + timedelta(minutes=5)
    with clock.stopped_at(later):
        agreements.end(agreement_id=town.agreement.pk, by=BY)
        answer = town.asks(pid_of(kari))
    assert answer.status_code == 403
    assert answer.json()["issue"][0]["code"] == "forbidden"


def test_a_system_without_an_agreement_gets_the_same_no_whoever_it_asks_about(kari: Person) -> None:
    stranger = Town("nobody", agreed=False)
    secretive(kari)
    assert stranger.asks(pid_of(kari)).content == stranger.asks(synthetic_pid()).content
    assert stranger.asks(pid_of(kari)).status_code == 403
    assert not AuditRow.objects.filter(action="busy_times").exists()


def test_one_agreement_does_not_open_anothers_patients_and_names_are_not_shared(kari: Person) -> None:
    secretive(kari)
    tromso, balsfjord = Town().cares_for(kari), Town("balsfjord", "Balsfjord kommune")
    assert balsfjord.finds(kari) == []
    balsfjord.cares_for(kari)
    ids = {each["id"] for town in (tromso, balsfjord) for each in town.finds(kari)}
    assert len(ids) == 2
    assert tromso.finds(kari) == tromso.finds(kari)


@pytest.mark.parametrize(
    ("dates", "clashes"),
    [
        ((), True),
        (("ge2026-12-01", "le2026-12-01"), True),
        (("2026-12-01",), True),
        (("eq2026-12-01",), True),
        (("ge2026-12-02",), False),
        (("lt2026-11-30",), False),
        (("ge2026-12-01T09:00:00+01:00", "lt2026-12-01T10:00:00+01:00"), True),
        (("ge2026-12-01T09:00:00+01:00", "lt2026-12-01T09:59:59+01:00"), False),
        (("ge2026-12-01T10:15:00+01:00", "lt2026-12-01T12:00:00+01:00"), True),
        (("ge2026-12-01T10:30:00+01:00", "lt2026-12-01T12:00:00+01:00"), False),
        (("ge2026-12-01T09:15:00Z", "lt2026-12-01T09:20:00Z"), True),
    ],
)
def test_a_proposed_period_clashes_where_the_answer_is_not_empty(
    kari: Person, dates: tuple[str, ...], clashes: bool
) -> None:
    secretive(kari)
    assert bool(Town().cares_for(kari).finds(kari, *dates)) is clashes


def test_the_past_and_the_far_future_are_not_told(kari: Person) -> None:
    secretive(kari, NOW - timedelta(days=3))
    secretive(kari, NOW + timedelta(days=401))
    assert Town().cares_for(kari).finds(kari, "ge2020-01-01", "le2199-12-31") == []


@pytest.mark.parametrize(
    "dates",
    [
        ("ge2026-13-01",),
        ("ge99.99.9999",),
        ("sa2026-12-01",),
        ("ge",),
        ("",),
        ("2026",),
        ("ge2026-12-01T10:00",),
        ("ge9999-12-31",),
        ("ge2026-12-01\n",),
        ("x" * 3000,),
        tuple("ge2026-12-01" for _ in range(30)),
    ],
)
def test_a_date_that_makes_no_sense_is_refused_in_words(kari: Person, dates: tuple[str, ...]) -> None:
    answer = Town().cares_for(kari).asks(pid_of(kari), *dates)
    assert answer.status_code == 400, answer.content
    assert answer.json()["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize(
    "patient", ["", "01018012345", f"{FNR}|", f"{FNR}|12345678901", "urn:oid:1.2.3|01018012345", f"{FNR}|x,{FNR}|y"]
)
def test_a_patient_that_makes_no_sense_is_refused_and_not_repeated(patient: str) -> None:
    town = Town()
    answer = town.browser.post(
        "/fhir/Appointment/_search",
        urlencode({"patient.identifier": patient}),
        content_type="application/x-www-form-urlencoded",
        headers=town.headers,
    )
    assert answer.status_code == 400, answer.content
    assert "12345" not in answer.content.decode()


def test_a_number_in_an_address_is_refused(kari: Person) -> None:
    town = Town().cares_for(kari)
    there = f"/fhir/Appointment/_search?patient.identifier={FNR}|{pid_of(kari)}"
    answer = town.browser.post(there, "", content_type="application/x-www-form-urlencoded", headers=town.headers)
    assert answer.status_code == 400


def test_a_token_that_may_not_search_is_refused(kari: Person) -> None:
    weak = System("weak")
    weak.register("system/Appointment.c")
    agreements.begin(client_id="weak", kind="municipality", name="Svak", by=BY)
    browser = Client()
    headers = bearer(browser, weak)
    answer = browser.post(
        "/fhir/Appointment/_search",
        urlencode({"patient.identifier": f"{FNR}|{pid_of(kari)}"}),
        content_type="application/x-www-form-urlencoded",
        headers=headers,
    )
    assert answer.status_code == 403


def test_a_former_number_finds_the_same_patient_and_many_times_cost_no_more_queries(kari: Person) -> None:
    town = Town().cares_for(kari)
    secretive(kari)
    with CaptureQueriesContext(connection) as few:
        assert len(town.finds(kari)) == 1
    for n in range(1, 200):
        secretive(kari, START + timedelta(hours=n))
    with CaptureQueriesContext(connection) as many:
        assert len(town.finds(kari)) == 200
    assert len(few) == len(many)
