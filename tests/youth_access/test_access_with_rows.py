"""Acceptance scenarios told with rows as the register and the clinic leave them, and seen through the eyes alone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from portal.kernel import clock
from portal.people.models import Person
from tests.youth_access import families
from tests.youth_access.families import NO_HOME, OTHER_HOME, Family, oslo
from youth_access.circumstances import ItemFacts
from youth_access.decide import Decision
from youth_access.eyes import eyes_for
from youth_access.facts import Kind, Service

pytestmark = pytest.mark.django_db
NOON = oslo(2026, 11, 22, 12)
SECOND = timedelta(seconds=1)
SMALL, YOUNG, GROWN = date(2018, 5, 5), date(2012, 3, 3), date(1984, 6, 15)


def home(born: date = SMALL, at: datetime = NOON, **words: Any) -> Family:
    with clock.stopped_at(at):
        return families.family(born=born, **words)


def asks(who: Person, whom: Person, at: datetime = NOON, item: ItemFacts | None = None, **more: Any) -> Decision:
    eyes = eyes_for(families.viewer(who), whom.pk, at)
    return eyes.decide(more.get("service", Service.LETTER), item or ItemFacts(codes=()))


def both_see(family: Family, at: datetime = NOON) -> bool:
    mother, father = (asks(each, family.child, at).see for each in (family.mother, family.father))
    assert mother == father, "what holds for one parent holds for the other"
    return mother


@pytest.mark.parametrize(
    ("born", "last"),
    [
        (date(2014, 11, 22), datetime(2026, 11, 21, 22, 59, 59, tzinfo=UTC)),
        (date(2014, 7, 1), datetime(2026, 6, 30, 21, 59, 59, tzinfo=UTC)),
    ],
)
def test_access_01_the_parent_reads_until_midnight_in_oslo(born: date, last: datetime) -> None:
    family = home(born, last)
    assert both_see(family, last)
    assert not both_see(family, last + SECOND)


def test_access_05_sixteen_ends_everything_that_hung_on_the_parent() -> None:
    last = oslo(2028, 3, 2, 23, 59, 59)
    family = home(YOUNG, last)
    with clock.stopped_at(last):
        item = ItemFacts(codes=(), referral_ids=(families.referral(family.child, outcome="open").pk,))
    assert asks(family.mother, family.child, last, item).see
    for service in Service:
        assert not asks(family.mother, family.child, last + SECOND, item, service=service).see, service
    assert asks(family.child, family.child, last + SECOND, item).see


def test_access_07_a_fullmakt_given_at_sixteen_and_a_minute_works_at_once() -> None:
    at = oslo(2028, 3, 3, 0, 1)
    family = home(YOUNG, at)
    with clock.stopped_at(at):
        families.fullmakt(family.child, family.mother)
    assert not asks(family.mother, family.child, at - SECOND).see
    assert asks(family.mother, family.child, at).rule == "G09"
    assert not asks(family.father, family.child, at).see


def test_access_08_responsibility_moved_to_the_mother_stops_the_fathers_next_request() -> None:
    family = home()
    assert both_see(family)
    family.child.responsibilities.all().delete()
    families.responsible(family.child, family.mother, "mor")
    assert asks(family.mother, family.child).see
    assert (asks(family.father, family.child).see, asks(family.father, family.child).rule) == (False, "V02")


def test_access_09_a_register_silent_for_a_day_stops_parents_and_not_the_patient() -> None:
    family = home()
    with clock.stopped_at(NOON):
        grown = families.person(born=GROWN)
    day = timedelta(hours=24)
    assert both_see(family, NOON + day)
    assert not both_see(family, NOON + day + SECOND)
    assert asks(family.mother, family.child, NOON + day + SECOND).reason == "register_unavailable"
    assert asks(grown, grown, NOON + 10 * day).see


@pytest.mark.parametrize(("kind", "number"), [("ukjent", 10), ("andre", 11)])
def test_access_10_and_11_unknown_and_others_let_nobody_represent(kind: str, number: int) -> None:
    family = home(kind=kind)
    assert not both_see(family), number
    assert eyes_for(families.viewer(family.mother), family.child.pk, NOON).relation.kind == Kind.UNUSABLE_RESPONSIBILITY
    by_organisation = home(responsible_are=())
    families.responsible(by_organisation.child, None, "andre")
    assert not both_see(by_organisation)


def test_access_12_a_block_stops_both_parents_and_says_nothing_of_itself() -> None:
    family = home()
    with clock.stopped_at(NOON):
        block = families.block_parents(family.child)
    assert not both_see(family)
    assert asks(family.mother, family.child).reason == "not_available"
    with clock.stopped_at(NOON):
        families.end_block(block)
        families.block_parents(family.child, family.father)
    assert asks(family.mother, family.child).see
    assert not asks(family.father, family.child).see


def test_access_13_at_neither_parents_address_none_and_at_the_fathers_both() -> None:
    assert not both_see(home(at_home=()))
    assert not both_see(home(at_home=("stranger",)))
    assert both_see(home(at_home=("father",)))
    shared = home(at_home=("father",))
    families.second_home(shared.child, OTHER_HOME)
    assert both_see(shared)
    abroad = home(at_home=("mother", "father"))
    families.register_says(abroad.child, home_index=NO_HOME)
    assert not both_see(abroad)


@pytest.mark.parametrize("protected", ["child", "mother"])
def test_access_14_a_protected_address_stops_whoever_represents_and_not_oneself(protected: str) -> None:
    family = home(protected=(protected,))
    assert not asks(family.mother, family.child).see
    assert asks(family.father, family.child).see == (protected == "mother")
    grown = home(GROWN, with_proxy=True)
    assert asks(grown.proxy, grown.child).see
    families.register_says(grown.child, protected=True)
    assert not asks(grown.proxy, grown.child).see
    assert asks(grown.child, grown.child).see


def test_access_15_the_last_word_of_either_parent_counts_and_both_are_kept() -> None:
    family = home(YOUNG)
    with clock.stopped_at(NOON):
        item = ItemFacts(codes=(), referral_ids=(families.referral(family.child, outcome="open").pk,))
        families.consent(family.child, family.mother)
        assert asks(family.child, family.child, NOON, item).see
        families.consent(family.child, family.father, gives=False)
        assert not asks(family.child, family.child, NOON, item).see
        families.consent(family.child, family.mother)
    assert asks(family.child, family.child, NOON, item).see


def test_access_33_the_period_ends_at_midnight_and_an_extension_leaves_no_gap() -> None:
    family, end = home(YOUNG), oslo(2027, 1, 1)
    with clock.stopped_at(NOON):
        about = families.referral(family.child, outcome="open")
        families.assess(about, "parents_denied", until=end)
    item = ItemFacts(codes=(), referral_ids=(about.pk,))
    families.seen_by_register(end, family.child, family.mother)
    assert not asks(family.mother, family.child, end - SECOND, item).see
    assert asks(family.mother, family.child, end, item).see
    with clock.stopped_at(end - SECOND):
        families.assess(about, "parents_denied", since=end - SECOND, until=end + timedelta(days=30))
    assert not asks(family.mother, family.child, end - SECOND, item).see
    assert not asks(family.mother, family.child, end, item).see


def test_access_34_a_referral_at_another_unit_is_not_assessed() -> None:
    family = home(YOUNG)
    with clock.stopped_at(NOON):
        about = families.referral(family.child, outcome="open")
    item = ItemFacts(codes=(), referral_ids=(about.pk,))
    assert asks(family.mother, family.child, NOON, item).see
    about.unit = families.unit("4200009", "BUP Tromsø")
    about.save()
    assert asks(family.mother, family.child, NOON, item).rule == "V16"


def test_access_35_an_open_and_a_denied_referral_hide_and_none_is_not_assessed() -> None:
    family = home(YOUNG)
    with clock.stopped_at(NOON):
        opened, denied = (families.referral(family.child, outcome=each).pk for each in ("open", "parents_denied"))
    for referrals, rule in (((opened,), "G07"), ((opened, denied), "V15"), ((), "V16")):
        assert asks(family.mother, family.child, NOON, ItemFacts((), referrals)).rule == rule


def test_access_41_a_proxy_never_sees_what_the_giver_cannot() -> None:
    family = home(GROWN, with_proxy=True)
    for codes in ((), ("NORN_EPO",), ("NORN_KUT",), ("NORN_FORANS",), ("NORU",), ("NORN_XYZ",)):
        item = ItemFacts(codes=codes)
        assert asks(family.proxy, family.child, NOON, item).see <= asks(family.child, family.child, NOON, item).see
    assert not asks(family.child, family.child, NOON, ItemFacts(("NORN_EPO",))).see


def test_access_42_and_43_a_fullmakt_ends_when_revoked_and_at_its_instant() -> None:
    family, end = home(GROWN), oslo(2026, 12, 1)
    with clock.stopped_at(NOON):
        first = families.fullmakt(family.child, family.proxy, until=end)
        assert asks(family.proxy, family.child, end - SECOND).see
        assert not asks(family.proxy, family.child, end).see
        families.revoke(first)
    assert not asks(family.proxy, family.child).see


def test_of_two_rows_of_guardianship_the_one_that_lets_in_counts() -> None:
    """The register is known for doubled rows: one mandate for money, one for personal interests."""
    for first, second in ((True, False), (False, True)):
        family = home(GROWN)
        families.guardian(family.child, family.guardian, personal=first)
        families.guardian(family.child, family.guardian, personal=second)
        assert asks(family.guardian, family.child).see, (first, second)


def test_revoking_a_fullmakt_never_lets_a_guardian_see_more() -> None:
    family = home(GROWN, with_guardian=True)
    with clock.stopped_at(NOON):
        given = families.fullmakt(family.child, family.guardian, areas=["letter"])
        before = asks(family.guardian, family.child, service=Service.JOURNAL).see
        families.revoke(given)
    assert asks(family.guardian, family.child, service=Service.JOURNAL).see <= before


def test_of_several_ties_each_opens_its_own_and_the_audit_names_the_one_that_did() -> None:
    family = home(GROWN, with_guardian=True)
    with clock.stopped_at(NOON):
        families.fullmakt(family.child, family.guardian, areas=["letter"])
        families.fullmakt(family.child, family.proxy, areas=["letter"])
        families.fullmakt(family.child, family.proxy, areas=["journal"], assigned=True)
    assert asks(family.guardian, family.child, service=Service.LETTER).relation == Kind.PROXY
    assert asks(family.guardian, family.child, service=Service.JOURNAL).relation == Kind.GUARDIAN
    seen = {each for each in Service if asks(family.proxy, family.child, service=each).see}
    assert seen == {Service.LETTER, Service.JOURNAL}
