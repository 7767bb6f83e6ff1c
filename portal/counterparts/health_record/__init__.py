"""The hospital's record system: it sends letters in over FHIR, and takes back what became of them.

Its way in is `/fhir/` with a token of its own; this port is the way out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class DeliveredResource:
    """The record system has filed the resource. `duplicate` means it already had this key with this content."""

    record_id: str
    duplicate: bool


class HealthRecord(Protocol):
    """Where FHIR resources are handed back to the hospital."""

    def deliver(self, key: str, resource: Mapping[str, object]) -> DeliveredResource:
        """Hand over one FHIR resource; a repeat with the same key and content is filed once.

        Raises any of the four errors of `portal.counterparts.errors`.
        """
