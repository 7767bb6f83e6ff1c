"""A fullmakt given, the addresses where that is done, and a register that holds its receiver."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from portal.audit.basis import Basis
from portal.counterparts.errors import CounterpartDown
from portal.counterparts.population_register import EventPage, Protection, RegisteredPerson
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people.models import Person
from tests.letters.making import synthetic_pid
from youth_access.commands import grants
from youth_access.commands.grants import Grant
from youth_access.facts import Service
from youth_access.models import Fullmakt

LIST, NEW, CONFIRM = "/innsyn/fullmakter/", "/innsyn/fullmakter/ny/", "/innsyn/fullmakter/ny/bekreft/"
LETTERS = frozenset({Service.LETTER})


class Register:
    """A population register that holds one person, or does not answer at all."""

    def __init__(self, holds: RegisteredPerson | None = None, *, down: bool = False) -> None:
        self.holds, self.down, self.asked = holds, down, 0

    def look_up_many(self, pids: Collection[str]) -> Mapping[str, RegisteredPerson | None]:
        self.asked += 1
        if self.down:
            raise CounterpartDown("no_answer")
        return {pid: self.holds if self.holds and self.holds.pid == pid else None for pid in pids}

    def look_up(self, pid: str) -> RegisteredPerson | None:
        return self.look_up_many([pid])[pid]

    def events_after(self, sequence: int, *, most: int) -> EventPage:
        return EventPage((), sequence)


def registered(**changes: object) -> RegisteredPerson:
    born = date(1968, 2, 2)
    found = RegisteredPerson(
        pid=synthetic_pid(born),
        given_name="Unni",
        middle_name=None,
        family_name="Øyjord-Å",
        birth_date=born,
        birth_year=born.year,
        died_on=None,
        protection=Protection.NONE,
        residence=None,
        contact_address=None,
        no_fixed_abode=False,
        parental_responsibility=(),
    )
    return replace(found, **changes)  # type: ignore[arg-type]  # tests name the register's own fields


def text(response: object) -> str:
    return re.sub(r"\s+", " ", response.content.decode())  # type: ignore[attr-defined]


def give(giver: Person, receiver: Person, **changes: object) -> Fullmakt:
    grant = replace(Grant(LETTERS, clock.now()), **changes)  # type: ignore[arg-type]
    return grants.give_fullmakt(
        giver_id=giver.pk,
        receiver_id=receiver.pk,
        grant=grant,
        may_give=[*Service],
        by=Actor("citizen", str(giver.pk)),
        basis=Basis(relation="self"),
    )
