"""Decisions of a table over very many situations at once, as sets of bits: one bit for each age and situation.

Whom and what is asked about does not bear on the words in the "when" column, so for each kind and service a table is
nothing but which row takes which of the situations. That makes thousands of slightly changed tables comparable; that
it says what `decide` says is a test of its own.
"""

from collections.abc import Iterable
from functools import cache
from itertools import product
from typing import Final

from tests.youth_access.rule_states import (
    BIRTHS,
    FEW_CODE_SETS,
    NOW,
    PAIRS,
    REFERRALS,
    SINGLE,
    State,
    item,
    part,
)
from youth_access.ages import Band
from youth_access.case import Case
from youth_access.conditions import CONDITIONS
from youth_access.facts import Kind, Service
from youth_access.table import Row, Table

Situation = tuple[frozenset[str], str, frozenset[str]]
Outcome = tuple[str, bool, bool, str, str]

_CODE_SETS: Final = (*FEW_CODE_SETS, *map(frozenset, (["NORN_EPO"], ["NORU"], ["NORS"])))
_REFERRALS: Final = (
    "open",
    "no referral",
    "not assessed",
    "parents denied",
    "youth denied",
    "denied for a while",
    "two, one denied",
    "two, one not assessed",
    "two, one denied, one not assessed",
)
_CORNERS: Final = product(_CODE_SETS[:2], ["open", "not assessed", "parents denied", "youth denied"], PAIRS)
SITUATIONS: Final[tuple[Situation, ...]] = (*product(_CODE_SETS, _REFERRALS, SINGLE), *_CORNERS)
AGED: Final = tuple(product(BIRTHS, SITUATIONS))
EVERYTHING: Final = (1 << len(AGED)) - 1
DEFAULT: Final[Outcome] = ("DEFAULT", False, False, "none", "not_available")


def taken(table: Table, kind: Kind, service: Service) -> dict[Outcome, int]:
    """Which situations each row takes, first match first; what no row takes is DEFAULT's."""
    found, left = {}, EVERYTHING
    for row in table.rows:
        fits = kind in row.relations and service in row.services and table.in_force(row)
        if fits and (bits := scope(row) & left):
            found[_outcome(row)] = bits
            left &= ~bits
    return found | {DEFAULT: left}


def scope(row: Row) -> int:
    """The situations a row's age and condition fit, whatever stands above it."""
    return _aged(row.ages) & _holds(row.when)


def state_of(bits: int, kind: Kind, service: Service) -> State:
    """One of the situations, as a question to `decide`."""
    band, (codes, referral, flags) = AGED[bits.bit_length() - 1]
    return State(kind, band, service, codes, referral, flags)


def _outcome(row: Row) -> Outcome:
    return row.id, row.see, row.act, row.notify, row.reason


@cache
def _holds(condition: str) -> int:
    return _as_bits(CONDITIONS[condition](case) for case in _cases())


@cache
def _aged(bands: frozenset[Band] | None) -> int:
    return EVERYTHING if bands is None else _as_bits(band in bands for band, _situation in AGED)


@cache
def _cases() -> tuple[Case, ...]:
    return tuple(_case(band, *situation) for band, situation in AGED)


def _case(band: Band | None, codes: frozenset[str], referral: str, flags: frozenset[str]) -> Case:
    birth = BIRTHS[band]
    return Case(
        actor=part("actor", flags),
        relation=part("relation", flags),
        patient=part("patient", flags),
        service=Service.LETTER,
        item=item(codes, flags),
        referral=REFERRALS[referral],
        wishes=part("wishes", flags),
        assurance=part("assurance", flags),
        instant=NOW,
        born=birth.day if birth else None,
    )


def _as_bits(answers: Iterable[bool]) -> int:
    return int("".join("1" if answer else "0" for answer in answers)[::-1], 2)
