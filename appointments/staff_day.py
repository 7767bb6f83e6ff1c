"""What the clinic does with its days: cancels one, opens free times, and closes one again."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from appointments.commands import clinic_day, opening
from appointments.models import Slot
from appointments.queries import for_staff
from appointments.queries.clinic_day import Day
from appointments.staff_desk import desk
from appointments.staff_inputs import ALL, NEW, BookForm, CancelDayForm, OpenTimesForm, refused_times
from appointments.staff_presenters import address
from portal.kernel import clock
from portal.people.models import Role, Unit
from portal.people.viewer import require_viewer, role_required
from portal.ui import dates

_METHODS = ["GET", "HEAD", "POST"]
_OWN_TYPE = "Annen"
"""The national set's word for timebøker of no special kind."""


@role_required(Role.CLERK)
@require_http_methods(_METHODS)
def cancel(request: HttpRequest) -> HttpResponse:
    """Cancel a day: how many it is, why, and whether it is meant."""
    unit, day = _asked(request)
    schedules = for_staff.resources(unit.pk)
    back = address("clinic:book", unit.pk, day)
    if day < clock.today():
        messages.warning(request, _("Dagen er over og kan ikke avlyses."))
        return HttpResponseRedirect(back)
    form = CancelDayForm(request.POST if request.method == "POST" else None, schedules, Day(unit.pk, day).counts())
    if request.method != "POST" or not form.is_valid():
        return _cancel_page(request, form, unit, day)
    system, _bar, reason = str(form.cleaned_data["reason"]).partition("|")
    try:
        ended = clinic_day.cancel_day(
            unit_id=unit.pk,
            day=day,
            reason_system=system,
            reason=reason,
            by=desk(require_viewer(request)).actor,
            resource=_resource(form.cleaned_data["resource"]),
        )
    except clinic_day.DayRefused:
        messages.warning(request, _("Dagen er over og kan ikke avlyses."))
        return HttpResponseRedirect(back)
    told = ngettext("%(n)s time blir avlyst.", "%(n)s timer blir avlyst.", ended) % {"n": ended}
    more = _("Pasientene får beskjed. Ingen kan bestille ledige tider denne dagen.")
    messages.success(request, f"{told} {more}")
    return HttpResponseRedirect(back)


@role_required(Role.CLERK, Role.CLINICIAN)
@require_http_methods(_METHODS)
def open_times(request: HttpRequest) -> HttpResponse:
    """Open free times in a timebok of the clinic's own."""
    unit, day = _asked(request)
    schedules = [each for each in for_staff.resources(unit.pk) if each.source == opening.PORTAL]
    form = OpenTimesForm(request.POST if request.method == "POST" else None, schedules, day)
    if request.method != "POST" or not form.is_valid():
        return _open_page(request, form, unit, day)
    answers = form.cleaned_data
    by = desk(require_viewer(request)).actor
    try:
        opened = opening.open_in(
            unit_id=unit.pk, schedule_id=_schedule(answers), fresh=_fresh(answers), times=_times(answers), by=by
        )
    except opening.TimesRefused as refused:
        form.add_error("first", refused_times(refused.code, refused.detail))
        return _open_page(request, form, unit, day)
    messages.success(
        request, ngettext("%(n)s ledig tid er åpnet.", "%(n)s ledige tider er åpnet.", opened) % {"n": opened}
    )
    return HttpResponseRedirect(address("clinic:book", unit.pk, answers["day"]))


@role_required(Role.CLERK, Role.CLINICIAN)
@require_POST
def close(request: HttpRequest, slot_id: UUID) -> HttpResponse:
    """Take one free time out again."""
    slot = Slot.objects.select_related("schedule").filter(pk=slot_id).first()
    if slot is None:
        raise Http404
    try:
        opening.close_time(slot_id=slot_id, by=desk(require_viewer(request)).actor)
    except opening.TimesRefused as refused:
        taken = _("Noen har tatt tiden, eller er i ferd med det. Den er ikke stengt.")
        closed = _("Tiden er ikke ledig lenger.")
        messages.warning(request, taken if refused.code == "taken" else closed)
    else:
        messages.success(request, _("Tiden er stengt. Ingen kan bestille den."))
    day = slot.start.astimezone(clock.OSLO).date()
    return HttpResponseRedirect(address("clinic:book", slot.schedule.unit_id, day))


def _asked(request: HttpRequest) -> tuple[Unit, date]:
    """The unit and day in the address; Http404 where they make no sense: our own links always do."""
    units = for_staff.units()
    form = BookForm({"enhet": request.GET.get("enhet", ""), "dag": request.GET.get("dag", "")}, units)
    if not form.is_valid():
        raise Http404
    return next(each for each in units if each.pk == form.cleaned_data["enhet"]), form.cleaned_data["dag"]


def _resource(text: str) -> UUID | None:
    return None if text == ALL else UUID(text)


def _cancel_page(request: HttpRequest, form: CancelDayForm, unit: Unit, day: date) -> HttpResponse:
    count = form.total
    free = sum(each.left for each in for_staff.book_day(unit.pk, day).free)
    appointments = ngettext("%(n)s time", "%(n)s timer", count) % {"n": count}
    places = ngettext("%(n)s ledig plass", "%(n)s ledige plasser", free) % {"n": free}
    words: dict[str, Any] = {
        "form": form,
        "about": f"{unit}, {dates.day(day)}",
        "lead": _(
            "%(appointments)s blir avlyst, og %(places)s stenges. Journalsystemet får vite om hver time. Det som "
            "sendes derfra senere, gjelder."
        )
        % {"appointments": appointments, "places": places},
        "back": address("clinic:book", unit.pk, day),
    }
    return render(request, "appointments/staff/cancel_day.html", words, status=422 if form.errors else 200)


def _open_page(request: HttpRequest, form: OpenTimesForm, unit: Unit, day: date) -> HttpResponse:
    words = {"form": form, "about": str(unit), "back": address("clinic:book", unit.pk, day)}
    return render(request, "appointments/staff/open_times.html", words, status=422 if form.errors else 200)


def _schedule(answers: dict[str, Any]) -> UUID | None:
    return None if answers["schedule"] == NEW else UUID(answers["schedule"])


def _fresh(answers: dict[str, Any]) -> opening.Fresh:
    return opening.Fresh(name=answers["name"], type_code=_OWN_TYPE, booking=answers["booking"])


def _times(answers: dict[str, Any]) -> opening.Times:
    return opening.Times(
        day=answers["day"],
        first=answers["first"],
        last=answers["last"],
        minutes=answers["minutes"],
        capacity=answers["capacity"],
    )
