"""Calendar files: one appointment to take along, and calendars that phones subscribe to."""

import hashlib
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from appointments import presenters_calendar
from appointments.calendar_file import CONTENT_TYPE
from appointments.commands import feeds, looking
from appointments.models import CalendarFeed
from appointments.queries import on_screen, subscribing
from appointments.views_shared import shown
from portal.fhir.limits import within_limit
from portal.kernel import reach
from portal.people import sealed_session
from portal.people.viewer import citizen_required
from youth_access.eyes import Eyes, require_eyes

FETCHES_A_MINUTE: Final = 20
_NEW: Final = "appointments.new_feed"


@citizen_required
@require_safe
def file(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """One appointment as a calendar file; a cancelled one takes itself out of the calendar again."""
    eyes = require_eyes(request)
    found = shown(eyes, appointment_id)
    content = presenters_calendar.one(found, confidential=subscribing.confidential_units([found.unit_id]))
    if content is None:
        raise Http404
    looking.note_file(appointment=found, eyes=eyes)
    return _answer(content)


@citizen_required
@require_safe
def subscriptions(request: HttpRequest) -> HttpResponse:
    """The calendars one subscribes to. A new one's address is told here once, right after it was made."""
    eyes = require_eyes(request)
    told = sealed_session.kept(request, _NEW, person_id=eyes.viewer.person_id)
    request.session.pop(_NEW, None)
    new = told["token"] if isinstance(told, dict) and told.get("of") == str(eyes.patient_id) else ""
    words = {
        "feeds": [presenters_calendar.feed(each) for each in subscribing.feeds_of(eyes)],
        "new_address": f"{settings.PORTAL_URL}{reverse('appointments:feed', args=[new])}" if new else "",
        "may_make": feeds.is_open(eyes),
        "whose": eyes.patient_name if eyes.acting_for_another else "",
    }
    return render(request, "appointments/calendars.html", words)


@citizen_required
@require_POST
def make_subscription(request: HttpRequest) -> HttpResponse:
    """A new calendar; its address is put aside, sealed, for the page that follows."""
    eyes = require_eyes(request)
    try:
        _feed, token = feeds.make(eyes=eyes)
    except feeds.TooManyFeeds:
        messages.warning(request, _("Du har så mange kalendere som du kan ha. Avslutt en av dem først."))
    except feeds.FeedsClosed:
        raise Http404 from None
    else:
        kept = {"of": str(eyes.patient_id), "token": token}
        sealed_session.keep(request, _NEW, kept, person_id=eyes.viewer.person_id)
    return HttpResponseRedirect(reverse("appointments:feeds"))


@citizen_required
@require_POST
def end_subscription(request: HttpRequest, feed_id: UUID) -> HttpResponse:
    """End a calendar at once."""
    if not feeds.revoke(feed_id=feed_id, eyes=require_eyes(request)):
        raise Http404
    messages.success(request, _("Kalenderen er avsluttet. Adressen virker ikke lenger."))
    return HttpResponseRedirect(reverse("appointments:feeds"))


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """A calendar to whoever has its address, without a session: what its owner may see now, and no more."""
    if not within_limit("calendar", feeds.hash_of(token), FETCHES_A_MINUTE):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    opened = feeds.open_feed(token=token)
    if opened is None:
        raise Http404
    found, eyes = opened
    with reach.one_patient(f"citizen:{found.owner_id}", found.patient_id):
        return _feed_answer(request, found, eyes)


def _feed_answer(request: HttpRequest, found: CalendarFeed, eyes: Eyes) -> HttpResponse:
    """The calendar, or nothing where the asker has it as it is: what goes out leaves a row in the audit."""
    rows = on_screen.in_calendars(eyes)
    confidential = subscribing.confidential_units({row.unit_id for row in rows})
    answer = _answer(presenters_calendar.many(rows, confidential=confidential), private=True)
    mark = f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'
    answer["ETag"] = mark
    if request.headers.get("If-None-Match") == mark:
        return HttpResponse(status=304, headers={"ETag": mark, "Cache-Control": answer["Cache-Control"]})
    looking.note_fetch(feed=found, shown=[row.id for row in rows], eyes=eyes)
    return answer


def _answer(content: bytes, *, private: bool = False) -> HttpResponse:
    answer = HttpResponse(content, content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = 'attachment; filename="time.ics"' if not private else "inline"
    answer["X-Robots-Tag"] = "noindex"
    if private:
        answer["Cache-Control"] = "private, no-cache"
    return answer
