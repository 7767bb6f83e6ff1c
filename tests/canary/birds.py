"""People whose names and numbers are found nowhere else: where one of them turns up, it has been let out."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from portal.kernel import clock
from portal.people.commands import register_person
from portal.people.models import Person
from tests.letters import making
from tests.stories.living import HOME, Alive, record_sign_in_now

_WORDS = ("ba", "do", "fi", "gu", "ky", "la", "mo", "ne", "ra", "vi")
GROWN_UP, CHILD, YOUTH = date(1984, 6, 15), date(2018, 5, 5), date(2012, 3, 3)


@dataclass(frozen=True)
class Bird:
    """Someone with a name like no other."""

    pid: str = field(repr=False)
    given: str
    family: str
    person: Person

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"

    @property
    def mobile(self) -> str:
        return f"+47400{self.pid[6:11]}"


@dataclass(frozen=True)
class Nest:
    """Two parents, a child and a youth at one home."""

    mother: Bird
    father: Bird
    child: Bird
    youth: Bird

    def __iter__(self) -> Iterator[Bird]:
        return iter((self.mother, self.father, self.child, self.youth))


def words() -> Iterator[str]:
    """Words that are no words, each once."""
    return ("".join(parts) for parts in itertools.product(_WORDS, repeat=3))


def nests(alive: Alive, count: int) -> list[Nest]:
    """So many families, known to both registers, none of whom the portal has asked about yet."""
    made, unused = [], words()
    for _ in range(count):
        family = f"Kvitr{next(unused)}"
        mother, father = (_hatch(alive, next(unused), family, GROWN_UP) for _ in range(2))
        rows = [
            {"kind": "felles", "responsible_pid": each.pid, "valid_from": "2012-03-03"} for each in (mother, father)
        ]
        child, youth = (
            _hatch(alive, next(unused), family, born, parental_responsibility=rows) for born in (CHILD, YOUTH)
        )
        made.append(Nest(mother, father, child, youth))
    return made


def _hatch(alive: Alive, word: str, family: str, born: date, **changes: object) -> Bird:
    pid, given = making.synthetic_pid(born), f"Pip{word}"
    bird = Bird(pid, given, family, register_person(pid=pid))
    fresh = clock.now().isoformat()
    alive.change(pid, name=bird.name, birth_date=born.isoformat(), residence=HOME, **changes)
    alive.change_contact(pid, mobile=bird.mobile, mobile_updated=fresh, mobile_verified=fresh)
    if born == GROWN_UP:
        record_sign_in_now(bird.person)
    return bird
