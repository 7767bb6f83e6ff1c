"""What the SMS and e-mail providers have in common: a short text handed over once per key.

A text never holds health content, a name or an identity number; it says that something waits in the portal.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class MessageStatus(StrEnum):
    """How far a message has come."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN_KEY = "unknown_key"


@dataclass(frozen=True)
class Message:
    """One message to one number or address. `subject` is for e-mail only."""

    key: str
    to: str
    sender: str
    text: str
    subject: str | None = None


@dataclass(frozen=True)
class MessageAccepted:
    """The provider has taken the message; whether it arrives is told later by a signed callback."""

    provider_id: str


class MessageProvider(Protocol):
    """Where messages are handed over."""

    def send(self, message: Message) -> MessageAccepted:
        """Hand over a message; a repeat with the same key and content is the same message.

        Raises `CounterpartDown` (surely not taken), `UnknownOutcome` (perhaps taken: repeat with the same key),
        `Refused` (the address cannot receive) or `ConflictingDuplicate`.
        """

    def status(self, key: str) -> MessageStatus:
        """How far the message under a key has come. Raises `CounterpartDown`."""
