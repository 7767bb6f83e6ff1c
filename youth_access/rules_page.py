"""The rules as a page for clinicians and lawyers: each row in words, each question with its state, each law by name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.ui import dates
from portal.ui.cards import Choice, Text, Tone
from youth_access import law
from youth_access.ages import OSLO, Band
from youth_access.facts import Kind, Service
from youth_access.law import Law
from youth_access.rules_words import CONDITIONS, KINDS, REASONS, SERVICES, SOURCES
from youth_access.table import ALL_SERVICES, Row, Switch, Table

_LIMITS: Final = {
    Band.CHILD: (0, 11),
    Band.TWELVE: (12, 12),
    Band.YOUTH: (13, 15),
    Band.NEARLY_ADULT: (16, 17),
    Band.ADULT: (18, None),
}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One row in words. `hangs_on` names the unsettled question that decides whether the row `counts`."""

    id: str
    who: str
    age: str
    what: str
    when: Text
    follows: str
    tone: Tone
    answer: Text
    sources: str
    law: Law | None
    counts: bool
    hangs_on: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question the law has not settled, and the rows that hang on it."""

    name: str
    text: str
    state: str
    tone: Tone
    rows: list[str]


@dataclass(frozen=True, kw_only=True)
class RulesPage:
    """The whole page."""

    version: str
    digest: str
    valid_from: str
    current: bool
    count: str
    vetoes: list[Rule]
    grants: list[Rule]
    questions: list[Question]
    laws: list[Law]
    versions: list[Choice]


def page(table: Table, versions: Iterable[Table], *, current: bool) -> RulesPage:
    """One version of the rules, explained by the law as it read when the version began."""
    laws = law.on(table.valid_from.astimezone(OSLO).date())
    rules = {row.id: _rule(row, table, laws) for row in table.rows}
    return RulesPage(
        version=table.version,
        digest=table.digest,
        valid_from=_moment(table.valid_from),
        current=current,
        count=ngettext("%(n)s regel", "%(n)s regler", len(rules)) % {"n": len(rules)},
        vetoes=[rules[row.id] for row in table.rows if row.effect == "veto"],
        grants=[rules[row.id] for row in table.rows if row.effect == "grant"],
        questions=[_question(switch, table.rows) for switch in table.switches.values()],
        laws=[each for each in laws.values() if each.id in {row.law for row in table.rows}],
        versions=[_choice(each, table) for each in sorted(versions, key=lambda each: each.valid_from, reverse=True)],
    )


def _moment(instant: datetime) -> str:
    return f"{dates.plain_date(instant)} {dates.time(instant)}"


def _choice(version: Table, shown: Table) -> Choice:
    words = _("fra %(moment)s") % {"moment": _moment(version.valid_from)}
    return Choice(words, f"{reverse('access_rules:rules')}?versjon={version.version}", version is shown)


def _rule(row: Row, table: Table, laws: Mapping[str, Law]) -> Rule:
    return Rule(
        id=row.id,
        who=_sentence(_listed([str(KINDS[kind]) for kind in Kind if kind in row.relations], _("og"))),
        age=_ages(row.ages),
        what=_sentence(_services(row.services)),
        when=_sentence(str(CONDITIONS[row.when])),
        follows=_follows(row),
        tone="success" if row.see else "danger",
        answer=REASONS[row.reason],
        sources=_sentence(_listed([str(SOURCES[word]) for word in row.source.split()], _("og"))),
        law=laws.get(row.law),
        counts=table.in_force(row),
        hangs_on=row.switch,
    )


def _question(switch: Switch, rows: Iterable[Row]) -> Question:
    return Question(
        name=switch.name,
        text=switch.question,
        state=_("Lukket") if switch.closed else _("Åpnet"),
        tone="neutral" if switch.closed else "warning",
        rows=[row.id for row in rows if row.switch == switch.name],
    )


def _follows(row: Row) -> str:
    if not row.see:
        return _("Ser ingenting")
    told = {
        "none": "",
        "message": _("får varsel"),
        "task": _("får oppgave"),
        "alarm": _("får alarm"),
    }[row.notify]
    return _sentence(_listed([each for each in (_("ser"), _("kan handle") if row.act else "", told) if each], _("og")))


def _services(services: frozenset[Service]) -> str:
    if services == frozenset(Service):
        return _("alt")
    named = [str(SERVICES[service]) for service in Service if service in services]
    if services >= ALL_SERVICES:
        others = [str(SERVICES[service]) for service in Service if service in services - ALL_SERVICES]
        named = [_("alle tjenester"), *others]
    return _listed(named, _("og"))


def _ages(ages: frozenset[Band] | None) -> str:
    if ages is None:
        return _("Alle aldre")
    spans: list[tuple[int, int | None]] = []
    for band in (each for each in Band if each in ages):
        low, high = _LIMITS[band]
        if spans and spans[-1][1] == low - 1:
            low = spans.pop()[0]
        spans.append((low, high))
    return _sentence(_listed([_span(low, high) for low, high in spans], _("og")))


def _span(low: int, high: int | None) -> str:
    if high is None:
        return _("fra %(low)s år") % {"low": low}
    return _("%(low)s år") % {"low": low} if low == high else _("%(low)s–%(high)s år") % {"low": low, "high": high}


def _listed(words: list[str], joint: str) -> str:
    """ "a, b og c"."""
    return f" {joint} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
