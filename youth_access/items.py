"""What a patient has in each service, as clinicians who set codes must see it.

Services lie above access. Each registers a source when the product starts; access asks for the patient's items, has
their codes set, and looks for codes that nobody knows, without knowing any service.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from portal.kernel.actor import Actor
from youth_access.circumstances import ItemFacts
from youth_access.facts import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One item as a clinician finds it in the list. `kind` is the word audit rows have for it ("letter").

    `sort` is the item's type in words and `unit` its unit's name. `facts` are those every decision rests on.
    """

    service: Service
    kind: str
    id: UUID
    patient_id: UUID
    title: str
    sort: str
    unit: str
    at: datetime
    facts: ItemFacts


@dataclass(frozen=True, slots=True)
class CodeUnknown:
    """An item that carries a code outside the national set."""

    patient_id: UUID
    item_id: UUID
    unit_id: str


class Source(Protocol):
    """What a service gives. Reads are the service's queries, the change is its own command."""

    @property
    def service(self) -> Service:
        """Which service this is; one source for each."""

    def of_patient(self, patient_id: UUID, limit: int) -> Sequence[Listed]:
        """A patient's newest items, whoever may see them; a fixed number of queries."""

    def one(self, patient_id: UUID, item_id: UUID) -> Listed | None:
        """One of them; None where it is not this patient's or there is none."""

    def set_codes(
        self,
        *,
        patient_id: UUID,
        item_id: UUID,
        codes: Collection[str],
        visible_from: datetime | None,
        note: str,
        by: Actor,
    ) -> None:
        """Set an item's codes and the instant it is withheld until, with history and audit, in one transaction.

        `codes` replaces those that were set, and `("N",)` opens the item. The same codes again change nothing.
        """

    def unknown_codes(self, known: Collection[str], limit: int) -> Iterable[CodeUnknown]:
        """Items that carry any code outside `known`, oldest first."""


_sources: Final[dict[Service, Source]] = {}


def register(source: Source) -> None:
    """Let a service's items be listed and given codes; a later one takes the place of an earlier."""
    _sources[source.service] = source


def sources() -> tuple[Source, ...]:
    """Every registered source, in the order of the services."""
    return tuple(_sources[service] for service in Service if service in _sources)


def source(service: Service) -> Source | None:
    """The source of one service; None where none is registered."""
    return _sources.get(service)
