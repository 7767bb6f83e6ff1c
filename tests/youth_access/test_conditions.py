"""Conditions that only count once a switch is opened, each asked by itself; and the law's file, read afresh."""

from datetime import UTC, date, datetime
from importlib.resources import files

import pytest

from youth_access import conditions, law
from youth_access.case import Case
from youth_access.codes import Code
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

OPEN, PARENTS, YOUTH = Outcome.OPEN, Outcome.PARENTS_DENIED, Outcome.YOUTH_DENIED


def case(*outcomes: Outcome, codes: tuple[Code, ...] = (), consents: bool = False, to_youth: bool = False) -> Case:
    return Case(
        actor=Actor(),
        relation=Relation(Kind.PARENT),
        patient=Patient(None, youth_consent_of_all=consents),
        service=Service.LETTER,
        item=Item(codes=frozenset(codes), to_youth=to_youth),
        referral=Referral(tuple((Assessment(each),) for each in outcomes)),
        wishes=Wishes(),
        assurance=Assurance.HIGH,
        instant=datetime(2026, 11, 28, 12, tzinfo=UTC),
        born=date(2013, 1, 1),
    )


@pytest.mark.parametrize(
    ("outcomes", "besides_parents", "besides_youth", "where_assessed"),
    [
        ((), False, False, True),
        ((OPEN,), True, True, True),
        ((OPEN, PARENTS), True, False, False),
        ((OPEN, YOUTH), False, True, False),
        ((PARENTS, YOUTH), False, False, False),
    ],
)
def test_what_referrals_open(
    outcomes: tuple[Outcome, ...], besides_parents: bool, besides_youth: bool, where_assessed: bool
) -> None:
    asked = case(*outcomes)
    assert conditions.open_besides_parents(asked) == besides_parents
    assert conditions.open_to_parents_besides_youth(asked) == besides_youth
    assert conditions.open_where_assessed(asked) == where_assessed
    assert conditions.open_to_parents_where_assessed(asked) == where_assessed


def test_a_code_against_parents_closes_what_referrals_open() -> None:
    asked = case(OPEN, codes=(Code.PARENTS_DENIED,))
    assert not conditions.open_to_parents_besides_youth(asked)
    assert not conditions.open_to_parents_where_assessed(asked)
    assert conditions.open_besides_parents(asked)


def test_consent_of_one_is_not_that_of_all() -> None:
    assert conditions.consent_of_one_only_and_not_to_youth(case())
    assert not conditions.consent_of_one_only_and_not_to_youth(case(consents=True))
    assert not conditions.consent_of_one_only_and_not_to_youth(case(to_youth=True))


def test_the_laws_file_is_read_whole() -> None:
    law.kept.cache_clear()
    text = (files("youth_access") / "data" / "law.csv").read_text(encoding="utf-8")
    assert len(law.kept()) == len(text.splitlines()) - 1 > 0
    assert all(each.statute and each.text for each in law.kept())
