"""Commands on the command line: roles by number without showing it, units from file or web, new sealing keys."""

import base64
import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from portal.people import commands, queries
from portal.people.models import Person, Role, Unit
from tests.people.test_people import PID, REAL_PID

pytestmark = pytest.mark.django_db


def said(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_a_role_by_number_on_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PID}\n"))
    words = said("grant_role", "operator", "--pid-stdin")
    assert PID not in words
    assert queries.roles_of(Person.objects.get()) == {Role.OPERATOR}


def test_a_role_by_number_in_the_environment_and_taken_away_by_uuid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRANT_ROLE_PID", PID)
    said("grant_role", "clerk")
    person = Person.objects.get()
    said("grant_role", "clerk", "--person", str(person.pk), "--end")
    assert queries.roles_of(person) == frozenset()


@pytest.mark.parametrize("number", [REAL_PID, "", "abc"])
def test_a_number_that_cannot_be_used_is_not_repeated(monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    monkeypatch.setenv("GRANT_ROLE_PID", number)
    with pytest.raises(CommandError) as told:
        said("grant_role", "clerk")
    assert not number or number not in str(told.value)
    assert not Person.objects.exists()


def test_nobody_by_that_uuid() -> None:
    with pytest.raises(CommandError):
        said("grant_role", "clerk", "--person", "00000000-0000-0000-0000-000000000000")


def test_units_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "units.json"
    file.write_text(json.dumps([{"resh": 4208101, "name": "Øye", "hospital": "UNN", "return_lines": ["UNN"]}]))
    assert said("import_units", str(file)) == "1 units\n"
    unit = Unit.objects.get(pk="4208101")
    assert (unit.name, unit.return_lines, unit.active) == ("Øye", ["UNN"], True)


@pytest.mark.parametrize("text", ["", "[]", "{}", "[1]", '[{"resh": "1"}]', "null"])
def test_a_list_that_cannot_be_read_changes_nothing(tmp_path: Path, text: str) -> None:
    commands.import_units(units=[commands.UnitFacts("1", "A", "B")])
    file = tmp_path / "units.json"
    file.write_text(text)
    with pytest.raises(CommandError):
        said("import_units", str(file))
    assert Unit.objects.get().active


def test_new_sealing_keys() -> None:
    person = commands.register_person(pid=PID)
    fresh = f"fresh:{base64.b64encode(b'f' * 32).decode()}"
    old = f"test:{base64.b64encode(b'k' * 32).decode()}"
    with override_settings(PORTAL_SEALING_KEYS=f"{fresh},{old}"):
        assert said("rotate_sealing_keys").splitlines()[0].startswith("people_person.pid_sealed: 1 moved")
        assert said("rotate_sealing_keys").splitlines()[0].startswith("people_person.pid_sealed: 0 moved")
    with override_settings(PORTAL_SEALING_KEYS=fresh):
        person.refresh_from_db()
        assert queries.pid_of(person) == PID
