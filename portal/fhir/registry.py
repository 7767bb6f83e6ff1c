"""Which resource types the portal speaks; apps enter theirs here, so that this package need not know them."""

from dataclasses import dataclass
from typing import Literal

Interaction = Literal["create", "read", "update", "search-type"]
SearchKind = Literal["reference", "token", "date", "string"]


@dataclass(frozen=True, slots=True)
class SearchParameter:
    """A parameter that a search understands."""

    name: str
    kind: SearchKind
    documentation: str


@dataclass(frozen=True, slots=True)
class ResourceType:
    """One line of the CapabilityStatement."""

    name: str
    interactions: tuple[Interaction, ...]
    documentation: str
    search: tuple[SearchParameter, ...] = ()


_entered: dict[str, ResourceType] = {}


def enter(resource: ResourceType) -> None:
    """Make a resource type known; entering it again replaces it."""
    _entered[resource.name] = resource


def entered() -> tuple[ResourceType, ...]:
    """Every resource type, by name."""
    return tuple(_entered[name] for name in sorted(_entered))
