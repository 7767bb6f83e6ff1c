"""When what a clerk asked for is not possible any more: what happened instead, by whom, and what to do now."""

from uuid import UUID

from django.utils.translation import gettext as _

from letters import staff_words as words
from letters.commands.clerk_marks import NotPossible
from letters.models import ClerkTask, LetterEvent, Posting
from letters.queries import for_staff
from portal.ui import dates


def about_posting(error: NotPossible | None, posting: Posting) -> str:
    """Why a deed with a paper copy did not go, told from how things stand now."""
    plain = _plain(error.code if error else "", posting)
    if plain:
        return plain
    state = _("Dette gikk ikke, for noe har skjedd med brevet i mellomtiden. Papiret er nå: %(state)s.") % {
        "state": words.POSTAL[posting.state][0]
    }
    event = for_staff.last_event(posting.letter_id, posting.id)
    return f"{state} {_who_and_when(event)}".strip() if event else state


def about_task(error: NotPossible, task: ClerkTask) -> str:
    """Why a deed with a task did not go."""
    who = task.resolved_by or task.assigned_to
    name = (for_staff.names_of([who]).get(who) if who else "") or _("En annen")
    if error.code == "already-resolved" and task.resolved_at is not None:
        when = {"name": name if task.resolved_by else _("Portalen"), "when": dates.moment(task.resolved_at)}
        return _("Oppgaven er alt lukket. %(name)s lukket den %(when)s.") % when
    if error.code == "taken-by-another":
        return _("%(name)s har alt tatt oppgaven.") % {"name": name}
    return {
        "still-held": _("Papiret er fortsatt holdt igjen. Frigi det eller stopp det først."),
        "still-unknown": _("Vi vet ikke om trykkeriet fikk brevet. Avklar det med trykkeriet først."),
        "not-stuck": _("Brevet er ikke stoppet lenger."),
    }.get(error.code, _("Dette er ikke mulig lenger. Se hva som har skjedd med brevet nedenfor."))


def _plain(code: str, posting: Posting) -> str:
    reason = words.say(words.REASONS, posting.hold_reason) if posting.hold_reason else ""
    return {
        "second-person-needed": _("Du har alt godkjent. En annen ansatt må godkjenne før papiret frigis."),
        "never-released": _("Papiret kan ikke frigis: %(reason)s.") % {"reason": reason},
        "changed-meanwhile": _("Papiret er nå holdt igjen av en annen grunn: %(reason)s. Se på det på nytt.")
        % {"reason": reason},
        "already-sent-again": _("Brevet er alt sendt på nytt. Se den nye papirutgaven nedenfor."),
        "withdrawn": _("Avsenderen har trukket brevet tilbake. Det kan ikke sendes på nytt."),
    }.get(code, "")


def _who_and_when(event: LetterEvent) -> str:
    name = ""
    if event.actor_kind == "staff":
        who = UUID(event.actor_id)
        name = for_staff.names_of([who]).get(who, "")
    actor = name or {"citizen": _("Pasienten"), "staff": _("En kollega")}.get(event.actor_kind, _("Portalen"))
    return _("Sist endret av %(name)s %(when)s.") % {"name": actor, "when": dates.moment(event.at)}
