"""Choosing, holding and letting go of a free time: the same steps for moving an appointment and for booking one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from appointments import presenters, presenters_times
from appointments.commands import holding
from appointments.inputs import SieveForm, TimeForm
from appointments.models import Appointment, Reservation
from appointments.queries import on_screen
from appointments.queries.sieve import places_left, sieve_of, sieved
from appointments.states import Reserved
from appointments.views_shared import to_page
from portal.kernel import clock
from portal.ui import dates
from youth_access.eyes import Eyes


def choose(
    request: HttpRequest, eyes: Eyes, *, appointment: Appointment | None = None, schedule_id: UUID | None = None
) -> dict[str, Any]:
    """The free times as the sieve in the address has them, the sieve, and the form that takes one of them."""
    sieve_form = SieveForm(request.GET, dates.weekday_names())
    sieve_form.is_valid()
    sieve = sieve_of(sieve_form.cleaned_data)
    slots = sieved(eyes, sieve, appointment=appointment, schedule_id=schedule_id)
    posted = request.method == "POST"
    return {
        "times": presenters_times.times(slots, places_left(slots), sieve, address=request.path),
        "sieve": sieve_form,
        "form": TimeForm(request.POST if posted else None),
    }


def hold(request: HttpRequest, eyes: Eyes, *, appointment_id: UUID | None = None) -> Reservation | HttpResponse | None:
    """Hold the chosen time; another that the same person held for the same purpose is let go of.

    None where no time was chosen. Where the time cannot be had: the way back to the times, with the reason.
    """
    form = TimeForm(request.POST)
    if not form.is_valid():
        return None
    again = HttpResponseRedirect(request.get_full_path())
    try:
        held = holding.hold(slot_id=form.cleaned_data["slot"], eyes=eyes, appointment_id=appointment_id)
    except holding.Taken:
        messages.warning(request, _taken_words(for_move=appointment_id is not None))
        return again
    except holding.TooManyHolds:
        messages.warning(request, _("Du holder av så mange timer som du kan. Bekreft eller slipp en av dem først."))
        return again
    except holding.TooLate:
        return again
    except holding.AlreadyAsked:
        messages.info(request, _("Sykehuset har ikke svart på det du ba om sist. Timen står til de har svart."))
        return to_page(appointment_id) if appointment_id is not None else again
    for other in on_screen.holds_besides(eyes, held):
        holding.let_go(reservation_id=other, eyes=eyes)
    return held


def _taken_words(*, for_move: bool) -> str:
    if for_move:
        return _("Noen andre tok den timen akkurat nå. Timen du har, er som før. Velg en annen.")
    return _("Noen andre tok den timen akkurat nå. Velg en annen.")


def standing(held: Reservation) -> bool:
    """Whether the time is still held."""
    return held.state == Reserved.HELD and held.held_until > clock.real_now()


def lapsed(request: HttpRequest, held: Reservation, again: str) -> HttpResponse:
    """The time is no longer held: say so, and show other times. Nothing else has changed."""
    if held.state != Reserved.RELEASED:
        told = _("Vi holdt av timen %(when)s til %(until)s. Den tiden er ute. Velg en time på nytt.")
        when, until = presenters.moment_words(held.start), dates.time(held.held_until)
        messages.warning(request, told % {"when": when, "until": until})
    return HttpResponseRedirect(again)


def let_go(request: HttpRequest, eyes: Eyes, held: Reservation, again: str) -> HttpResponse:
    """Give the time back at once, so that somebody else can have it."""
    holding.let_go(reservation_id=held.id, eyes=eyes)
    messages.info(request, _("Timen er ikke lenger holdt av. Velg en annen."))
    return HttpResponseRedirect(again)
