"""Pages on which a clinician assesses a referral, writes down a child's wish, and answers it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.people.models import Role
from portal.people.viewer import role_required
from youth_access import staff_queries
from youth_access.commands import assessments, wishes
from youth_access.commands.assessments import Wanted
from youth_access.facts import Outcome
from youth_access.inputs import AssessForm, WishAnswerForm, WishForm
from youth_access.models import ChildWish, Referral, ReferralAssessment
from youth_access.staff_deeds import Deed, ask
from youth_access.staff_ground import ground_or_404
from youth_access.staff_inputs import JustAsk

_METHODS = ["GET", "HEAD", "POST"]


@role_required(Role.CLINICIAN)
@require_http_methods(_METHODS)
def assess(request: HttpRequest, patient_id: UUID, referral_id: UUID) -> HttpResponse:
    """Set what holds for a referral, from when until when."""
    ground = ground_or_404(request, patient_id, act=True)
    referral = Referral.objects.filter(pk=referral_id, patient_id=patient_id).select_related("unit").first()
    if referral is None:
        raise Http404
    now = staff_queries.in_force(referral, ground.instant)

    def carry_out(form: AssessForm) -> str:
        starts_at, ends_at = form.period()
        answers = form.cleaned_data
        wanted = Wanted(
            outcome=Outcome(answers["outcome"]),
            starts_at=starts_at,
            ends_at=ends_at,
            reason=answers["reason"],
            note=answers["note"],
            opens_after=answers["opens_after"],
        )
        assessments.assess(
            referral_id=referral_id, patient_id=patient_id, wanted=wanted, by=ground.actor, basis=ground.basis
        )
        return _("Vurderingen er lagret. Den gjelder fra neste gang noen åpner portalen.")

    return ask(
        request,
        ground,
        Deed(
            title=_("Vurder henvisningen til %(unit)s") % {"unit": referral.unit.name},
            lead=_(
                "Gjelder alt som hører til henvisningen: brev, timer, journal, dialog og skjema. Nekting krever en "
                "konkret vurdering av hva som kan skade. Ny vurdering avløser den som gjelder, uten opphold."
            ),
            button=_("Lagre vurderingen"),
            form=lambda data: AssessForm(data, initial=_initial(now)),
            carry_out=carry_out,
        ),
    )


@role_required(Role.CLINICIAN)
@require_http_methods(_METHODS)
def end_assessment(request: HttpRequest, patient_id: UUID, assessment_id: UUID) -> HttpResponse:
    """End an assessment; the referral is then not assessed."""
    ground = ground_or_404(request, patient_id, act=True)

    def carry_out(_form: JustAsk) -> str:
        assessments.end(assessment_id=assessment_id, patient_id=patient_id, by=ground.actor, basis=ground.basis)
        return _("Vurderingen er avsluttet. Henvisningen er ikke vurdert.")

    lead = _("Henvisningen blir «ikke vurdert». Da er den stengt for barn på 12–15 år og for foreldrene deres.")
    return ask(
        request,
        ground,
        Deed(
            title=_("Avslutt vurderingen"),
            lead=lead,
            button=_("Avslutt vurderingen"),
            form=JustAsk,
            carry_out=carry_out,
            danger=True,
        ),
    )


@role_required(Role.CLINICIAN)
@require_http_methods(_METHODS)
def wish(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Write down that the child wants parents kept out."""
    ground = ground_or_404(request, patient_id, act=True)
    choices = [(str(each.pk), str(each.unit)) for each in staff_queries.referrals_of(ground.patient)]

    def carry_out(form: WishForm) -> str:
        about = form.cleaned_data["about"]
        wishes.record(
            child_id=patient_id,
            referral_id=None if about == "all" else UUID(about),
            note=form.cleaned_data["note"],
            by=ground.actor,
            basis=ground.basis,
        )
        return _("Ønsket er skrevet inn. Det er stengt for foreldrene til en behandler har svart.")

    return ask(
        request,
        ground,
        Deed(
            title=_("Skriv inn barnets ønske"),
            lead=_(
                "Barn fra 12 år kan ønske at foreldrene ikke får vite, av grunner som bør respekteres "
                "(§ 3-4 annet ledd). Det er stengt for foreldrene fra ønsket er skrevet inn."
            ),
            button=_("Lagre ønsket"),
            form=lambda data: WishForm(data, choices=choices),
            carry_out=carry_out,
        ),
    )


@role_required(Role.CLINICIAN)
@require_http_methods(_METHODS)
def answer_wish(request: HttpRequest, patient_id: UUID, wish_id: UUID) -> HttpResponse:
    """Respect the wish, decline it with a reason, or note that it is taken back."""
    ground = ground_or_404(request, patient_id, act=True)
    if not ChildWish.objects.filter(pk=wish_id, child_id=patient_id).exists():
        raise Http404

    def carry_out(form: WishAnswerForm) -> str:
        wishes.answer(
            wish_id=wish_id,
            child_id=patient_id,
            state=ChildWish.State(form.cleaned_data["state"]),
            note=form.cleaned_data["note"],
            by=ground.actor,
            basis=ground.basis,
        )
        return _("Svaret er lagret.")

    return ask(
        request,
        ground,
        Deed(
            title=_("Svar på barnets ønske"),
            lead=_("Snakk med barnet før du svarer. Blir ønsket ikke etterkommet, skal barnet få vite hvorfor."),
            button=_("Lagre svaret"),
            form=WishAnswerForm,
            carry_out=carry_out,
            words_for={"answered": _("Noen andre har alt svart på ønsket.")},
        ),
    )


def _initial(now: ReferralAssessment | None) -> dict[str, object]:
    return {} if now is None else {"outcome": now.outcome, "reason": now.reason, "note": now.note}
