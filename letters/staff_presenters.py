"""From rows to the words of clerks' lists: the queue, letters found, groups that are stuck."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from letters import staff_words as words
from letters.models import ClerkTask, Letter
from letters.queries.for_staff import PHONE, Group, LetterPage, Show, TaskPage
from portal.kernel import clock
from portal.people.models import Person
from portal.ui import dates
from portal.ui.cards import Cell, Choice, Pages, Table, Tone

_OLD, _VERY_OLD = timedelta(days=1), timedelta(days=3)
VIEWS: Final[dict[str, Show]] = {"mine": "mine", "ledige": "free"}


@dataclass(frozen=True, kw_only=True)
class TaskRow:
    """One open task in the queue. `take_url` is empty when somebody has it."""

    url: str
    reason: str
    patient: str
    letter: str
    unit: str
    state: str
    age: str
    age_tone: Tone
    assigned: str
    mine: bool
    take_url: str
    deadline: str
    deadline_near: bool


@dataclass(frozen=True)
class Option:
    """One reason to filter by."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Queue:
    """The queue of open tasks."""

    rows: list[TaskRow]
    choices: list[Choice]
    reasons: list[Option]
    view: str
    pages: Pages | None
    result: str
    empty_heading: str
    empty_text: str


@dataclass(frozen=True)
class Found:
    """The letters that were looked for."""

    table: Table
    pages: Pages | None
    count: int


def patient(person: Person, *, protected: bool) -> str:
    """The patient as clerks see them: name, birth date and age, or nothing at all where the address is protected."""
    if protected:
        return _("Skjermet person")
    name = person.name or _("Navnet er ikke hentet ennå")
    born = person.birth_date
    if born is None:
        return name
    age = _("død") if person.died_on is not None else _age(born)
    return _("%(name)s, f. %(date)s (%(age)s)") % {"name": name, "date": f"{born:%d.%m.%Y}", "age": age}


def _age(born: date) -> str:
    today = clock.today()
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return _("%(years)s år") % {"years": years}


def reference(letter_id: UUID) -> str:
    """The reference as printed on the letter."""
    return str(letter_id)[:8]


