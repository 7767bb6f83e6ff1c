"""Asks the population register about people and their families, and keeps what it says.

The asking happens outside transactions, the keeping in one per person. Nobody's snapshot waits for another's: a parent
whose answer cannot be read leaves the child's in place, and the rules then see a parent they know too little about.
"""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import DataError, IntegrityError

from portal.counterparts.errors import CounterpartDown
from portal.counterparts.population_register import PopulationRegister, RegisteredPerson
from portal.counterparts.population_register.http import connect
from portal.kernel import clock
from portal.kernel.errors import PortalError
from portal.people import family_commands, family_queries, register_numbers, register_ties
from portal.people.models import Person
from portal.people.queries import pid_of

PATIENCE: Final = 3.0
"""How many seconds somebody who waits for a page waits for the register."""

RELATIVE_IS_FRESH: Final = timedelta(hours=1)
"""A relative asked about this recently is not asked about again on behalf of somebody else."""

_LOG: Final = logging.getLogger("portal.register")


@dataclass(frozen=True)
class Answer:
    """What the register said about one person. `registered` is None for a number it does not know."""

    person: Person
    registered: RegisteredPerson | None
    asked_at: datetime


@dataclass(frozen=True)
class Answers:
    """Everything one round of asking gave. `unreadable` are those whose answers could not be read."""

    found: tuple[Answer, ...]
    unreadable: tuple[Person, ...]
    asked_at: datetime


def take_snapshot(person: Person, *, seconds: float | None = None) -> None:
    """Ask about one person and those tied to them, now. Raises `CounterpartDown` or `Refused` with nothing changed."""
    register = connect(seconds=seconds)
    answers = ask(register, [person])
    if answers.unreadable:
        keep(answers)
        raise CounterpartDown("unreadable_answer")
    keep(with_relatives(register, answers))
    person.refresh_from_db()


def take_snapshots(people: Collection[Person]) -> int:
    """Ask about several and those tied to them; says how many answers were kept. Raises as `take_snapshot`."""
    register = connect()
    return keep(with_relatives(register, ask(register, people)))


def ensure_fresh(person: Person, *, older_than: timedelta = RELATIVE_IS_FRESH) -> bool:
    """Ask about a person whose snapshot is older than this, as when somebody chooses to act for them.

    Whether it is young enough afterwards; false, and no error, while the register does not answer. Somebody waits, so
    the register gets a few seconds only. Call it outside the transaction that then reads what was kept.
    """
    if family_queries.is_fresh(person, clock.now(), older_than):
        return True
    try:
        take_snapshot(person, seconds=PATIENCE)
    except PortalError as failure:
        _LOG.warning("population register not asked about a person", extra={"code": failure.code})
    return family_queries.is_fresh(person, clock.now(), older_than)


def welcome(person: Person, registered: RegisteredPerson, *, asked_at: datetime) -> None:
    """Keep what the register has just said about somebody who signs in, and ask about everyone they may act for.

    Never fails because of the register: without it people come in on what is known.
    """
    try:
        register = connect(seconds=PATIENCE)
        first = Answers((Answer(person, registered, asked_at),), (), asked_at)
        keep(with_relatives(register, with_dependants(register, first)))
    except PortalError as failure:
        _LOG.warning("population register not asked about a family", extra={"code": failure.code})


def ask(register: PopulationRegister, people: Collection[Person]) -> Answers:
    """Ask about these people and nobody else. Raises `CounterpartDown` or `Refused`."""
    asked_at = clock.now()
    by_pid = {pid_of(person): person for person in people}
    told = register.look_up_many(by_pid)
    found = tuple(Answer(person, told[pid], asked_at) for pid, person in by_pid.items() if pid in told)
    return Answers(found, tuple(person for pid, person in by_pid.items() if pid not in told), asked_at)


def with_dependants(register: PopulationRegister, answers: Answers) -> Answers:
    """The same and the children and wards of those in it; children who are grown up are left alone."""
    told = [answer.registered for answer in answers.found if answer.registered is not None]
    wards = {pid for registered in told for pid in registered.ward_pids}
    children = {pid for registered in told for pid in registered.child_pids}
    asked_at = clock.now()
    found = register.look_up_many(sorted(wards | children)) if wards | children else {}
    wanted = {
        pid: registered
        for pid, registered in found.items()
        if registered is not None and (pid in wards or register_ties.is_child(registered))
    }
    _recognise(wanted)
    known = family_commands.register_known(pids=wanted)
    more = [Answer(known[pid], registered, asked_at) for pid, registered in wanted.items() if pid in known]
    return _joined(answers, more)


def with_relatives(register: PopulationRegister, answers: Answers) -> Answers:
    """The same and everyone tied to those in it, made known here; asked about where we have not asked lately."""
    told = [answer.registered for answer in answers.found if answer.registered is not None]
    numbers = {pid for registered in told for pid in register_ties.tied_numbers(registered)}
    relatives = _made_known(register, numbers)
    already = {answer.person.pk for answer in answers.found}
    stale = {
        person.pk: person
        for person in relatives.values()
        if person.pk not in already and not family_queries.is_fresh(person, answers.asked_at, RELATIVE_IS_FRESH)
    }
    more = ask(register, stale.values())
    _make_known(register, more.found)
    return _joined(answers, more.found, more.unreadable)


def keep(answers: Answers) -> int:
    """Keep each answer in a transaction of its own; says how many were. One the database refuses stops no other."""
    family_commands.note_unreadable(people=answers.unreadable, asked_at=answers.asked_at)
    return sum(_keep(answer) for answer in sorted(answers.found, key=lambda answer: answer.person.pk))


def _keep(answer: Answer) -> bool:
    try:
        return family_commands.keep_snapshot(
            person=answer.person, registered=answer.registered, asked_at=answer.asked_at
        )
    except (DataError, IntegrityError):
        _LOG.exception("a register answer could not be kept", extra={"person": str(answer.person.pk)})
        family_commands.distrust_snapshots(people=[answer.person])
        family_commands.note_unreadable(people=[answer.person], asked_at=answer.asked_at)
        return False


def _make_known(register: PopulationRegister, answers: Iterable[Answer]) -> None:
    """Guardians of parents are named in parents' rows; they are made known, and asked about in their own time."""
    told = [answer.registered for answer in answers if answer.registered is not None]
    _made_known(register, {pid for registered in told for pid in register_ties.tied_numbers(registered)})


def _made_known(register: PopulationRegister, pids: Collection[str]) -> dict[str, Person]:
    """The people with these numbers. A number nobody has here may be a new one of somebody we know by an older."""
    unknown = sorted(set(pids) - set(family_queries.by_numbers(pids)))
    if unknown:
        _recognise(register.look_up_many(unknown))
    return family_commands.register_known(pids=pids)


def _recognise(told: Mapping[str, RegisteredPerson | None]) -> None:
    for pid, registered in sorted(told.items()):
        if registered is not None:
            register_numbers.recognise(pid=pid, registered=registered)


def _joined(answers: Answers, more: Iterable[Answer], unreadable: Iterable[Person] = ()) -> Answers:
    return Answers((*answers.found, *more), (*answers.unreadable, *unreadable), answers.asked_at)
