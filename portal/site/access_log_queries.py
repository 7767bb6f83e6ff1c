"""What a citizen is shown of the audit: rows about the patient looked at, as far as the rules allow."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.db.models import Min, Q, QuerySet

from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.people.models import Person, Unit
from portal.site import access_log_words as words
from youth_access import items
from youth_access.eyes import Eyes
from youth_access.facts import Kind, Service

PAGE: Final = 20
_ITEMS: Final = 1000
"""So many of a patient's newest items are asked about in each service; older ones are named in general words."""


@dataclass(frozen=True, slots=True)
class Sieve:
    """What the reader chose to see: a year in Oslo, and a service by its key; empty for everything."""

    year: int | None = None
    service: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the log, newest first. `older` is the cursor of the next page; empty on the last.

    `in_sight` holds the ids of items the viewer may see now, `names` and `units` those who acted, by id.
    """

    rows: list[AuditRow]
    older: str
    years: list[int]
    services: list[str]
    in_sight: frozenset[str]
    names: Mapping[str, str]
    units: Mapping[str, str]


def items_in_sight(eyes: Eyes) -> frozenset[str]:
    """The ids of the patient's items that these eyes may see now. A fixed number of queries for each service."""
    return frozenset(
        str(each.id)
        for source in items.sources()
        for each in source.of_patient(eyes.patient_id, _ITEMS)
        if eyes.decide(each.service, each.facts).see
    )


def visible_rows(eyes: Eyes, in_sight: Collection[str]) -> QuerySet[AuditRow]:
    """The rows these eyes may see. The only door to a citizen's log.

    The patient sees all that has been done. Whoever acts for the patient sees what concerns items they may see
    themselves, and services as such; never what staff have decided about access, nor a kind of row nobody thought of.
    """
    if not eyes.decide(Service.LOG).see:
        return AuditRow.objects.none()
    rows = AuditRow.objects.filter(person_id=eyes.patient_id)
    if eyes.relation.kind == Kind.SELF:
        return rows
    open_services = [kind for kind, service in words.AS_A_WHOLE.items() if eyes.decide(service).see]
    return rows.filter(Q(item_id__in=list(in_sight)) | Q(item_kind__in=open_services))


def page(eyes: Eyes, sieve: Sieve, after: str) -> Page:
    """A page of the log. The same number of queries at any length."""
    in_sight = items_in_sight(eyes)
    rows = visible_rows(eyes, in_sight)
    years, services = _years(rows), _services(rows, in_sight)
    instant, skip = _read_cursor(after)
    sieved = _sieved(rows, sieve, in_sight, str(eyes.viewer.person_id))
    if instant is not None:
        sieved = sieved.filter(at__lte=instant)
    found = list(sieved.order_by("-at", "-id")[skip : skip + PAGE + 1])
    shown = found[:PAGE]
    return Page(
        rows=shown,
        older=_cursor(shown, instant, skip) if len(found) > PAGE else "",
        years=years,
        services=services,
        in_sight=in_sight,
        names=_names(shown),
        units=_units(shown),
    )


def _sieved(rows: QuerySet[AuditRow], sieve: Sieve, in_sight: Collection[str], reader: str) -> QuerySet[AuditRow]:
    if sieve.year is not None:
        begins, ends = (datetime(year, 1, 1, tzinfo=clock.OSLO) for year in (sieve.year, sieve.year + 1))
        rows = rows.filter(at__gte=begins, at__lt=ends)
    if sieve.service:
        return rows.filter(_named(in_sight), item_kind__in=words.kinds_of(sieve.service))
    return rows.exclude(item_kind__in=words.OF_ONESELF, actor_id=reader)


def _named(in_sight: Collection[str]) -> Q:
    """Rows whose kind is told: an item out of sight is only "information", whichever service it belongs to."""
    return ~Q(item_kind__in=words.ITEM_KINDS) | Q(item_id__in=list(in_sight))


def _years(rows: QuerySet[AuditRow]) -> list[int]:
    first = rows.aggregate(first=Min("at"))["first"]
    now = clock.local_now().year
    return list(range(now, min(first.astimezone(clock.OSLO).year, now) - 1, -1)) if first else []


def _services(rows: QuerySet[AuditRow], in_sight: Collection[str]) -> list[str]:
    kinds = set(rows.filter(_named(in_sight)).order_by().values_list("item_kind", flat=True).distinct())
    return [service for service in words.SERVICES if kinds.intersection(words.kinds_of(service))]


def _names(rows: Iterable[AuditRow]) -> dict[str, str]:
    ids = {_uuid(row.actor_id) for row in rows if row.actor_kind in ("citizen", "staff")}
    found = Person.objects.filter(pk__in=[each for each in ids if each]).values_list("pk", "name")
    return {str(person_id): name for person_id, name in found}


def _units(rows: Iterable[AuditRow]) -> dict[str, str]:
    return {unit.resh: str(unit) for unit in Unit.objects.filter(resh__in={row.organisation for row in rows})}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _cursor(shown: list[AuditRow], instant: datetime | None, skip: int) -> str:
    """The last row's instant, and how many rows of that instant have been shown. Never a row's id: ids are counted."""
    last = shown[-1].at
    same = sum(1 for row in shown if row.at == last) + (skip if instant == last else 0)
    return urlsafe_b64encode(f"{last.isoformat()}|{same}".encode()).decode().rstrip("=")


def _read_cursor(text: str) -> tuple[datetime | None, int]:
    try:
        at, _, skip = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition("|")
        instant, count = datetime.fromisoformat(at), int(skip)
        return (instant.astimezone(UTC), count) if instant.tzinfo and 0 <= count < 100_000 else (None, 0)
    except (ValueError, OverflowError):
        return None, 0
