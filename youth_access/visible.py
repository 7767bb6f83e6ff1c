"""The list filter that says exactly what `decide` says.

A patient's items share few combinations of codes, referrals and flags. Each combination there is gets its decision;
the list keeps the rows whose combination may be seen. Two queries at any length, and one for each further list that
the same eyes ask for.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

from django.db.models import Count, Model, Q, QuerySet

from youth_access.circumstances import ItemFacts
from youth_access.eyes import Answer, Eyes
from youth_access.facts import Service

M = TypeVar("M", bound=Model)
NOTHING: Final = Q(pk__in=[])


def visible(
    eyes: Eyes,
    rows: QuerySet[M],
    service: Service,
    columns: Sequence[str],
    facts: Callable[..., ItemFacts],
    new: Q = NOTHING,
) -> QuerySet[M]:
    """The rows of one patient that these eyes may see.

    `rows` must hold that patient's items only. `columns` are those the rules depend on, in the order `facts` takes
    them. `new` is what `count_new` counts.
    """
    return rows.filter(_answer(eyes, rows, service, columns, facts, new).seen)


def count_new(
    eyes: Eyes,
    rows: QuerySet[M],
    service: Service,
    columns: Sequence[str],
    facts: Callable[..., ItemFacts],
    new: Q,
) -> int:
    """How many rows that these eyes may see are `new`: counted along with the question of what may be seen.

    Remembered for the request; whoever changes a row calls `Eyes.look_anew`.
    """
    return _answer(eyes, rows, service, columns, facts, new).new


def _answer(
    eyes: Eyes,
    rows: QuerySet[M],
    service: Service,
    columns: Sequence[str],
    facts: Callable[..., ItemFacts],
    new: Q,
) -> Answer:
    asked = (service, rows.model._meta.label, tuple(columns))
    if asked not in eyes.answers:
        combinations = rows.order_by().values_list(*columns).annotate(new=Count("pk", filter=new))
        seen = [(each, count) for *each, count in combinations if eyes.decide(service, facts(*each)).see]
        eyes.answers[asked] = Answer(
            _any(_just(columns, each) for each, _count in seen), sum(count for _each, count in seen)
        )
    return eyes.answers[asked]


def _any(seen: Iterable[Q]) -> Q:
    wanted = NOTHING
    for each in seen:
        wanted |= each
    return wanted


def _just(columns: Sequence[str], values: Sequence[Any]) -> Q:
    return Q(
        **{
            column if value is not None else f"{column}__isnull": True if value is None else value
            for column, value in zip(columns, values, strict=True)
        }
    )
