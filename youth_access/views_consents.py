"""Parents' consent to the access of youths of 13 to 15: given and withdrawn by either parent, seen by the youth."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.counterparts.configured import client_for
from portal.counterparts.contact_register.http import HttpContactRegister
from portal.people.viewer import citizen_required, fresh_sign_in_required
from youth_access.acting_choices import children, door
from youth_access.ages import Band
from youth_access.commands.grants import set_youth_consent
from youth_access.consents_contact import shares_contact_with_parent
from youth_access.consents_presenters import child_rows, status_text
from youth_access.eyes import Eyes, require_eyes
from youth_access.facts import Kind
from youth_access.footing import actor_of, basis_of
from youth_access.queries.grants import last_consents

ASKED_ABOUT: Final = (Band.TWELVE, Band.YOUTH)
PATIENCE: Final = 2.0


@citizen_required
@require_safe
@transaction.non_atomic_requests
def overview(request: HttpRequest) -> HttpResponse:
    """A parent's children between 12 and 15, and a youth's own standing."""
    eyes = require_eyes(request)
    if _for_somebody_grown(eyes):
        return render(request, "youth_access/consents_closed.html", status=403)
    own = _own(eyes)
    shared = bool(own) and shares_contact_with_parent(_contact_register(), eyes.person)
    words = {"children": child_rows(_children(eyes)), "own": own, "shared_contact": shared}
    return render(request, "youth_access/consents.html", words)


@citizen_required
@require_POST
@fresh_sign_in_required()
def change(request: HttpRequest) -> HttpResponse:
    """Give or withdraw, for one child."""
    eyes, said = require_eyes(request), request.POST.get("samtykke", "")
    mine = {each.patient_id: each for each in _children(eyes)} if not _for_somebody_grown(eyes) else {}
    asked = _uuid(request.POST.get("barn", ""))
    child = mine.get(asked) if asked is not None else None
    if child is None or said not in ("ja", "nei"):
        raise Http404
    changed = set_youth_consent(
        child_id=child.patient_id,
        parent_id=child.viewer.person_id,
        gives=said == "ja",
        by=actor_of(child),
        basis=basis_of(child, door(child)),
    )
    if changed:
        messages.success(request, _("Samtykket er gitt.") if said == "ja" else _("Samtykket er trukket tilbake."))
    return HttpResponseRedirect(reverse("youth_access:consents"))


def _children(eyes: Eyes) -> list[Eyes]:
    """Those the viewer may speak for here; the one acted for, where a child is acted for."""
    everyone = sorted(children(eyes.viewer, eyes.instant), key=lambda each: each.patient_name)
    every = [each for each in everyone if each.age_band in ASKED_ABOUT]
    return [each for each in every if not eyes.acting_for_another or each.patient_id == eyes.patient_id]


def _own(eyes: Eyes) -> str:
    """A youth's own standing, in words; empty for everyone else."""
    if eyes.acting_for_another or eyes.age_band not in ASKED_ABOUT:
        return ""
    return status_text(last_consents([eyes.patient_id]).get(eyes.patient_id), stands=eyes.patient.youth_consent)


def _for_somebody_grown(eyes: Eyes) -> bool:
    return eyes.acting_for_another and eyes.relation.kind != Kind.PARENT


def _contact_register() -> HttpContactRegister:
    return HttpContactRegister(client_for("CONTACT_REGISTER_URL", seconds=PATIENCE))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
