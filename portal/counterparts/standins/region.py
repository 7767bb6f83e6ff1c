"""The invented region: its people and units, as they are right now.

The first start casts the people; their birth dates follow that day and are then kept, so that a demo which is stopped
and started again still knows its own. Registers change persons while it runs.
"""

import json
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import date, datetime
from functools import cache, lru_cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from portal.counterparts.standins.cast_addresses import addresses
from portal.counterparts.standins.cast_everyday import everyday, on_paper
from portal.counterparts.standins.cast_families import families
from portal.counterparts.standins.cast_relations import relations
from portal.counterparts.standins.cast_staff import canary, staff
from portal.counterparts.standins.cast_unusual_ties import unusual_ties
from portal.counterparts.standins.person import Person
from portal.counterparts.standins.store import Row, store
from portal.counterparts.standins.units import UNITS, Unit
from portal.kernel import clock

__all__ = ["UNITS", "Person", "Unit", "find", "find_slug", "from_row", "people", "renumber", "save", "to_row", "unit"]

KIND = "person"
CASTS = (everyday, on_paper, families, relations, unusual_ties, addresses, canary, staff)


def cast(today: date) -> list[Person]:
    """Everyone in a region that begins today."""
    return [person for make in CASTS for person in make(today)]


def people() -> list[Person]:
    """Everyone, in the order they were cast or added."""
    _begin()
    return [_person(text) for text in store().texts(KIND)]


def find(pid: str) -> Person | None:
    """The person who has or had this number, or None."""
    _begin()
    row = store().get(KIND, pid)
    return from_row(row) if row else next((person for person in people() if pid in person.former_pids), None)


def find_slug(slug: str) -> Person | None:
    """The person with this slug, or None."""
    return next((person for person in people() if person.slug == slug), None)


def bounces(address: str) -> bool:
    """Whether this number or e-mail address belongs to someone whom messages never reach."""
    contacts = (person.contact for person in people())
    return any(contact.bounces and address in (contact.email, contact.mobile) for contact in contacts)


def save(person: Person) -> None:
    """Keep a changed or a new person."""
    store().put(KIND, person.pid, to_row(person))


def renumber(person: Person, pid: str) -> Person:
    """Give a person a new number, as when a D-number gives way to a fødselsnummer. The old one still finds them."""
    changed = replace(person, pid=pid, former_pids=(*person.former_pids, person.pid))
    store().rename(KIND, person.pid, pid)
    save(changed)
    return changed


def unit(resh: str) -> Unit | None:
    """The unit with this RESH number, or None."""
    return next((unit for unit in UNITS if unit.resh == resh), None)


def to_row(person: Person) -> Row:
    """The person as JSON, with ISO dates and instants."""
    row: Row = json.loads(json.dumps(asdict(person), default=_iso))
    return row


def from_row(row: Row) -> Person:
    """The person a row tells of. Raises `ValueError`, `TypeError` or `KeyError` where it tells nonsense."""
    person: Person = _read(Person, row)
    return person


@lru_cache(maxsize=2048)
def _person(text: str) -> Person:
    """The person a row tells of, as it lies in the store. A register reads everyone at each look-up."""
    return from_row(json.loads(text))


def renewed(person: Person, changes: Row) -> Person:
    """The person with some fields changed, read from JSON. Raises as `from_row`."""
    return replace(from_row(to_row(person) | changes), pid=person.pid)


def _begin() -> None:
    with store().held():
        if not store().rows(KIND, limit=1):
            for person in cast(clock.today()):
                save(person)


def _iso(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _read(kind: Any, value: Any) -> Any:  # noqa: ANN401 (reads any annotated field)
    """A JSON value as the annotated type: dataclasses, tuples, dates and optional ones."""
    if get_origin(kind) is UnionType:
        return None if value is None else _read_first([one for one in get_args(kind) if one is not NoneType], value)
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], part) for part in value)
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    if hasattr(kind, "__dataclass_fields__"):
        hints = _fields(kind)
        unknown = set(value) - set(hints)
        if unknown:
            raise ValueError(f"unknown field: {', '.join(sorted(unknown))}")
        return kind(**{name: _read(hints[name], part) for name, part in value.items()})
    if kind in (str, bool, int) and type(value) is not kind:
        raise ValueError(f"expected {kind.__name__}, got {type(value).__name__}")
    return value


@cache
def _fields(kind: type) -> dict[str, Any]:
    """The annotated types of a dataclass, by name."""
    return get_type_hints(kind)


def _read_first(kinds: list[Any], value: Any) -> Any:  # noqa: ANN401 (reads any annotated field)
    """A JSON value as the first of some types that it fits: a whole day before a moment."""
    for kind in kinds[:-1]:
        with suppress(ValueError, TypeError):
            return _read(kind, value)
    return _read(kinds[-1], value)
