"""What clerks may do with one letter, each on its own page with a reason."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from letters import staff_conflicts
from letters.commands import clerk, stuck
from letters.commands.clerk import FOUR_EYES, NEVER_RELEASED, RESENDABLE
from letters.commands.clerk_marks import NotPossible
from letters.inputs import ReleaseForm, ResolveForm, SettleForm
from letters.models import ClerkTask, Posting
from letters.queries import for_staff
from letters.staff_deeds import Answers, Deed, ask
from letters.states import STOPPABLE, Postal, Stage
from portal.people.models import Role
from portal.people.viewer import require_viewer, role_required

_METHODS = ["GET", "HEAD", "POST"]


@role_required(Role.CLERK)
@require_http_methods(_METHODS)
def release(request: HttpRequest, letter_id: UUID, posting_id: UUID) -> HttpResponse:
    """Let a held paper copy go; a protected address takes two persons."""
    posting, by = _posting(letter_id, posting_id), require_viewer(request).person_id
    two = posting.hold_reason in FOUR_EYES

    def carry_out(answers: Answers) -> str:
        if clerk.release(posting_id=posting_id, by=by, note=answers["note"], seen=answers["seen"]):
            return _("Papiret er frigitt. Det går til trykkeriet med adressen Folkeregisteret har nå.")
        return _("Godkjenningen din er lagret. En annen ansatt må også godkjenne før papiret frigis.")

    return ask(
        request,
        Deed(
            letter=posting.letter,
            posting_id=posting_id,
            title=_("Godkjenn at papiret frigis") if two else _("Frigi papiret"),
            lead=_lead_of_release(posting.hold_reason),
            button=_("Godkjenn") if two else _("Frigi"),
            possible=posting.state == Postal.HELD and posting.hold_reason not in NEVER_RELEASED,
            carry_out=carry_out,
            explain=lambda error: staff_conflicts.about_posting(error, _posting(letter_id, posting_id)),
            kinds=("clerk.released", "clerk.first_approval"),
            form=ReleaseForm,
            initial={"seen": posting.hold_reason},
        ),
    )


def _lead_of_release(reason: str) -> str:
    if reason == ClerkTask.Reason.PROTECTED:
        return _(
            "Pasienten har adressesperre. To ansatte må godkjenne hver for seg før papiret frigis. "
            "Adressen vises ikke her."
        )
    if reason == ClerkTask.Reason.PARENTS_DENIED:
        return _(
            "Foreldrene skal ikke se brevet, og papiret går hjem til dem. Avklar med behandler først. "
            "To ansatte må godkjenne hver for seg."
        )
    return _("Papiret går til trykkeriet. Adressen hentes fra Folkeregisteret når det leveres.")


@role_required(Role.CLERK)
@require_http_methods(_METHODS)
def stop(request: HttpRequest, letter_id: UUID, posting_id: UUID) -> HttpResponse:
    """Stop a paper copy, here or by asking the printer."""
    posting, by = _posting(letter_id, posting_id), require_viewer(request).person_id

    def carry_out(answers: Answers) -> str:
        if clerk.stop(posting_id=posting_id, by=by, note=answers["note"]) == "stopped":
            return _("Papiret er stoppet. Det blir ikke sendt.")
        return _("Vi har bedt trykkeriet stoppe brevet. Svaret deres vises her.")

    at_printer = _("Trykkeriet har brevet. Vi ber dem stoppe det, men det er ikke sikkert de rekker det.")
    here = _("Papiret blir ikke sendt. Brevet på skjerm blir liggende.")
    return ask(
        request,
        Deed(
            letter=posting.letter,
            posting_id=posting_id,
            title=_("Stopp papiret"),
            lead=at_printer if posting.state == Postal.ACCEPTED else here,
            button=_("Stopp papiret"),
            possible=posting.state in STOPPABLE or posting.state == Postal.ACCEPTED,
            carry_out=carry_out,
            explain=lambda error: staff_conflicts.about_posting(error, _posting(letter_id, posting_id)),
            kinds=("clerk.stop_asked",),
            danger=True,
        ),
    )


@role_required(Role.CLERK)
@require_http_methods(_METHODS)
def send_again(request: HttpRequest, letter_id: UUID, posting_id: UUID) -> HttpResponse:
    """Send the letter on paper once more."""
    posting, by = _posting(letter_id, posting_id), require_viewer(request).person_id

    def carry_out(answers: Answers) -> str:
        clerk.send_again(posting_id=posting_id, by=by, note=answers["note"])
        return _("En ny papirutgave er opprettet. Adressen hentes fra Folkeregisteret nå.")

    return ask(
        request,
        Deed(
            letter=posting.letter,
            posting_id=posting_id,
            title=_("Send på nytt"),
            lead=_("Vi lager en ny papirutgave og henter adressen på nytt. Sjekk først at brevet fortsatt gjelder."),
            button=_("Send på nytt"),
            possible=posting.state in RESENDABLE and posting.letter.withdrawn_at is None,
            carry_out=carry_out,
            explain=lambda error: staff_conflicts.about_posting(error, _posting(letter_id, posting_id)),
            kinds=("clerk.sent_again",),
        ),
    )


@role_required(Role.CLERK)
@require_http_methods(_METHODS)
def settle(request: HttpRequest, letter_id: UUID, posting_id: UUID) -> HttpResponse:
    """Write down what the printer said about an order whose outcome nobody knows."""
    posting, by = _posting(letter_id, posting_id), require_viewer(request).person_id

    def carry_out(answers: Answers) -> str:
        printed = answers["printed"] == "yes"
        clerk.settle_unknown(posting_id=posting_id, by=by, printed=printed, note=answers["note"])
        if printed:
            return _("Lagret. Brevet vises som sendt i posten når kvitteringen kommer.")
        return _("Lagret: brevet ble ikke trykt. Velg nå om det skal sendes på nytt.")

    return ask(
        request,
        Deed(
            letter=posting.letter,
            posting_id=posting_id,
            title=_("Avklar med trykkeriet"),
            lead=_("Ring trykkeriet. Oppgi nøkkelen %(key)s og spør om de har brevet.") % {"key": posting.key},
            button=_("Lagre svaret"),
            possible=posting.state == Postal.UNKNOWN,
            carry_out=carry_out,
            explain=lambda error: staff_conflicts.about_posting(error, _posting(letter_id, posting_id)),
            kinds=("clerk.settled",),
            form=SettleForm,
        ),
    )


@role_required(Role.CLERK)
@require_http_methods(_METHODS)
def resolve(request: HttpRequest, letter_id: UUID, task_id: UUID) -> HttpResponse:
    """Close a task that was dealt with outside the portal."""
    task, by = _task(letter_id, task_id), require_viewer(request).person_id
    held = task.posting is not None and task.posting.state == Postal.HELD

    def carry_out(answers: Answers) -> str:
        clerk.resolve(task_id=task_id, by=by, resolution=answers["resolution"], note=answers["note"])
        return _("Oppgaven er lukket, og papiret er stoppet.") if held else _("Oppgaven er lukket.")

    stops = _("Papiret som er holdt igjen, blir stoppet samtidig.")
    return ask(
        request,
        Deed(
            letter=task.letter,
            posting_id=task.posting.id if task.posting else None,
            title=_("Lukk oppgaven"),
            lead=stops if held else _("Oppgaven forsvinner fra listen. Ingenting sendes av dette."),
            button=_("Lukk oppgaven"),
            possible=task.resolved_at is None,
            carry_out=carry_out,
            explain=lambda error: _about_task(error, letter_id, task_id),
            kinds=("clerk.task_telephoned", "clerk.task_dropped", "clerk.task_other"),
            form=ResolveForm,
        ),
    )


@role_required(Role.CLERK)
@require_http_methods(_METHODS)
def try_again(request: HttpRequest, letter_id: UUID, task_id: UUID) -> HttpResponse:
    """Let a letter that was stopped on its way in try once more."""
    task, by = _task(letter_id, task_id), require_viewer(request).person_id

    def carry_out(answers: Answers) -> str:
        stuck.try_again(task_id=task_id, by=by, note=answers["note"])
        return _("Brevet prøver igjen. Stopper det på nytt, kommer det tilbake hit.")

    return ask(
        request,
        Deed(
            letter=task.letter,
            title=_("Prøv igjen"),
            lead=_("Brevet går videre derfra det stoppet. Sjekk først at brevet fortsatt gjelder."),
            button=_("Prøv igjen"),
            possible=task.resolved_at is None and task.letter.stage == Stage.STUCK,
            carry_out=carry_out,
            explain=lambda error: _about_task(error, letter_id, task_id),
            kinds=("clerk.tried_again",),
        ),
    )


def _posting(letter_id: UUID, posting_id: UUID) -> Posting:
    found = for_staff.posting(letter_id, posting_id)
    if found is None:
        raise Http404
    return found


def _task(letter_id: UUID, task_id: UUID) -> ClerkTask:
    found = for_staff.task(letter_id, task_id)
    if found is None:
        raise Http404
    return found


def _about_task(error: NotPossible | None, letter_id: UUID, task_id: UUID) -> str:
    return staff_conflicts.about_task(error or NotPossible("already-resolved"), _task(letter_id, task_id))
