"""Who paper goes to and where, or why it must wait for a person.

Pure functions over what the population register says at this very moment; an address is never taken from a copy of
our own. Rules: letters design page section 4 (protected addresses, the dead, children) and Normen fact sheet 55. What
parents may not see is never sent to their home by itself, in whoever's name.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from letters.channel import Addressee

FIRST_YOUTH_AGE = 12
FIRST_OWN_AGE = 16
HOME_COUNTRY = "NO"
_LOOKED_AFTER = "Foresatte til"
"""Stands before a child's name in an address window, in the language of the post."""


class Place(Protocol):
    """The parts of the register's address that are used here."""

    @property
    def lines(self) -> tuple[str, ...]:
        """Street, c/o or post box lines, at most four."""

    @property
    def postal_code(self) -> str:
        """The postal code; may be empty abroad."""

    @property
    def town(self) -> str:
        """The town; may be empty abroad."""

    @property
    def country_code(self) -> str:
        """The country's two-letter code."""


@dataclass(frozen=True, slots=True)
class Party:
    """A person as far as post is concerned. `protected` covers both confidential grades (codes 6 and 7)."""

    name: str = field(repr=False)
    deceased: bool
    protected: bool
    contact: Place | None = field(repr=False, default=None)
    residence: Place | None = field(repr=False, default=None)
    no_fixed_abode: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where the sheet goes. `lines` is what stands in the window, name first."""

    addressee: Addressee
    lines: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Hold:
    """Why nothing may be printed yet; the same words as the reasons of a clerk's task."""

    reason: str


@dataclass(frozen=True, slots=True)
class Access:
    """What the rules of access say of the letter now.

    `withheld` is a reason to keep it from everyone (withheld, unknown_code); `parents_denied` is the rule that keeps
    parents out.
    """

    withheld: str = ""
    parents_denied: str = ""


_OPEN = Access()


def ages_on(day: date, birth_date: date | None, birth_year: int | None) -> tuple[int | None, int | None]:
    """Lowest and highest age in whole years on a day in Oslo; they differ when only the year is known."""
    if birth_date is not None:
        age = _age(day, birth_date)
        return age, age
    if birth_year is None:
        return None, None
    return _age(day, date(birth_year, 12, 31)), _age(day, date(birth_year, 1, 1))


def _age(day: date, born: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def recipient(
    patient: Party,
    ages: tuple[int | None, int | None],
    parents: Sequence[Party],
    released: Collection[str] = (),
    *,
    parents_unknown: bool = False,
    access: Access = _OPEN,
    came_back: Callable[[tuple[str, ...]], bool] = lambda lines: False,
) -> Recipient | Hold:
    """Who and where, or why not.

    `parents` are those with parental responsibility now; `parents_unknown` says that the register does not know who
    they are, and then the letter goes to whoever looks after the child, at the child's own address (access design page,
    scenario 10). `released` are reasons that a named person has decided to
    disregard for this posting. `came_back` tells whether post to these lines has come back before.
    """
    low, _high = ages
    stop = _stopped(patient, ages, access, released)
    if stop:
        return Hold(stop)
    known = _same_addressee(ages)
    addressee: Addressee = "parent" if low is not None and known and _to_parents(low) else "patient"
    unknown = parents_unknown and not parents
    addressed = _at_home_with(patient, parents, unknown=unknown) if addressee == "parent" else patient
    if addressed is None:
        return Hold("no_parent_at_address")
    if (patient.protected or addressed.protected) and "protected_address" not in released:
        return Hold("protected_address")
    place = _place(addressed)
    if place is None:
        return Hold("no_address")
    if place.country_code != HOME_COUNTRY and "foreign_address" not in released:
        return Hold("foreign_address")
    lines = _lines(addressed.name, place)
    if came_back(lines) and "address_returned" not in released:
        return Hold("address_returned")
    return Recipient(addressee, lines)


def _stopped(patient: Party, ages: tuple[int | None, int | None], access: Access, released: Collection[str]) -> str:
    """Why paper must wait whatever the address is."""
    if patient.deceased:
        return "deceased"
    if access.withheld and access.withheld not in released:
        return access.withheld
    if not _same_addressee(ages) and "age_unknown" not in released:
        return "age_unknown"
    low = ages[0]
    young = low is not None and low < FIRST_OWN_AGE
    return "parents_denied" if young and access.parents_denied and "parents_denied" not in released else ""


def _same_addressee(ages: tuple[int | None, int | None]) -> bool:
    low, high = ages
    return low is not None and high is not None and _to_parents(low) == _to_parents(high)


def _to_parents(age: int) -> bool:
    return age < FIRST_YOUTH_AGE


def _at_home_with(child: Party, parents: Sequence[Party], *, unknown: bool) -> Party | None:
    """The parent who lives where the child does, or whoever does where nobody is known."""
    if child.residence is None:
        return None
    if unknown:
        return replace(child, name=f"{_LOOKED_AFTER} {child.name}")
    return next((p for p in parents if not p.deceased and p.residence == child.residence), None)


def _place(party: Party) -> Place | None:
    """The complete address that post may be sent to; a protected person's is the register's contact address alone."""
    place = party.contact if party.protected or party.no_fixed_abode else party.contact or party.residence
    if place is None or not _street(place) or not place.country_code:
        return None
    if place.country_code == HOME_COUNTRY and not (place.postal_code and place.town):
        return None
    return place


def _street(place: Place) -> tuple[str, ...]:
    return tuple(line.strip() for line in place.lines if line.strip())


def _lines(name: str, place: Place) -> tuple[str, ...]:
    """Every line there is: what does not fit the window is refused there, and never cut here."""
    town = f"{place.postal_code} {place.town}".strip()
    country = () if place.country_code == HOME_COUNTRY else (place.country_code,)
    return (name, *_street(place), *((town,) if town else ()), *country)
