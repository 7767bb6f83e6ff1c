"""What clerks see of letters: open tasks, one letter's whole life, groups that are stuck, and finding a letter.

Bodies, documents, raw requests and addresses are never fetched here, except the body for `content`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, Min, OuterRef, Prefetch, Q

from letters.models import ClerkTask, Letter, LetterEvent, Posting, PrintReceipt
from letters.queries import cursors
from portal.people import queries as people
from portal.people.models import Person

PAGE = 25
# The step of a task that says: telephone the patient.
PHONE = "phone"
Show = Literal["all", "mine", "free"]
SearchKind = Literal["person", "reference", "key", "nothing"]
_REFERENCE = re.compile(r"[0-9a-f]{8}")
_LAST_OF_PREFIX = "ffff-ffff-ffff-ffffffffffff"


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A page of open tasks, oldest first; `newer` is the cursor of the next page, empty on the last."""

    tasks: Sequence[ClerkTask]
    newer: str
    all: int
    mine: int
    free: int


@dataclass(frozen=True, slots=True)
class Group:
    """Open tasks of one reason and one letter type."""

    reason: str
    type_code: str
    type_name: str
    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Search:
    """What was looked for, in a form that may be kept: a person's id instead of a number."""

    kind: SearchKind
    value: str


@dataclass(frozen=True, slots=True)
class LetterPage:
    """A page of letters found, newest first."""

    letters: Sequence[Letter]
    older: str


def open_tasks(clerk_id: UUID, *, show: Show = "all", reason: str = "", after: str = "") -> TaskPage:
    """A page of open tasks, oldest first. Two queries at any length. An unreadable cursor gives the first page."""
    open_ones = ClerkTask.objects.filter(resolved_at__isnull=True)
    counts = open_ones.aggregate(
        all=Count("id"),
        mine=Count("id", filter=Q(assigned_to=clerk_id)),
        free=Count("id", filter=Q(assigned_to__isnull=True)),
    )
    rows = open_ones.select_related("letter__person", "letter__type", "letter__unit", "posting")
    rows = rows.defer("letter__body_html").annotate(
        protected=_protected("letter__person"),
        assigned_name=Person.objects.filter(pk=OuterRef("assigned_to")).values("name")[:1],
    )
    if show != "all":
        rows = rows.filter(assigned_to=clerk_id) if show == "mine" else rows.filter(assigned_to__isnull=True)
    if reason:
        rows = rows.filter(reason=reason)
    place = cursors.unpack(after)
    if place is not None:
        at, last = place
        rows = rows.filter(Q(opened_at__gt=at) | Q(opened_at=at, id__gt=last)).filter(opened_at__gte=at)
    found = list(rows.order_by("opened_at", "id")[: PAGE + 1])
    shown = found[:PAGE]
    newer = cursors.pack(shown[-1].opened_at, shown[-1].id) if len(found) > PAGE else ""
    return TaskPage(shown, newer, counts["all"], counts["mine"], counts["free"])


def waiting_count(clerk_id: UUID) -> int:
    """How many open tasks are the clerk's own or nobody's; what the badge shows."""
    mine_or_free = Q(assigned_to=clerk_id) | Q(assigned_to__isnull=True)
    return ClerkTask.objects.filter(mine_or_free, resolved_at__isnull=True).count()


def case(letter_id: UUID) -> Letter | None:
    """One letter with all that has happened to it, or None. `protected` tells whether the patient is shown masked."""
    return (
        Letter.objects.filter(pk=letter_id)
        .select_related("person", "type", "unit")
        .defer("body_html")
        .annotate(protected=_protected("person"))
        .prefetch_related(
            Prefetch("postings", Posting.objects.order_by("created_at", "id")),
            Prefetch("postings__receipts", PrintReceipt.objects.defer("raw").order_by("occurred_at", "received_at")),
            Prefetch("tasks", ClerkTask.objects.order_by("opened_at", "id")),
            Prefetch("events", LetterEvent.objects.order_by("id")),
            "notices",
            "decisions",
            Prefetch("replaced_by", Letter.objects.only("id", "replaces_id")),
        )
        .first()
    )


def posting(letter_id: UUID, posting_id: UUID) -> Posting | None:
    """One posting of one letter, for the page that asks before something is done with it."""
    rows = Posting.objects.select_related("letter__type", "letter__unit", "letter__person").defer("letter__body_html")
    return rows.filter(pk=posting_id, letter_id=letter_id).first()


