"""Citizens' pages of appointments: the lists, one appointment, receipts, and what takes one button."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appointments import policy, presenters_list, presenters_page, presenters_receipt
from appointments.commands import asking, cancelling, looking
from appointments.inputs import CancelForm
from appointments.models import Appointment, Request
from appointments.presenters_cancel import Offer, cancel_page, offer_of
from appointments.queries import asked, on_screen, requests
from appointments.views_shared import key_of, shown, to_page, to_receipt
from portal.people.viewer import citizen_required
from youth_access.eyes import Eyes, require_eyes

Ask = Callable[..., Request]


@citizen_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Coming appointments, the first of them large; or earlier ones."""
    eyes = require_eyes(request)
    number = request.GET.get("side", "")[:6]
    if request.GET.get("vis") == "tidligere":
        page, listed = presenters_list.earlier_page(eyes, number)
    else:
        page, listed = presenters_list.coming_page(eyes, number)
    looking.note_list(shown=listed, eyes=eyes)
    whose = eyes.patient_name if eyes.acting_for_another else ""
    return render(request, "appointments/list.html", {"page": page, "whose": whose})


@citizen_required
@require_safe
def appointment(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """One appointment: when, where, how to prepare, what may be done, and what has happened."""
    eyes = require_eyes(request)
    found = shown(eyes, appointment_id)
    looking.note_page(appointment=found, eyes=eyes)
    page = presenters_page.page(
        found,
        eyes,
        on_screen.decision(eyes, found),
        clinic=policy.of_unit(found.unit_id),
        asked=asked.about(eyes, [found.id])[found.id],
        together=on_screen.together_with(eyes, found),
    )
    return render(request, "appointments/appointment.html", {"page": page})


@citizen_required
@require_safe
def receipt(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """What was asked, when, and what comes next; reloaded, it says what the hospital has answered."""
    eyes = require_eyes(request)
    found = requests.one(eyes, request_id)
    if found is None:
        raise Http404
    if found.appointment is not None:
        looking.note_page(appointment=found.appointment, eyes=eyes)
    shown_receipt = presenters_receipt.receipt(found, asked.cancelled_with(eyes, found))
    return render(request, "appointments/receipt.html", {"receipt": shown_receipt})


@citizen_required
@require_POST
def confirm(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """The patient says that they come."""
    return _ask(request, appointment_id, asking.confirm)


@citizen_required
@require_POST
def short_notice(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """The patient can come at short notice."""
    return _ask(request, appointment_id, asking.ask_short_notice)


@citizen_required
@require_POST
def ask_video(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """The patient would rather meet by video."""
    return _ask(request, appointment_id, asking.ask_video)


@citizen_required
@require_POST
def withdraw(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Take back what waits for a clinician."""
    eyes = require_eyes(request)
    asking.withdraw(request_id=request_id, eyes=eyes)
    return HttpResponseRedirect(reverse("appointments:receipt", args=[request_id]))


def _ask(request: HttpRequest, appointment_id: UUID, ask: Ask) -> HttpResponse:
    eyes = require_eyes(request)
    try:
        return to_receipt(ask(appointment_id=appointment_id, key=key_of(request), eyes=eyes))
    except asking.AlreadyAsked:
        messages.info(request, _("Sykehuset vet om dette fra før."))
        return to_page(appointment_id)


@citizen_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Why, and which parts too. Inside the clinic's limit the page says what it costs, and whom to call."""
    eyes = require_eyes(request)
    found = shown(eyes, appointment_id)
    offer = offer_of(eyes, found)
    if request.method != "POST":
        if not offer.open:
            messages.info(request, _("Timen kan ikke avlyses her nå."))
            return to_page(appointment_id)
        looking.note_page(appointment=found, eyes=eyes)
        return _cancel_page(request, found, offer, CancelForm(initial={"key": uuid4()}))
    form = offer.fill(CancelForm(request.POST))
    if not form.is_valid():
        if "key" in form.errors:
            raise Http404
        return _cancel_page(request, found, offer, form, status=422)
    return _cancel(request, eyes, found, offer, form)


def _cancel_page(
    request: HttpRequest, found: Appointment, offer: Offer, form: CancelForm, status: int = 200
) -> HttpResponse:
    words = {"page": cancel_page(found, offer), "form": offer.fill(form) if not form.is_bound else form}
    return render(request, "appointments/cancel.html", words, status=status)


def _cancel(request: HttpRequest, eyes: Eyes, found: Appointment, offer: Offer, form: CancelForm) -> HttpResponse:
    words = form.cleaned_data
    try:
        return to_receipt(
            cancelling.cancel(
                appointment_id=found.id,
                key=words["key"],
                eyes=eyes,
                reason=words["reason"],
                comment=words.get("comment", ""),
                parts=form.parts([part.id for part in offer.parts]),
            )
        )
    except cancelling.TooLate:
        messages.warning(request, _("Det er for sent å avlyse her. Ring avdelingen."))
        return HttpResponseRedirect(request.path)
    except cancelling.AlreadyAsked:
        messages.info(request, _("Sykehuset har ikke svart på det du ba om sist. Timen står til de har svart."))
        return to_page(found.id)
