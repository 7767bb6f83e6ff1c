"""Booking a time: where, which, hold, confirm. And a youth's own wish for a time."""

from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from appointments import presenters, presenters_receipt, presenters_times
from appointments.commands import asking, booking
from appointments.inputs import WishForm
from appointments.models import Reservation
from appointments.queries import asked, free_times, on_screen, requests, wishing
from appointments.queries.sieve import places_left_by_schedule
from appointments.views_shared import key_of, to_receipt
from appointments.views_times import choose, hold, lapsed, let_go, standing
from portal.people.viewer import citizen_required
from youth_access.eyes import Eyes, require_eyes


@citizen_required
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Where a time may be booked, and why there."""
    eyes = require_eyes(request)
    schedules = free_times.bookable(eyes)
    left = places_left_by_schedule(eyes, [each.id for each in schedules])
    words = {
        "places": presenters_times.bookable(schedules, left),
        "may_wish": bool(wishing.clinics(eyes)),
        "another": eyes.acting_for_another,
    }
    return render(request, "appointments/book.html", words)


@citizen_required
@require_http_methods(["GET", "HEAD", "POST"])
def times(request: HttpRequest, schedule_id: UUID) -> HttpResponse:
    """The free times of one place; posting one of them holds it."""
    eyes = require_eyes(request)
    ground = free_times.ground_of(eyes, schedule_id)
    if ground is None:
        raise Http404
    status = 200
    if request.method == "POST":
        held = hold(request, eyes)
        if isinstance(held, Reservation):
            return HttpResponseRedirect(reverse("appointments:confirm-booking", args=[held.id]))
        if held is not None:
            return held
        status = 422
    unit = ground.schedule.unit
    words = choose(request, eyes, schedule_id=schedule_id) | {
        "title": presenters_times.title_of(ground.schedule),
        "unit": f"{unit.name}, {unit.hospital}",
        "comment": ground.schedule.comment,
        "phone": unit.phone,
        "phone_link": presenters.phone_link(unit.phone),
    }
    return render(request, "appointments/book_times.html", words, status=status)


@citizen_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_booking(request: HttpRequest, reservation_id: UUID) -> HttpResponse:
    """The held time, until when it is held, and the button that asks the hospital."""
    eyes = require_eyes(request)
    held = on_screen.reservation(eyes, reservation_id)
    if held is None:
        raise Http404
    again = reverse("appointments:book-times", args=[held.schedule_id])
    request_made = asked.of_reservation(eyes, held.id)
    if request_made is not None:
        return to_receipt(request_made)
    if held.appointment_id is not None:
        raise Http404
    if request.method == "POST":
        return _book(request, eyes, held, again)
    if not standing(held):
        return lapsed(request, held, again)
    words = {
        "held": presenters_times.held(held, for_move=None),
        "title": presenters_times.title_of(held.schedule),
        "key": uuid4(),
        "again": again,
    }
    return render(request, "appointments/hold.html", words)


def _book(request: HttpRequest, eyes: Eyes, held: Reservation, again: str) -> HttpResponse:
    if request.POST.get("gjor") == "slipp":
        return let_go(request, eyes, held, again)
    try:
        return to_receipt(booking.book(reservation_id=held.id, key=key_of(request), eyes=eyes))
    except (booking.Lapsed, booking.Taken):
        return lapsed(request, held, again)


@citizen_required
@require_http_methods(["GET", "HEAD", "POST"])
def wish(request: HttpRequest) -> HttpResponse:
    """A youth asks a clinic for a time; to everybody else the page does not exist."""
    eyes = require_eyes(request)
    clinics = wishing.clinics(eyes)
    if not clinics:
        raise Http404
    units = [(unit.pk, f"{unit.name}, {unit.hospital}") for unit in clinics]
    if request.method != "POST":
        return _wish_page(request, eyes, WishForm(initial={"key": uuid4()}).offer(units))
    form = WishForm(request.POST).offer(units)
    if not form.is_valid():
        if "key" in form.errors:
            raise Http404
        return _wish_page(request, eyes, form, status=422)
    words = form.cleaned_data
    return to_receipt(asking.wish(unit_id=words["unit"], key=words["key"], eyes=eyes, comment=words["comment"]))


def _wish_page(request: HttpRequest, eyes: Eyes, form: WishForm, status: int = 200) -> HttpResponse:
    words = {"form": form, "wishes": [presenters_receipt.wish_note(each) for each in requests.wishes(eyes)]}
    return render(request, "appointments/wish.html", words, status=status)
