"""Persons, roles, units: made once, found by number, sealed in their own row."""

import base64
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import override_settings

from portal.kernel import clock
from portal.kernel.actor import system
from portal.kernel.errors import FinalError
from portal.people import commands, queries, sealing
from portal.people.models import Person, Role, Unit
from portal.people.numbers import NotAnIdentityNumber

BY = system("test")


def numbers_like(prefix: str) -> list[str]:
    """Valid numbers that begin so."""
    made = []
    for n in range(1000):
        nine = [int(d) for d in f"{prefix}{n:03}"]
        k1 = -sum(w * d for w, d in zip((3, 7, 6, 1, 8, 9, 4, 5, 2), nine, strict=True)) % 11
        k2 = -sum(w * d for w, d in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2), [*nine, k1], strict=True)) % 11
        if k1 < 10 and k2 < 10:
            made.append("".join(map(str, [*nine, k1, k2])))
    return made


PID, OTHER_PID = numbers_like("018180")[:2]
REAL_PID = numbers_like("010180")[0]

pytestmark = pytest.mark.django_db


def test_a_person_is_made_once_and_found_by_number() -> None:
    person = commands.register_person(pid=PID, name="Kari Nordli", birth_date=date(1980, 1, 1))
    again = commands.register_person(pid=f"{PID[:6]} {PID[6:]}")
    assert again.pk == person.pk
    assert again.name == "Kari Nordli"
    assert again.birth_year == 1980
    assert queries.find_by_pid(PID) == person
    assert queries.find_by_pid(OTHER_PID) is None
    assert queries.find_by_pid("nonsense") is None
    assert queries.pid_of(person) == PID


def test_empty_fields_are_filled_later_and_full_ones_kept() -> None:
    commands.register_person(pid=PID, name="Kari")
    person = commands.register_person(pid=PID, name="Other", birth_date=date(1980, 1, 1), language="nn")
    person.refresh_from_db()
    assert (person.name, person.birth_date, person.birth_year, person.language) == (
        "Kari",
        date(1980, 1, 1),
        1980,
        "nn",
    )


@pytest.mark.parametrize("pid", [REAL_PID, "12345678901", "", "abc"])
def test_real_and_impossible_numbers_are_not_taken_in(pid: str) -> None:
    with pytest.raises(NotAnIdentityNumber) as refused:
        commands.register_person(pid=pid)
    assert pid not in str(refused.value) or not pid
    assert not Person.objects.exists()


def test_invented_numbers_are_not_taken_in_in_production() -> None:
    with override_settings(PORTAL_ENV="production"):
        with pytest.raises(NotAnIdentityNumber):
            commands.register_person(pid=PID)
        assert commands.register_person(pid=REAL_PID)


def test_a_sealed_number_moved_to_another_row_does_not_open() -> None:
    person = commands.register_person(pid=PID)
    other = commands.register_person(pid=OTHER_PID)
    other.pid_sealed = person.pid_sealed
    other.save()
    other.refresh_from_db()
    with pytest.raises(sealing.SealBroken):
        queries.pid_of(other)


def test_the_number_lies_in_no_column_in_clear() -> None:
    commands.register_person(pid=PID, name="Kari Nordli")
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text, encode(pid_sealed, 'escape') FROM people_person p")
        assert PID not in str(cursor.fetchall())


def test_changing_the_sealing_key() -> None:
    person = commands.register_person(pid=PID)
    fresh = f"new:{base64.b64encode(b'f' * 32).decode()}"
    old = f"test:{base64.b64encode(b'k' * 32).decode()}"
    with override_settings(PORTAL_SEALING_KEYS=f"{fresh},{old}"):
        person.refresh_from_db()
        assert commands.reseal_number(person=person) is True
        person.refresh_from_db()
        assert commands.reseal_number(person=person) is False
    with override_settings(PORTAL_SEALING_KEYS=fresh):
        assert queries.pid_of(person) == PID


def test_active_means_signed_in_within_eighteen_months() -> None:
    person = commands.register_person(pid=PID)
    first = datetime(2025, 8, 31, 10, 0, tzinfo=UTC)
    assert not queries.is_active_user(person, first)
    commands.record_sign_in(person=person, at=first)
    runs_out = datetime(2027, 2, 28, 11, 0, tzinfo=UTC)  # noon in Oslo: summer time then, winter time now
    assert queries.is_active_user(person, runs_out - timedelta(seconds=1))
    assert not queries.is_active_user(person, runs_out)
    commands.record_sign_in(person=person, at=first - timedelta(days=9))
    person.refresh_from_db()
    assert person.last_signed_in_at == first


def test_roles_are_granted_once_and_ended_with_a_trace() -> None:
    person = commands.register_person(pid=PID)
    granted = commands.grant_role(person=person, role=Role.CLERK, by=BY)
    assert commands.grant_role(person=person, role=Role.CLERK, by=BY) == granted
    assert queries.roles_of(person) == {Role.CLERK}
    assert commands.end_role(person=person, role=Role.CLERK, by=BY)
    assert not commands.end_role(person=person, role=Role.CLERK, by=BY)
    assert queries.roles_of(person) == frozenset()
    assert person.roles.get().ended_by == "system:test"
    commands.grant_role(person=person, role=Role.CLERK, by=BY)
    assert person.roles.count() == 2


def test_accounts_say_nothing_and_hold_no_password() -> None:
    person = commands.register_person(pid=PID, name="Kari Nordli")
    account = commands.account_for(person)
    assert commands.account_for(person) == account
    assert not account.has_usable_password()
    assert "Kari" not in str(vars(account))
    account.set_password("hunter2")
    with pytest.raises(IntegrityError), transaction.atomic():
        account.save()


def test_only_operators_enter_the_look_up_data() -> None:
    person = commands.register_person(pid=PID)
    account = commands.account_for(person)
    assert not account.is_staff
    commands.grant_role(person=person, role=Role.CLERK, by=BY)
    assert not account.is_staff
    commands.grant_role(person=person, role=Role.OPERATOR, by=BY)
    assert account.is_staff
    assert account.has_perm("anything")
    assert account.has_module_perms("people")


@pytest.mark.parametrize(
    "nonsense",
    [
        {"language": "xx"},
        {"birth_date": date(1980, 1, 1), "birth_year": 1981},
        {"last_signed_in_at": datetime(2026, 1, 1, tzinfo=UTC)},
    ],
)
def test_the_database_refuses_nonsense(nonsense: dict[str, object]) -> None:
    person = commands.register_person(pid=PID)
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(**nonsense)


def test_units_are_taken_over_and_missing_ones_closed() -> None:
    first = commands.UnitFacts("1", "Ortopedisk", "Tromsø", "77 00 00 00", ("UNN", "9038 Tromsø"))
    second = commands.UnitFacts("2", "Øye", "Harstad")
    assert commands.import_units(units=[first, second]) == 2
    assert commands.import_units(units=[commands.UnitFacts("1", "Ortopedisk poliklinikk", "Tromsø")]) == 1
    assert Unit.objects.get(pk="1").name == "Ortopedisk poliklinikk"
    assert not Unit.objects.get(pk="2").active
    with pytest.raises(FinalError):
        commands.import_units(units=[])
    assert Unit.objects.get(pk="1").active


def test_created_on_the_shared_clock() -> None:
    with clock.stopped_at(datetime(2026, 5, 17, 9, 0, tzinfo=UTC)):
        person = commands.register_person(pid=PID)
    assert person.created_at == datetime(2026, 5, 17, 9, 0, tzinfo=UTC)
