"""The list filter that says exactly what `decide` says.

A patient's items share few combinations of codes, referrals and flags. Each combination there is gets its decision;
the list keeps the rows whose combination may be seen. Two queries at any length, and one for each further list that
the same eyes ask for; a list fetched by `listed` is one query where all that is seen is of the usual kind.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from youth_access.eyes import Answer, Eyes
from youth_access.listing import NOTHING, OCCURRING, Combination, Listing, Shape

M = TypeVar("M", bound=Model)


def visible(eyes: Eyes, listing: Listing[M]) -> QuerySet[M]:
    """The patient's rows that these eyes may see."""
    return listing.rows(eyes.patient_id).filter(_answer(eyes, listing).seen())


def count_new(eyes: Eyes, listing: Listing[M]) -> int:
    """How many rows that these eyes may see are `new`: counted along with the question of what may be seen.

    Remembered for the request; whoever changes a row calls `Eyes.look_anew`.
    """
    return _answer(eyes, listing).new


def listed(eyes: Eyes, listing: Listing[M], shape: Shape[M]) -> list[M]:
    """The rows of `shape.of(visible(eyes, listing))`, fetched.

    The usual combinations are decided without looking, so the first statement fetches their rows, and along with them
    every combination that occurs. Another statement follows where no row came, or where something else may be seen
    besides: how many there are depends on what these eyes see, never on what is hidden from them.
    """
    if listing not in eyes.answers:
        found = _at_once(eyes, listing, shape)
        if found is not None:
            return found
    return list(shape.of(visible(eyes, listing)))


def _at_once(eyes: Eyes, listing: Listing[M], shape: Shape[M]) -> list[M] | None:
    columns = listing.columns(eyes)
    decided = [(each, _may_see(eyes, listing, each)) for each in listing.usual if len(each) == len(columns)]
    usual = [each for each, may_see in decided if may_see]
    if not usual:
        return None

    def rows_of(patient_id: UUID) -> QuerySet[M]:
        rows = listing.rows(patient_id).filter(_any(columns, usual))
        return shape.of(listing.with_occurring(rows, patient_id, columns))

    found = shape.fetch((listing, columns, *(may_see for _each, may_see in decided)), rows_of, eyes.patient_id)
    if not found:
        return None
    seen = _remember(eyes, listing, columns, listing.read(columns, getattr(found[0], OCCURRING)), usual)
    return found if all(each in usual for each in seen) else None


def _answer(eyes: Eyes, listing: Listing[M]) -> Answer:
    if listing not in eyes.answers:
        columns = listing.columns(eyes)
        _remember(eyes, listing, columns, listing.ask(eyes.patient_id, columns))
    return eyes.answers[listing]


def _remember(
    eyes: Eyes,
    listing: Listing[M],
    columns: Sequence[str],
    occurring: Iterable[tuple[Combination, int]],
    seen_already: Sequence[Combination] = (),
) -> list[Combination]:
    """Decide on what occurs, and keep the answer for the request; hands back the combinations that may be seen.

    What is `seen_already` is not decided on again.
    """
    seen = [(each, new) for each, new in occurring if each in seen_already or _may_see(eyes, listing, each)]
    combinations = [each for each, _new in seen]
    answer = Answer(lambda: _any(columns, combinations), sum(new for _each, new in seen))
    eyes.answers[listing] = answer
    return combinations


def _may_see(eyes: Eyes, listing: Listing[M], combination: Combination) -> bool:
    return eyes.decide(listing.service, listing.facts(*combination)).see


def _any(columns: Sequence[str], seen: Iterable[Combination]) -> Q:
    """Rows with any of the combinations; those that differ in their first value alone are one question."""
    alike: list[tuple[Combination, list[Any]]] = []
    for first, *others in seen:
        rest = tuple(others)
        firsts = next((firsts for known, firsts in alike if known == rest and None not in (first, firsts[0])), None)
        if firsts is None:
            alike.append((rest, [first]))
        else:
            firsts.append(first)
    wanted = [_one_of(columns[0], firsts) & _just(columns[1:], rest) for rest, firsts in alike]
    if len(wanted) == 1:
        return wanted[0]
    return Q(*wanted, _connector=Q.OR) if wanted else NOTHING


def _one_of(column: str, values: Sequence[Any]) -> Q:
    return Q(**{f"{column}__in": values}) if len(values) > 1 else _just([column], tuple(values))


def _just(columns: Sequence[str], values: Combination) -> Q:
    return Q(
        **{
            column if value is not None else f"{column}__isnull": True if value is None else value
            for column, value in zip(columns, values, strict=True)
        }
    )
