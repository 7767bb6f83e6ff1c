"""Every state the access rules can be asked about: kinds, ages, services, codes, referrals and what else may be so.

Plain values at one stopped instant. Each flag turns one fact of an ordinary situation, in which as much as possible
is allowed; so a flag shows what it alone takes away or gives.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import combinations, product
from typing import Any, Final, NamedTuple

from youth_access.ages import Band, Birth
from youth_access.codes import Code
from youth_access.decide import Decision, decide
from youth_access.facts import (
    Actor,
    Assessment,
    Assurance,
    Item,
    Kind,
    Outcome,
    Patient,
    Period,
    Referral,
    Relation,
    Service,
    Wish,
    Wishes,
)
from youth_access.table import Table

NOW: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER: Final = NOW + timedelta(seconds=1)
EARLIER: Final = NOW - timedelta(seconds=1)
CITIZENS: Final = (Kind.SELF, Kind.PARENT, Kind.GUARDIAN, Kind.PROXY, Kind.APPOINTED)

BIRTHS: Final[dict[Band | None, Birth | None]] = {
    None: None,
    Band.CHILD: Birth.on(date(2014, 11, 23)),
    Band.TWELVE: Birth.on(date(2014, 11, 22)),
    Band.YOUTH: Birth.on(date(2010, 11, 23)),
    Band.NEARLY_ADULT: Birth.on(date(2010, 11, 22)),
    Band.ADULT: Birth.on(date(1980, 1, 1)),
}
UNKNOWN_CODE: Final = "NORN_XYZ"
CODE_SETS: Final = (
    frozenset[str](),
    *(frozenset({code.value}) for code in Code),
    frozenset({UNKNOWN_CODE}),
    frozenset({"N", "NORN_EPO"}),
    frozenset({"NORN_FORANS", "NORN_UNGDOM"}),
)
FEW_CODE_SETS: Final = tuple(map(frozenset, ([], ["N"], ["NORN_FORANS"], ["NORN_UNGDOM"], ["NORN_KUT"], ["NORN_XYZ"])))


def _assessed(*outcomes: Outcome) -> tuple[Assessment, ...]:
    return tuple(Assessment(outcome) for outcome in outcomes)


_OPEN, _PARENTS, _YOUTH = Outcome.OPEN, Outcome.PARENTS_DENIED, Outcome.YOUTH_DENIED
REFERRALS: Final = {
    "open": Referral((_assessed(_OPEN),)),
    "no referral": Referral(),
    "not assessed": Referral(((),)),
    "parents denied": Referral((_assessed(_PARENTS),)),
    "youth denied": Referral((_assessed(_YOUTH),)),
    "ended": Referral(((Assessment(_OPEN, Period(end=NOW)),),)),
    "denied for a while": Referral((_assessed(_OPEN, _PARENTS),)),
    "two, one denied": Referral((_assessed(_OPEN), _assessed(_PARENTS))),
    "two, one not assessed": Referral((_assessed(_OPEN), ())),
    "two, one denied, one not assessed": Referral((_assessed(_PARENTS), ())),
    "two, both open": Referral((_assessed(_OPEN), _assessed(_OPEN))),
}

_ORDINARY: Final[dict[str, Any]] = {
    "actor": Actor(birth=Birth.on(date(1980, 1, 1))),
    "relation": Relation(
        Kind.SELF, areas=frozenset(Service), parent_at_home=True, register_seen_at=NOW, personal_mandate=True
    ),
    "patient": Patient(None, youth_consent=True, youth_consent_of_all=True),
    "item": Item(),
    "wishes": Wishes(),
    "assurance": Assurance.HIGH,
}
FLAGS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "nobody at home": ("relation", {"parent_at_home": False}),
    "second home only": ("relation", {"parent_at_home": False, "parent_at_second_home": True}),
    "blocked": ("relation", {"blocked": True}),
    "register old": ("relation", {"register_seen_at": NOW - timedelta(hours=24, seconds=1)}),
    "register never": ("relation", {"register_seen_at": None}),
    "ended": ("relation", {"period": Period(end=NOW)}),
    "not begun": ("relation", {"period": Period(start=LATER)}),
    "no areas": ("relation", {"areas": frozenset()}),
    "no mandate": ("relation", {"personal_mandate": False}),
    "lone child": ("relation", {"for_lone_asylum_child": True}),
    "dead": ("patient", {"dead": True}),
    "patient protected": ("patient", {"protected": True}),
    "no consent": ("patient", {"youth_consent": False, "youth_consent_of_all": False}),
    "consent of one": ("patient", {"youth_consent_of_all": False}),
    "actor protected": ("actor", {"protected": True}),
    "actor is 17": ("actor", {"birth": Birth.on(date(2008, 11, 23))}),
    "actor is 17 or 18": ("actor", {"birth": Birth(2008)}),
    "actor's age unknown": ("actor", {"birth": None}),
    "confidential": ("item", {"confidential": True}),
    "by youth": ("item", {"by_youth": True}),
    "by parent": ("item", {"by_parent": True}),
    "to youth": ("item", {"to_youth": True}),
    "mine": ("item", {"mine": True}),
    "unsigned": ("item", {"signed": False}),
    "blocked for me": ("item", {"blocked_for_actor": True}),
    "not yet": ("item", {"visible_from": LATER}),
    "just now": ("item", {"visible_from": NOW}),
    "from before 12": ("item", {"written_at": NOW - timedelta(days=365 * 8)}),
    "wish pending": ("wishes", {"parents_kept_out": Wish.PENDING}),
    "wish respected": ("wishes", {"parents_kept_out": Wish.RESPECTED}),
    "substantial": ("assurance", {}),
}
REFUSING: Final = frozenset(FLAGS) - {"by youth", "by parent", "to youth", "mine", "just now", "from before 12"}
"""Flags that may take something away and never give."""
SINGLE: Final = (frozenset[str](), *(frozenset({flag}) for flag in FLAGS))
PAIRS: Final = tuple(map(frozenset, combinations(FLAGS, 2)))


class State(NamedTuple):
    """One question to the rules, in words."""

    kind: Kind
    band: Band | None
    service: Service
    codes: frozenset[str]
    referral: str
    flags: frozenset[str]


def states(
    kinds: Iterable[Kind],
    codes: Iterable[frozenset[str]],
    referrals: Iterable[str],
    flags: Iterable[frozenset[str]],
) -> Iterator[State]:
    """The whole product, over every age (also none known) and every service."""
    return (State(*each) for each in product(kinds, BIRTHS, Service, codes, referrals, flags))


@cache
def part(name: str, flags: frozenset[str]) -> Any:
    """One of the facts, with the flags that bear on it."""
    ordinary = _ORDINARY[name]
    for flag in sorted(flags):
        bears_on, changes = FLAGS[flag]
        if bears_on == name:
            ordinary = replace(ordinary, **changes) if changes else Assurance.SUBSTANTIAL
    return ordinary


@cache
def _relation(kind: Kind, flags: frozenset[str]) -> Relation:
    ordinary: Relation = part("relation", flags)
    return replace(ordinary, kind=kind)


@cache
def _patient(band: Band | None, flags: frozenset[str]) -> Patient:
    ordinary: Patient = part("patient", flags)
    return replace(ordinary, birth=BIRTHS[band])


@cache
def item(codes: frozenset[str], flags: frozenset[str]) -> Item:
    """The item that is asked about."""
    ordinary: Item = part("item", flags)
    return replace(ordinary, codes=codes)


def answer(state: State, table: Table | None = None) -> Decision:
    """What the rules say."""
    flags = state.flags
    return decide(
        part("actor", flags),
        _relation(state.kind, flags),
        _patient(state.band, flags),
        state.service,
        item(state.codes, flags),
        REFERRALS[state.referral],
        part("wishes", flags),
        part("assurance", flags),
        NOW,
        table=table,
    )


def amount(decision: Decision) -> tuple[bool, bool, bool]:
    """How much a decision gives, to be compared part by part."""
    return decision.see, decision.act, decision.notify != "none"


def within(less: Decision, more: Decision) -> bool:
    """Whether one decision gives nothing that the other does not."""
    return all(mine <= theirs for mine, theirs in zip(amount(less), amount(more), strict=True))
