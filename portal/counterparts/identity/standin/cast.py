"""Who can sign in, grouped by what they are to the health authority."""

from dataclasses import dataclass
from typing import Final

from portal.counterparts.identity.standin.providers import Provider
from portal.counterparts.standins import region
from portal.counterparts.standins.person import Person

_CITIZENS: Final = ("citizen", "Innbyggere")
_STAFF: Final = (("clerk", "Merkantile"), ("clinician", "Behandlere"), ("operator", "Driftsansvarlige"))
_DEAD: Final = "Døde, men BankID virker ennå"


@dataclass(frozen=True)
class Group:
    """People of one kind, under a heading."""

    title: str
    people: list[Person]


def groups(provider: Provider) -> list[Group]:
    """Everyone who can sign in here, citizens first and clinicians first at HelseID; empty groups are left out."""
    everyone = [person for person in region.people() if _can_sign_in(provider, person)]
    living = [person for person in everyone if person.died_on is None]
    kinds = sorted(_STAFF, key=lambda kind: kind[0] != "clinician") if provider.for_staff else (_CITIZENS, *_STAFF)
    found = [Group(title, [person for person in living if person.kind == kind]) for kind, title in kinds]
    found.append(Group(_DEAD, [person for person in everyone if person.died_on is not None]))
    return [group for group in found if group.people]


def find(provider: Provider, slug: str) -> Person | None:
    """The person with this slug, if they can sign in here."""
    person = region.find_slug(slug)
    return person if person is not None and _can_sign_in(provider, person) else None


def _can_sign_in(provider: Provider, person: Person) -> bool:
    """Anyone with a means of signing in at ID-porten, staff only at HelseID."""
    return person.can_sign_in and (not provider.for_staff or person.kind != "citizen")
