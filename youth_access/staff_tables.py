"""The preview's tables in words: for each person and service what may be seen and done, and why not."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.ui import dates
from portal.ui.cards import Tone
from youth_access import staff_words as words
from youth_access.decide import Decision
from youth_access.facts import Service
from youth_access.staff_presenters import name_of
from youth_access.staff_preview import Foreseen, Preview, Row


@dataclass(frozen=True, slots=True)
class PreviewCell:
    """What one person may do with some services."""

    text: str
    tone: Tone
    reason: str
    rule: str


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """Some services of one referral."""

    heading: str
    services: str
    cells: list[PreviewCell]


@dataclass(frozen=True, slots=True)
class PreviewTable:
    """One instant's table."""

    heading: str
    people: list[tuple[str, str]]
    rows: list[PreviewRow]


def table(found: Preview, heading: str) -> PreviewTable:
    """The table of one instant."""
    return PreviewTable(
        heading=heading,
        people=[person(each) for each in found.people],
        rows=[_row(each) for each in found.rows],
    )


def heading_at(found: Preview) -> str:
    """ "Fra mandag 5. januar 2027"."""
    return _("Fra %(day)s") % {"day": dates.plain_date(found.instant)}


def cell(decision: Decision) -> PreviewCell:
    """One decision in words."""
    if not decision.see:
        return PreviewCell(_("Ser ikke"), "neutral", words.why_not(decision.rule, decision.reason), decision.rule)
    parts = [_("Ser"), _("kan handle") if decision.act else "", _("varsles") if decision.notify == "message" else ""]
    return PreviewCell(", ".join(part for part in parts if part), "success", "", decision.rule)


def person(eyes: Foreseen) -> tuple[str, str]:
    """Who it is, and what they are to the patient."""
    name = _("Skjermet person") if eyes.person.protected and eyes.acting_for_another else name_of(eyes.person)
    return name, words.say(words.KINDS, eyes.relation.kind)


def _row(row: Row) -> PreviewRow:
    if not row.of_items:
        heading = _("Hele pasienten")
    elif row.referral is None:
        heading = _("Uten henvisning")
    else:
        heading = str(row.referral.unit)
    services = ", ".join(words.say(words.SERVICES, Service(each)) for each in row.services)
    return PreviewRow(heading, services, [cell(each) for each in row.decisions])
