"""Pages on which staff appoint somebody for a patient who cannot appoint anybody (tildelt fullmakt, TD)."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.people.commands import register_person
from portal.people.models import Role
from portal.people.viewer import role_required
from youth_access.commands import assigned
from youth_access.inputs import AssignForm, midnight
from youth_access.staff_deeds import Deed, ask
from youth_access.staff_ground import ground_or_404
from youth_access.staff_inputs import JustAsk

_METHODS = ["GET", "HEAD", "POST"]


@role_required(Role.CLINICIAN)
@require_http_methods(_METHODS)
def assign(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Appoint somebody by identity number, with the general practitioner's confirmation."""
    ground = ground_or_404(request, patient_id, act=True)

    def carry_out(form: AssignForm) -> str:
        answers = form.cleaned_data
        ends = answers["ends"]
        assigned.assign(
            giver_id=patient_id,
            receiver_id=register_person(pid=answers["number"]).pk,
            areas=answers["areas"],
            ends_at=None if ends is None else midnight(ends + timedelta(days=1)),
            confirmation=answers["note"],
            by=ground.actor,
            basis=ground.basis,
        )
        return _("Fullmakten er tildelt. Den gjelder fra nå, og bare når pasienten er fylt 16 år.")

    return ask(
        request,
        ground,
        Deed(
            title=_("Tildel fullmakt"),
            lead=_(
                "For en pasient som ikke kan gi fullmakt selv. Fastlegen må ha bekreftet det. Pårørende ser da det "
                "pasienten selv kunne sett, og pasienten ser hva de gjør."
            ),
            button=_("Tildel fullmakt"),
            form=AssignForm,
            carry_out=carry_out,
            words_for={
                "oneself": _("En pasient kan ikke ha fullmakt for seg selv."),
                "standing": _("Personen har alt en tildelt fullmakt. Avslutt den først hvis noe skal endres."),
            },
        ),
    )


@role_required(Role.CLINICIAN)
@require_http_methods(_METHODS)
def end(request: HttpRequest, patient_id: UUID, fullmakt_id: UUID) -> HttpResponse:
    """End an assigned fullmakt at once."""
    ground = ground_or_404(request, patient_id, act=True)

    def carry_out(_form: JustAsk) -> str:
        assigned.end(fullmakt_id=fullmakt_id, giver_id=patient_id, by=ground.actor, basis=ground.basis)
        return _("Fullmakten er avsluttet.")

    return ask(
        request,
        ground,
        Deed(
            title=_("Avslutt den tildelte fullmakten"),
            lead=_("Den som har fullmakten, kommer ikke lenger inn fra neste klikk."),
            button=_("Avslutt fullmakten"),
            form=JustAsk,
            carry_out=carry_out,
            danger=True,
        ),
    )
