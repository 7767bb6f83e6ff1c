"""Pages on which staff close and open: parents of one child, one clinician, codes on one item."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.audit import commands as audit
from portal.people.models import Person, Role
from portal.people.viewer import role_required
from youth_access import items, staff_preview, staff_tables
from youth_access.codes import Code
from youth_access.commands import blocks, tasks
from youth_access.commands.assessments import REVIEW_DAYS
from youth_access.facts import Kind, Service
from youth_access.inputs import BlockForm, CodesForm
from youth_access.models import AccessTask, StaffBlock
from youth_access.staff_deeds import Deed, ask
from youth_access.staff_footing import Footing
from youth_access.staff_ground import ground_or_404
from youth_access.staff_inputs import JustAsk
from youth_access.staff_presenters import name_of
from youth_access.staff_queries import CODED

_METHODS = ["GET", "HEAD", "POST"]


@role_required(Role.CLINICIAN)
@require_http_methods(_METHODS)
def block(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Close the portal for parents: what the register cannot tell, such as a care order."""
    ground = ground_or_404(request, patient_id, act=True)
    choices = [(str(each.pk), name_of(each)) for each in staff_preview.relatives(ground.patient)]

    def carry_out(form: BlockForm) -> str:
        answers = form.cleaned_data
        blocks.set_block(
            child_id=patient_id,
            parent_id=None if answers["parent"] == "all" else UUID(answers["parent"]),
            reason=answers["reason"],
            note=answers["note"],
            by=ground.actor,
            basis=ground.basis,
        )
        return _("Stengt. Det gjelder fra neste klikk, også for den som er logget inn nå.")

    lead = _(
        "Foreldre som står i Folkeregisteret, mister all digital tilgang til barnet. De får ikke vite at det er "
        "stengt her. Folkeregisteret viser ikke omsorgsovertakelse: da må det stenges her."
    )
    return ask(
        request,
        ground,
        Deed(
            title=_("Steng digital foreldretilgang"),
            lead=lead,
            button=_("Steng"),
            form=lambda data: BlockForm(data, choices=choices),
            carry_out=carry_out,
            danger=True,
        ),
    )


@role_required(Role.CLINICIAN)
@require_http_methods(_METHODS)
def end_block(request: HttpRequest, patient_id: UUID, block_id: UUID) -> HttpResponse:
    """Let parents in again."""
    ground = ground_or_404(request, patient_id, act=True)

    def carry_out(_form: JustAsk) -> str:
        blocks.end_block(block_id=block_id, child_id=patient_id, by=ground.actor, basis=ground.basis)
        return _("Åpnet igjen. Reglene for barnets alder gjelder.")

    lead = _("De som står med foreldreansvar i Folkeregisteret, får tilgang igjen etter reglene for barnets alder.")
    return ask(
        request,
        ground,
        Deed(title=_("Åpne digital foreldretilgang"), lead=lead, button=_("Åpne"), form=JustAsk, carry_out=carry_out),
    )


@role_required(Role.CLINICIAN)
@require_http_methods(_METHODS)
def shut_out(request: HttpRequest, patient_id: UUID, clinician_id: UUID) -> HttpResponse:
    """The patient does not want this clinician (NORS)."""
    ground = ground_or_404(request, patient_id, act=True)
    clinician = Person.objects.filter(pk=clinician_id, roles__role=Role.CLINICIAN).first()
    if clinician is None:
        raise Http404

    def carry_out(_form: JustAsk) -> str:
        blocks.block_clinician(patient_id=patient_id, clinician_id=clinician_id, by=ground.actor, basis=ground.basis)
        return _("Sperret. Behandleren kommer bare inn med nødtilgang, og da får pasienten se det.")

    lead = _("%(name)s får ikke lenger åpne noe om pasienten.") % {"name": name_of(clinician)}
    return ask(
        request,
        ground,
        Deed(title=_("Sperr for en behandler"), lead=lead, button=_("Sperr"), form=JustAsk, carry_out=carry_out),
    )


@role_required(Role.CLINICIAN)
@require_http_methods(_METHODS)
def let_in(request: HttpRequest, patient_id: UUID, block_id: UUID) -> HttpResponse:
    """The patient has changed their mind about a clinician."""
    ground = ground_or_404(request, patient_id, act=True)
    if not StaffBlock.objects.filter(pk=block_id, patient_id=patient_id).exists():
        raise Http404

    def carry_out(_form: JustAsk) -> str:
        blocks.unblock_clinician(block_id=block_id, patient_id=patient_id, by=ground.actor, basis=ground.basis)
        return _("Sperren er opphevet.")

    return ask(
        request,
        ground,
        Deed(
            title=_("Opphev sperren"),
            lead=_("Behandleren får tilgang igjen på vanlige vilkår."),
            button=_("Opphev sperren"),
            form=JustAsk,
            carry_out=carry_out,
        ),
    )


@role_required(Role.CLINICIAN)
@require_http_methods(_METHODS)
def codes(request: HttpRequest, patient_id: UUID, service: str, item_id: UUID) -> HttpResponse:
    """Set codes on one item of a service."""
    ground = ground_or_404(request, patient_id, act=True)
    source = items.source(Service(service)) if service in list(Service) else None
    item = source.one(patient_id, item_id) if source is not None else None
    if source is None or item is None or not ground.sees(item.facts):
        raise Http404

    def carry_out(form: CodesForm) -> str:
        answers = form.cleaned_data
        source.set_codes(
            patient_id=patient_id,
            item_id=item_id,
            codes=tuple(answers["codes"]),
            visible_from=answers["visible_from"],
            note=answers["note"],
            by=ground.actor,
        )
        _follow_up(ground, item_id, answers["codes"])
        return _("Kodene er lagret. De gjelder fra neste klikk, også for den som har lest det før.")

    now = [code for code in item.facts.codes if code in CodesForm.settable()]
    initial = {"codes": now, "visible_from": item.facts.withheld_until, "note": ""}
    return ask(
        request,
        ground,
        Deed(
            title=_("Sett koder på «%(title)s»") % {"title": item.title},
            lead=_("Kodene avløser dem som står der nå. Pasientens eget ønske (NORN_EPO) blir stående."),
            button=_("Lagre kodene"),
            form=lambda data: CodesForm(data, initial=initial),
            carry_out=carry_out,
            extra={"seen_by": _seen_by(ground, item)},
        ),
    )


def _follow_up(ground: Footing, item_id: UUID, chosen: list[str]) -> None:
    """What a code asks of others: a denied youth is judged anew; an unknown code has been dealt with."""
    tasks.close_about(subject=item_id, by=ground.actor)
    if Code.YOUTH_DENIED in chosen:
        tasks.open_task(
            kind=AccessTask.Kind.YOUTH_DENIED,
            patient_id=ground.patient.pk,
            subject=item_id,
            unit_id=None,
            step=f"{ground.instant:%Y%m%d%H%M%S}",
            in_days=REVIEW_DAYS,
        )
        audit.record(by=ground.actor, action=CODED, item_kind="access_code", item_id=item_id, basis=ground.basis)


def _seen_by(ground: Footing, item: items.Listed) -> list[tuple[str, str, staff_tables.PreviewCell]]:
    """Who may see the item as it is now."""
    people = staff_preview.everyone_at(ground.patient, staff_preview.relatives(ground.patient), ground.instant)
    found = [(eyes, staff_tables.cell(eyes.decide(item.service, item.facts))) for eyes in people]
    return [(*staff_tables.person(eyes), cell) for eyes, cell in found if eyes.relation.kind != Kind.STRANGER]
