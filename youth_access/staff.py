"""Clinicians' pages about access: own patients and tasks, finding a patient, one patient's page, the preview."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.audit import commands as audit
from portal.audit.basis import Basis
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people.models import Person, Role
from portal.people.queries import find_by_pid
from portal.people.viewer import Viewer, require_viewer, role_required
from youth_access import staff_case, staff_presenters, staff_preview, staff_queries, staff_tables
from youth_access.commands import tasks
from youth_access.inputs import NoteForm, NumberForm, PreviewForm, midnight
from youth_access.models import BreakGlass
from youth_access.staff_deeds import Deed, ask
from youth_access.staff_footing import Footing, delicate, footing
from youth_access.staff_ground import SOUGHT, ground_or_404, note_look

_TASKS: Final = 25


@role_required(Role.CLINICIAN)
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Own patients, and what waits."""
    return _landing(request, NumberForm())


@role_required(Role.CLINICIAN)
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Find somebody by identity number. Whom one does not treat is answered like somebody nobody knows."""
    form = NumberForm(request.POST)
    if not form.is_valid():
        return _landing(request, _emptied(form), status=422)
    viewer = require_viewer(request)
    person = find_by_pid(form.cleaned_data["number"])
    ground = footing(viewer, person, clock.now()) if person is not None else None
    if person is not None:
        _note_search(viewer, person, ground)
    if ground is not None:
        return HttpResponseRedirect(reverse("access:patient", args=[ground.patient.pk]))
    request.session[SOUGHT] = str(person.pk) if person is not None else ""
    return HttpResponseRedirect(reverse("access:no-relation"))


@role_required(Role.CLINICIAN)
@require_safe
def no_relation(request: HttpRequest) -> HttpResponse:
    """No treatment relation: how to get one, and the way in when it is urgent."""
    if SOUGHT not in request.session:
        return HttpResponseRedirect(reverse("access:landing"))
    return render(request, "youth_access/staff/no_relation.html")


@role_required(Role.CLINICIAN)
@require_safe
def patient(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Everything about access to one patient's things."""
    viewer, now = require_viewer(request), clock.now()
    if _just_over(viewer, patient_id, now):
        messages.warning(request, _("Nødtilgangen er over. Trenger du mer tid, må du begrunne det på nytt."))
        return HttpResponseRedirect(reverse("access:landing"))
    ground = ground_or_404(request, patient_id)
    note_look(ground, "read")
    shown = staff_case.case(staff_queries.case(ground.patient, now), ground)
    return render(request, "youth_access/staff/patient.html", {"case": shown})


@role_required(Role.CLINICIAN)
@require_safe
def preview(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What the patient and each relative may see now, after the next birthday, and on a chosen day."""
    ground = ground_or_404(request, patient_id)
    note_look(ground, "preview")
    form = PreviewForm(request.GET) if "dato" in request.GET else PreviewForm()
    chosen = midnight(form.cleaned_data["dato"]) if form.is_bound and form.is_valid() else None
    words = {
        "tables": _tables(ground, chosen),
        "form": form,
        "about": staff_presenters.patient_line(ground.patient),
        "back": reverse("access:patient", args=[patient_id]),
    }
    return render(request, "youth_access/staff/preview.html", words, status=422 if form.errors else 200)


@role_required(Role.CLINICIAN)
@require_http_methods(["GET", "HEAD", "POST"])
def close_task(request: HttpRequest, patient_id: UUID, task_id: UUID) -> HttpResponse:
    """A task is done, or needs nothing."""
    ground = ground_or_404(request, patient_id, act=True)

    def carry_out(form: NoteForm) -> str:
        note = form.cleaned_data["note"]
        tasks.close(task_id=task_id, patient_id=patient_id, note=note, by=ground.actor, basis=ground.basis)
        return _("Oppgaven er lukket.")

    deed = Deed(
        title=_("Lukk oppgaven"),
        lead=_("Skriv hva som er gjort. Oppgaven forsvinner fra listen til alle."),
        button=_("Lukk oppgaven"),
        form=NoteForm,
        carry_out=carry_out,
        words_for={"closed": _("Noen andre har alt lukket oppgaven.")},
    )
    return ask(request, ground, deed)


def _tables(ground: Footing, chosen: datetime | None) -> list[staff_tables.PreviewTable]:
    who, now = ground.patient, ground.instant
    others = staff_preview.relatives(who)
    referrals = [each for each in staff_queries.referrals_of(who) if each.ended_at is None]
    found = [staff_tables.table(staff_preview.preview(who, others, referrals, now), _("Nå"))]
    for instant in (staff_preview.next_change(who, now), chosen):
        if instant is not None:
            made = staff_preview.preview(who, others, referrals, instant)
            found.append(staff_tables.table(made, staff_tables.heading_at(made)))
    return found


def _landing(request: HttpRequest, form: NumberForm, *, status: int = 200) -> HttpResponse:
    viewer, now = require_viewer(request), clock.now()
    page, own = staff_queries.patients_page(viewer, now, request.GET.get("side", "1"))
    shown = staff_presenters.landing(page, own, staff_queries.own_tasks(viewer, now, _TASKS))
    return render(request, "youth_access/staff/landing.html", {"landing": shown, "form": form}, status=status)


def _emptied(form: NumberForm) -> NumberForm:
    """The same errors, without the number that was written."""
    form.data = QueryDict()
    return form


@transaction.atomic
def _note_search(viewer: Viewer, person: Person, ground: Footing | None) -> None:
    flags = ground.flags if ground else delicate(viewer.person_id, person)
    audit.record(
        by=Actor("staff", str(viewer.person_id)),
        action="find",
        item_kind="patient_search",
        item_id=person.pk,
        person_id=person.pk,
        basis=ground.basis if ground else Basis(relation="clinician"),
        result=AuditRow.Result.SHOWN if ground else AuditRow.Result.REFUSED,
        details={"flags": list(flags)} if flags else {},
    )


def _just_over(viewer: Viewer, patient_id: UUID, now: datetime) -> bool:
    """Whether the viewer's own emergency access to this patient has run out, and nothing else lets them in."""
    last = (
        BreakGlass.objects.filter(clinician_id=viewer.person_id, patient_id=patient_id).order_by("-started_at").first()
    )
    if last is None or last.ends_at > now:
        return False
    return footing(viewer, last.patient, now) is None
