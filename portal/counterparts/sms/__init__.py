"""The SMS provider. See `portal.counterparts.messaging` for what it shares with the other channel."""

from portal.counterparts.messaging import Message, MessageAccepted, MessageProvider, MessageStatus

CHANNEL = "sms"

__all__ = ["CHANNEL", "Message", "MessageAccepted", "MessageProvider", "MessageStatus"]
