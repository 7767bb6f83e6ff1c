"""What the stand-ins know of one invented person, for all registers at once."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Kind = Literal["citizen", "clinician", "operator", "clerk"]


@dataclass(frozen=True)
class Address:
    """A residence or a contact address."""

    lines: tuple[str, ...]
    postal_code: str
    town: str
    country_code: str = "NO"
    dwelling_id: str | None = None


@dataclass(frozen=True)
class Responsibility:
    """One row of a child's parental responsibility, as the register would hold it.

    Without a number it points at an organisation, or at someone of whom only a name is known, or at nobody.
    """

    kind: str
    responsible_pid: str | None
    valid_from: date | datetime | None
    ended_on: date | datetime | None = None
    organisation: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class SharedHome:
    """Delt bosted: a second home that the parents have agreed on."""

    residence: Address
    valid_from: date | datetime | None = None
    ended_on: date | datetime | None = None


@dataclass(frozen=True)
class Guardianship:
    """Vergemål, with the register's words for its kind (type) and for what it covers (omfang)."""

    guardian_pid: str
    kind: str = "voksen"
    scope: str = "personligeOgOekonomiskeInteresser"
    valid_from: date | datetime | None = None
    ended_on: date | datetime | None = None


@dataclass(frozen=True)
class Contact:
    """A person's entry in the contact register.

    `can_be_notified` None means that it follows from the rest. `bounces` makes messages to the person fail later.
    """

    registered: bool = True
    reserved: bool = False
    can_be_notified: bool | None = None
    email: str | None = None
    email_updated: datetime | None = None
    email_verified: datetime | None = None
    mobile: str | None = None
    mobile_updated: datetime | None = None
    mobile_verified: datetime | None = None
    language: str | None = "nb"
    bounces: bool = False


@dataclass(frozen=True)
class Person:
    """One invented person. `slug` stays the same between starts, also where the number follows today's date.

    `active` says that the demo signs the person in once beforehand, `letter` that it sends a letter; `roles` are the
    portal's own words. `hpr_number` and `organisation` are what HelseID vouches for about staff.
    """

    slug: str
    pid: str
    given_name: str
    family_name: str
    birth_date: date | None
    birth_year: int
    note: str
    group: str = "added"
    middle_name: str | None = None
    kind: Kind = "citizen"
    roles: tuple[str, ...] = ()
    active: bool = False
    can_sign_in: bool = True
    died_on: date | None = None
    protection: str = "ugradert"
    residence: Address | None = None
    contact_address: Address | None = None
    no_fixed_abode: bool = False
    parental_responsibility: tuple[Responsibility, ...] = ()
    parents: tuple[str, ...] = ()
    shared_homes: tuple[SharedHome, ...] = ()
    guardianships: tuple[Guardianship, ...] = ()
    former_pids: tuple[str, ...] = ()
    letter: bool = True
    hpr_number: str = ""
    organisation: str = ""
    contact: Contact = field(default_factory=Contact)

    @property
    def name(self) -> str:
        """The name as it is said."""
        return " ".join(part for part in (self.given_name, self.middle_name, self.family_name) if part)
