"""What operators ask of letters: how many stand where and since when, what happened, and where each letter is.

Counts and instants only. A fixed number of queries, each answered from an index over what is in motion, so the page
is as fast at a million letters as at ten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Greatest, Least, TruncHour

from letters.models import ClerkTask, Letter, LetterEvent, LetterType, Posting, Reconciliation
from letters.states import AT_PRINTER, Digital, Postal, Stage

ON_SCREEN = (Digital.AVAILABLE, Digital.OPENED)
PLACES = (
    "withdrawn",
    "in_intake",
    "stuck",
    "on_screen",
    "on_paper_only",
    "held",
    "stopped",
    "nowhere",
)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many, and since when the oldest."""

    count: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Unopened letters whose limit still runs, or should have been acted on."""

    count: int
    soonest: datetime | None
    overdue: int
    due_soon: int


def before_sending(now: datetime) -> dict[str, Counted]:
    """Letters not yet sent anywhere, by stage; one with a later first day, or withheld until then, is `scheduled`."""
    later = Q(visible_from__gt=now) | Q(withheld_until__gt=now)
    rows = (
        Letter.objects.filter(~Q(stage=Stage.DECIDED), withdrawn_at__isnull=True)
        .annotate(place=Case(When(later, then=Value("scheduled")), default=F("stage"), output_field=TextField()))
        .values("place")
        .annotate(count=Count("pk"), oldest=Min(Greatest("received_at", "visible_from")))
        .order_by("place")
    )
    return {row["place"]: Counted(row["count"], row["oldest"]) for row in rows}


def unopened() -> Counted:
    """Letters on screen that nobody has opened."""
    return Counted(
        **Letter.objects.filter(digital=Digital.AVAILABLE).aggregate(
            count=Count("available_at"), oldest=Min("available_at")
        )
    )


def waiting(*, overdue_before: datetime, soon: datetime) -> Waiting:
    """Postings that wait for their limit: how many, the soonest limit, those past it, those due before `soon`."""
    return Waiting(
        **Posting.objects.filter(state=Postal.WAITING).aggregate(
            count=Count("due_at"),
            soonest=Min("due_at"),
            overdue=Count("due_at", filter=Q(due_at__lte=overdue_before)),
            due_soon=Count("due_at", filter=Q(due_at__lt=soon)),
        )
    )


def in_motion() -> dict[str, Counted]:
    """Postings between due and posted, by state.

    Until the printer has one, its age counts from when it fell due; trying again must not make it young. From then
    on the age counts from the last move.
    """
    since = Case(
        When(state__in=[Postal.DUE, Postal.READY, Postal.SUBMITTING], then=Least("due_at", "changed_at")),
        default=F("changed_at"),
    )
    rows = (
        Posting.objects.filter(~Q(state__in=[Postal.WAITING, Postal.CANCELLED, Postal.POSTED]))
        .values("state")
        .annotate(count=Count("pk"), oldest=Min(since))
        .order_by("state")
    )
    return {row["state"]: Counted(row["count"], row["oldest"]) for row in rows}


def open_tasks() -> Counted:
    """Clerks' tasks that nobody has resolved."""
    return Counted(
        **ClerkTask.objects.filter(resolved_at__isnull=True).aggregate(count=Count("pk"), oldest=Min("opened_at"))
    )


def happened_by_hour(kinds: Sequence[str], since: datetime) -> dict[str, dict[datetime, int]]:
    """How often each kind of event happened in each hour (UTC) since an instant."""
    rows = (
        LetterEvent.objects.filter(kind__in=kinds, at__gte=since)
        .annotate(hour=TruncHour("at", tzinfo=UTC))
        .values("kind", "hour")
        .annotate(count=Count("*"))
        .order_by("kind", "hour")
    )
    found: dict[str, dict[datetime, int]] = {kind: {} for kind in kinds}
    for row in rows:
        found[row["kind"]][row["hour"]] = row["count"]
    return found


def notices_by_channel(kinds: Sequence[str], since: datetime) -> dict[tuple[str, str], int]:
    """How often each kind of notice event happened for each channel since an instant."""
    rows = (
        LetterEvent.objects.filter(kind__in=kinds, at__gte=since)
        .annotate(channel=KeyTextTransform("channel", "details"))
        .values("kind", "channel")
        .annotate(count=Count("pk"))
        .order_by("kind", "channel")
    )
    return {(row["channel"], row["kind"]): row["count"] for row in rows}


def latest_reconciliation() -> Reconciliation | None:
    """The last comparison with the printer, if there has been one."""
    return Reconciliation.objects.order_by("-finished_at").first()


def type_names() -> dict[str, str]:
    """What each letter type is called."""
    return dict(LetterType.objects.values_list("code", "name"))


def whereabouts(start: datetime, end: datetime) -> dict[str, dict[str, int]]:
    """For each letter type, how many were issued in [start, end) and where they are, each in exactly one place.

    A type whose letters reach nobody shows as `nowhere`. A letter that is both on screen and on paper is on screen.
    """
    rows = (
        Letter.objects.filter(received_at__gte=start, received_at__lt=end)
        .annotate(place=_place())
        .values("type_id", "place")
        .annotate(count=Count("pk"))
        .order_by("type_id", "place")
    )
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        places = found.setdefault(row["type_id"], {"issued": 0, **dict.fromkeys(PLACES, 0)})
        places["issued"] += row["count"]
        places[row["place"]] += row["count"]
    return found


def _place() -> Case:
    def has(*states: Postal) -> Exists:
        return Exists(Posting.objects.filter(letter=OuterRef("pk"), state__in=states))

    return Case(
        When(withdrawn_at__isnull=False, then=Value("withdrawn")),
        When(stage__in=[Stage.RECEIVED, Stage.RENDERED], then=Value("in_intake")),
        When(stage=Stage.STUCK, then=Value("stuck")),
        When(digital__in=ON_SCREEN, then=Value("on_screen")),
        When(has(*AT_PRINTER, Postal.WAITING, Postal.DUE, Postal.READY), then=Value("on_paper_only")),
        When(has(Postal.HELD), then=Value("held")),
        When(has(Postal.CANCELLED, Postal.REJECTED), then=Value("stopped")),
        default=Value("nowhere"),
        output_field=TextField(),
    )
