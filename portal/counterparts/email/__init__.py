"""The e-mail provider. See `portal.counterparts.messaging` for what it shares with the other channel."""

from portal.counterparts.messaging import Message, MessageAccepted, MessageProvider, MessageStatus

CHANNEL = "email"

__all__ = ["CHANNEL", "Message", "MessageAccepted", "MessageProvider", "MessageStatus"]
