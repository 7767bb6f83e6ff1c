"""The record system's page: set up an appointment, move it or cancel it, and see what the portal said."""

import json
from datetime import datetime, timedelta
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from portal.counterparts.standins import appointment_order, region
from portal.counterparts.standins.http import PortalAway, send
from portal.counterparts.standins.record_system import INBOX
from portal.counterparts.standins.store import Row, store
from portal.counterparts.standins.units import UNITS
from portal.kernel import clock

SENT = "appointment-sent"
NEWEST = 12
FLAGS = (
    ("canChangeAppointment", "flytte timen"),
    ("cancel", "avbestille timen"),
    ("canAcknowledge", "bekrefte timen"),
    ("canUseShortNotice", "si at de kan komme på kort varsel"),
    ("canChangeConferenceType", "be om video"),
)
CODES = (("N", "Alle som har rett til det"), ("NORN_FORANS", "Ikke foreldre"), ("NORN_UNGDOM", "Ikke ungdommen selv"))
STATUSES = (("booked", "Satt opp"), ("cancelled", "Avlyst"), ("fulfilled", "Gjennomført"), ("noshow", "Ikke møtt"))


@require_http_methods(["GET", "HEAD", "POST"])
def write_appointment(request: HttpRequest) -> HttpResponse:
    """The form, filled with a time next week or with what was just sent."""
    asked = request.POST if request.method == "POST" else request.GET
    form = _form(asked)
    words: dict[str, object] = {"form": form}
    if request.method == "POST":
        words |= _send(form)
    return render(request, "standins/appointments.html", words | _around())


def _form(asked: QueryDict) -> Row:
    soon = (clock.local_now() + timedelta(days=8)).replace(hour=10, minute=15)
    return {
        "pid": asked.get("pid", ""),
        "resh": asked.get("resh", UNITS[0].resh),
        "title": asked.get("title", "Kontroll av kneet"),
        "start": asked.get("start") or f"{soon:%Y-%m-%dT%H:%M}",
        "status": asked.get("status", "booked"),
        "code": asked.get("code", "N"),
        "video": asked.get("video", ""),
        "instruction": asked.get("instruction", "Ta med en liste over medisinene du bruker."),
        "flags": asked.getlist("flags") or ([] if "title" in asked else [code for code, _words in FLAGS]),
        "number": asked.get("number") or f"T-{clock.today().year}-{uuid4().hex[:6].upper()}",
    }


def _send(form: Row) -> Row:
    """Send the appointment; the answer or the trouble, in words for the page."""
    unit = region.unit(form["resh"]) or UNITS[0]
    try:
        start = datetime.fromisoformat(form["start"]).replace(tzinfo=clock.OSLO)
    except ValueError:
        return {"trouble": "tidspunktet er ikke en dato med klokkeslett"}
    words = appointment_order.Words(
        number=form["number"],
        title=form["title"],
        start=start,
        contact_type="6" if form["video"] else "3",
        instruction=form["instruction"],
        flags=tuple(form["flags"]),
        code=form["code"],
        video=form["video"],
        status=form["status"],
        reason="9" if form["status"] == "cancelled" else "",
    )
    resource = appointment_order.appointment(words, form["pid"], unit)
    shown = json.dumps(resource, indent=2, ensure_ascii=False)
    try:
        answer = send(resource)
    except PortalAway as failure:
        return {"trouble": str(failure), "order": shown}
    _keep(form, answer.status)
    return {"answer": answer, "order": shown}


def _keep(form: Row, status: int) -> None:
    patient = region.find(form["pid"])
    row: Row = {**form, "patient": patient.name if patient else "Ukjent", "http_status": status}
    store().put(SENT, uuid4().hex, row)


def _around() -> Row:
    return {
        "page": "hospital",
        "people": [person for person in region.people() if person.kind == "citizen"],
        "units": UNITS,
        "all_flags": FLAGS,
        "codes": CODES,
        "statuses": STATUSES,
        "sent": store().rows(SENT, newest_first=True, limit=NEWEST),
        "inbox": [
            {**row, "json": json.dumps(row["resource"], indent=2, ensure_ascii=False)}
            for row in store().rows(INBOX, newest_first=True, limit=NEWEST)
        ],
    }
