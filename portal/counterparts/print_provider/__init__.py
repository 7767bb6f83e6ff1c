"""The print provider: turns a finished PDF into a posted letter, once per key.

The key is minted with the posting row and never changes, so a repeat of an order is the same order. A provider may
forget keys; therefore an order of unknown outcome is looked up by key and by letter before it is ever sent again.
Receipts come later by a signed callback.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class ReturnHandling(StrEnum):
    """What the provider does with a sheet that cannot be delivered."""

    RETURN_TO_SENDER = "return_to_sender"
    SHRED_AND_TELL = "shred_and_tell"


class ReceiptKind(StrEnum):
    """What a callback tells about an order (its `kind`)."""

    RECEIVED = "received"
    POSTED = "posted"
    RETURNED = "returned"
    FAILED = "failed"
    CANCELLED = "cancelled"


class CancelAnswer(StrEnum):
    """What became of a wish to stop an order."""

    CANCELLED = "cancelled"
    TOO_LATE = "too_late"
    UNKNOWN_KEY = "unknown_key"


@dataclass(frozen=True)
class PrintOrder:
    """One letter to one addressee on paper. `sha256` is the hex digest of `pdf`."""

    key: str
    letter: UUID
    recipient_lines: tuple[str, ...]
    sheets: int
    pages: int
    duplex: bool
    colour: bool
    sha256: str
    pdf: bytes
    return_handling: ReturnHandling = ReturnHandling.RETURN_TO_SENDER


@dataclass(frozen=True)
class AcceptedOrder:
    """The provider has taken the order. `duplicate` means it already had this key with this content."""

    provider_id: str
    duplicate: bool


@dataclass(frozen=True)
class FoundOrder:
    """An order as the provider knows it. `copies` counts how many times it is printed; more than one is an accident."""

    key: str
    provider_id: str
    letter: UUID
    sha256: str
    pages: int
    received_at: datetime
    copies: int
    state: ReceiptKind


class PrintProvider(Protocol):
    """Where paper letters are handed over."""

    def submit(self, order: PrintOrder) -> AcceptedOrder:
        """Hand over an order.

        Raises `CounterpartDown` (surely not taken), `UnknownOutcome` (perhaps taken), `Refused` (the order breaks the
        provider's rules) or `ConflictingDuplicate` (this key is held with another content).
        """

    def find(self, key: str) -> FoundOrder | None:
        """The order under a key, or None where the provider says it has none. Raises `CounterpartDown`."""

    def find_by_letter(self, letter_id: UUID, sha256: str) -> FoundOrder | None:
        """The newest order for a letter with this very content, whatever its key. Raises `CounterpartDown`."""

    def orders_received(self, from_: datetime, to: datetime) -> Iterator[FoundOrder]:
        """Every order received in [from_, to), oldest first, fetched page by page. Raises `CounterpartDown`."""

    def cancel(self, key: str) -> CancelAnswer:
        """Ask the provider to stop an order that is not posted yet. Raises as `submit`; safe to repeat."""