def task(letter_id: UUID, task_id: UUID) -> ClerkTask | None:
    """One task of one letter."""
    rows = ClerkTask.objects.select_related("letter__type", "letter__unit", "posting").defer("letter__body_html")
    return rows.filter(pk=task_id, letter_id=letter_id).first()


def last_event(letter_id: UUID, posting_id: UUID | None = None) -> LetterEvent | None:
    """What happened last to a letter, or to one of its postings."""
    rows = LetterEvent.objects.filter(letter_id=letter_id)
    if posting_id is not None:
        rows = rows.filter(posting_id=posting_id)
    return rows.order_by("-id").first()


def has_done(letter_id: UUID, clerk_id: UUID, kinds: Iterable[str], note: str, posting_id: UUID | None = None) -> bool:
    """Whether this clerk has already done exactly this, for exactly this reason: a form that was sent twice."""
    rows = LetterEvent.objects.filter(
        letter_id=letter_id, kind__in=list(kinds), actor_id=str(clerk_id), details__note=note
    )
    return (rows.filter(posting_id=posting_id) if posting_id else rows.filter(posting__isnull=True)).exists()


def groups() -> list[Group]:
    """Open tasks by reason and letter type, the largest first. Those put on the phone list have had their choice."""
    rows = (
        ClerkTask.objects.filter(resolved_at__isnull=True)
        .exclude(step=PHONE)
        .values("reason", "letter__type_id", "letter__type__name")
        .annotate(count=Count("id"), oldest=Min("opened_at"))
        .order_by("-count", "reason", "letter__type_id")
    )
    return [
        Group(row["reason"], row["letter__type_id"], row["letter__type__name"], row["count"], row["oldest"])
        for row in rows
    ]


def group(reason: str, type_code: str) -> Group | None:
    """One group, or None when nothing of the kind is open."""
    return next((each for each in groups() if (each.reason, each.type_code) == (reason, type_code)), None)


def read_search(text: str) -> Search:
    """Find out what somebody looks for. An identity number becomes the person's id here, and is not kept."""
    words = text.strip()
    digits = re.sub(r"\D", "", words)
    if len(digits) == 11 and re.fullmatch(r"[\d .-]+", words):
        person = people.find_by_pid(digits)
        return Search("person", str(person.pk)) if person else Search("nothing", "")
    if _as_uuid(words) is not None or _REFERENCE.fullmatch(words.lower()):
        return Search("reference", words.lower())
    return Search("key", words[:200])


def find(search: Search, *, after: str = "") -> LetterPage:
    """The letters looked for, newest first. Two queries at any length."""
    rows = Letter.objects.filter(_sought(search)).select_related("person", "type", "unit").defer("body_html")
    rows = rows.annotate(protected=_protected("person")).prefetch_related(
        Prefetch("postings", Posting.objects.order_by("created_at"))
    )
    place = cursors.unpack(after)
    if place is not None:
        at, last = place
        rows = rows.filter(Q(received_at__lt=at) | Q(received_at=at, id__lt=last)).filter(received_at__lte=at)
    found = list(rows.order_by("-received_at", "-id")[: PAGE + 1])
    shown = found[:PAGE]
    older = cursors.pack(shown[-1].received_at, shown[-1].id) if len(found) > PAGE else ""
    return LetterPage(shown, older)


def names_of(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of members of staff, by id. One query."""
    return dict(Person.objects.filter(pk__in={each for each in ids if each is not None}).values_list("pk", "name"))


def _sought(search: Search) -> Q:
    if search.kind == "person":
        return Q(person_id=search.value)
    if search.kind == "key":
        return Q(source_key=search.value)
    if search.kind == "nothing":
        return Q(pk__in=[])
    whole = _as_uuid(search.value)
    if whole is not None:
        return Q(pk=whole)
    first, last = UUID(search.value + "0" * 24), UUID(f"{search.value}-{_LAST_OF_PREFIX}")
    return Q(pk__gte=first, pk__lte=last) | Q(source_key__in=[search.value, search.value.upper()])


def _protected(person: str) -> "ExpressionWrapper[Q]":
    """Whether the register protects the patient's address, or a letter has ever met that: once met, always masked."""
    met = ClerkTask.objects.filter(letter__person=OuterRef(person), reason=ClerkTask.Reason.PROTECTED)
    either = Q(**{f"{person}__protected": True}) | Q(Exists(met))
    return ExpressionWrapper(either, output_field=BooleanField())


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
