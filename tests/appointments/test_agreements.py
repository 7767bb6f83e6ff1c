"""Agreements from the command line: patients by number that is never shown, and an end that holds at once."""

import io
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from appointments.commands import agreements
from appointments.commands.agreements import AgreementRefused
from appointments.models import AgreedPatient, CareAgreement
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.kernel.actor import system
from portal.people.queries import pid_of
from tests.appointments import at_hand
from tests.appointments.at_hand import NOW
from tests.fhir.clients import System

pytestmark = pytest.mark.django_db
BY = system("tests")


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


def said(*words: str) -> str:
    out = io.StringIO()
    call_command("care_agreement", *words, stdout=out)
    return out.getvalue()


def agreed() -> CareAgreement:
    System("tromso").register("system/Appointment.rs")
    said("create", "--client-id", "tromso", "--kind", "municipality", "--name", "Tromsø kommune")
    return CareAgreement.objects.get()


def test_an_agreement_from_its_beginning_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    made, kari, ola = agreed(), at_hand.person(), at_hand.person(name="Ola Nordli")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{pid_of(kari)}\n\n{pid_of(ola)}\n"))
    told = said("add", str(made.pk), "--pid-stdin")
    assert told.startswith("2 added")
    assert pid_of(kari) not in told
    monkeypatch.setenv("CARE_AGREEMENT_PID", pid_of(kari))
    assert said("add", str(made.pk)).startswith("0 added")
    assert said("remove", str(made.pk)).startswith("1 removed")
    assert said("remove", str(made.pk)).startswith("0 removed")
    assert "running, 1 patients" in said("show", str(made.pk))
    later = clock.now() + timedelta(hours=1)
    with clock.stopped_at(later):
        assert "ended" in said("end", str(made.pk))
        assert "ended" in said("end", str(made.pk))
        with pytest.raises(CommandError, match="over"):
            said("add", str(made.pk))
    kinds = list(AuditRow.objects.filter(item_kind="care_agreement").order_by("id").values_list("action", "person_id"))
    assert kinds == [
        ("agreement.begin", None),
        ("agreement.cover", kari.pk),
        ("agreement.cover", ola.pk),
        ("agreement.uncover", kari.pk),
        ("agreement.end", None),
    ]


def test_of_several_patients_all_are_added_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    made, kari = agreed(), at_hand.person()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{pid_of(kari)}\n12345678901\n"))
    with pytest.raises(CommandError) as told:
        said("add", str(made.pk), "--pid-stdin")
    assert "line 2" in str(told.value)
    assert "12345678901" not in str(told.value)
    assert not AgreedPatient.objects.exists()


@pytest.mark.parametrize(
    "words",
    [
        ("create", "--client-id", "nobody", "--kind", "municipality", "--name", "X"),
        ("create", "--client-id", "tromso", "--kind", "municipality", "--name", " "),
        ("create", "--client-id", "tromso", "--kind", "municipality", "--name", "x" * 151),
        ("create", "--client-id", "tromso", "--kind", "county", "--name", "X"),
        ("show", str(uuid4())),
        ("end", str(uuid4())),
        ("add", str(uuid4())),
        ("show", "no-uuid"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    System("tromso").register("system/Appointment.rs")
    monkeypatch.setenv("CARE_AGREEMENT_PID", pid_of(at_hand.person()))
    with pytest.raises(CommandError):
        said(*words)
    assert not CareAgreement.objects.exists()


def test_one_that_has_not_begun_is_not_ended() -> None:
    soon = NOW + timedelta(days=3)
    made = agreements.begin(client_id="tromso", kind="general_practice", name="Legekontoret", by=BY, starts_at=soon)
    with pytest.raises(AgreementRefused) as refused:
        agreements.end(agreement_id=made.pk, by=BY)
    assert refused.value.code == "not-begun"