def waited(since: datetime) -> str:
    """For how long something has waited: minutes, hours, then days."""
    minutes = max(0, int((clock.now() - since).total_seconds() // 60))
    if minutes < 1:
        return _("under ett minutt")
    if minutes < 60:
        return ngettext("%(n)s minutt", "%(n)s minutter", minutes) % {"n": minutes}
    if minutes < 60 * 24:
        return ngettext("%(n)s time", "%(n)s timer", minutes // 60) % {"n": minutes // 60}
    days = minutes // (60 * 24)
    return ngettext("%(n)s dag", "%(n)s dager", days) % {"n": days}


def task_reason(task: ClerkTask) -> str:
    """Why the task was opened; with what remains where the patient is to be telephoned."""
    reason = words.say(words.REASONS, task.reason)
    return _("Ring pasienten: %(reason)s") % {"reason": reason} if task.step == PHONE else reason


def assigned(assigned_to: UUID | None, name: str | None, viewer_id: UUID) -> str:
    """Whose task it is."""
    if assigned_to is None:
        return _("Ingen har tatt den")
    return _("Din") if assigned_to == viewer_id else name or _("En kollega")


def task_row(task: ClerkTask, viewer_id: UUID) -> TaskRow:
    """One line of the queue."""
    letter, age = task.letter, clock.now() - task.opened_at
    name: str | None = task.assigned_name  # type: ignore[attr-defined]  # annotated by queries.for_staff
    protected: bool = task.protected  # type: ignore[attr-defined]  # the same
    needed_by = letter.must_arrive_by
    return TaskRow(
        url=reverse("clerk:letter", args=[letter.id]),
        reason=task_reason(task),
        patient=patient(letter.person, protected=protected),
        letter=letter.type.name,
        unit=f"{letter.unit.name}, {letter.unit.hospital}",
        state=str(words.POSTAL[task.posting.state][0]) if task.posting else "",
        age=waited(task.opened_at),
        age_tone="danger" if age > _VERY_OLD else "warning" if age > _OLD else "neutral",
        assigned=assigned(task.assigned_to, name, viewer_id),
        mine=task.assigned_to == viewer_id,
        take_url=reverse("clerk:take", args=[letter.id, task.id]) if task.assigned_to is None else "",
        deadline=_("Må være framme %(day)s") % {"day": dates.day(needed_by)} if needed_by else "",
        deadline_near=needed_by is not None and needed_by - clock.now() < timedelta(days=7),
    )


def queue(page: TaskPage, viewer_id: UUID, *, view: str, reason: str, first: bool) -> Queue:
    """The queue as its template lays it out."""
    here, kept = reverse("clerk:queue"), {"grunn": reason} if reason else {}
    choices = [
        Choice(_("Alle"), _address(here, kept), view == "", page.all),
        Choice(_("Mine"), _address(here, {"vis": "mine"} | kept), view == "mine", page.mine),
        Choice(_("Ledige"), _address(here, {"vis": "ledige"} | kept), view == "ledige", page.free),
    ]
    shown = ({"vis": view} if view else {}) | kept
    count = len(page.tasks)
    showing = ngettext("Viser %(n)s oppgave, eldste først.", "Viser %(n)s oppgaver, eldste først.", count)
    return Queue(
        rows=[task_row(task, viewer_id) for task in page.tasks],
        choices=choices,
        reasons=[Option(code, str(label), code == reason) for code, label in words.REASONS.items()],
        view=view,
        pages=turner(here, shown, page.newer, first=first, back=_("Eldste"), on=_("Nyere")),
        result=showing % {"n": count} if count else "",
        empty_heading=_("Ingen oppgaver her"),
        empty_text=_("Ingen oppgaver passer til utvalget.") if shown else _("Alle brev er på vei dit de skal."),
    )


def turner(here: str, kept: dict[str, str], cursor: str, *, first: bool, back: str, on: str) -> Pages | None:
    """The page turner of a list with cursors: to its start, and to the next page."""
    if first and not cursor:
        return None
    return Pages(
        previous_url="" if first else _address(here, kept),
        next_url=_address(here, kept | {"etter": cursor}) if cursor else "",
        links=[],
        previous_text=back,
        next_text=on,
    )


def found(page: LetterPage, *, first: bool) -> Found:
    """The letters found, newest first."""
    columns = [_("Referanse"), _("Pasient"), _("Brevtype"), _("Enhet"), _("Mottatt"), _("Skjerm"), _("Papir")]
    table = Table(
        caption=_("Brev som passer"),
        columns=list(columns),
        rows=[_found_row(letter) for letter in page.letters],
        caption_hidden=True,
    )
    here = reverse("clerk:found")
    pages = turner(here, {}, page.older, first=first, back=_("Nyeste"), on=_("Eldre"))
    return Found(table, pages, len(page.letters))


def _found_row(letter: Letter) -> list[Cell]:
    protected: bool = letter.protected  # type: ignore[attr-defined]  # annotated by queries.for_staff
    screen, screen_tone = words.DIGITAL[letter.digital]
    posting = next(reversed(list(letter.postings.all())), None)
    paper = Cell(_("Ingen"))
    if posting is not None:
        text, tone = words.POSTAL[posting.state]
        paper = Cell(text, tone=tone)
    return [
        Cell(reference(letter.id), reverse("clerk:letter", args=[letter.id])),
        Cell(patient(letter.person, protected=protected)),
        Cell(letter.type.name),
        Cell(letter.unit.name),
        Cell(dates.plain_date(letter.received_at)),
        Cell(screen, tone=screen_tone),
        paper,
    ]


def groups(rows: list[Group]) -> Table:
    """Open tasks by reason and letter type, with the way to a choice for all of them."""
    return Table(
        caption=_("Åpne oppgaver etter grunn og brevtype"),
        columns=[_("Grunn"), _("Brevtype"), _("Antall"), _("Eldste")],
        rows=[
            [
                Cell(words.say(words.REASONS, row.reason), reverse("clerk:group", args=[row.reason, row.type_code])),
                Cell(row.type_name),
                Cell(str(row.count), number=True),
                Cell(waited(row.oldest)),
            ]
            for row in rows
        ],
        empty_text=_("Ingen åpne oppgaver."),
        caption_hidden=True,
    )


def _address(here: str, words_: dict[str, str]) -> str:
    return f"{here}?{urlencode(words_)}" if words_ else here
