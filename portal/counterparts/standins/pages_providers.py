"""Pages for people: the printer's tray and the phones."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from portal.counterparts.standins import messages, print_orders, region
from portal.counterparts.standins.store import Row, store
from portal.kernel import clock

NEWEST = 60
STATE_WORDS = {
    "received": ("Mottatt", "info"),
    "posted": ("Postlagt", "success"),
    "returned": ("I retur", "warning"),
    "failed": ("Avvist", "danger"),
    "cancelled": ("Stanset", "neutral"),
}
MESSAGE_WORDS = {"queued": "På vei", "delivered": "Levert", "failed": "Kom ikke fram"}
ENDS = {"returned": "returned", "failed": "failed"}


@require_safe
def tray(request: HttpRequest) -> HttpResponse:
    """The newest sheets, each as an envelope with its receipts."""
    told: dict[str, list[Row]] = {}
    for row in store().rows("told"):
        told.setdefault(row.get("provider_id", ""), []).append(row)
    rows = store().rows(print_orders.KIND, newest_first=True, limit=NEWEST)
    orders = [_envelope(row, told.get(row["provider_id"], [])) for row in rows]
    doubled = sum(order["copies"] > 1 for order in orders)
    return render(request, "standins/tray.html", {"page": "print", "orders": orders, "doubled": doubled})


@require_POST
def finish_order(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Report a sheet as returned, or reject it."""
    row = store().get(print_orders.KIND, provider_id)
    state = ENDS.get(request.POST.get("state", ""))
    if row is None or state is None:
        raise Http404
    print_orders.finish(row, state)
    return HttpResponseRedirect("/print/")


@require_safe
def phones(request: HttpRequest) -> HttpResponse:
    """Every phone and mailbox with its messages, the one that rang last first."""
    owners = {
        point: person.name
        for person in region.people()
        for point in (person.contact.mobile, person.contact.email)
        if point
    }
    devices: dict[str, Row] = {}
    for row in store().rows(messages.KIND, newest_first=True, limit=NEWEST * 2):
        device = devices.setdefault(
            row["to"],
            {"to": row["to"], "owner": owners.get(row["to"], "Ukjent"), "channel": row["channel"], "messages": []},
        )
        state = MESSAGE_WORDS.get(row["state"], row["state"])
        device["messages"].insert(0, {**row, "at": _local(row["at"]), "state_words": state})
    return render(request, "standins/phones.html", {"page": "phones", "devices": list(devices.values())})


def _envelope(row: Row, told: list[Row]) -> Row:
    words, colour = STATE_WORDS[row["state"]]
    return row | {
        "received_at": _local(row["received_at"]),
        "copies": print_orders.copies(row),
        "state_words": words,
        "colour": colour,
        "told": [{**event, "words": STATE_WORDS[event["kind"]][0]} for event in told],
        "can_return": row["state"] == "posted",
        "can_fail": row["state"] == "received",
    }


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(clock.OSLO)
