"""When a provider tells the portal what, under each lever."""

from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from portal.counterparts.standins import courier
from portal.counterparts.standins.store import Row

LATE: Final = timedelta(days=3)
PRINT_PATH: Final = "kvitteringer/trykk/"
NOTICE_PATH: Final = "kvitteringer/varsel/"


def send(mode: str, *, path: str, ref: str, events: list[tuple[datetime, Row]]) -> None:
    """Plan the callbacks of some events, each an instant and a body without `event_id` and `occurred_at`.

    `no_receipts` plans none, `late_receipts` three days later. `duplicate_receipts` tells each twice with the same
    event id, and tells the first one last, so that the order is wrong as well.
    """
    if mode == "no_receipts":
        return
    late = LATE if mode == "late_receipts" else timedelta()
    whole = [
        (at, {"event_id": str(uuid4()), **body, "occurred_at": at.isoformat(timespec="seconds")}) for at, body in events
    ]
    for at, body in whole:
        courier.tell(at=at + late, ref=ref, path=path, body=body)
    if mode == "duplicate_receipts":
        last = max(at for at, _body in whole)
        for number, (_at, body) in enumerate(reversed(whole)):
            courier.tell(at=last + timedelta(seconds=number + 1), ref=ref, path=path, body=body)
