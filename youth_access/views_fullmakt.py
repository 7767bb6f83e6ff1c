"""Fullmakt between adults: who has one, giving one, ending one. Only one's own: a fullmektig never sees these pages."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.counterparts.population_register.http import connect
from portal.fhir.limits import within_limit
from portal.kernel import clock
from portal.kernel.errors import PortalError
from portal.people.models import Person
from portal.people.viewer import citizen_required, fresh_sign_in_required
from youth_access import fullmakt_draft as drafts
from youth_access.acting import keeps_nothing
from youth_access.acting_choices import open_services
from youth_access.acting_words import areas_text
from youth_access.commands import grants
from youth_access.eyes import Eyes, own_eyes, require_eyes
from youth_access.facts import Service
from youth_access.footing import actor_of, basis_of
from youth_access.fullmakt_inputs import FullmaktForm
from youth_access.fullmakt_presenters import Summary, period_text
from youth_access.fullmakt_presenters import overview as overview_of
from youth_access.fullmakt_receiver import PATIENCE, NobodyFound, find_receiver
from youth_access.queries.grants import current_between, fullmakter_of

TRIES_A_MINUTE: Final = 10


@citizen_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Given, received, and what is over."""
    eyes = require_eyes(request)
    if not eyes.decide(Service.PROXIES).see:
        return _closed(request, eyes)
    found = fullmakter_of(eyes.viewer.person_id, eyes.instant)
    words = {"page": overview_of(found, eyes.instant), "may_give": not eyes.person.protected}
    return render(request, "youth_access/fullmakter.html", words)


@citizen_required
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_nothing
@transaction.non_atomic_requests
def new(request: HttpRequest) -> HttpResponseBase:
    """The form. What is sent gives nothing yet: it leads to the summary."""
    return _take(request) if request.method == "POST" else _empty_form(request)


@citizen_required
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_sign_in_required()
def confirm(request: HttpRequest) -> HttpResponse:
    """What is about to be given, in whole; and the button that gives it."""
    eyes, draft = require_eyes(request), drafts.kept(request)
    if not eyes.decide(Service.PROXIES).act:
        return _closed(request, eyes)
    if draft is None:
        return HttpResponseRedirect(reverse("youth_access:new_fullmakt"))
    if request.method != "POST":
        words = {"summary": _summary(eyes, draft), "token": draft.token}
        return render(request, "youth_access/fullmakt_confirm.html", words)
    if request.POST.get("draft") != draft.token:
        messages.warning(request, _("Du har begynt på en annen fullmakt siden. Se over at denne er riktig."))
        return HttpResponseRedirect(request.path)
    return _give(request, eyes, draft)


@citizen_required
@require_POST
def end(request: HttpRequest, fullmakt_id: UUID) -> HttpResponse:
    """End one at once, from either side."""
    eyes = require_eyes(request)
    if eyes.acting_for_another:
        raise Http404
    mine = fullmakter_of(eyes.viewer.person_id, eyes.instant)
    if fullmakt_id not in {row.pk for row in (*mine.given, *mine.received, *mine.over)}:
        raise Http404
    if grants.end_fullmakt(fullmakt_id=fullmakt_id, person_id=eyes.viewer.person_id, by=actor_of(eyes)):
        messages.success(request, _("Fullmakten er avsluttet, og gir ikke tilgang lenger."))
    else:
        messages.info(request, _("Fullmakten var avsluttet fra før, eller kan ikke avsluttes her."))
    return HttpResponseRedirect(reverse("youth_access:fullmakter"))


@fresh_sign_in_required()
@transaction.atomic
def _empty_form(request: HttpRequest) -> HttpResponse:
    eyes = require_eyes(request)
    if not eyes.decide(Service.PROXIES).act or eyes.person.protected:
        return _closed(request, eyes)
    form = FullmaktForm(initial={"first_day": clock.today()}).offer(open_services(eyes))
    return render(request, "youth_access/fullmakt_new.html", {"form": form})


def _take(request: HttpRequest) -> HttpResponse:
    eyes = require_eyes(request)
    with transaction.atomic():
        if not eyes.decide(Service.PROXIES).act or eyes.person.protected:
            return _closed(request, eyes)
    form = FullmaktForm(request.POST).offer(open_services(eyes))
    if form.is_valid():
        receiver = _receiver(eyes, form)
        if receiver is not None:
            drafts.keep(request, receiver_id=receiver.pk, answers=form.cleaned_data)
            return HttpResponseRedirect(reverse("youth_access:confirm_fullmakt"))
    with transaction.atomic():
        return render(request, "youth_access/fullmakt_new.html", {"form": form}, status=422)


def _receiver(eyes: Eyes, form: FullmaktForm) -> Person | None:
    """Whom the form names; None with words on the form where that is nobody, oneself, or cannot be told now."""
    answers: dict[str, Any] = form.cleaned_data
    if not within_limit("fullmakt", str(eyes.viewer.person_id), TRIES_A_MINUTE):
        form.add_error(None, _("Du har prøvd mange ganger. Vent et minutt, og prøv igjen."))
        return None
    try:
        found = find_receiver(connect(seconds=PATIENCE), pid=answers["number"], family_name=answers["family_name"])
    except NobodyFound:
        form.add_error(
            "number",
            _(
                "Vi fant ingen som kan få fullmakt med dette nummeret og etternavnet. Begge må stemme, "
                "og personen må ha fylt 18 år."
            ),
        )
        return None
    except PortalError:
        form.add_error(None, _("Vi får ikke kontakt med Folkeregisteret nå. Prøv igjen om litt."))
        return None
    if found.pk == eyes.viewer.person_id:
        form.add_error("number", _("Du kan ikke gi fullmakt til deg selv."))
        return None
    return found


def _summary(eyes: Eyes, draft: drafts.Draft) -> Summary:
    receiver = Person.objects.get(pk=draft.receiver_id)
    grant = draft.grant(eyes.instant)
    earlier = current_between(eyes.viewer.person_id, receiver.pk, eyes.instant)
    return Summary(
        name=receiver.name,
        areas=areas_text([area.value for area in grant.areas]),
        period=period_text(grant.starts_at, grant.ends_at),
        replaces=period_text(earlier.starts_at, earlier.ends_at) if earlier else "",
    )


def _give(request: HttpRequest, eyes: Eyes, draft: drafts.Draft) -> HttpResponse:
    mine = own_eyes(eyes.viewer)
    try:
        grants.give_fullmakt(
            giver_id=eyes.viewer.person_id,
            receiver_id=draft.receiver_id,
            grant=draft.grant(eyes.instant),
            may_give=open_services(mine),
            by=actor_of(mine),
            basis=basis_of(mine, mine.decide(Service.PROXIES)),
        )
    except grants.NotGiven:
        messages.error(request, _("Fullmakten ble ikke gitt. Fyll ut på nytt, eller ring oss."))
        return HttpResponseRedirect(reverse("youth_access:new_fullmakt"))
    drafts.forget(request)
    messages.success(request, _("Fullmakten er gitt."))
    return HttpResponseRedirect(reverse("youth_access:fullmakter"))


def _closed(request: HttpRequest, eyes: Eyes) -> HttpResponse:
    words = {"for_another": eyes.acting_for_another, "protected": eyes.person.protected}
    return render(request, "youth_access/fullmakt_closed.html", words, status=403)
