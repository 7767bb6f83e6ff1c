"""From figures to the words of the operators' page. Counts, ages and ids; never a name, a title or a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel import clock
from portal.outbox.models import Errand
from portal.site import alarms, operations_machinery, operations_plots
from portal.site.alarms import LETTERS, Alarm
from portal.site.figures import Figures, errand_labels
from portal.site.operations_plots import Plot
from portal.site.operations_words import ago, lasting, number, share
from portal.ui import dates
from portal.ui.cards import Cell, Stat, Table, Tone
from portal.ui.figures import Comparison, Standing, Stream, Whereabouts

_PLOTTED: Final = ("received", "digital.open", "postal.post")
_TO_PRINTER: Final = ("due", "ready", "submitting")
_LISTED: Final = (
    "received",
    "rendered",
    "scheduled",
    "stuck",
    "unopened",
    "waiting",
    "due_soon",
    "overdue",
    "due",
    "ready",
    "submitting",
    "unknown",
    "accepted",
    "cancel_asked",
    "held",
    "tasks",
)


@dataclass(frozen=True, kw_only=True)
class Overview:
    """The operators' page."""

    answer: str
    alarms: list[Alarm]
    alarm_heading: str
    read_at: str
    stats: list[Stat]
    states: Table
    happened: Table
    notices: Table
    plots: list[Plot]
    jobs: Table
    audit: Table
    errands: Table
    given_up: Table
    counterparts: Table
    comparison: Table
    comparison_text: str
    types: Table
    flower_url: str


def overview(figures: Figures, given_up: Sequence[Errand]) -> Overview:
    """The whole page from one instant's figures."""
    found = alarms.raised(figures)
    streams = _streams(figures)
    plotted = [stream for key in _PLOTTED for stream in streams if stream.key == key]
    comparison = figures.services[LETTERS].comparison if LETTERS in figures.services else None
    return Overview(
        answer=_answer(found),
        alarms=found,
        alarm_heading=ngettext("%(count)s ting må ses på", "%(count)s ting må ses på", len(found))
        % {"count": len(found)},
        read_at=_("Tallene er hentet %(when)s") % {"when": f"{dates.moment(figures.now)}"},
        stats=_stats(figures),
        states=_states(figures),
        happened=_happened(streams, figures),
        notices=_notices(figures),
        plots=[
            operations_plots.last_day(plotted, figures.now),
            operations_plots.last_week(plotted, figures.now),
        ],
        jobs=operations_machinery.jobs(figures),
        audit=operations_machinery.audit(figures),
        errands=operations_machinery.errands(figures, errand_labels()),
        given_up=_given_up(given_up, figures),
        counterparts=operations_machinery.counterparts(figures),
        comparison=_comparison(comparison),
        comparison_text=_comparison_text(comparison),
        types=_types(comparison, figures),
        flower_url=settings.FLOWER_URL,
    )


def _answer(found: list[Alarm]) -> str:
    if not found:
        return _("Ja. Vi ser ingenting galt akkurat nå.")
    if any(alarm.rule.severity == "critical" for alarm in found):
        return _("Det er ikke sikkert. Noe må ses på nå.")
    return _("Ja, men noe må følges opp.")


def _streams(figures: Figures) -> list[Stream]:
    return [stream for service in figures.services.values() for stream in service.streams]


def _stats(figures: Figures) -> list[Stat]:
    def of(key: str) -> Standing:
        return figures.standing(LETTERS, key)

    ringing = {alarm.rule.name for alarm in alarms.raised(figures)}
    on_way = [of(key) for key in _TO_PRINTER]
    oldest = min((each.oldest for each in on_way if each.oldest), default=None)
    to_printer = Standing(key="to_printer", label="", count=sum(each.count for each in on_way), oldest=oldest)
    return [
        _stat(_("På skjerm, ikke åpnet"), of("unopened"), figures),
        _stat(_("Fristen ute, ikke på vei"), of("overdue"), figures, "danger" if "fallback_late" in ringing else ""),
        _stat(
            _("På vei til trykkeriet"), to_printer, figures, "danger" if figures.age(oldest) >= alarms.PRINT_DAY else ""
        ),
        _stat(
            _("Hos trykkeriet, ikke postlagt"),
            of("accepted"),
            figures,
            "warning" if "posting_unconfirmed" in ringing else "",
        ),
        _stat(_("Ukjent utfall"), of("unknown"), figures, "warning" if "outcome_unknown" in ringing else ""),
        _held(of("held"), of("tasks"), figures, "warning" if "tasks_waiting" in ringing else "neutral"),
    ]


def _stat(label: str, standing: Standing, figures: Figures, tone: Tone | str = "") -> Stat:
    shown: Tone = "neutral"
    if tone in ("danger", "warning"):
        shown = "danger" if tone == "danger" else "warning"
    return Stat(label=label, value=number(standing.count), note=_oldest(standing, figures), tone=shown)


def _held(held: Standing, tasks: Standing, figures: Figures, tone: Tone) -> Stat:
    note = ngettext("%(count)s åpen oppgave hos merkantil", "%(count)s åpne oppgaver hos merkantil", tasks.count)
    return Stat(label=_("Holdt"), value=number(held.count), note=note % {"count": number(tasks.count)}, tone=tone)


