"""The decision table: rows of data that a lawyer can read and sign, in versions with a first instant.

A version is a folder under `data/rules/` named by the day (midnight) or the minute in Oslo at which it comes into
force, with `rules.csv` and `switches.csv`. Its hash, taken over both files, stands in every audit row, so that a
decision can be made again years later.
"""

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from importlib.resources import files
from typing import Final, Literal, cast

from youth_access.ages import OSLO, Band
from youth_access.conditions import CONDITIONS
from youth_access.facts import Kind, Service

Effect = Literal["veto", "grant"]
Notify = Literal["none", "message", "task", "alarm"]

ALL_SERVICES: Final = frozenset(
    {
        Service.LETTER,
        Service.APPOINTMENT,
        Service.REFERRAL,
        Service.DIALOGUE,
        Service.JOURNAL,
        Service.FORM,
    }
)
AGES: Final[Mapping[str, frozenset[Band]]] = {
    "0-11": frozenset({Band.CHILD}),
    "12": frozenset({Band.TWELVE}),
    "12-15": frozenset({Band.TWELVE, Band.YOUTH}),
    "0-15": frozenset({Band.CHILD, Band.TWELVE, Band.YOUTH}),
    "0-17": frozenset({Band.CHILD, Band.TWELVE, Band.YOUTH, Band.NEARLY_ADULT}),
    "16+": frozenset({Band.NEARLY_ADULT, Band.ADULT}),
}
_NOTIFY: Final = frozenset({"none", "message", "task", "alarm"})
_YES_NO: Final = {"yes": True, "no": False}


class TableError(ValueError):
    """The table says something that cannot be carried out."""


class UnknownVersion(KeyError):
    """No version of the rules has this name and this hash."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: to whom it applies, and what follows where it does. `ages` None means at any age, known or not.

    A row with a switch counts while that is closed, or only `once_open`.
    """

    id: str
    effect: Effect
    relations: frozenset[Kind]
    ages: frozenset[Band] | None
    services: frozenset[Service]
    when: str
    switch: str
    once_open: bool
    see: bool
    act: bool
    notify: Notify
    reason: str
    source: str
    law: str


@dataclass(frozen=True, slots=True)
class Switch:
    """A legal question that is not settled. Closed until the answer is. The question is in bokmål, for lawyers."""

    name: str
    closed: bool
    question: str


@dataclass(frozen=True)
class Table:
    """One version of the rules."""

    valid_from: datetime
    rows: tuple[Row, ...]
    switches: Mapping[str, Switch]
    digest: str

    @cached_property
    def version(self) -> str:
        """How the version is named in the audit: when it came into force, and the start of its hash."""
        began = self.valid_from.astimezone(OSLO)
        name = f"{began:%Y-%m-%d}" if (began.hour, began.minute) == (0, 0) else f"{began:%Y-%m-%dT%H%M}"
        return f"{name}:{self.digest[:12]}"

    def in_force(self, row: Row) -> bool:
        """Whether a row counts, as its switch stands."""
        return not row.switch or self.switches[row.switch].closed != row.once_open

    def rows_for(self, kind: Kind, service: Service) -> tuple[Row, ...]:
        """The rows in force for one kind of relation and one service, in order."""
        return self._by_kind_and_service[kind, service]

    @cached_property
    def _by_kind_and_service(self) -> Mapping[tuple[Kind, Service], tuple[Row, ...]]:
        counting = [row for row in self.rows if self.in_force(row)]
        return {
            (kind, service): tuple(row for row in counting if kind in row.relations and service in row.services)
            for kind in Kind
            for service in Service
        }


def parse(valid_from: datetime, rules: str, switches: str) -> Table:
    """A table from its two files. Raises TableError naming the row that makes no sense."""
    known = {row["name"]: _switch(row) for row in _read(switches)}
    rows = tuple(_row(row, known) for row in _read(rules))
    ids = [row.id for row in rows]
    if len(set(ids)) != len(ids):
        raise TableError("two rows have one id")
    first_grant = next((number for number, row in enumerate(rows) if row.effect == "grant"), len(rows))
    if any(row.effect == "veto" for row in rows[first_grant:]):
        raise TableError("a veto stands below a grant")
    if idle := known.keys() - {row.switch for row in rows}:
        raise TableError(f"no row has the switch {min(idle)}")
    digest = hashlib.sha256(f"{rules}\0{switches}".encode()).hexdigest()
    return Table(valid_from, rows, known, digest)


