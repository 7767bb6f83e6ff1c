"""From rows to the words of clinicians' lists about access: own patients, tasks, emergency access to review."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel import clock
from portal.people.models import Person
from portal.ui import dates
from portal.ui.cards import Cell, Pages, Table, turner
from youth_access import staff_words as words
from youth_access.models import AccessTask, BreakGlass, ReferralAssessment
from youth_access.staff_queries import OwnPatient


@dataclass(frozen=True, slots=True)
class Fact:
    """A word and what it is."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Landing:
    """The clinician's front page about access."""

    patients: Table
    pages: Pages | None
    tasks: Table
    task_count: int


def name_of(person: Person) -> str:
    """A name for staff; whoever has a protected address is named only to those who treat them, on their own page."""
    return person.name or _("Navnet er ikke hentet ennå")


def patient_line(person: Person) -> str:
    """Name, birth date and age."""
    born = person.birth_date
    if born is None:
        year = _("født %(year)s") % {"year": person.birth_year} if person.birth_year else _("fødselsdato ukjent")
        return f"{name_of(person)}, {year}"
    return _("%(name)s, f. %(date)s (%(age)s)") % {
        "name": name_of(person),
        "date": f"{born:%d.%m.%Y}",
        "age": _("død") if person.died_on else age(born),
    }


def age(born: date) -> str:
    """Whole years, in words."""
    today = clock.today()
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return _("%(years)s år") % {"years": years}


def landing(page: "Page[Person]", own: Sequence[OwnPatient], tasks: Sequence[AccessTask]) -> Landing:
    """Own patients and the tasks about them."""
    return Landing(
        patients=_patients(own),
        pages=turner(page, lambda number: f"?side={number}"),
        tasks=_tasks(tasks),
        task_count=len(tasks),
    )


def task_words(task: AccessTask) -> str:
    """Why there is a task, and how near it is."""
    kind = words.say(words.TASKS, task.kind)
    if task.kind == AccessTask.Kind.BIRTHDAY:
        return _("%(kind)s: %(step)s dager igjen da oppgaven kom") % {"kind": kind, "step": task.step}
    return kind


def due_words(task: AccessTask) -> str:
    """When it is due."""
    return dates.day_and_relative(task.due_at)


def minutes_left(until: datetime, now: datetime) -> str:
    """How long an emergency access still lasts; the last minute counts as one."""
    minutes = max(1, -int((now - until).total_seconds() // 60))
    return ngettext("%(n)s minutt igjen", "%(n)s minutter igjen", minutes) % {"n": minutes}


def reviews(rows: Sequence[BreakGlass]) -> Table:
    """Emergency access that waits for a second person."""
    return Table(
        caption=_("Nødtilganger som skal kontrolleres"),
        columns=[_("Behandler"), _("Pasient"), _("Når"), _("Grunn")],
        rows=[
            [
                Cell(row.clinician.name, reverse("access:review", args=[row.pk])),
                Cell(shielded(row.patient)),
                Cell(dates.moment(row.started_at)),
                Cell(words.say(words.EMERGENCY_REASONS, row.reason)),
            ]
            for row in rows
        ],
        empty_text=_("Ingen nødtilganger venter på kontroll."),
    )


def denials(rows: Sequence[tuple[AccessTask, ReferralAssessment | None]]) -> Table:
    """Denials of the youth that are to be judged anew."""
    return Table(
        caption=_("Nekting av ungdommen"),
        columns=[_("Pasient"), _("Enhet"), _("Grunn"), _("Frist")],
        rows=[
            [
                Cell(shielded(task.patient), reverse("access:denial", args=[task.pk])),
                Cell(str(made.unit) if made else ""),
                Cell(words.say(words.EVERY_REASON, made.reason) if made else _("Koden NORN_UNGDOM på ett dokument")),
                Cell(due_words(task)),
            ]
            for task, made in rows
        ],
        empty_text=_("Ingen nektinger venter på ny vurdering."),
    )


def _patients(own: Sequence[OwnPatient]) -> Table:
    return Table(
        caption=_("Pasientene mine"),
        columns=[_("Pasient"), _("Alder"), _("Venter")],
        rows=[
            [
                Cell(name_of(each.person), reverse("access:patient", args=[each.person.pk])),
                Cell(age(each.person.birth_date) if each.person.birth_date else _("Ukjent")),
                Cell(_waiting(each), tone="warning" if each.wishes or each.tasks or each.unassessed else ""),
            ]
            for each in own
        ],
        empty_text=_("Du er ikke registrert som behandler for noen pasienter nå."),
    )


def _waiting(each: OwnPatient) -> str:
    parts: list[tuple[int, Any]] = [
        (each.wishes, ngettext("%(n)s ønske uten svar", "%(n)s ønsker uten svar", each.wishes)),
        (
            each.unassessed,
            ngettext("%(n)s henvisning ikke vurdert", "%(n)s henvisninger ikke vurdert", each.unassessed),
        ),
        (each.tasks, ngettext("%(n)s oppgave", "%(n)s oppgaver", each.tasks)),
    ]
    return ", ".join(text % {"n": count} for count, text in parts if count) or _("Ingenting")


def _tasks(tasks: Sequence[AccessTask]) -> Table:
    return Table(
        caption=_("Oppgaver"),
        columns=[_("Oppgave"), _("Pasient"), _("Enhet"), _("Frist")],
        rows=[
            [
                Cell(task_words(task), reverse("access:patient", args=[task.patient_id])),
                Cell(name_of(task.patient)),
                Cell(str(task.unit) if task.unit else ""),
                Cell(due_words(task)),
            ]
            for task in tasks
        ],
        empty_text=_("Ingen oppgaver venter på deg."),
    )


def shielded(person: Person) -> str:
    """A name for staff who do not treat the person."""
    return _("Skjermet person") if person.protected else name_of(person)
