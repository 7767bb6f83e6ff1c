"""Every change to people, accounts, roles and units."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.errors import FinalError
from portal.people import sealing, signals
from portal.people.models import Account, FormerNumber, Person, Role, StaffRole, Unit
from portal.people.queries import pid_place, welcome_number


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """One hospital unit as its register tells it."""

    resh: str
    name: str
    hospital: str
    phone: str = ""
    return_lines: tuple[str, ...] = ()


def register_person(
    *,
    pid: str,
    name: str = "",
    birth_date: date | None = None,
    birth_year: int | None = None,
    died_on: date | None = None,
    language: str = "",
) -> Person:
    """The person who has or had this number, made if nobody knows them yet; safe when two callers meet.

    For a person who is known already only empty fields are filled. Raises `NotAnIdentityNumber` for a number that
    is none or does not belong in this environment.
    """
    number = welcome_number(pid)
    person_id = uuid.uuid4()
    fresh = Person(
        id=person_id,
        pid_index=sealing.blind_index(number.digits),
        pid_sealed=sealing.seal(number.digits, pid_place(person_id)),
        created_at=clock.now(),
        language=language,
        **_register_facts(name, birth_date, birth_year, died_on),
    )
    person = _present_or_former(fresh)
    if person.pk != person_id:
        _fill_empty_fields(person, fresh)
    return person


def note_register_facts(
    *,
    person: Person,
    name: str,
    birth_date: date | None,
    birth_year: int | None,
    died_on: date | None,
    protected: bool,
) -> None:
    """Take over what the population register says now, also where we held something else."""
    facts = _register_facts(name, birth_date, birth_year, died_on) | {"protected": protected}
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(**facts)
        if died_on is not None and person.died_on is None:
            signals.died.send(Person, person_id=person.pk)
    for field, value in facts.items():
        setattr(person, field, value)


@transaction.atomic
def record_sign_in(*, person: Person, at: datetime) -> None:
    """Remember that a person used the portal; the first time makes them a digital recipient of letters."""
    locked = Person.objects.select_for_update().get(pk=person.pk)
    locked.activated_at = locked.activated_at or at
    locked.last_signed_in_at = max(locked.last_signed_in_at or at, at)
    locked.save(update_fields=["activated_at", "last_signed_in_at"])
    person.activated_at, person.last_signed_in_at = (locked.activated_at, locked.last_signed_in_at)


def choose_language(*, person: Person, language: str) -> None:
    """Keep the language a person chose; empty means that none is chosen."""
    Person.objects.filter(pk=person.pk).update(language=language)
    person.language = language


def account_for(person: Person) -> Account:
    """The person's account, made at first sign-in, with a name that says nothing and a password nobody has."""
    fresh = Account(id=uuid.uuid4(), username=str(uuid.uuid4()), person=person, password=make_password(None))
    Account.objects.bulk_create([fresh], ignore_conflicts=True)
    return Account.objects.get(person=person)


def grant_role(*, person: Person, role: Role, by: Actor) -> StaffRole:
    """Give a person a staff role; a role that is held already stays as it is."""
    fresh = StaffRole(person=person, role=role, granted_at=clock.now(), granted_by=f"{by.kind}:{by.id}")
    StaffRole.objects.bulk_create([fresh], ignore_conflicts=True)
    return StaffRole.objects.get(person=person, role=role, ended_at__isnull=True)


def end_role(*, person: Person, role: Role, by: Actor) -> bool:
    """Take a staff role away, at once for sessions that are open. False where it was not held."""
    held = StaffRole.objects.filter(person=person, role=role, ended_at__isnull=True)
    return bool(held.update(ended_at=clock.now(), ended_by=f"{by.kind}:{by.id}"))


@transaction.atomic
def import_units(*, units: Iterable[UnitFacts]) -> int:
    """Take over a full list of hospital units; units missing from it are closed, not deleted. Says how many came.

    Raises `FinalError` for an empty list.
    """
    rows = [
        Unit(
            resh=unit.resh,
            name=unit.name,
            hospital=unit.hospital,
            phone=unit.phone,
            return_lines=list(unit.return_lines),
            active=True,
        )
        for unit in units
    ]
    if not rows:
        raise FinalError("no_units", "an empty list would close every unit")
    Unit.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["resh"],
        update_fields=["name", "hospital", "phone", "return_lines", "active"],
    )
    Unit.objects.exclude(resh__in=[row.resh for row in rows]).update(active=False)
    return len(rows)


def reseal_number(*, person: Person) -> bool:
    """Move one person's number to the newest sealing key. False where it lies under that key already."""
    before = bytes(person.pid_sealed)
    fresh = sealing.reseal(before, pid_place(person.pk))
    if fresh is None:
        return False
    return bool(Person.objects.filter(pk=person.pk, pid_sealed=before).update(pid_sealed=fresh))


def reseal_numbers() -> int:
    """Move every number to the newest key, one person at a time; says how many were moved."""
    return sum(reseal_number(person=person) for person in Person.objects.iterator(chunk_size=500))


def _present_or_former(fresh: Person) -> Person:
    """Write the row unless somebody has or had its number; the one whose number it is.

    Former numbers are looked at after writing: whoever replaces the number meanwhile has done so before we look.
    """
    with transaction.atomic():
        Person.objects.bulk_create([fresh], ignore_conflicts=True)
        person = Person.objects.filter(pid_index=fresh.pid_index).first()
        if person is not None and person.pk != fresh.pk:
            return person
        former = FormerNumber.objects.filter(pid_index=fresh.pid_index).select_related("person").first()
        if former is not None:
            transaction.set_rollback(True)
            return former.person
    return person or Person.objects.get(pid_index=fresh.pid_index)


def _register_facts(
    name: str, birth_date: date | None, birth_year: int | None, died_on: date | None
) -> dict[str, object]:
    year = birth_date.year if birth_date else birth_year
    return {"name": name, "birth_date": birth_date, "birth_year": year, "died_on": died_on}


def _fill_empty_fields(person: Person, fresh: Person) -> None:
    empty = {
        field: getattr(fresh, field)
        for field in ("name", "birth_date", "birth_year", "died_on", "language")
        if getattr(person, field) in (None, "") and getattr(fresh, field) not in (None, "")
    }
    if "birth_date" in empty:
        empty["birth_year"] = fresh.birth_year
    if empty:
        Person.objects.filter(pk=person.pk).update(**empty)
        for field, value in empty.items():
            setattr(person, field, value)
