"""The list filter that says exactly what `decide` says.

A patient's items share few combinations of codes, referrals and flags. Each combination there is gets its decision;
the list keeps the rows whose combination may be seen. Two queries at any length, and one for each further list that
the same eyes ask for.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from youth_access.circumstances import ItemFacts
from youth_access.eyes import Eyes
from youth_access.facts import Service

M = TypeVar("M", bound=Model)


def visible(
    eyes: Eyes,
    rows: QuerySet[M],
    service: Service,
    columns: Sequence[str],
    facts: Callable[..., ItemFacts],
) -> QuerySet[M]:
    """The rows of one patient that these eyes may see.

    `rows` must hold that patient's items only. `columns` are those the rules depend on, in the order `facts` takes
    them.
    """
    asked = (service, rows.model._meta.label, tuple(columns))
    if asked not in eyes.answers:
        combinations = rows.order_by().values_list(*columns).distinct()
        eyes.answers[asked] = _any(
            _just(columns, values) for values in combinations if eyes.decide(service, facts(*values)).see
        )
    return rows.filter(eyes.answers[asked])


def _any(seen: Iterable[Q]) -> Q:
    wanted = Q(pk__in=[])
    for each in seen:
        wanted |= each
    return wanted


def _just(columns: Sequence[str], values: tuple[Any, ...]) -> Q:
    return Q(
        **{
            column if value is not None else f"{column}__isnull": True if value is None else value
            for column, value in zip(columns, values, strict=True)
        }
    )
