"""Emergency access, and its review by somebody else."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.audit import commands as audit
from portal.audit.basis import Basis
from portal.kernel.actor import Actor
from portal.people.models import Person, Role
from portal.people.viewer import require_viewer, role_required
from portal.ui import dates
from portal.ui.cards import Cell, Table
from youth_access import staff_presenters, staff_queries
from youth_access import staff_words as words
from youth_access.commands import emergency, tasks
from youth_access.inputs import EmergencyForm, NoteForm, ReviewForm
from youth_access.models import AccessTask, BreakGlass, ReferralAssessment
from youth_access.staff_deeds import Deed, ask_at
from youth_access.staff_footing import delicate
from youth_access.staff_ground import SOUGHT
from youth_access.staff_presenters import Fact

_METHODS = ["GET", "HEAD", "POST"]


@role_required(Role.CLINICIAN)
@require_http_methods(_METHODS)
def begin(request: HttpRequest) -> HttpResponse:
    """Say why one must in. The patient is the one looked for last; no address holds a number."""
    sought = request.session.get(SOUGHT)
    if sought is None:
        return HttpResponseRedirect(reverse("access:landing"))
    viewer = require_viewer(request)
    person = Person.objects.filter(pk=sought).first() if sought else None

    def carry_out(form: EmergencyForm) -> str:
        if person is None:
            raise emergency.NotPossible("no-such")
        emergency.begin(
            clinician_id=viewer.person_id,
            patient_id=person.pk,
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            flags=delicate(viewer.person_id, person),
        )
        request.session.pop(SOUGHT, None)
        return _("Nødtilgangen varer i 60 minutter. Pasienten får se den i loggen sin, og noen andre kontrollerer den.")

    deed = Deed(
        title=_("Nødtilgang"),
        lead=_(
            "Bare når det haster, og det ikke kan vente på en behandlingsrelasjon. Du får se i 60 minutter, men ikke "
            "endre. Pasienten får se det i loggen sin. En kontrollør vurderer om det var berettiget."
        ),
        button=_("Åpne med nødtilgang"),
        form=EmergencyForm,
        carry_out=carry_out,
        danger=True,
        words_for={
            "oneself": _("Du kan ikke bruke nødtilgang på deg selv."),
            "no-such": _("Portalen har ingen opplysninger om denne pasienten."),
        },
    )
    done = reverse("access:patient", args=[person.pk]) if person is not None else ""
    return ask_at(request, deed, back=reverse("access:landing"), about="", done=done)


@role_required(Role.CLINICIAN)
@require_POST
def leave(request: HttpRequest, break_glass_id: UUID) -> HttpResponse:
    """Leave before the hour is over."""
    viewer = require_viewer(request)
    if not BreakGlass.objects.filter(pk=break_glass_id, clinician_id=viewer.person_id).exists():
        raise Http404
    emergency.leave(break_glass_id=break_glass_id, clinician_id=viewer.person_id)
    messages.success(request, _("Nødtilgangen er avsluttet."))
    return HttpResponseRedirect(reverse("access:landing"))


@role_required(Role.REVIEWER)
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits for a second person: emergency access, and denials of the youth."""
    by = require_viewer(request).person_id
    found = {
        "reviews": staff_presenters.reviews(staff_queries.to_review(by)),
        "denials": staff_presenters.denials(staff_queries.denials_to_review(by)),
    }
    return render(request, "youth_access/staff/reviews.html", found)


