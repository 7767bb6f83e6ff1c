"""The record system over HTTP."""

from collections.abc import Mapping
from typing import Any

from portal.counterparts import wire
from portal.counterparts.client import CounterpartClient
from portal.counterparts.configured import client_for
from portal.counterparts.health_record import DeliveredResource, HealthRecord


class HttpHealthRecord:
    """Posts each resource with its key; numbers and names stay in the body."""

    def __init__(self, client: CounterpartClient) -> None:
        self._client = client

    def deliver(self, key: str, resource: Mapping[str, object]) -> DeliveredResource:
        """See `HealthRecord.deliver`."""
        return self._client.write("v1/inbox", body={"key": key, "resource": dict(resource)}, parse=_delivered)


def connect() -> HealthRecord:
    """The record system the settings point at."""
    return HttpHealthRecord(client_for("HEALTH_RECORD_URL"))


def _delivered(answer: dict[str, Any]) -> DeliveredResource:
    return DeliveredResource(record_id=wire.text(answer["record_id"]), duplicate=answer["duplicate"] is True)