@cache
def versions() -> tuple[Table, ...]:
    """Every version kept, oldest first."""
    folders = (each for each in (files("youth_access") / "data" / "rules").iterdir() if each.is_dir())
    tables = (
        parse(
            began_at(folder.name),
            (folder / "rules.csv").read_text(encoding="utf-8"),
            (folder / "switches.csv").read_text(encoding="utf-8"),
        )
        for folder in folders
    )
    return tuple(sorted(tables, key=lambda table: table.valid_from))


def began_at(name: str) -> datetime:
    """When a version named "2026-11-01" or "2026-11-22T1200" comes into force."""
    return datetime.fromisoformat(name).replace(tzinfo=OSLO).astimezone(UTC)


def in_force(instant: datetime) -> Table:
    """The version in force at an instant. Before the first there are no rules: the first then counts."""
    begun = [table for table in versions() if table.valid_from <= instant]
    return begun[-1] if begun else versions()[0]


def table_by_version(version: str) -> Table:
    """The version an audit row names, to make its decision again. Raises UnknownVersion."""
    found = next((table for table in versions() if table.version == version), None)
    if found is None:
        raise UnknownVersion(version)
    return found


def _read(text: str) -> list[dict[str, str]]:
    """The lines of a file; a missing cell is an empty one, and one too many is refused."""
    try:
        rows = list(csv.DictReader(text.splitlines(), restval="", restkey="", strict=True))
    except csv.Error as error:
        raise TableError(f"not a table: {error}") from error
    if crowded := next((row for row in rows if "" in row), None):
        raise TableError(f"row {next(iter(crowded.values()))} has a cell too many")
    return rows


def _switch(row: dict[str, str]) -> Switch:
    if row["closed"] not in _YES_NO:
        raise TableError(f"switch {row['name']}: closed is yes or no")
    return Switch(row["name"], _YES_NO[row["closed"]], row["question"])


def _row(row: dict[str, str], switches: Mapping[str, Switch]) -> Row:
    try:
        state, _, switch = row["switch"].partition(" ")
        read = Row(
            id=row["id"],
            effect=cast("Effect", row["effect"]),
            relations=frozenset(Kind(word) for word in row["relations"].split()),
            ages=None if row["ages"] == "any" else frozenset().union(*(AGES[word] for word in row["ages"].split())),
            services=_services(row["services"]),
            when=row["when"],
            switch=switch,
            once_open={"": False, "closed": False, "open": True}[state],
            see=_YES_NO[row["see"]],
            act=_YES_NO[row["act"]],
            notify=cast("Notify", row["notify"]),
            reason=row["reason"],
            source=row["source"],
            law=row["law"],
        )
    except (KeyError, ValueError) as error:
        raise TableError(f"row {row.get('id')}: {error}") from error
    _check(read, switches, state)
    return read


def _services(words: str) -> frozenset[Service]:
    if words == "any":
        return frozenset(Service)
    found = (ALL_SERVICES if word == "all" else frozenset({Service(word)}) for word in words.split())
    return frozenset().union(*found)


def _check(row: Row, switches: Mapping[str, Switch], state: str) -> None:
    wrong = (
        row.effect not in ("veto", "grant")
        or row.when not in CONDITIONS
        or row.notify not in _NOTIFY
        or (state != "" and row.switch not in switches)
        or not (row.relations and row.services and row.reason)
        or row.ages == frozenset()
    )
    if wrong:
        raise TableError(f"row {row.id} makes no sense")
    if row.see != (row.effect == "grant"):
        raise TableError(f"row {row.id}: a veto shows nothing, and a grant shows something")
    if (row.act or row.notify != "none") and not row.see:
        raise TableError(f"row {row.id} lets someone act on, or be told of, what they cannot see")
