"""What somebody sees of a patient's letters: lists, counts, search, pages and files all start at `visible_to`."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final, Literal
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, IntegerField, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import JSONObject

from letters.models import Document, Letter, LetterEvent, Posting
from letters.queries.access import USUAL, columns_for, facts_of, item_facts
from letters.states import Digital
from youth_access.decide import Decision
from youth_access.eyes import Eyes
from youth_access.facts import Service
from youth_access.listing import Listing, Shape
from youth_access.visible import count_new, listed, visible

PAGE = 20
Show = Literal["all", "unread"]
READ_FOR = "read_for"
"""The history line of somebody's first reading of a letter for its patient."""
_ROW = (
    "title",
    "language",
    "digital",
    "available_at",
    "withdrawn_at",
    "withdrawn_reason",
    "unit__name",
    "unit__hospital",
)
_UNREAD = Q(digital=Digital.AVAILABLE)
_ON_SCREEN = (Digital.AVAILABLE, Digital.OPENED)


def _on_screen(patient_id: UUID) -> QuerySet[Letter]:
    return Letter.objects.filter(person_id=patient_id, digital__in=_ON_SCREEN)


_LETTERS: Final = Listing(Service.LETTER, _on_screen, columns_for, item_facts, _UNREAD, USUAL)


def visible_to(eyes: Eyes) -> QuerySet[Letter]:
    """The patient's letters on screen that these eyes may see now. The only door to a citizen's letters."""
    return visible(eyes, _LETTERS)


def decision(eyes: Eyes, letter: Letter) -> Decision:
    """What these eyes may do with one letter of their patient."""
    return eyes.decide(Service.LETTER, facts_of(letter))


def hidden_from(eyes: Eyes, letter_id: UUID) -> Letter | None:
    """A letter of the patient that is on screen, and that the rules keep from these eyes; for the audit alone."""
    found = _on_screen(eyes.patient_id).filter(pk=letter_id).first()
    return found if found is not None and not decision(eyes, found).see else None


def unread_count(eyes: Eyes) -> int:
    """How many letters wait to be opened; what badges show."""
    return count_new(eyes, _LETTERS)


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy on paper, as far as a list tells of it."""

    state: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the inbox. `older` is the cursor of the next page, empty on the last."""

    letters: list[Letter]
    older: str


def first(eyes: Eyes, shape: Shape[Letter]) -> list[Letter]:
    """The letters of `shape.of(visible_to(eyes))`, fetched: one query where all that is seen has no code but N.

    Never more than three, and those of `Eyes.circumstances` for patients under 16; see `youth_access.visible.listed`.
    """
    return listed(eyes, _LETTERS, shape)


def inbox(eyes: Eyes, *, show: Show = "all", search: str = "", after: str = "") -> Page:
    """A page of letters, newest first. An unreadable cursor gives the first page. As many queries as `first`."""
    narrowed = [_mentions(word) for word in search.split()[:8]]
    place = _read_cursor(after)
    if place is not None:
        at, last = place
        narrowed.append((Q(available_at__lt=at) | Q(available_at=at, id__lt=last)) & Q(available_at__lte=at))
    shown = _SHOWN[show]
    found = _with_copies(first(eyes, Shape(lambda rows: shown.of(rows.filter(*narrowed))) if narrowed else shown))
    more = len(found) > PAGE
    return Page(found[:PAGE], _cursor(found[PAGE - 1]) if more else "")


def waiting(eyes: Eyes, limit: int) -> list[Letter]:
    """Unopened letters, those that go in the post first at the top."""
    return _with_copies(first(eyes, _in_turn(limit)))


def one(eyes: Eyes, letter_id: UUID) -> Letter | None:
    """One letter with what its page needs, or None where the viewer may not see it or there is none."""
    rows = visible_to(eyes).filter(pk=letter_id).select_related("unit")
    return rows.prefetch_related(_postings(), _documents(), _readings()).first()


def document(eyes: Eyes, letter_id: UUID, *, enclosure: int | None = None) -> Document | None:
    """The letter's PDF, or one of its enclosures, with its bytes; None as for a letter that may not be seen."""
    kind = Document.Kind.LETTER if enclosure is None else Document.Kind.ENCLOSURE
    return (
        Document.objects.filter(
            letter__in=visible_to(eyes).filter(pk=letter_id), posting=None, kind=kind, number=enclosure or 0
        )
        .select_related("letter")
        .first()
    )


def _documents() -> "Prefetch[str]":
    size = Func(F("data"), function="octet_length", output_field=IntegerField())
    return Prefetch(
        "documents",
        Document.objects.filter(posting=None).defer("data").annotate(size=size).order_by("kind", "number"),
        to_attr="papers",
    )


def _readings() -> "Prefetch[str]":
    """Who has read the letter for the patient, as the history has it."""
    return Prefetch("events", LetterEvent.objects.filter(kind=READ_FOR).order_by("id"), to_attr="readings")


def _postings() -> "Prefetch[str]":
    """The copies on paper, oldest first, as a plain list."""
    return Prefetch("postings", Posting.objects.order_by("created_at"), to_attr="copies")


def _lines(rows: QuerySet[Letter]) -> QuerySet[Letter]:
    """What a line of a list shows, and nothing more: reading all of twenty letters is dearer than finding them."""
    postings = Posting.objects.filter(letter=OuterRef("pk")).order_by("created_at")
    told = ArraySubquery(postings.values(told=JSONObject(state="state", due_at="due_at")))
    lines: QuerySet[Letter] = rows.select_related("unit").only(*_ROW).annotate(told=told)
    return lines


def _newest(rows: QuerySet[Letter]) -> QuerySet[Letter]:
    return _lines(rows.order_by("-available_at", "-id")[: PAGE + 1])


_SHOWN: Final[dict[Show, Shape[Letter]]] = {
    "all": Shape(_newest, kept=True),
    "unread": Shape(lambda rows: _newest(rows.filter(_UNREAD)), kept=True),
}


@cache
def _in_turn(limit: int) -> Shape[Letter]:
    return Shape(lambda rows: _lines(rows.filter(_UNREAD).order_by("available_at", "id")[:limit]), kept=True)


def _with_copies(letters: list[Letter]) -> list[Letter]:
    """Each of the `_lines` with its copies on paper, as `one` has them."""
    for letter in letters:
        told: list[dict[str, str]] = letter.told  # type: ignore[attr-defined]  # annotated by `_lines`
        copies = [Copy(each["state"], datetime.fromisoformat(each["due_at"])) for each in told]
        letter.copies = copies  # type: ignore[attr-defined]  # read by the presenters
    return letters


def _mentions(word: str) -> Q:
    return Q(title__icontains=word) | Q(unit__name__icontains=word) | Q(unit__hospital__icontains=word)


def _cursor(letter: Letter) -> str:
    at = letter.available_at.isoformat() if letter.available_at else ""
    return urlsafe_b64encode(f"{at}|{letter.id}".encode()).decode().rstrip("=")


def _read_cursor(text: str) -> tuple[datetime, UUID] | None:
    try:
        at, _, letter_id = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition("|")
        instant = datetime.fromisoformat(at)
        return (instant, UUID(letter_id)) if instant.tzinfo else None
    except ValueError:
        return None
