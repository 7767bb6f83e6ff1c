"""Choosing whom to act for, and being oneself again."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from portal.audit.commands import note_refusal
from portal.kernel import clock
from portal.people import kept_forms
from portal.people.models import Person
from portal.people.next_page import FRONT_PAGE, safe_next
from portal.people.register_snapshots import ensure_fresh
from portal.people.viewer import Viewer, citizen_required, require_viewer
from youth_access import acting_session
from youth_access.acting import FOR_PERSON
from youth_access.acting_choices import chosen, door
from youth_access.acting_presenters import choice_page
from youth_access.acting_words import reason_text
from youth_access.eyes import Eyes, require_eyes
from youth_access.footing import refusal


@citizen_required
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Oneself first, then everyone one may act for, then those who are closed and why."""
    eyes, next_url = require_eyes(request), safe_next(request.GET.get("next"))
    return render(request, "youth_access/choose.html", {"page": choice_page(eyes, next_url)})


@citizen_required
@require_POST
@transaction.non_atomic_requests
def choose_person(request: HttpRequest) -> HttpResponse:
    """Act for somebody, after the register was asked anew. Somebody one has no tie to is the same as nobody."""
    viewer, person_id = require_viewer(request), _uuid(request.POST.get("person", ""))
    next_url = safe_next(request.POST.get("next"))
    if person_id == viewer.person_id:
        return _back_to_oneself(request, next_url)
    if person_id is None or chosen(viewer, person_id, clock.now()) is None:
        raise Http404
    _ask_register(viewer, person_id)
    with transaction.atomic():
        return _begin(request, viewer, person_id, next_url, clock.now())


@citizen_required
@require_POST
def back(request: HttpRequest) -> HttpResponse:
    """One click, and one is oneself."""
    return _back_to_oneself(request, safe_next(request.POST.get("next")))


@citizen_required
@require_safe
def kept(request: HttpRequest, name: str) -> HttpResponse:
    """A form that was stopped because the person had changed, for the same person again: one button sends it."""
    eyes = require_eyes(request)
    found = kept_forms.give_back(request, name, eyes.viewer.person_id)
    if found is None or dict(found.fields).get(FOR_PERSON) != str(eyes.patient_id):
        raise Http404
    return render(request, "youth_access/kept.html", {"kept": found})


def _begin(request: HttpRequest, viewer: Viewer, person_id: UUID, next_url: str, now: datetime) -> HttpResponse:
    eyes = chosen(viewer, person_id, now)
    decision = door(eyes) if eyes is not None else None
    if eyes is None or decision is None:
        raise Http404
    if not decision.see:
        _note_refusal(eyes)
        messages.warning(request, reason_text(decision.reason))
        return HttpResponseRedirect(reverse("youth_access:choose"))
    acting_session.begin(request, eyes)
    return HttpResponseRedirect(next_url or FRONT_PAGE)


def _note_refusal(eyes: Eyes) -> None:
    """In the same row that a refused look leaves: here the answer is a page, so nothing is raised."""
    refused = refusal(eyes, door(eyes), item_kind="person", item_id=eyes.patient_id, action="acting.begin")
    note_refusal(refused)


def _ask_register(viewer: Viewer, person_id: UUID) -> None:
    """About both sides of the tie. A register that is away is not an error: the rules know how old the answer is."""
    for person in Person.objects.filter(pk__in=[viewer.person_id, person_id]):
        ensure_fresh(person)


@transaction.atomic
def _back_to_oneself(request: HttpRequest, next_url: str) -> HttpResponse:
    eyes = require_eyes(request)
    if eyes.acting_for_another:
        acting_session.end(request, eyes)
        messages.info(request, gettext("Nå er du tilbake på dine egne sider."))
    return HttpResponseRedirect(next_url or FRONT_PAGE)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
