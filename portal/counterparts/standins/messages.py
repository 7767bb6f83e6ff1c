"""The SMS and e-mail providers' protocol, and every message handed over as JSON."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_http_methods, require_safe

from portal.counterparts.standins import courier, environment, receipts, region
from portal.counterparts.standins.behave import Behaviour
from portal.counterparts.standins.protocol import posts, protocol, refusal
from portal.counterparts.standins.store import Row, store
from portal.kernel import clock

KIND = "message"


def endpoint(channel: str) -> Callable[[HttpRequest], HttpResponseBase]:
    """`/v1/messages` of one channel (`sms` or `email`): hand over with POST, ask about a key with GET."""

    @require_http_methods(["GET", "POST"])
    @protocol(channel, works=posts)
    def messages(request: HttpRequest, behaviour: Behaviour) -> HttpResponse:
        return _take(channel, request, behaviour) if request.method == "POST" else _status(channel, request)

    return messages


@require_safe
def messages_json(_request: HttpRequest) -> JsonResponse:
    """Every SMS and e-mail handed over, oldest first."""
    names = ("channel", "to", "sender", "text", "at", "subject", "key", "state", "copies")
    return JsonResponse([{name: row[name] for name in names} for row in store().rows(KIND)], safe=False)


def forget_all_keys(channel: str) -> None:
    """Forget every key of a channel; the messages stay."""
    with store().held():
        for row in store().rows(KIND):
            if row["channel"] == channel:
                store().put(KIND, row["provider_id"], row | {"forgotten": True})


def _remembered(channel: str, key: str) -> Row | None:
    rows = store().by_order_key(KIND, key)
    return next((row for row in rows if row["channel"] == channel and not row["forgotten"]), None)


def _take(channel: str, request: HttpRequest, behaviour: Behaviour) -> HttpResponse:
    try:
        message = _read(channel, json.loads(request.body))
    except (ValueError, KeyError, TypeError):
        return refusal(400, "bad_request")
    with store().held():
        known = _remembered(channel, message["key"])
        if known is not None:
            same = all(known[name] == value for name, value in message.items())
            return _accepted(known, 200) if same else refusal(409, "other_content")
        row = _keep(channel, message, behaviour.mode)
    return _accepted(row, 202)


def _read(channel: str, body: dict[str, Any]) -> Row:
    names = ("key", "to", "sender", "text") + (("subject",) if channel == "email" else ())
    for name in names:
        if not isinstance(body[name], str) or not body[name]:
            raise ValueError(name)
    return {name: body[name] for name in names}


def _keep(channel: str, message: Row, mode: str) -> Row:
    now = clock.now()
    copies = len([row for row in store().by_order_key(KIND, message["key"]) if row["channel"] == channel]) + 1
    row: Row = {
        "subject": None,
        **message,
        "channel": channel,
        "provider_id": f"M-{uuid4().hex[:12]}",
        "at": now.isoformat(),
        "state": "queued",
        "forgotten": mode == "forget_keys",
        "copies": copies,
    }
    store().put(KIND, row["provider_id"], row)
    bounced = region.bounces(message["to"])
    state, at = ("failed" if bounced else "delivered"), now + timedelta(seconds=environment.DELIVERY_SECONDS)
    courier.happen(at=at, ref=row["provider_id"], kind=KIND, key=row["provider_id"], state=state)
    event = {"key": row["key"], "channel": channel, "kind": state, "reason": "address_unknown" if bounced else ""}
    receipts.send(mode, path=receipts.NOTICE_PATH, ref=row["provider_id"], events=[(at, event)])
    return row


def _accepted(row: Row, status: int) -> HttpResponse:
    return JsonResponse({"provider_id": row["provider_id"]}, status=status)


def _status(channel: str, request: HttpRequest) -> HttpResponse:
    row = _remembered(channel, request.GET.get("key", ""))
    return JsonResponse({"status": row["state"] if row is not None else "unknown_key"})
