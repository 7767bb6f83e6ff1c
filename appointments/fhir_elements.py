"""What the mappings of appointments, timebøker and invitations share: what lies inside, codings, own names, times."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from django.utils.translation import gettext as _
from fhir.resources.R4B.fhirresourcemodel import FHIRResourceModel

from appointments import fhir_codes as known
from portal.fhir.elements import Findings, as_list, as_object, as_text, day_or_instant, identifier_of
from portal.fhir.outcomes import Problem, without_repeats
from portal.fhir.shapes import problems_of_shape
from portal.people import numbers

LONGEST_KEY: Final = 200
CLOCKS_DIFFER: Final = timedelta(hours=1)
"""A word from further ahead than this would shut out the sender's own next words."""
_NUMBER: Final = re.compile(r"(?<![0-9a-fA-F])\d{6}[ .-]?\d{5}(?![0-9a-fA-F])")
_DAY_ALONE: Final = len("2026-11-22")
_RESOURCES: Final = UUID("6a2f6f0e-6a0e-5f7a-8f0b-6a3c1d1f7c11")


class Refused(Exception):
    """Every problem that keeps a resource from being taken in."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Parcel:
    """A resource with what it carries inside itself."""

    tree: dict[str, Any]

    def contained(self, kind: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The contained resources of one type, each with its place."""
        for n, entry in enumerate(as_list(self.tree.get("contained"))):
            if as_object(entry).get("resourceType") == kind:
                yield n, entry

    def follow(self, reference: object) -> dict[str, Any]:
        """The contained resource that a reference points to; empty where it points elsewhere."""
        name = as_text(as_object(reference).get("reference"))
        if not name.startswith("#"):
            return {}
        for entry in as_list(self.tree.get("contained")):
            if as_object(entry).get("id") == name[1:]:
                return as_object(entry)
        return {}

    def extensions(self, *urls: str) -> list[tuple[int, dict[str, Any]]]:
        """The extensions with one of these addresses, each with its place."""
        entries = enumerate(as_list(self.tree.get("extension")))
        return [(n, as_object(entry)) for n, entry in entries if as_object(entry).get("url") in urls]


def codings_of(concept: object) -> list[tuple[str, str, str]]:
    """A concept's codings as system, code and display."""
    entries = [as_object(entry) for entry in as_list(as_object(concept).get("coding"))]
    return [(as_text(e.get("system")), as_text(e.get("code")), as_text(e.get("display"))) for e in entries]


def has_code(concepts: Iterable[object], system: str, *wanted: str) -> bool:
    """Whether any of the concepts has one of these codes."""
    return any(one == system and code in wanted for each in concepts for one, code, _display in codings_of(each))


def identifiers_in(resource: dict[str, Any], system: str) -> list[str]:
    """The values a resource, or a reference, is identified by in one system."""
    identifier = resource.get("identifier")
    entries = identifier if isinstance(identifier, list) else [identifier]
    found = [as_object(entry) for entry in entries]
    return [as_text(entry.get("value")).strip() for entry in found if entry.get("system") == system]


def one_line(text: str) -> str:
    """A name as one line, without characters that cannot be seen."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


@dataclass(frozen=True, slots=True)
class Said:
    """An Appointment with what the rules ask again and again."""

    parcel: Parcel
    status: str
    category: str
    is_part: bool

    @property
    def tree(self) -> dict[str, Any]:
        """The resource itself."""
        return self.parcel.tree

    @property
    def of_hospital(self) -> bool:
        """Whether it is specialist care or radiology; everything else is a municipality's."""
        return self.category in known.HOSPITAL

    @property
    def is_virtual(self) -> bool:
        """Whether it is by video or telephone."""
        return bool(self.parcel.extensions(*known.VIRTUAL))


def said(tree: dict[str, Any]) -> Said:
    """The resource as the rules look at it."""
    parcel = Parcel(tree)
    concepts = as_list(tree.get("serviceCategory"))
    found = [
        code for each in concepts for system, code, _d in codings_of(each) if code in known.CATEGORIES.get(system, ())
    ]
    return Said(
        parcel=parcel,
        status=as_text(tree.get("status")),
        category=found[0] if found else "",
        is_part=bool(parcel.extensions(known.PART_OF)),
    )


def own_key(tree: dict[str, Any], found: Findings) -> str:
    """The resource's one identifier as "system|value"; empty, with the problem noted, where it has not just one."""
    entries = as_list(tree.get("identifier"))
    key = identifier_of(entries[0]) if entries else ""
    if len(entries) > 1:
        found.add("value", "key-repeated", _("Ressursen må ha nøyaktig én identifier."), "identifier")
    elif not key:
        found.add("required", "key-missing", _("Ressursen trenger en identifier med system og value."), "identifier")
    elif len(key) > LONGEST_KEY:
        text = _("Identifikatoren er for lang. Grensen er 200 tegn for system og value til sammen.")
        found.add("too-long", "key-too-long", text, "identifier")
    elif any(numbers.is_valid(re.sub(r"\D", "", match)) for match in _NUMBER.findall(key.partition("|")[2])):
        text = _("Identifikatoren kan ikke være et fødselsnummer.")
        found.add("business-rule", "key-is-a-person", text, "identifier")
    return key


def said_at(tree: dict[str, Any], now: datetime, found: Findings) -> datetime:
    """When the sender said this (meta.lastUpdated); now where it does not say."""
    text = as_object(tree.get("meta")).get("lastUpdated")
    if text is None:
        return now
    moment = instant(text, "meta.lastUpdated", found)
    if moment is not None and moment > now + CLOCKS_DIFFER:
        problem = _("Ressursen er fra framtiden. Se etter at klokka deres går riktig.")
        found.add("business-rule", "updated-in-future", problem, "meta.lastUpdated")
    return moment or now


def instant(value: object, place: str, found: Findings) -> datetime | None:
    """A time of day with its zone; None, with the problem noted, where it is none."""
    text = as_text(value)
    moment = None if len(text) <= _DAY_ALONE else day_or_instant(text, end_of_day=False)
    if moment is None:
        problem = _("Tidspunktet må være dato og klokkeslett med tidssone.")
        found.add("value", "time-invalid", problem, place)
        return None
    return moment.astimezone(UTC)


def resource_named(actor: str) -> str:
    """The opaque name of who or what is booked, made from its identifier ("system|value")."""
    return str(uuid5(_RESOURCES, actor))


def refuse_any(found: Findings, model: type[FHIRResourceModel], tree: dict[str, Any]) -> None:
    """Raise `Refused` where anything is wrong: what was found, and what FHIR's shape forbids in other places."""
    named = {problem.expression for problem in found.problems}
    shape = [each for each in problems_of_shape(model, tree) if each.expression not in named]
    if problems := without_repeats([*found.problems, *shape]):
        raise Refused(problems)
