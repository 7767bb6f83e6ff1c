"""The tables about what carries letters: periodic jobs, errands and counterparts."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from portal.site import alarms
from portal.site.figures import Figures, Job
from portal.site.operations_words import ago, lasting, number
from portal.ui.cards import Cell, Table, Tone
from portal.ui.dates import NBSP
from portal.ui.figures import Text


def jobs(figures: Figures) -> Table:
    """Each periodic job: when it ran, how often it should, and whether it is late."""
    rows = [
        [
            Cell(job.label),
            _job_state(job, figures),
            Cell(_when(job.succeeded_at, figures)),
            Cell(_when(job.started_at, figures)),
            Cell(lasting(job.every)),
            Cell(number(job.done), number=True),
        ]
        for job in figures.jobs
    ]
    columns = [_("Jobb"), _("Tilstand"), _("Sist fullført"), _("Sist startet"), _("Mellomrom"), _("Utført sist")]
    return Table(caption=_("Faste jobber"), columns=[*columns], rows=rows)


def _job_state(job: Job, figures: Figures) -> Cell:
    late = figures.late_by(job)
    if late and job.started_at is None:
        return Cell(_("Har aldri gått"), tone="danger")
    if late:
        return Cell(_("%(length)s forsinket") % {"length": lasting(late)}, tone="danger")
    if job.failing:
        return Cell(_("Feilet sist: %(error)s") % {"error": job.error}, tone="warning")
    if job.started_at is None:
        return Cell(_("Har ikke gått ennå"), tone="neutral")
    return Cell(_("I rute"), tone="success")


def _when(at: datetime | None, figures: Figures) -> str:
    return ago(figures.real_now - at) if at else _("aldri")


def audit(figures: Figures) -> Table:
    """When the access log was last verified, and whether anything was found."""
    told = figures.audit
    ringing = {alarm.rule.name for alarm in alarms.raised(figures)}
    late: Tone | None = "danger" if "audit_unverified" in ringing else None
    rows = [
        [Cell(_("Sist kontrollert")), Cell(_when(told.ended_at, figures), tone=late or "")],
        [Cell(_("Alt kontrollert sist")), Cell(_when(told.whole_ended_at, figures))],
        [Cell(_("Linjer gått gjennom sist")), Cell(number(told.rows))],
        [Cell(_("Funn")), _findings(told.faults, known=told.ended_at is not None)],
    ]
    if told.running:
        rows.append([Cell(_("Nå")), Cell(_("En kontroll pågår"), tone="info")])
    return Table(caption=_("Kontroll av innsynsloggen"), columns=[_("Hva"), _("Tilstand")], rows=rows)


def _findings(faults: tuple[tuple[str, int], ...], *, known: bool) -> Cell:
    if faults:
        found = (str(alarms.AUDIT_FAULTS[fault]) % {"count": number(count)} for fault, count in faults)
        return Cell(", ".join(found), tone="danger")
    return Cell(_("Ingen"), tone="success") if known else Cell("–")


def errands(figures: Figures, labels: Mapping[str, Text]) -> Table:
    """What waits in the outbox, by kind."""
    rows = [
        [
            Cell(labels.get(each.kind, each.kind)),
            Cell(number(each.waiting), number=True),
            Cell(number(each.due), number=True),
            Cell(lasting(figures.age(each.oldest_due)) if each.oldest_due else "–"),
            Cell(number(each.struggling), number=True, tone="warning" if each.struggling else ""),
            Cell(number(each.given_up), number=True, tone="danger" if each.given_up else ""),
        ]
        for each in figures.errands
    ]
    columns = [
        _("Ærend"),
        _("Venter"),
        _("Skal utføres nå"),
        _("Eldste"),
        _("Prøves igjen og igjen"),
        _("Gitt opp"),
    ]
    return Table(caption=_("Ærend i utboksen"), columns=[*columns], rows=rows, empty_text=_("Ingen ærend venter."))


def counterparts(figures: Figures) -> Table:
    """Whether each counterpart answers, and how fast."""
    rows = [
        [
            Cell(each.title),
            Cell(each.detail, tone="success" if each.ok else "danger"),
            Cell(f"{number(each.milliseconds)}{NBSP}ms", number=True),
        ]
        for each in figures.counterparts
    ]
    empty = _("Vi fikk ikke svar i tide. Last siden på nytt om litt.")
    return Table(
        caption=_("Andre parter"), columns=[_("Part"), _("Tilstand"), _("Svartid")], rows=rows, empty_text=empty
    )
