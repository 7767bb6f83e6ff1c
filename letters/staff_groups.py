"""Groups of letters found stuck: a person chooses for each group, with a reason. Nothing goes by itself."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from letters import staff_presenters, staff_words
from letters.commands import stuck
from letters.commands.stuck import GROUP_LIMIT, SENDABLE, GroupOutcome
from letters.inputs import GroupForm
from letters.queries import for_staff
from letters.queries.for_staff import Group
from portal.kernel import clock
from portal.people.models import Role
from portal.people.viewer import require_viewer, role_required


@role_required(Role.CLERK)
@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """Every group of open tasks, the largest first."""
    return render(request, "letters/staff/groups.html", {"table": staff_presenters.groups(for_staff.groups())})


@role_required(Role.CLERK)
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest, reason: str, type_code: str) -> HttpResponse:
    """One group: how many, how old, and the choice. Only what was there when the page was shown is touched."""
    found = for_staff.group(reason, type_code)
    here = reverse("clerk:groups")
    if found is None:
        if reason not in staff_words.REASONS:
            raise Http404
        messages.warning(request, _("Gruppen er tom. Noen har alt tatt hånd om brevene."))
        return HttpResponseRedirect(here)
    choices = _choices(reason)
    if request.method != "POST":
        return _page(request, found, GroupForm(initial={"until": clock.now().isoformat()}).offer(choices))
    form = GroupForm(request.POST).offer(choices)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    outcome = _carry_out(found, form.cleaned_data, require_viewer(request).person_id)
    _receipt(request, outcome)
    again = for_staff.group(reason, type_code)
    return HttpResponseRedirect(reverse("clerk:group", args=[reason, type_code]) if again else here)


def _carry_out(found: Group, answers: dict[str, Any], by: UUID) -> GroupOutcome:
    until: datetime = answers["until"]
    return stuck.settle_group(
        reason=found.reason,
        type_code=found.type_code,
        choice=answers["choice"],
        by=by,
        note=answers["note"],
        until=until,
    )


def _choices(reason: str) -> list[tuple[str, str]]:
    send = [("send", _("Send dem"))] if reason in SENDABLE else []
    return [*send, ("phone", _("Ring pasientene (brevene settes på ringelisten)")), ("drop", _("Ikke send dem"))]


def _receipt(request: HttpRequest, outcome: GroupOutcome) -> None:
    done = ngettext("Valget er utført for %(n)s brev.", "Valget er utført for %(n)s brev.", outcome.done)
    messages.success(request, done % {"n": outcome.done})
    if outcome.refused:
        refused = ngettext(
            "%(n)s brev kunne ikke tas med. Det ligger fortsatt i listen og må ses på for seg.",
            "%(n)s brev kunne ikke tas med. De ligger fortsatt i listen og må ses på hvert for seg.",
            outcome.refused,
        )
        messages.warning(request, refused % {"n": outcome.refused})


def _page(request: HttpRequest, found: Group, form: GroupForm, *, status: int = 200) -> HttpResponse:
    count = ngettext("%(n)s brev", "%(n)s brev", found.count) % {"n": found.count}
    facts = _("%(count)s. Det eldste har ventet i %(waited)s.") % {
        "count": count,
        "waited": staff_presenters.waited(found.oldest),
    }
    batch = _("Vi tar de %(limit)s eldste om gangen.") % {"limit": GROUP_LIMIT} if found.count > GROUP_LIMIT else ""
    one_by_one = (
        "" if found.reason in SENDABLE else _("Disse brevene kan ikke sendes samlet. Se på hvert brev for seg.")
    )
    words = {
        "reason": staff_words.say(staff_words.REASONS, found.reason),
        "type_name": found.type_name,
        "facts": " ".join(part for part in (facts, batch) if part),
        "one_by_one": one_by_one,
        "queue_url": f"{reverse('clerk:queue')}?grunn={found.reason}",
        "form": form,
    }
    return render(request, "letters/staff/group.html", words, status=status)
