"""What every citizens' view of appointments begins and ends with."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.urls import reverse

from appointments.inputs import KeyForm
from appointments.models import Appointment, Request
from appointments.queries import on_screen
from youth_access.eyes import Eyes
from youth_access.footing import refusal


def shown(eyes: Eyes, appointment_id: UUID) -> Appointment:
    """The appointment, where these eyes see it; raises the 404 of `missing` otherwise."""
    found = on_screen.one(eyes, appointment_id)
    if found is None:
        raise missing(eyes, appointment_id)
    return found


def missing(eyes: Eyes, appointment_id: UUID) -> Http404:
    """One 404 for everything that is not shown; where the rules said no, the audit keeps it."""
    hidden = on_screen.hidden_from(eyes, appointment_id)
    if hidden is None:
        return Http404()
    return refusal(eyes, on_screen.decision(eyes, hidden), item_kind="appointment", item_id=appointment_id)


def key_of(request: HttpRequest) -> UUID:
    """The key that the form carried. A form without one is none of ours: 404."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        raise Http404
    key: UUID = form.cleaned_data["key"]
    return key


def to_page(appointment_id: UUID) -> HttpResponseRedirect:
    """The way to the appointment's page."""
    return HttpResponseRedirect(reverse("appointments:appointment", args=[appointment_id]))


def to_receipt(asked: Request) -> HttpResponseRedirect:
    """The way to the receipt of what was asked."""
    return HttpResponseRedirect(reverse("appointments:receipt", args=[asked.id]))