def _oldest(standing: Standing, figures: Figures) -> str:
    if not standing.count or standing.oldest is None:
        return ""
    return _("eldste %(when)s") % {"when": ago(figures.age(standing.oldest))}


def _states(figures: Figures) -> Table:
    rows = []
    for key in _LISTED:
        standing = figures.standing(LETTERS, key)
        age = lasting(figures.age(standing.oldest)) if standing.count and standing.oldest else "–"
        rows.append([Cell(standing.label), Cell(number(standing.count), number=True), Cell(age)])
    return Table(
        caption=_("Brev som er på vei, etter tilstand"), columns=[_("Tilstand"), _("Antall"), _("Eldste")], rows=rows
    )


def _happened(streams: list[Stream], figures: Figures) -> Table:
    from_day, from_week = operations_plots.begins(figures.now)
    rows = [
        [
            Cell(stream.label),
            Cell(number(stream.since(from_day)), number=True),
            Cell(number(stream.since(from_week)), number=True),
        ]
        for stream in streams
    ]
    return Table(
        caption=_("Det som har skjedd"), columns=[_("Hendelse"), _("Siste 24 timer"), _("Siste 7 døgn")], rows=rows
    )


def _notices(figures: Figures) -> Table:
    rows = [
        [Cell(each.label)]
        + [Cell(number(n), number=True) for n in (each.sent, each.delivered, each.failed, each.unconfirmed)]
        for service in figures.services.values()
        for each in service.notices
    ]
    columns = [_("Kanal"), _("Sendt"), _("Levert"), _("Feilet"), _("Uten rapport")]
    return Table(caption=_("Varsler siste 24 timer"), columns=[*columns], rows=rows)


def _given_up(errands: Sequence[Errand], figures: Figures) -> Table:
    labels = errand_labels()
    rows = [
        [
            Cell(labels.get(errand.kind, errand.kind), reverse("operations:errand", args=[errand.id])),
            Cell(str(errand.id)),
            Cell(errand.last_error),
            Cell(ago(figures.age(errand.created_at))),
        ]
        for errand in errands
    ]
    return Table(
        caption=_("Ærend som er gitt opp"),
        columns=[_("Ærend"), _("Id"), _("Feil"), _("Bestilt")],
        rows=rows,
        empty_text=_("Ingen ærend er gitt opp."),
    )


def _comparison(found: Comparison | None) -> Table:
    rows = []
    if found:
        counts = [
            (_("Overlevert av oss"), found.ours, False),
            (_("På trykkeriets liste"), found.theirs, False),
            (_("Mangler hos trykkeriet"), found.missing, True),
            (_("Ukjente hos oss"), found.ghosts, True),
            (_("Trykt mer enn én gang"), found.doubled, True),
            (_("Rettet opp av avstemmingen"), found.repaired, False),
        ]
        rows = [
            [Cell(label), Cell(number(count), number=True, tone="danger" if bad and count else "")]
            for label, count, bad in counts
        ]
    return Table(
        caption=_("Siste avstemming med trykkeriet"),
        columns=[_("Brev"), _("Antall")],
        rows=rows,
        empty_text=_("Ingen avstemming er gjort ennå."),
    )


def _comparison_text(found: Comparison | None) -> str:
    if found is None:
        return ""
    words = {
        "when": dates.moment(found.finished_at),
        "start": dates.moment(found.period_start),
        "end": dates.moment(found.period_end),
    }
    return _("Gjort %(when)s, for tiden fra %(start)s til %(end)s.") % words


def _types(found: Comparison | None, figures: Figures) -> Table:
    places = figures.services[LETTERS].places if LETTERS in figures.services else {}
    rows = [_type(each, list(places)) for each in found.types] if found else []
    if found and len(found.types) > 1:
        rows.append(_type(_total(found.types, list(places)), list(places)))
    return Table(
        caption=_("Hvor brevene i perioden er, etter brevtype"),
        columns=[_("Brevtype"), _("Utstedt"), *places.values(), _("Når fram")],
        rows=rows,
        empty_text=_("Ingen brev er avstemt ennå."),
    )


def _type(kind: Whereabouts, places: list[str]) -> list[Cell]:
    meant = kind.issued - kind.places.get("withdrawn", 0)
    cells = [
        Cell(
            number(kind.places.get(place, 0)),
            number=True,
            tone="danger" if place == "nowhere" and kind.places.get(place) else "",
        )
        for place in places
    ]
    return [
        Cell(kind.label),
        Cell(number(kind.issued), number=True),
        *cells,
        Cell(share(alarms.reached(kind), meant), number=True),
    ]


def _total(types: tuple[Whereabouts, ...], places: list[str]) -> Whereabouts:
    sums = {place: sum(each.places.get(place, 0) for each in types) for place in places}
    return Whereabouts("all", _("Alle"), sum(each.issued for each in types), sums)


def errand_facts(errand: Errand) -> list[tuple[str, str]]:
    """What an operator needs to know before letting an errand try again."""
    label = errand_labels().get(errand.kind, errand.kind)
    return [
        (_("Ærend"), f"{label} ({errand.kind})"),
        (_("Ærendets id"), str(errand.id)),
        (_("Gjelder id"), str(errand.subject)),
        (_("Feil"), errand.last_error),
        (_("Forsøk"), number(errand.attempts)),
        (_("Bestilt"), f"{dates.moment(errand.created_at)} ({ago(clock.now() - errand.created_at)})"),
    ]
