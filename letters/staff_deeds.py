"""How a clerk's deed is asked for: a page that explains it, a reason that must be written, and a receipt.

A form sent twice gives one deed and one receipt. Where somebody else was first, the clerk is told who and what.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from letters.commands.clerk_marks import NotPossible
from letters.inputs import NoteForm
from letters.models import Letter
from letters.queries import for_staff
from letters.staff_presenters import reference
from portal.people.viewer import require_viewer

Answers = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One deed as it is asked for.

    `carry_out` gets the form's answers and gives the receipt's words; it may raise NotPossible. `kinds` are the
    history lines by which a repeat is known. `explain` tells why it is not possible (any more).
    """

    letter: Letter
    title: str
    lead: str
    button: str
    possible: bool
    carry_out: Callable[[Answers], str]
    explain: Callable[[NotPossible | None], str]
    kinds: tuple[str, ...]
    posting_id: UUID | None = None
    form: type[NoteForm] = NoteForm
    initial: Answers = field(default_factory=dict)
    danger: bool = False


def ask(request: HttpRequest, deed: Deed) -> HttpResponse:
    """GET asks, POST does. Both end at the letter's page when the deed is not possible."""
    back = reverse("clerk:letter", args=[deed.letter.id])
    if request.method != "POST":
        if not deed.possible:
            messages.warning(request, deed.explain(None))
            return HttpResponseRedirect(back)
        return _page(request, deed, deed.form(initial=deed.initial), back)
    form = deed.form(request.POST)
    if not form.is_valid():
        return _page(request, deed, form, back, status=422)
    try:
        messages.success(request, deed.carry_out(form.cleaned_data))
    except NotPossible as error:
        if not _is_repeat(request, deed, form.cleaned_data["note"]):
            messages.warning(request, deed.explain(error))
    return HttpResponseRedirect(back)


def _is_repeat(request: HttpRequest, deed: Deed, note: str) -> bool:
    clerk_id = require_viewer(request).person_id
    return for_staff.has_done(deed.letter.id, clerk_id, deed.kinds, note, deed.posting_id)


def _page(request: HttpRequest, deed: Deed, form: NoteForm, back: str, *, status: int = 200) -> HttpResponse:
    about = _("%(type)s · referanse %(reference)s · %(unit)s") % {
        "type": deed.letter.type.name,
        "reference": reference(deed.letter.id),
        "unit": deed.letter.unit,
    }
    return render(
        request, "letters/staff/deed.html", {"deed": deed, "form": form, "back": back, "about": about}, status=status
    )
