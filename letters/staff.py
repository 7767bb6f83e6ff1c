"""Clerks' pages of letters: the queue, finding a letter, one letter's life, and its words for a moment."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from letters import staff_case, staff_conflicts, staff_presenters
from letters.commands import clerk, looking
from letters.commands.clerk_marks import NotPossible
from letters.inputs import FindForm
from letters.models import ClerkTask
from letters.queries import for_staff
from letters.queries.for_staff import Search
from portal.people import sealed_session
from portal.people.models import Role
from portal.people.viewer import require_viewer, role_required

_SEARCH = "clerk.search"


@role_required()
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """The staff's own front page: clerks go straight to their queue, others get the menu of their role."""
    if Role.CLERK in require_viewer(request).roles:
        return HttpResponseRedirect(reverse("clerk:queue"))
    return render(request, "letters/staff/landing.html")


@role_required(Role.CLERK)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Open tasks, oldest first: everybody's, one's own or nobody's."""
    return _queue(request, FindForm())


@role_required(Role.CLERK)
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Look for a letter. What was written is never shown again, nor kept where it is an identity number."""
    form = FindForm(request.POST)
    if not form.is_valid():
        return _queue(request, FindForm({"sought": ""}), status=422)
    search = for_staff.read_search(form.cleaned_data["sought"])
    page = for_staff.find(search)
    person_id = UUID(search.value) if search.kind == "person" else None
    if person_id is None and len(page.letters) == 1:
        person_id = page.letters[0].person_id
    looking.note_search(kind=search.kind, person_id=person_id, by=require_viewer(request).person_id)
    if len(page.letters) == 1:
        return HttpResponseRedirect(reverse("clerk:letter", args=[page.letters[0].id]))
    sought = {"kind": search.kind, "value": search.value}
    sealed_session.keep(request, _SEARCH, sought, person_id=require_viewer(request).person_id)
    return HttpResponseRedirect(reverse("clerk:found"))


@role_required(Role.CLERK)
@require_safe
def found(request: HttpRequest) -> HttpResponse:
    """The letters that were looked for last."""
    kept = sealed_session.kept(request, _SEARCH, person_id=require_viewer(request).person_id)
    if not isinstance(kept, dict):
        return HttpResponseRedirect(reverse("clerk:queue"))
    after = request.GET.get("etter", "")[:200]
    page = for_staff.find(Search(kept["kind"], kept["value"]), after=after)
    looking.note_list(
        letters=[letter.id for letter in page.letters], by=require_viewer(request).person_id, what="found"
    )
    shown = staff_presenters.found(page, first=not after)
    return render(request, "letters/staff/found.html", {"found": shown, "form": FindForm()})


@role_required(Role.CLERK)
@require_safe
def letter(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """One letter's whole life. Its words are not here."""
    viewer = require_viewer(request)
    found_letter = for_staff.case(letter_id)
    if found_letter is None:
        raise Http404
    looking.note_look(letter=found_letter, by=viewer.person_id)
    names = for_staff.names_of(staff_case.staff_ids(found_letter))
    shown = staff_case.case(found_letter, names, viewer.person_id)
    return render(request, "letters/staff/letter.html", {"case": shown})


@role_required(Role.CLERK)
@require_POST
def take(request: HttpRequest, letter_id: UUID, task_id: UUID) -> HttpResponse:
    """Put one's own name on a task."""
    task = _task(letter_id, task_id)
    try:
        clerk.take(task_id=task.id, by=require_viewer(request).person_id)
    except NotPossible as error:
        messages.warning(request, staff_conflicts.about_task(error, _task(letter_id, task_id)))
    else:
        messages.success(request, _("Oppgaven er din."))
    return HttpResponseRedirect(reverse("clerk:letter", args=[letter_id]))


@role_required(Role.CLERK)
@require_POST
def put_back(request: HttpRequest, letter_id: UUID, task_id: UUID) -> HttpResponse:
    """Take one's own name off a task again."""
    task = _task(letter_id, task_id)
    try:
        clerk.put_back(task_id=task.id, by=require_viewer(request).person_id)
    except NotPossible as error:
        messages.warning(request, staff_conflicts.about_task(error, _task(letter_id, task_id)))
    else:
        messages.success(request, _("Oppgaven er lagt tilbake, så andre kan ta den."))
    return HttpResponseRedirect(reverse("clerk:queue"))


def _task(letter_id: UUID, task_id: UUID) -> ClerkTask:
    found_task = for_staff.task(letter_id, task_id)
    if found_task is None:
        raise Http404
    return found_task


def _queue(request: HttpRequest, form: FindForm, *, status: int = 200) -> HttpResponse:
    viewer = require_viewer(request)
    view = request.GET.get("vis", "")
    view = view if view in staff_presenters.VIEWS else ""
    reason = request.GET.get("grunn", "")
    reason = reason if reason in ClerkTask.Reason.values else ""
    after = request.GET.get("etter", "")[:200]
    page = for_staff.open_tasks(
        viewer.person_id, show=staff_presenters.VIEWS.get(view, "all"), reason=reason, after=after
    )
    letters = [task.letter_id for task in page.tasks]
    looking.note_list(letters=letters, by=viewer.person_id, what="tasks")
    shown = staff_presenters.queue(page, viewer.person_id, view=view, reason=reason, first=not after)
    return render(request, "letters/staff/queue.html", {"queue": shown, "form": form}, status=status)
