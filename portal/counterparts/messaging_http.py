"""Both message providers over HTTP; they speak the same protocol at different addresses."""

from portal.counterparts import wire
from portal.counterparts.client import CounterpartClient
from portal.counterparts.messaging import Message, MessageAccepted, MessageStatus


class HttpMessageProvider:
    """Hands over one message at a time."""

    def __init__(self, client: CounterpartClient) -> None:
        self._client = client

    def send(self, message: Message) -> MessageAccepted:
        """See `MessageProvider.send`."""
        body = {"key": message.key, "to": message.to, "sender": message.sender, "text": message.text}
        if message.subject is not None:
            body["subject"] = message.subject
        return self._client.write(
            "v1/messages", body=body, parse=lambda answer: MessageAccepted(wire.text(answer["provider_id"]))
        )

    def status(self, key: str) -> MessageStatus:
        """See `MessageProvider.status`."""
        return self._client.read(
            "GET", "v1/messages", params={"key": key}, parse=lambda answer: MessageStatus(answer["status"])
        )
