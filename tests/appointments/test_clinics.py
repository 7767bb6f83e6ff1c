"""What clinics have decided is taken over whole, or not at all."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from appointments import policy
from appointments.models import Clinic
from portal.people.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    return Unit.objects.create(resh="4200001", name="Poliklinikken", hospital="Sykehuset")


def _import(tmp_path: Path, rows: object) -> None:
    listed = tmp_path / "clinics.json"
    listed.write_text(json.dumps(rows), encoding="utf-8")
    call_command("import_clinics", str(listed))


def test_what_is_left_out_stays_as_it_is(unit: Unit, tmp_path: Path) -> None:
    assert policy.of_unit(unit.pk).cancel_limit == 24
    _import(tmp_path, [{"resh": unit.pk, "fee": 1600, "finding": "Inngang C"}])
    _import(tmp_path, [{"resh": unit.pk, "cancel_limit": 2, "cancel_unit": "working_days"}])
    kept = policy.of_unit(unit.pk)
    assert (kept.fee, kept.finding, kept.cancel_limit, kept.cancel_unit) == (1600, "Inngang C", 2, "working_days")


@pytest.mark.parametrize(
    "wrong",
    [
        {"resh": "4299999"},
        {"resh": "4200001", "cancel_unit": "fortnights"},
        {"resh": "4200001", "hold_minutes": 0},
        {"resh": "4200001", "remind_days": ["soon"]},
        {"resh": "4200001", "colour": "blue"},
        {"fee": 1},
        "4200001",
    ],
)
def test_a_list_that_makes_no_sense_changes_nothing(unit: Unit, tmp_path: Path, wrong: Any) -> None:
    with pytest.raises(CommandError):
        _import(tmp_path, [{"resh": unit.pk, "fee": 1600}, wrong])
    assert not Clinic.objects.exists()
