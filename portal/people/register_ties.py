"""Turns a register answer into the rows that tie one person to others. Bad rows tie nobody."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import models

from portal.counterparts.population_register import RegisteredPerson
from portal.kernel import clock
from portal.people.homes import home_index
from portal.people.models import Guardianship, ParentalResponsibility, ParentLink, Person, SharedHome

OF_AGE: Final = 18

Table = tuple["models.Manager[Any]", list[models.Model]]


def rows_of(person: Person, registered: RegisteredPerson | None, known: Mapping[str, Person]) -> list[Table]:
    """Every table of ties with the rows this answer makes; empty where the register does not know the person.

    `known` are the others by the numbers the answer has for them.
    """
    if registered is None:
        return [(manager, []) for manager in _tables(person)]
    child = is_child(registered)
    rows: list[list[models.Model]] = [
        _responsibilities(person, registered, known) if child else [],
        _parents(person, registered, known) if child else [],
        _shared_homes(person, registered) if child else [],
        _guardianships(person, registered, known),
    ]
    return list(zip(_tables(person), rows, strict=True))


def _tables(person: Person) -> list["models.Manager[Any]"]:
    return [person.responsibilities, person.parent_links, person.shared_homes, person.guardianships]


def is_child(registered: RegisteredPerson) -> bool:
    """Whether somebody may still answer for this person as a child; also for a while after the eighteenth birthday."""
    year = registered.birth_date.year if registered.birth_date else registered.birth_year
    return clock.today().year - year <= OF_AGE


def tied_numbers(registered: RegisteredPerson) -> list[str]:
    """The numbers of everyone who may represent this person, or whose home counts when somebody does."""
    holders = [row.responsible_pid for row in registered.parental_responsibility if row.responsible_pid]
    family = [*holders, *registered.parent_pids] if is_child(registered) else []
    return list(dict.fromkeys([*family, *(row.guardian_pid for row in registered.guardianships)]))


def _responsibilities(person: Person, registered: RegisteredPerson, known: Mapping[str, Person]) -> list[models.Model]:
    held_by = ParentalResponsibility.HeldBy
    rows: list[models.Model] = []
    for row in registered.parental_responsibility:
        holder = known.get(row.responsible_pid) if row.responsible_pid else None
        points_at = held_by(row.holder.value)
        rows.append(
            ParentalResponsibility(
                child=person,
                holder=holder,
                kind=row.kind.value,
                held_by=held_by.NOBODY if holder is None and points_at == held_by.PERSON else points_at,
                valid_from=row.valid_from,
                ended_on=row.ended_on,
            )
        )
    return rows


def _parents(person: Person, registered: RegisteredPerson, known: Mapping[str, Person]) -> list[models.Model]:
    parents = {known[pid].pk for pid in registered.parent_pids if pid in known} - {person.pk}
    return [ParentLink(child=person, parent_id=parent) for parent in sorted(parents)]


def _shared_homes(person: Person, registered: RegisteredPerson) -> list[models.Model]:
    rows = [(home_index(row.address), row) for row in registered.shared_homes]
    return [
        SharedHome(child=person, home_index=index, valid_from=row.valid_from, ended_on=row.ended_on)
        for index, row in rows
        if index
    ]


def _guardianships(person: Person, registered: RegisteredPerson, known: Mapping[str, Person]) -> list[models.Model]:
    return [
        Guardianship(
            person=person,
            guardian=known[row.guardian_pid],
            personal=row.personal,
            for_lone_child=row.for_lone_child,
            valid_from=row.valid_from,
            ended_on=row.ended_on,
        )
        for row in registered.guardianships
        if row.guardian_pid in known
    ]
