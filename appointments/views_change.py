"""Another time for an appointment: choose, hold, confirm. The old time stands until the hospital has answered."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appointments import policy, presenters, presenters_times
from appointments.commands import looking, moving
from appointments.models import Appointment, Reservation
from appointments.queries import asked, on_screen
from appointments.queries.allowed import Deed, deeds
from appointments.views_shared import key_of, shown, to_page, to_receipt
from appointments.views_times import choose, hold, lapsed, let_go, standing
from portal.kernel import clock
from portal.people.viewer import citizen_required
from youth_access.eyes import Eyes, require_eyes


@citizen_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """The free times it may be moved to; posting one of them holds it."""
    eyes = require_eyes(request)
    found = shown(eyes, appointment_id)
    if request.method == "POST":
        return _hold(request, eyes, found)
    known = asked.about(eyes, [found.id])[found.id]
    if Deed.CHANGE not in deeds(found, on_screen.decision(eyes, found), clock.now(), known):
        messages.info(request, _("Timen kan ikke endres her nå."))
        return to_page(found.id)
    looking.note_page(appointment=found, eyes=eyes)
    return _page(request, eyes, found)


def _page(request: HttpRequest, eyes: Eyes, found: Appointment, status: int = 200) -> HttpResponse:
    clinic = policy.of_unit(found.unit_id)
    late = found.start is None or clock.now() > policy.free_cancelling_until(clinic, found.start)
    words = {
        "row": presenters.row(found),
        "late_text": _("Det er for sent å endre timen her. Ring avdelingen hvis tidspunktet ikke passer. %(fee)s")
        % {"fee": presenters.missed_words(clinic)}
        if late
        else "",
        "phone": found.unit.phone,
        "phone_link": presenters.phone_link(found.unit.phone),
        "unit": presenters.unit_words(found),
    }
    if not late:
        words |= choose(request, eyes, appointment=found)
    return render(request, "appointments/change.html", words, status=status)


def _hold(request: HttpRequest, eyes: Eyes, found: Appointment) -> HttpResponse:
    held = hold(request, eyes, appointment_id=found.id)
    if isinstance(held, Reservation):
        return HttpResponseRedirect(reverse("appointments:confirm-change", args=[found.id, held.id]))
    return held if held is not None else _page(request, eyes, found, status=422)


@citizen_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_change(request: HttpRequest, appointment_id: UUID, reservation_id: UUID) -> HttpResponse:
    """The held time beside the old one, until when it is held, and the button that asks the hospital."""
    eyes = require_eyes(request)
    found = shown(eyes, appointment_id)
    held = on_screen.reservation(eyes, reservation_id)
    if held is None or held.appointment_id != found.id:
        raise Http404
    again = reverse("appointments:change", args=[found.id])
    if request.method == "POST":
        return _move(request, eyes, held, again)
    if not standing(held):
        return _settled(request, eyes, held, again)
    looking.note_page(appointment=found, eyes=eyes)
    words = {
        "held": presenters_times.held(held, for_move=found),
        "row": presenters.row(found),
        "key": uuid4(),
        "again": again,
    }
    return render(request, "appointments/hold.html", words)


def _move(request: HttpRequest, eyes: Eyes, held: Reservation, again: str) -> HttpResponse:
    if request.POST.get("gjor") == "slipp":
        return let_go(request, eyes, held, again)
    try:
        return to_receipt(moving.move(reservation_id=held.id, key=key_of(request), eyes=eyes))
    except (moving.Lapsed, moving.Taken):
        return lapsed(request, held, again)
    except moving.TooLate:
        return HttpResponseRedirect(again)
    except moving.AlreadyAsked:
        messages.info(request, _("Sykehuset har ikke svart på det du ba om sist. Timen står til de har svart."))
        return to_page(held.appointment_id) if held.appointment_id is not None else HttpResponseRedirect(again)


def _settled(request: HttpRequest, eyes: Eyes, held: Reservation, again: str) -> HttpResponse:
    """A hold that has become a request leads to its receipt; one that lapsed, to other times."""
    request_made = asked.of_reservation(eyes, held.id)
    return to_receipt(request_made) if request_made is not None else lapsed(request, held, again)
