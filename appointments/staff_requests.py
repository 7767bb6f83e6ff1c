"""What waits for the clinic's answer, and answering it. Of two who answer at once, one does; both are told."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from appointments import staff_case, staff_queue
from appointments.commands import answering, staff_looking, video
from appointments.models import Request
from appointments.queries import for_staff
from appointments.staff_desk import Standing, desk, patients_of, stand
from appointments.staff_inputs import AnswerForm
from appointments.states import Asked
from portal.kernel.moves import IllegalMoveError
from portal.people.models import Role
from portal.people.viewer import require_viewer, role_required

_OPEN = (Asked.WAITING, Asked.FAILED)


@role_required(Role.CLERK, Role.CLINICIAN)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Wishes that wait, oldest first, and what did not get through to the record system."""
    viewer, units = require_viewer(request), for_staff.units()
    chosen = request.GET.get("enhet", "")
    unit_id = chosen if chosen in {each.pk for each in units} else ""
    page = for_staff.requests_page(unit_id, patients_of(viewer), request.GET.get("side", "1"))
    rows = list(page.object_list)
    who = desk(viewer, {each.person_id for each in rows})
    staff_looking.note_requests(requests=[each.pk for each in rows], by=who.actor, basis=who.basis)
    shown = staff_queue.queue(page, rows, who, units, unit_id)
    return render(request, "appointments/staff/requests.html", {"queue": shown})


@role_required(Role.CLERK, Role.CLINICIAN)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request: who asks for what, and the clinic's yes or no."""
    acting = request.method == "POST"
    found, standing = _found(request, request_id, act=acting)
    form = AnswerForm(request.POST if acting else None, found.kind, failed=found.state == Asked.FAILED)
    if not acting:
        _note_look(found, standing)
        return _page(request, found, standing, form)
    if found.state not in _OPEN:
        messages.warning(request, _already(found))
        return HttpResponseRedirect(reverse("clinic:request", args=[request_id]))
    if not form.is_valid():
        return _page(request, found, standing, form, status=422)
    _answer(request, found, standing, form.cleaned_data)
    return HttpResponseRedirect(reverse("clinic:requests"))


def _found(request: HttpRequest, request_id: UUID, *, act: bool) -> tuple[Request, Standing]:
    found = for_staff.request(request_id)
    if found is None:
        raise Http404
    standing = stand(
        require_viewer(request),
        found.person,
        item_kind="appointment" if found.appointment_id else "request",
        item_id=found.appointment_id or found.pk,
        appointment=found.appointment,
        act=act,
    )
    return found, standing


def _answer(request: HttpRequest, found: Request, standing: Standing, answers: dict[str, Any]) -> None:
    """Say yes or no, and tell what came of it; somebody else may have been first."""
    by = standing.desk.actor
    try:
        if answers["verdict"] == "refuse":
            answering.refuse(request_id=found.pk, by=by, answer=answers["answer"])
        elif found.kind == Request.Kind.VIDEO:
            address = answers["virtual_address"]
            video.accept(request_id=found.pk, virtual_address=address, by=by, answer=answers["answer"])
        else:
            record_id = answers.get("record_id", "")
            answering.accept(request_id=found.pk, by=by, record_id=record_id, answer=answers["answer"])
    except IllegalMoveError:
        _tell_outcome(request, found.pk, conflict=True)
        return
    _tell_outcome(request, found.pk, conflict=False, wanted=answers["verdict"])


def _tell_outcome(request: HttpRequest, request_id: UUID, *, conflict: bool, wanted: str = "") -> None:
    now = for_staff.request(request_id)
    if now is None:
        return
    if conflict:
        messages.warning(request, _already(now))
    elif wanted == "accept" and now.state == Asked.REFUSED:
        messages.warning(request, _("Timen er endret eller avlyst i mellomtiden. Ønsket er derfor avslått."))
    else:
        messages.success(request, _("Svaret er lagret. Pasienten får beskjed."))


def _already(found: Request) -> str:
    told = staff_case.answered(found)
    return _("Ønsket er alt besvart. %(told)s Svaret ditt er ikke lagret.") % {"told": told}


def _note_look(found: Request, standing: Standing) -> None:
    staff_looking.note_request(
        request_id=found.pk,
        person_id=found.person_id,
        appointment_id=found.appointment_id,
        by=standing.desk.actor,
        basis=standing.basis,
    )


def _page(
    request: HttpRequest, found: Request, standing: Standing, form: AnswerForm, *, status: int = 200
) -> HttpResponse:
    words = {
        "wish": staff_case.request_page(found, standing),
        "form": form if found.state in _OPEN and standing.may_act else None,
        "back": f"{reverse('clinic:requests')}?{urlencode({'enhet': found.unit_id})}",
    }
    return render(request, "appointments/staff/request.html", words, status=status)
