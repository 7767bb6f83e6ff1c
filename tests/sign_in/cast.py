"""Staff of the stand-ins' region as the portal knows them: a person, and the roles they hold here."""

from functools import lru_cache

import httpx
from django.conf import settings

from portal.kernel.actor import system
from portal.people.commands import grant_role, register_person
from portal.people.models import Person, Role

CLINICIAN = ("astrid-fossheim", "Astrid Fossheim")
CLERK = ("wenche-sandmo", "Wenche Sandmo")


def employed(slug: str, *roles: Role) -> Person:
    """A member of the cast, known here by number and role before they ever sign in."""
    person = register_person(pid=pid_of(slug))
    for role in roles:
        grant_role(person=person, role=role, by=system("test"))
    return person


def pid_of(slug: str) -> str:
    """A member of the cast's number."""
    standins = settings.IDENTITY_ISSUER.removesuffix("/identity")
    return next(row["pid"] for row in _people(standins) if row["slug"] == slug)


@lru_cache(maxsize=4)
def _people(standins: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = httpx.get(f"{standins}/people.json").json()
    return rows
