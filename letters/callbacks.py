"""Where the printer and the message gateways report back. Signed, so that nobody else can."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from letters.commands import notices, receipts
from letters.commands.receipts import Receipt
from letters.models import Notice
from portal.counterparts.print_provider import ReceiptKind
from portal.counterparts.signing import BadSignature, verify
from portal.people import delivery_reports

_LARGEST = 64 * 1024
# An instant outside these years cannot be shown in every time zone.
_YEARS = range(2000, 2200)


class _Unreadable(ValueError):
    """The message is signed, but is not one we understand."""


@csrf_exempt  # another system calls with its own signature; there is no browser and no cookie
@require_POST
def from_printer(request: HttpRequest) -> HttpResponse:
    """A print receipt. 200 for what was taken or known before, 4xx for what is forged, stale or unreadable."""
    try:
        receipt = _receipt(_signed_body(request))
    except BadSignature:
        return JsonResponse({"error": "bad-signature"}, status=401)
    except _Unreadable:
        return JsonResponse({"error": "unreadable"}, status=400)
    return JsonResponse({"moved": receipts.take(receipt)})


@csrf_exempt  # as above
@require_POST
def from_gateway(request: HttpRequest) -> HttpResponse:
    """A delivery report for a notice, whatever it was about."""
    try:
        notice_id, delivered = _report(_signed_body(request))
    except BadSignature:
        return JsonResponse({"error": "bad-signature"}, status=401)
    except _Unreadable:
        return JsonResponse({"error": "unreadable"}, status=400)
    if Notice.objects.filter(pk=notice_id).exists():
        _note_report(notice_id, delivered=delivered)
    elif not delivery_reports.take(notice_id, delivered=delivered):
        return JsonResponse({"error": "unknown-key"}, status=404)
    return JsonResponse({"taken": True})


def _note_report(notice_id: UUID, *, delivered: bool) -> None:
    if delivered:
        notices.note_delivered(notice_id=notice_id)
    else:
        notices.note_failed(notice_id=notice_id, failure="not-delivered")


def _signed_body(request: HttpRequest) -> bytes:
    body = request.body
    if len(body) > _LARGEST:
        raise _Unreadable
    verify(settings.COUNTERPART_SECRET, request.headers, body)
    return body


def _fields(body: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(body)
    except ValueError:
        raise _Unreadable from None
    if not isinstance(fields, dict):
        raise _Unreadable
    return fields


def _receipt(body: bytes) -> Receipt:
    fields = _fields(body)
    pages = fields.get("pages")
    try:
        occurred_at = datetime.fromisoformat(str(fields["occurred_at"]))
        receipt = Receipt(
            event_id=_word(fields["event_id"]),
            key=_word(fields["key"]),
            kind=ReceiptKind(fields["kind"]),
            occurred_at=occurred_at,
            provider_id=_word(fields.get("provider_id") or "told-by-receipt"),
            pages=pages if isinstance(pages, int) else None,
            raw=body,
        )
    except (KeyError, ValueError, TypeError):
        raise _Unreadable from None
    if occurred_at.tzinfo is None or occurred_at.year not in _YEARS:
        raise _Unreadable
    return receipt


def _word(value: object) -> str:
    if not isinstance(value, str) or not value or len(value) > 80 or "\0" in value:
        raise ValueError
    value.encode()  # half of a surrogate pair is JSON, but no text: UnicodeEncodeError is a ValueError
    return value


def _report(body: bytes) -> tuple[UUID, bool]:
    fields = _fields(body)
    try:
        notice_id = UUID(_word(fields["key"]).removeprefix("notice-"))
        return notice_id, {"delivered": True, "failed": False}[fields["kind"]]
    except (KeyError, ValueError, TypeError):
        raise _Unreadable from None