@role_required(Role.REVIEWER)
@require_http_methods(_METHODS)
def review(request: HttpRequest, break_glass_id: UUID) -> HttpResponse:
    """Judge one emergency access. One's own answers like one that does not exist."""
    by = require_viewer(request).person_id
    row = BreakGlass.objects.filter(pk=break_glass_id).select_related("clinician", "patient").first()
    if row is None or row.clinician_id == by:
        raise Http404
    if row.reviewed_at is not None:
        messages.warning(request, _("Noen andre har alt kontrollert denne nødtilgangen."))
        return HttpResponseRedirect(reverse("access:reviews"))
    if request.method != "POST":
        _note_review_look(by, row)

    def carry_out(form: ReviewForm) -> str:
        emergency.review(
            break_glass_id=row.pk, verdict=form.cleaned_data["verdict"], note=form.cleaned_data["note"], by=by
        )
        return _("Kontrollen er lagret.")

    deed = Deed(
        title=_("Kontroller nødtilgangen"),
        lead=_("Vurder om grunnen holder, og om det som ble åpnet, hadde med den å gjøre."),
        button=_("Lagre kontrollen"),
        form=ReviewForm,
        carry_out=carry_out,
        extra={"facts": _facts(row), "table": _looked_at(row)},
        words_for={"reviewed": _("Noen andre har alt kontrollert denne nødtilgangen.")},
    )
    return ask_at(request, deed, back=reverse("access:reviews"), about="")


@role_required(Role.REVIEWER)
@require_http_methods(_METHODS)
def denial(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Judge a denial of the youth anew; never by the one who decided it."""
    by = require_viewer(request).person_id
    found = next((each for each in staff_queries.denials_to_review(by) if each[0].pk == task_id), None)
    if found is None:
        raise Http404
    task, made = found

    def carry_out(form: NoteForm) -> str:
        tasks.close(
            task_id=task.pk,
            patient_id=task.patient_id,
            note=form.cleaned_data["note"],
            by=Actor("staff", str(by)),
            basis=Basis(relation="reviewer"),
        )
        return _("Vurderingen er lagret.")

    deed = Deed(
        title=_("Vurder nektingen av ungdommen"),
        lead=_("Skriv hva du kom til. Skal nektingen oppheves, gjør den behandlende enheten det."),
        button=_("Lagre vurderingen"),
        form=NoteForm,
        carry_out=carry_out,
        extra={"facts": _denial_facts(task, made)},
    )
    return ask_at(request, deed, back=reverse("access:reviews"), about="")


def _facts(row: BreakGlass) -> list[Fact]:
    flags = [words.say(words.FLAGS, flag) for flag in delicate(row.clinician_id, row.patient)]
    return [
        Fact(_("Behandler"), staff_presenters.name_of(row.clinician)),
        Fact(_("Pasient"), staff_presenters.shielded(row.patient)),
        Fact(_("Tid"), f"{dates.moment(row.started_at)}, {_('til')} {dates.time(row.ends_at)}"),
        Fact(_("Grunn"), words.say(words.EMERGENCY_REASONS, row.reason)),
        Fact(_("Begrunnelse"), row.note),
        *([Fact(_("Vær oppmerksom på"), ", ".join(flags))] if flags else []),
    ]


def _looked_at(row: BreakGlass) -> Table:
    return Table(
        caption=_("Dette ble åpnet"),
        columns=[_("Når"), _("Hva")],
        rows=[
            [Cell(dates.time(each.at)), Cell(words.say(words.LOOKED_AT, f"{each.item_kind}.{each.action}"))]
            for each in staff_queries.looked_at(row)
        ],
        empty_text=_("Ingenting er åpnet."),
    )


def _denial_facts(task: AccessTask, made: ReferralAssessment | None) -> list[Fact]:
    patient = [Fact(_("Pasient"), staff_presenters.shielded(task.patient))]
    if made is None:
        return [*patient, Fact(_("Gjelder"), _("Koden NORN_UNGDOM på ett dokument. Grunnen står i historikken der."))]
    names = staff_queries.names_of([made.made_by])
    return [
        Fact(
            _("Pasient"),
            _("Skjermet person") if task.patient.protected else staff_presenters.patient_line(task.patient),
        ),
        Fact(_("Enhet"), str(made.unit)),
        Fact(_("Grunn"), words.say(words.EVERY_REASON, made.reason)),
        Fact(_("Begrunnelse"), made.note),
        Fact(_("Vurdert av"), f"{names.get(made.made_by, '')}, {dates.plain_date(made.made_at)}"),
    ]


def _note_review_look(by: UUID, row: BreakGlass) -> None:
    audit.record(
        by=Actor("staff", str(by)),
        action="read",
        item_kind="break_glass",
        item_id=row.pk,
        person_id=row.patient_id,
        basis=Basis(relation="reviewer"),
    )
