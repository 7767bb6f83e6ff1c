"""What access costs: decisions a second, the ruled list against the same list without rules, and row security.

As a process of its own it measures in a filled database and prints what it found as JSON.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import django

from tests.bench.figures import Figure
from tests.bench.ground import Ground

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from letters.models import Letter
    from portal.people.models import Person

ROUNDS = 300
DECISIONS = 20_000


def measure(ground: Ground) -> list[Figure]:
    """Medians of many rounds, the ways taken in turns."""
    found = ground.measure("tests.bench.access", "large")
    ruled, bare, bounded = (found[name] for name in ("ruled_ms", "bare_ms", "bounded_ms"))
    ruled_anew, bare_anew = found["ruled_anew_ms"], found["bare_anew_ms"]
    under_rules = "list of letters under the rules, at 1 M letters"
    return [
        Figure(
            "one access decision",
            "µs",
            found["decision_us"],
            "one row by its key",
            found["row_us"],
            found["decision_us"] / found["row_us"],
            at_most=1.0,
        ),
        Figure(under_rules, "ms", ruled, "Django's list, without", bare_anew, ruled / bare_anew, 1.5),
        Figure(
            "the same, its statement compiled each time",
            "ms",
            ruled_anew,
            "Django's list, without",
            bare_anew,
            ruled_anew / bare_anew,
            1.5,
        ),
        Figure("the same, both statements kept ready", "ms", ruled, "kept ready, without", bare, ruled / bare),
        Figure(
            "the list under row security too",
            "ms",
            bounded,
            "Django's list, without",
            bare_anew,
            bounded / bare_anew,
            2.0,
        ),
        Figure("the same, both statements kept ready", "ms", bounded, "kept ready, without", bare, bounded / bare),
    ]


def main() -> None:
    """Measure here."""
    django.setup()
    from django.db import transaction

    from letters.models import Letter
    from portal.people.models import Person

    reader = Letter.objects.select_related("person").get(source_key__endswith="MOULD").person
    with transaction.atomic():
        lists = {name: value / 1000 for name, value in _in_turns(_lists(reader)).items()}
        row = _in_turns({"row_us": lambda: Person.objects.get(pk=reader.pk)})
    sys.stdout.write(json.dumps(lists | row | {"decision_us": _decision_us()}) + "\n")


def _lists(reader: "Person") -> Mapping[str, Callable[[], object]]:
    """The first twenty letters without rules, under them, and under row security too.

    The ruled list goes the inbox's own way: its statement is kept ready in the process, and brings along what there is
    to decide on. Like is compared with like besides: both compiled each time, as Django does, and both kept ready. The
    eyes are made anew each time, from the row that the session's limits have read in every request.
    """
    from letters.models import Letter
    from letters.queries import on_screen
    from portal.kernel import clock, reach
    from portal.kernel.ready import Ready
    from tests.letters.making import viewer
    from youth_access.eyes import eyes_for
    from youth_access.listing import Shape

    def first(rows: "QuerySet[Letter]") -> "QuerySet[Letter]":
        return rows.defer("body_html").order_by("-available_at", "-id")[:20]

    def of(person_id: UUID) -> "QuerySet[Letter]":
        return first(Letter.objects.filter(person_id=person_id, digital__in=["available", "opened"]))

    kept, anew = Shape(first, kept=True), Shape(first)
    ready = Ready(of, uuid4())

    def bare() -> None:
        ready.rows(reader.pk)

    def bare_anew() -> None:
        list(of(reader.pk))

    def ruled(shape: "Shape[Letter]" = kept) -> None:
        eyes = eyes_for(viewer(reader.pk), reader.pk, clock.now(), reader)
        on_screen.first(eyes, shape)

    def ruled_anew() -> None:
        ruled(anew)

    def bounded() -> None:
        with reach.one_patient("citizen:bench", reader.pk):
            ruled()

    ways = (bare, ruled, bounded, bare_anew, ruled_anew)
    return {f"{way.__name__}_ms": way for way in ways}


def _decision_us() -> float:
    """Microseconds for one decision: a parent and a letter of a 13-year-old, which passes most of the table."""
    from portal.kernel import clock
    from youth_access.ages import Birth
    from youth_access.decide import decide
    from youth_access.facts import (
        Actor,
        Assessment,
        Assurance,
        Item,
        Kind,
        Outcome,
        Patient,
        Referral,
        Relation,
        Service,
        Wishes,
    )

    now = clock.now()
    child = Patient(Birth.on(date(now.year - 13, 1, 2)))
    parent = Relation(Kind.PARENT, parent_at_home=True, register_seen_at=now)
    referral = Referral(((Assessment(Outcome.OPEN),),))
    began = time.perf_counter()
    for _ in range(DECISIONS):
        decide(Actor(), parent, child, Service.LETTER, Item(), referral, Wishes(), Assurance.HIGH, now)
    return (time.perf_counter() - began) / DECISIONS * 1e6


def _in_turns(ways: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """The median of each way in microseconds."""
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            took[name].append(time.perf_counter() - began)
    return {name: statistics.median(each) * 1e6 for name, each in took.items()}


if __name__ == "__main__":
    main()
