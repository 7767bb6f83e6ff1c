"""The record system's page: write a letter, send it over FHIR, and see what the portal said."""

import json
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from portal.counterparts.standins import hospital_texts, letter_order, region
from portal.counterparts.standins.http import Answer, PortalAway, send_letter
from portal.counterparts.standins.record_system import INBOX
from portal.counterparts.standins.store import Row, store
from portal.kernel import clock

SENT = "letter-sent"
NEWEST = 12


@require_http_methods(["GET", "HEAD", "POST"])
def write_letter(request: HttpRequest) -> HttpResponse:
    """The form, filled from a ready text or from what was just sent."""
    asked = request.POST if request.method == "POST" else request.GET
    text = hospital_texts.ready(asked.get("text", ""))
    form = {
        "text": text.slug,
        "pid": asked.get("pid", ""),
        "resh": asked.get("resh", region.UNITS[0].resh),
        "letter_type": asked.get("letter_type", text.letter_type),
        "title": asked.get("title", text.title),
        "body": asked.get("body", text.body),
        "enclosure": asked.get("enclosure", ""),
        "number": asked.get("number") or f"B-{clock.today().year}-{uuid4().hex[:6].upper()}",
    }
    words: dict[str, object] = {"form": form}
    if request.method == "POST":
        words |= _send(form)
    return render(request, "standins/hospital.html", words | _around(form))


def _send(form: dict[str, str]) -> dict[str, object]:
    """Send the letter; the answer or the trouble, in words for the page."""
    order = letter_order.build(
        number=form["number"],
        pid=form["pid"],
        resh=form["resh"],
        letter_type=form["letter_type"],
        title=form["title"],
        body=form["body"],
        with_enclosure=bool(form["enclosure"]),
    )
    try:
        answer = send_letter(order, form["number"])
    except PortalAway as failure:
        return {"trouble": str(failure), "order": _shortened(order)}
    _keep(form, answer)
    return {"answer": answer, "order": _shortened(order)}


def _keep(form: dict[str, str], answer: Answer) -> None:
    reader = region.find(form["pid"])
    row: Row = {
        "number": form["number"],
        "reader": reader.name if reader else "Ukjent",
        "title": form["title"],
        "status": answer.status,
        "location": answer.location,
        "at": clock.local_now().isoformat(timespec="seconds"),
    }
    store().put(SENT, uuid4().hex, row)


def _around(form: dict[str, str]) -> dict[str, object]:
    return {
        "page": "hospital",
        "people": [person for person in region.people() if person.kind == "citizen"],
        "units": region.UNITS,
        "types": hospital_texts.LETTER_TYPES,
        "texts": hospital_texts.TEXTS,
        "sent": store().rows(SENT, newest_first=True, limit=NEWEST),
        "inbox": [
            {**row, "json": json.dumps(row["resource"], indent=2, ensure_ascii=False)}
            for row in store().rows(INBOX, newest_first=True, limit=NEWEST)
        ],
    }


def _shortened(order: Row) -> str:
    """The order as JSON, with the papers inside it cut short."""
    copy = json.loads(json.dumps(order))
    for entry in copy["payload"]:
        attachment = entry.get("contentAttachment")
        if attachment and len(attachment["data"]) > 60:
            attachment["data"] = attachment["data"][:60] + "…"
    return json.dumps(copy, indent=2, ensure_ascii=False)
