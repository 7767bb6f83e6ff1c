"""When something is wrong with the letters' way, in plain words: small rules over the figures.

The operators' page shows what these rules say, `/metrics` gives each as `portal_alarm`, and docs/alerts.yml rings for
each by the same name. A new rule belongs in all of them; a test holds that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.audit import rounds
from portal.kernel.calendar import working_days_between
from portal.kernel.clock import OSLO
from portal.site.figures import Figures, Job, errand_labels
from portal.ui.figures import Whereabouts

Severity = Literal["critical", "warning"]
Check = Callable[[Figures], str]
"""Says what is wrong, or nothing when all is well."""

LETTERS: Final = "letters"
FALLBACK_LATE: Final = timedelta(minutes=15)
PRINT_DAY: Final = timedelta(days=1)
INTAKE_SLOW: Final = timedelta(minutes=15)
UNKNOWN_LONG: Final = timedelta(minutes=15)
ERRANDS_LATE: Final = timedelta(minutes=15)
PRINTER_WORKING_DAYS: Final = 2
TASK_WORKING_DAYS: Final = 2
ENOUGH_TO_JUDGE: Final = 20
FAILED_SHARE: Final = 0.2
REACHED_SHARE: Final = 0.9


@dataclass(frozen=True)
class Rule:
    """One alarm. `name` is the same on the page, in `/metrics` and in docs/alerts.yml."""

    name: str
    severity: Severity
    heading: Promise
    check: Check


@dataclass(frozen=True)
class Alarm:
    """A rule that says something."""

    rule: Rule
    text: str


def raised(figures: Figures) -> list[Alarm]:
    """What is wrong now, the critical first."""
    found = [Alarm(rule, text) for rule in RULES if (text := rule.check(figures))]
    return sorted(found, key=lambda alarm: alarm.rule.severity != "critical")


def _fallback_late(figures: Figures) -> str:
    overdue = figures.standing(LETTERS, "overdue")
    if not overdue.count or figures.age(overdue.oldest) < FALLBACK_LATE:
        return ""
    return ngettext(
        "Fristen er ute for %(count)s uåpnet brev, men det er ikke på vei til posten. Se om den faste jobben går.",
        "Fristen er ute for %(count)s uåpnede brev, men de er ikke på vei til posten. Se om den faste jobben går.",
        overdue.count,
    ) % {"count": overdue.count}


def _paper_late(figures: Figures) -> str:
    late = [
        found
        for state in ("due", "ready", "submitting", "unknown")
        if (found := figures.standing(LETTERS, state)).count and figures.age(found.oldest) >= PRINT_DAY
    ]
    if not late:
        return ""
    return _("Papirbrev har ventet i over ett døgn på å komme til trykkeriet. Se på trykkeriet og på ærendene.")


def _outcome_unknown(figures: Figures) -> str:
    unknown = figures.standing(LETTERS, "unknown")
    if not unknown.count or figures.age(unknown.oldest) < UNKNOWN_LONG:
        return ""
    return ngettext(
        "Vi vet ikke om trykkeriet har tatt imot %(count)s brev. Det sendes ikke på nytt før vi vet det.",
        "Vi vet ikke om trykkeriet har tatt imot %(count)s brev. De sendes ikke på nytt før vi vet det.",
        unknown.count,
    ) % {"count": unknown.count}


def _posting_unconfirmed(figures: Figures) -> str:
    accepted = figures.standing(LETTERS, "accepted")
    if not accepted.count or accepted.oldest is None:
        return ""
    days = working_days_between(accepted.oldest.astimezone(OSLO).date(), figures.now.astimezone(OSLO).date())
    if days <= PRINTER_WORKING_DAYS:
        return ""
    return _("Det eldste har ligget hos trykkeriet i %(days)s virkedager uten kvittering. Ring trykkeriet.") % {
        "days": days
    }


def _tasks_waiting(figures: Figures) -> str:
    tasks = figures.standing(LETTERS, "tasks")
    if not tasks.count or tasks.oldest is None:
        return ""
    days = working_days_between(tasks.oldest.astimezone(OSLO).date(), figures.now.astimezone(OSLO).date())
    if days <= TASK_WORKING_DAYS:
        return ""
    return ngettext(
        "%(count)s oppgave venter på merkantil, og den har ventet i %(days)s virkedager.",
        "%(count)s oppgaver venter på merkantil. Den eldste har ventet i %(days)s virkedager.",
        tasks.count,
    ) % {"count": tasks.count, "days": days}


def _intake_slow(figures: Figures) -> str:
    slow = [
        state
        for state in ("received", "rendered")
        if figures.age(figures.standing(LETTERS, state).oldest) >= INTAKE_SLOW
    ]
    return _("Nye brev blir liggende før de sendes noe sted. Se på arbeiderne og registrene.") if slow else ""


def _notices_failing(figures: Figures) -> str:
    return _bad_channels(figures, lambda sent, failed, silent: (failed, sent + failed))


def _notices_silent(figures: Figures) -> str:
    return _bad_channels(figures, lambda sent, failed, silent: (silent, sent + silent))


def _bad_channels(figures: Figures, part_of_whole: Callable[[int, int, int], tuple[int, int]]) -> str:
    bad = []
    for service in figures.services.values():
        for notices in service.notices:
            part, whole = part_of_whole(notices.sent, notices.failed, notices.unconfirmed)
            if whole >= ENOUGH_TO_JUDGE and part >= FAILED_SHARE * whole:
                bad.append(_("%(channel)s: %(part)s av %(whole)s") % _share(notices.label, part, whole))
    return _("Siste døgn: %(channels)s.") % {"channels": ", ".join(bad)} if bad else ""


def _share(label: object, part: int, whole: int) -> dict[str, object]:
    return {"channel": label, "part": part, "whole": whole}


def _job_late(figures: Figures) -> str:
    return _named([job for job in figures.jobs if figures.late_by(job)])


def _job_failing(figures: Figures) -> str:
    return _named([job for job in figures.jobs if job.failing])


def _named(jobs: list[Job]) -> str:
    return _("Gjelder: %(jobs)s.") % {"jobs": ", ".join(str(job.label) for job in jobs)} if jobs else ""


def _errands_late(figures: Figures) -> str:
    labels = errand_labels()
    late = [
        str(labels.get(each.kind, each.kind))
        for each in figures.errands
        if each.struggling or (each.due and figures.age(each.oldest_due) >= ERRANDS_LATE)
    ]
    return _("Gjelder: %(kinds)s.") % {"kinds": ", ".join(late)} if late else ""


def _errands_given_up(figures: Figures) -> str:
    count = sum(each.given_up for each in figures.errands)
    if not count:
        return ""
    return ngettext(
        "%(count)s ærend er gitt opp og venter på at noen ser på det.",
        "%(count)s ærend er gitt opp og venter på at noen ser på dem.",
        count,
    ) % {"count": count}


def _counterpart_down(figures: Figures) -> str:
    if not figures.counterparts_known:
        return _("Vi fikk ikke spurt dem i tide.")
    down = [each.title for each in figures.counterparts if not each.ok]
    return _("Gjelder: %(names)s.") % {"names": ", ".join(down)} if down else ""


def _reconciliation_differs(figures: Figures) -> str:
    found = [service.comparison for service in figures.services.values() if service.comparison]
    missing, ghosts, doubled = (sum(getattr(each, kind) for each in found) for kind in ("missing", "ghosts", "doubled"))
    if not missing + ghosts + doubled:
        return ""
    return _(
        "Mangler hos trykkeriet: %(missing)s. Ukjente hos oss: %(ghosts)s. Trykt mer enn én gang: %(doubled)s."
    ) % {"missing": missing, "ghosts": ghosts, "doubled": doubled}


def _letters_nowhere(figures: Figures) -> str:
    lost = [each for each in _types(figures) if each.places.get("nowhere") or not each.adds_up]
    return _of_types(lost)


def _type_not_reaching(figures: Figures) -> str:
    poor = [
        each
        for each in _types(figures)
        if each.issued >= ENOUGH_TO_JUDGE and reached(each) < REACHED_SHARE * _meant_to_arrive(each)
    ]
    return _of_types(poor)


def reached(kind: Whereabouts) -> int:
    """How many letters of a type have a way to their reader, on screen or on paper."""
    return kind.places.get("on_screen", 0) + kind.places.get("on_paper_only", 0)


def _meant_to_arrive(kind: Whereabouts) -> int:
    return kind.issued - kind.places.get("withdrawn", 0)


def _types(figures: Figures) -> list[Whereabouts]:
    return [each for service in figures.services.values() if service.comparison for each in service.comparison.types]


def _of_types(types: list[Whereabouts]) -> str:
    return _("Gjelder brevtypen: %(types)s.") % {"types": ", ".join(str(each.label) for each in types)} if types else ""


def _unknown_codes(figures: Figures) -> str:
    hidden = figures.standing(LETTERS, "unknown_code").count
    if not hidden:
        return ""
    return ngettext(
        "%(count)s brev er skjult for alle fordi avsenderen har brukt en sperrekode vi ikke kjenner.",
        "%(count)s brev er skjult for alle fordi avsenderen har brukt en sperrekode vi ikke kjenner.",
        hidden,
    ) % {"count": hidden}


AUDIT_FAULTS: Final[dict[str, Promise]] = {
    "row_changed": gettext_lazy("endrede linjer: %(count)s"),
    "row_gone": gettext_lazy("linjer som er tatt bort: %(count)s"),
    "row_slipped_in": gettext_lazy("linjer som portalen ikke har skrevet: %(count)s"),
    "row_unsealed": gettext_lazy("linjer uten segl: %(count)s"),
    "seal_changed": gettext_lazy("segl som ikke stemmer: %(count)s"),
    "seal_gone": gettext_lazy("segl som er tatt bort: %(count)s"),
    "anchor_gone": gettext_lazy("segl som en tidligere kontroll så, og som nå mangler: %(count)s"),
    "note_changed": gettext_lazy("endrede notater fra tidligere kontroller: %(count)s"),
}


def _audit_tampered(figures: Figures) -> str:
    if not figures.audit.faults:
        return ""
    found = ", ".join(str(AUDIT_FAULTS[fault]) % {"count": count} for fault, count in figures.audit.faults)
    return _("Noen har endret eller fjernet noe som er skrevet. Siste kontroll fant %(found)s.") % {"found": found}


def _audit_unverified(figures: Figures) -> str:
    told = figures.audit
    if told.ended_at is None:
        late = figures.in_use_for() > 2 * rounds.EVERY
    else:
        whole = told.whole_ended_at or told.ended_at
        late = figures.real_now - told.ended_at > 2 * rounds.EVERY
        late = late or figures.real_now - whole > 2 * rounds.WHOLE_EVERY
    return _("Loggen skal kontrolleres hvert døgn, og alt i den hver uke. Se om den faste jobben går.") if late else ""


RULES: Final[tuple[Rule, ...]] = (
    Rule("fallback_late", "critical", gettext_lazy("Uåpnede brev går ikke i posten i tide"), _fallback_late),
    Rule("paper_late", "critical", gettext_lazy("Papirbrev kommer ikke til trykkeriet"), _paper_late),
    Rule("letters_nowhere", "critical", gettext_lazy("Brev som ikke er på vei noe sted"), _letters_nowhere),
    Rule("type_not_reaching", "critical", gettext_lazy("En brevtype når ikke fram"), _type_not_reaching),
    Rule("reconciliation_differs", "critical", gettext_lazy("Vi og trykkeriet er uenige"), _reconciliation_differs),
    Rule("outcome_unknown", "warning", gettext_lazy("Ukjent utfall hos trykkeriet"), _outcome_unknown),
    Rule("posting_unconfirmed", "warning", gettext_lazy("Trykkeriet kvitterer ikke"), _posting_unconfirmed),
    Rule("intake_slow", "critical", gettext_lazy("Nye brev blir liggende"), _intake_slow),
    Rule("unknown_code", "critical", gettext_lazy("Ukjent sperrekode"), _unknown_codes),
    Rule("tasks_waiting", "warning", gettext_lazy("Oppgaver blir liggende hos merkantil"), _tasks_waiting),
    Rule("notices_failing", "warning", gettext_lazy("Mange varsler kommer ikke fram"), _notices_failing),
    Rule("notices_silent", "warning", gettext_lazy("Mange varsler får ingen leveringsrapport"), _notices_silent),
    Rule("job_late", "critical", gettext_lazy("En fast jobb går ikke"), _job_late),
    Rule("job_failing", "warning", gettext_lazy("En fast jobb feiler"), _job_failing),
    Rule("audit_tampered", "critical", gettext_lazy("Innsynsloggen er ikke slik den ble skrevet"), _audit_tampered),
    Rule("audit_unverified", "warning", gettext_lazy("Innsynsloggen er ikke kontrollert"), _audit_unverified),
    Rule("errands_late", "warning", gettext_lazy("Ærend blir ikke utført"), _errands_late),
    Rule("errands_given_up", "warning", gettext_lazy("Ærend er gitt opp"), _errands_given_up),
    Rule("counterpart_down", "warning", gettext_lazy("En annen part svarer ikke"), _counterpart_down),
)
