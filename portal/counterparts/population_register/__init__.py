"""The population register (Folkeregisteret): who a person is, lives with and answers for, and where post reaches them.

The birth date is a field of its own and may be missing; from 2032 an identity number no longer tells the century,
so a birth date is never read from a number. The register is known to hold doubled and incomplete rows of parental
responsibility; they are handed on as they stand.

Periods are whole days in Oslo: the first day that counts, and the first that no longer does. Where the register names
a moment within a day, the reading that lets fewer people in is chosen (see `answers`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol


class Protection(StrEnum):
    """How far an address is protected (adressebeskyttelse)."""

    NONE = "ugradert"
    CLIENT = "klientadresse"
    CONFIDENTIAL = "fortrolig"
    STRICTLY_CONFIDENTIAL = "strengtFortrolig"


class ResponsibilityKind(StrEnum):
    """Who has parental responsibility (foreldreansvar), in the register's own words."""

    JOINT = "felles"
    MOTHER = "mor"
    FATHER = "far"
    CO_MOTHER = "medmor"
    OTHERS = "andre"
    UNKNOWN = "ukjent"


@dataclass(frozen=True)
class Address:
    """An address as it is printed: at most four lines, then postal code and town. Empty codes for some foreign ones."""

    lines: tuple[str, ...]
    postal_code: str
    town: str
    country_code: str
    dwelling_id: str | None = None

    def same_home_as(self, other: "Address") -> bool:
        """Whether two residences are one home: every part equal, dwelling number included."""
        return self == other


class Holder(StrEnum):
    """What kind of party a row of parental responsibility points at."""

    PERSON = "person"
    ORGANISATION = "organisation"
    WITHOUT_NUMBER = "without_number"
    NOBODY = "nobody"


@dataclass(frozen=True)
class ParentalResponsibility:
    """One row of a child's parental responsibility. `responsible_pid` is None for an organisation or the numberless.

    A row that cannot be read is of the kind `UNKNOWN`, held by nobody: it counts, and lets nobody in.
    """

    kind: ResponsibilityKind
    responsible_pid: str | None = field(repr=False)
    valid_from: date | None
    ended_on: date | None
    holder: Holder = Holder.PERSON
    is_read: bool = True
    """False for a row that could not be read: it may have said anything."""


@dataclass(frozen=True)
class SharedHome:
    """Delt bosted: a child's second home by agreement between the parents."""

    address: Address
    valid_from: date | None
    ended_on: date | None


@dataclass(frozen=True)
class Guardianship:
    """Vergemål. `personal` says that the mandate covers personal interests; silence about it means that it does not.

    `for_lone_child`: appointed for a child who came to Norway alone, as asylum seeker or refugee.
    """

    guardian_pid: str = field(repr=False)
    personal: bool
    valid_from: date | None
    ended_on: date | None
    for_lone_child: bool = False


@dataclass(frozen=True)
class RegisteredPerson:
    """What the register says about one person at the time of asking.

    `pid` is the number in use now; `former_pids` are numbers the same person has had. `child_pids` are those the person
    is a parent of or answers for, `ward_pids` those whose guardian the person is, at any time.
    """

    pid: str = field(repr=False)
    given_name: str
    middle_name: str | None
    family_name: str
    birth_date: date | None
    birth_year: int
    died_on: date | None
    protection: Protection
    residence: Address | None
    contact_address: Address | None
    no_fixed_abode: bool
    parental_responsibility: tuple[ParentalResponsibility, ...]
    former_pids: tuple[str, ...] = field(default=(), repr=False)
    parent_pids: tuple[str, ...] = field(default=(), repr=False)
    child_pids: tuple[str, ...] = field(default=(), repr=False)
    ward_pids: tuple[str, ...] = field(default=(), repr=False)
    shared_homes: tuple[SharedHome, ...] = ()
    guardianships: tuple[Guardianship, ...] = ()

    @property
    def display_name(self) -> str:
        """The name as it is said: given, middle, family. Capital letters are left as the register has them."""
        return " ".join(part for part in (self.given_name, self.middle_name, self.family_name) if part)

    @property
    def protected(self) -> bool:
        """Whether the address is confidential (code 7) or strictly confidential (code 6)."""
        return self.protection in (Protection.CONFIDENTIAL, Protection.STRICTLY_CONFIDENTIAL)


@dataclass(frozen=True)
class RegisterEvent:
    """Something was changed about a person. `kind` is the register's own word; `pid` is empty where it names nobody."""

    sequence: int
    kind: str
    pid: str = field(repr=False)


@dataclass(frozen=True)
class EventPage:
    """Events in the order of their numbers, and the number of the latest there is. Numbers may have gaps."""

    events: tuple[RegisterEvent, ...]
    latest: int


class PopulationRegister(Protocol):
    """Where persons are asked for. An address is asked for when it is about to be used, never kept."""

    def look_up(self, pid: str) -> RegisteredPerson | None:
        """One person, or None where the number is unknown. Raises `CounterpartDown`.

        A number the person had before is as good as the present one; the answer tells the present one.
        """

    def look_up_many(self, pids: Collection[str]) -> Mapping[str, RegisteredPerson | None]:
        """Several at once, by the number asked with; None where it is unknown.

        A person whose answer cannot be read is left out, so that one bad row does not hide the others.
        Raises `CounterpartDown`.
        """

    def events_after(self, sequence: int, *, most: int) -> EventPage:
        """What has changed since an event, at most so many events. Raises `CounterpartDown`."""
