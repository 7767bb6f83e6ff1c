"""The print provider's protocol, and its tray as JSON and PDF."""

import base64
import binascii
import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.counterparts.standins import pdf_rules, print_orders
from portal.counterparts.standins.behave import Behaviour
from portal.counterparts.standins.print_orders import OtherContent
from portal.counterparts.standins.protocol import always, posts, protocol, refusal
from portal.counterparts.standins.store import Row, store

PAGE_SIZE = 200
FIELDS: dict[str, type] = {
    "key": str,
    "letter": str,
    "recipient_lines": list,
    "sheets": int,
    "pages": int,
    "duplex": bool,
    "colour": bool,
    "sha256": str,
    "return_handling": str,
}


@require_http_methods(["GET", "POST"])
@protocol("print", works=posts)
def orders(request: HttpRequest, behaviour: Behaviour) -> HttpResponse:
    """Take an order, or find orders by key, by letter, or by when they came."""
    return _submit(request, behaviour) if request.method == "POST" else _found(request)


@require_POST
@protocol("print", works=always)
def cancellations(request: HttpRequest, behaviour: Behaviour) -> HttpResponse:
    """Stop an order that is not posted yet."""
    try:
        key = str(json.loads(request.body)["key"])
    except (ValueError, KeyError, TypeError):
        return refusal(400, "bad_request")
    return JsonResponse({"answer": print_orders.cancel(key, behaviour.mode)})


@require_safe
def orders_json(request: HttpRequest) -> JsonResponse:
    """One row per key: every sheet that would have been posted. What was stopped in time is not among them."""
    rows: dict[str, Row] = {}
    for row in store().rows(print_orders.KIND):
        rows.setdefault(row["key"], row)
    tray = [_tray_row(request, row) for row in rows.values()]
    return JsonResponse([row for row in tray if row["copies"]], safe=False)


@require_safe
def order_pdf(_request: HttpRequest, provider_id: str) -> HttpResponse:
    """The PDF of an order."""
    pdf = store().file(provider_id)
    if pdf is None:
        return refusal(404, "unknown_order")
    headers = {"Content-Disposition": f'inline; filename="{provider_id}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _submit(request: HttpRequest, behaviour: Behaviour) -> HttpResponse:
    try:
        order, pdf = _read(json.loads(request.body))
    except (ValueError, KeyError, TypeError, binascii.Error):
        return refusal(400, "bad_request")
    fault = pdf_rules.fault(pdf, claimed_sha256=order["sha256"], claimed_pages=order["pages"])
    if fault:
        return refusal(422, fault)
    try:
        row, repeated = print_orders.take(order, pdf, behaviour.mode)
    except OtherContent:
        return refusal(409, "other_content")
    answer = {"provider_id": row["provider_id"], "duplicate": repeated}
    return JsonResponse(answer, status=200 if repeated else 201)


def _read(body: dict[str, Any]) -> tuple[Row, bytes]:
    for name, kind in FIELDS.items():
        if type(body[name]) is not kind:
            raise TypeError(name)
    if not body["key"] or not body["recipient_lines"]:
        raise ValueError("key and recipient are needed")
    return {name: body[name] for name in FIELDS}, base64.b64decode(body["pdf"], validate=True)


def _found(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    if "key" in asked:
        row = print_orders.remembered(asked["key"])
        return _page([row] if row is not None else [])
    if "letter" in asked:
        rows = store().by_letter(print_orders.KIND, asked["letter"])
        return _page([row for row in rows if row["sha256"] == asked.get("sha256", row["sha256"])])
    try:
        from_, to = datetime.fromisoformat(asked["from"]), datetime.fromisoformat(asked["to"])
        start = int(asked.get("after", "0"))
    except (KeyError, ValueError):
        return refusal(400, "bad_request")
    batch = store().between(print_orders.KIND, from_.timestamp(), to.timestamp(), after=start, limit=PAGE_SIZE)
    return _page([row for _seq, row in batch], str(batch[-1][0]) if len(batch) == PAGE_SIZE else None)


def _page(rows: list[Row], next_: str | None = None) -> HttpResponse:
    return JsonResponse({"orders": [_public(row) for row in rows], "next": next_})


def _public(row: Row) -> Row:
    names = ("key", "provider_id", "letter", "sha256", "pages", "received_at", "state")
    return {name: row[name] for name in names} | {"copies": print_orders.copies(row)}


def _tray_row(request: HttpRequest, row: Row) -> Row:
    names = ("key", "letter", "recipient_lines", "pages", "sha256", "received_at", "provider_id", "state")
    pdf = request.build_absolute_uri(reverse("print-pdf", args=[row["provider_id"]]))
    return {name: row[name] for name in names} | {"copies": print_orders.copies(row), "pdf": pdf}
