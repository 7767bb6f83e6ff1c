"""The print provider over HTTP."""

import base64
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from portal.counterparts import wire
from portal.counterparts.client import CounterpartClient
from portal.counterparts.configured import client_for
from portal.counterparts.print_provider import (
    AcceptedOrder,
    CancelAnswer,
    FoundOrder,
    PrintOrder,
    PrintProvider,
    ReceiptKind,
)


class _Page(NamedTuple):
    orders: list[FoundOrder]
    next: str | None


class HttpPrintProvider:
    """Hands orders over as JSON with the PDF inside, so that one signature covers all of it."""

    def __init__(self, client: CounterpartClient) -> None:
        self._client = client

    def submit(self, order: PrintOrder) -> AcceptedOrder:
        """See `PrintProvider.submit`."""
        return self._client.write("v1/orders", body=_body(order), parse=_accepted)

    def find(self, key: str) -> FoundOrder | None:
        """See `PrintProvider.find`."""
        return _newest(self._page({"key": key}))

    def find_by_letter(self, letter_id: UUID, sha256: str) -> FoundOrder | None:
        """See `PrintProvider.find_by_letter`."""
        return _newest(self._page({"letter": str(letter_id), "sha256": sha256}))

    def orders_received(self, from_: datetime, to: datetime) -> Iterator[FoundOrder]:
        """See `PrintProvider.orders_received`."""
        asked = {"from": from_.isoformat(), "to": to.isoformat()}
        page = self._page(asked)
        yield from page.orders
        while page.next is not None:
            page = self._page(asked | {"after": page.next})
            yield from page.orders

    def cancel(self, key: str) -> CancelAnswer:
        """See `PrintProvider.cancel`."""
        return self._client.write("v1/cancellations", body={"key": key}, parse=lambda a: CancelAnswer(a["answer"]))

    def _page(self, params: dict[str, str]) -> _Page:
        return self._client.read("GET", "v1/orders", params=params, parse=_parse_page)


def connect() -> PrintProvider:
    """The print provider the settings point at."""
    return HttpPrintProvider(client_for("PRINT_PROVIDER_URL"))


def _body(order: PrintOrder) -> dict[str, object]:
    return {
        "key": order.key,
        "letter": str(order.letter),
        "recipient_lines": list(order.recipient_lines),
        "sheets": order.sheets,
        "pages": order.pages,
        "duplex": order.duplex,
        "colour": order.colour,
        "sha256": order.sha256,
        "return_handling": order.return_handling.value,
        "pdf": base64.b64encode(order.pdf).decode(),
    }


def _accepted(answer: dict[str, Any]) -> AcceptedOrder:
    return AcceptedOrder(provider_id=wire.text(answer["provider_id"]), duplicate=answer["duplicate"] is True)


def _parse_page(answer: dict[str, Any]) -> _Page:
    return _Page([_order(row) for row in answer["orders"]], wire.optional_text(answer["next"]))


def _order(row: dict[str, Any]) -> FoundOrder:
    return FoundOrder(
        key=wire.text(row["key"]),
        provider_id=wire.text(row["provider_id"]),
        letter=UUID(row["letter"]),
        sha256=wire.text(row["sha256"]),
        pages=int(row["pages"]),
        received_at=wire.instant(row["received_at"]),
        copies=int(row["copies"]),
        state=ReceiptKind(row["state"]),
    )


def _newest(page: _Page) -> FoundOrder | None:
    return max(page.orders, key=lambda order: order.received_at, default=None)
