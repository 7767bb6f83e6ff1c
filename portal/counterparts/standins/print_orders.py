"""The printer's own books: orders by provider id, each of them a sheet that would be posted.

The same key is printed once, unless the provider has forgotten it; then it is printed again, and `copies` shows it.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from portal.counterparts.standins import courier, environment, receipts
from portal.counterparts.standins.store import Row, store
from portal.kernel import clock

KIND = "print-order"


class OtherContent(Exception):
    """The key is held with another content."""


def take(order: Row, pdf: bytes, mode: str) -> tuple[Row, bool]:
    """Take an order; the kept row and whether it was a repeat. Raises `OtherContent`."""
    with store().held():
        known = remembered(order["key"])
        if known is not None:
            if known["sha256"] != order["sha256"]:
                raise OtherContent
            return known, True
        now = clock.now()
        row = order | {
            "provider_id": f"T-{uuid4().hex[:12]}",
            "received_at": now.isoformat(),
            "received": now.timestamp(),
            "state": "received",
            "forgotten": mode == "forget_keys",
        }
        store().put(KIND, row["provider_id"], row)
        store().put_file(row["provider_id"], pdf)
        _plan(row, mode)
    return row, False


def remembered(key: str) -> Row | None:
    """The order under a key, where the provider has not forgotten the key."""
    return next((row for row in store().by_order_key(KIND, key) if not row["forgotten"]), None)


def forget_all_keys() -> None:
    """Forget every key held; the orders themselves stay in the books."""
    with store().held():
        for row in store().rows(KIND):
            store().put(KIND, row["provider_id"], row | {"forgotten": True})


def copies(row: Row) -> int:
    """How many times this order's key is printed; what was cancelled or refused is not."""
    printed = [
        order for order in store().by_order_key(KIND, row["key"]) if order["state"] not in ("cancelled", "failed")
    ]
    return len(printed)


def cancel(key: str, mode: str) -> str:
    """Stop an order unless it is posted."""
    with store().held():
        row = remembered(key)
        if row is None:
            return "unknown_key"
        if row["state"] == "cancelled":
            return "cancelled"
        if row["state"] != "received":
            return "too_late"
        finish(row, "cancelled", mode)
        return "cancelled"


def finish(row: Row, state: str, mode: str = "ok") -> None:
    """Bring an order to an end now (`cancelled`, `failed`, `returned`) and tell the portal."""
    now = clock.now()
    with store().held():
        store().put(KIND, row["provider_id"], row | {"state": state})
        if state != "returned":
            store().drop_jobs(_ref(row, "posted"))
        receipts.send(mode, path=receipts.PRINT_PATH, ref=_ref(row, state), events=[(now, _event(row, state))])


def _plan(row: Row, mode: str) -> None:
    """Received is told at once, posted some seconds later. A cancelled order loses the second part."""
    now = clock.now()
    posted = now + timedelta(seconds=environment.POSTING_SECONDS)
    courier.happen(at=posted, ref=_ref(row, "posted"), kind=KIND, key=row["provider_id"], state="posted")
    if mode == "duplicate_receipts":
        events = [(now, _event(row, "received")), (posted, _event(row, "posted"))]
        receipts.send(mode, path=receipts.PRINT_PATH, ref=_ref(row, "posted"), events=events)
        return
    for at, state in ((now, "received"), (posted, "posted")):
        receipts.send(mode, path=receipts.PRINT_PATH, ref=_ref(row, state), events=[(at, _event(row, state))])


def _event(row: Row, kind: str) -> dict[str, Any]:
    return {"key": row["key"], "kind": kind, "provider_id": row["provider_id"], "pages": row["pages"]}


def _ref(row: Row, kind: str) -> str:
    return f"{kind}:{row['provider_id']}"
