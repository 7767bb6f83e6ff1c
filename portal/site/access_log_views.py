"""The citizen's access log: who has looked at the information, and what they have done with it."""

import re

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.audit import commands as audit
from portal.audit.models import AuditRow
from portal.people.viewer import citizen_required, fresh_sign_in_required
from portal.site import access_log_presenters as presenters
from portal.site import access_log_queries as queries
from portal.site import access_log_words as words
from portal.site.access_log_queries import Sieve
from youth_access.decide import Decision
from youth_access.eyes import Eyes, require_eyes
from youth_access.facts import Service
from youth_access.footing import actor_of, basis_of


@citizen_required
@fresh_sign_in_required()
@require_safe
@transaction.atomic
def access_log(request: HttpRequest) -> HttpResponse:
    """The log, newest first. Reading it leaves a row in it."""
    eyes = require_eyes(request)
    decision = eyes.decide(Service.LOG)
    if not decision.see:
        _note(eyes, decision, AuditRow.Result.REFUSED)
        words_of_page = {"text": presenters.closed_text(eyes), "links": presenters.links(eyes)}
        return render(request, "site/access_log_closed.html", words_of_page, status=404)
    sieve, after = _sieve(request), request.GET.get("etter", "")[:200]
    shown = presenters.log_page(eyes, queries.page(eyes, sieve, after), sieve, first=not after)
    _note(eyes, decision, AuditRow.Result.SHOWN)
    return render(request, "site/access_log.html", {"log": shown})


def _sieve(request: HttpRequest) -> Sieve:
    """What was chosen; what cannot be read is left out."""
    year, service = request.GET.get("aar", ""), request.GET.get("tjeneste", "")
    known_year = int(year) if re.fullmatch("20[0-9]{2}", year) else None
    return Sieve(known_year, service if service in words.SERVICES else "")


def _note(eyes: Eyes, decision: Decision, result: AuditRow.Result) -> None:
    audit.record(
        by=actor_of(eyes),
        action="log.read",
        item_kind="log",
        item_id="",
        person_id=eyes.patient_id,
        basis=basis_of(eyes, decision),
        result=result,
    )
