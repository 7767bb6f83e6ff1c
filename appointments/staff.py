"""The clinic's pages: the book of a day and of a week, and one appointment's life."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from appointments import staff_case, staff_presenters
from appointments.commands import staff_looking
from appointments.queries import for_staff
from appointments.staff_desk import desk, stand
from appointments.staff_inputs import BookForm
from appointments.times import days_of, week_of
from portal.kernel import clock
from portal.people.models import Role, Unit
from portal.people.viewer import require_viewer, role_required

_UNIT: Final = "clinic.unit"
"""The session's word of which unit's book was opened last."""


@role_required(Role.CLERK, Role.CLINICIAN)
@require_safe
def book(request: HttpRequest) -> HttpResponse:
    """One day of a unit, by the hour."""
    form, unit, day = _chosen(request)
    if unit is None or day is None:
        return _page(request, form, {})
    found = for_staff.book_day(unit.pk, day)
    who = desk(require_viewer(request), {each.person_id for each in found.appointments})
    shown = staff_presenters.day_page(unit, day, found, who)
    staff_looking.note_book(
        what="book.day",
        unit_id=unit.pk,
        appointments=[each.pk for each in found.appointments],
        by=who.actor,
        basis=who.basis,
    )
    return _page(request, form, {"book": shown, "unit": unit})


@role_required(Role.CLERK, Role.CLINICIAN)
@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """One week of a unit, in numbers. Nobody is named here."""
    form, unit, day = _chosen(request)
    if unit is None or day is None:
        return _page(request, form, {})
    monday, sunday = week_of(day)
    counts = for_staff.book_week(unit.pk, list(days_of(monday, sunday)))
    return _page(request, form, {"week": staff_presenters.week_page(unit, monday, counts), "unit": unit})


@role_required(Role.CLERK, Role.CLINICIAN)
@require_safe
def case(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """One appointment: when, where, and all that has happened to it. Its words only for those who treat the patient."""
    found = for_staff.case(appointment_id)
    if found is None:
        raise Http404
    standing = stand(
        require_viewer(request), found.person, item_kind="appointment", item_id=found.pk, appointment=found
    )
    flags = list(standing.ground.flags) if standing.ground is not None else []
    details: dict[str, Any] = {"words": standing.reads_words} | ({"flags": flags} if flags else {})
    staff_looking.note_case(appointment=found, by=standing.desk.actor, basis=standing.basis, details=details)
    return render(request, "appointments/staff/case.html", {"case": staff_case.case(found, standing)})


def _chosen(request: HttpRequest) -> tuple[BookForm, Unit | None, date | None]:
    """The unit and day asked for; without any, the unit opened last, and today. None where they make no sense."""
    units = for_staff.units()
    by_key = {each.pk: each for each in units}
    last = str(request.session.get(_UNIT, ""))
    usual = last if last in by_key else next(iter(by_key), "")
    form = BookForm(
        {
            "enhet": request.GET.get("enhet") or usual,
            "dag": request.GET.get("dag") or clock.today().isoformat(),
        },
        units,
    )
    if not form.is_valid():
        return form, None, None
    unit = by_key[form.cleaned_data["enhet"]]
    if unit.pk != last:
        request.session[_UNIT] = unit.pk
    return form, unit, form.cleaned_data["dag"]


def _page(request: HttpRequest, form: BookForm, words: dict[str, Any]) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "appointments/staff/book.html", {"form": form} | words, status=status)
