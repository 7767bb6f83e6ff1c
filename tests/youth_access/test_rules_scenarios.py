"""Families at the moments that matter, told to `decide` alone. Numbers are those of the acceptance scenarios."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from youth_access.ages import OSLO, Birth
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

NOON = datetime(2026, 11, 22, 11, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ADULT = Actor(Birth.on(date(1985, 5, 5)))
ALWAYS = Period()
OPEN = Referral(((Assessment(Outcome.OPEN),),))
PARENTS_DENIED = Referral(((Assessment(Outcome.OPEN), Assessment(Outcome.PARENTS_DENIED)),))


@dataclass(frozen=True)
class Family:
    """A child, and what is so about everybody; `sees` and the rest ask for one of them at an instant."""

    born: Birth
    patient: Patient = field(default_factory=lambda: Patient(None, youth_consent=True))
    adult: Actor = ADULT
    parent_at_home: bool = True
    blocked: bool = False
    snapshot: timedelta | None = timedelta(minutes=1)
    period: Period = ALWAYS

    def asks(
        self,
        kind: Kind,
        instant: datetime,
        item: Item | None = None,
        referral: Referral = OPEN,
        service: Service = Service.LETTER,
        wishes: Wishes | None = None,
        assurance: Assurance = Assurance.HIGH,
    ) -> Decision:
        """What the rules answer one of the family."""
        relation = Relation(
            kind,
            period=self.period,
            areas=frozenset(Service),
            parent_at_home=self.parent_at_home,
            blocked=self.blocked,
            register_seen_at=None if self.snapshot is None else instant - self.snapshot,
            personal_mandate=True,
        )
        patient = replace(self.patient, birth=self.born)
        about = item or Item()
        return decide(self.adult, relation, patient, service, about, referral, wishes or Wishes(), assurance, instant)


def turning_12(day: date) -> Family:
    return Family(Birth.on(day.replace(year=day.year - 12)))


THIRTEEN = Family(Birth.on(date(2013, 2, 1)))
FOURTEEN = Family(Birth.on(date(2012, 2, 1)))
NINE = Family(Birth.on(date(2017, 2, 1)))
GROWN = Family(Birth.on(date(1980, 2, 1)))


@pytest.mark.parametrize(
    ("family", "midnight"),
    [
        (turning_12(date(2026, 11, 22)), datetime(2026, 11, 21, 23, tzinfo=UTC)),
        (turning_12(date(2026, 7, 1)), datetime(2026, 6, 30, 22, tzinfo=UTC)),
    ],
)
def test_the_parent_reads_until_midnight_in_oslo_before_the_twelfth_birthday(
    family: Family, midnight: datetime
) -> None:
    """Scenarios 1 and 32: nobody has assessed anything."""
    assert family.asks(Kind.PARENT, midnight - SECOND, referral=Referral()).rule == "G05"
    assert family.asks(Kind.PARENT, midnight, referral=Referral()).rule == "V16"
    assert family.asks(Kind.PARENT, midnight, referral=OPEN).see
    assert family.asks(Kind.PARENT, midnight.astimezone(OSLO), referral=Referral()).rule == "V16"


def test_born_on_a_leap_day() -> None:
    """Scenario 3."""
    family = Family(Birth.on(date(2012, 2, 29)))
    assert family.asks(Kind.PARENT, datetime(2024, 2, 28, 22, 59, 59, tzinfo=UTC)).rule == "G05"
    assert family.asks(Kind.PARENT, datetime(2024, 2, 28, 23, tzinfo=UTC), referral=Referral()).rule == "V16"
    assert family.asks(Kind.SELF, datetime(2025, 2, 28, 22, 59, 59, tzinfo=UTC)).rule == "V21"
    assert family.asks(Kind.SELF, datetime(2025, 2, 28, 23, tzinfo=UTC)).rule == "G02"
    assert family.asks(Kind.PARENT, datetime(2028, 2, 28, 23, tzinfo=UTC)).rule == "V11"
    giver = Family(Birth.on(date(1980, 1, 1)), adult=Actor(Birth.on(date(2012, 2, 29))))
    assert giver.asks(Kind.PROXY, datetime(2030, 2, 28, 22, 59, 59, tzinfo=UTC)).rule == "V30b"
    assert giver.asks(Kind.PROXY, datetime(2030, 2, 28, 23, tzinfo=UTC)).see


def test_when_2100_has_no_leap_day_others_lose_before_the_child_gains() -> None:
    family = Family(Birth.on(date(2084, 2, 29)))
    between = datetime(2100, 2, 28, 12, tzinfo=UTC)
    assert family.asks(Kind.PARENT, between).rule == "V11"
    assert family.asks(Kind.SELF, between).rule == "G02"
    assert family.asks(Kind.PROXY, between).rule == "V30"
    assert family.asks(Kind.APPOINTED, between).rule == "DEFAULT"
    assert family.asks(Kind.PROXY, between + timedelta(days=1)).see


@pytest.mark.parametrize(
    ("year", "kind", "rule"),
    [
        (2016, Kind.PARENT, "G05"),
        (2014, Kind.PARENT, "YEAR"),
        (2012, Kind.PARENT, "V16"),
        (2010, Kind.PARENT, "V11"),
        (2009, Kind.PARENT, "V11"),
        (2010, Kind.SELF, "YEAR"),
        (2009, Kind.SELF, "G01"),
    ],
)
def test_with_only_the_year_known_january_and_december_must_agree(year: int, kind: Kind, rule: str) -> None:
    """Scenario 4. Born in 2010 the parent is refused at both ends, so the first end's reason stands."""
    family = Family(Birth(year))
    decision = family.asks(kind, NOON, referral=Referral())
    assert decision.rule == rule
    assert decision.see == rule.startswith("G")


def test_with_the_birth_unknown_nobody_but_staff_sees_anything() -> None:
    for kind in Kind:
        relation = Relation(
            kind, areas=frozenset(Service), parent_at_home=True, register_seen_at=NOON, personal_mandate=True
        )
        actor = Actor(Birth.on(date(1980, 1, 1)))
        asked = (actor, relation, Patient(None), Service.LETTER, None, OPEN, Wishes(), Assurance.HIGH, NOON)
        assert decide(*asked).see == (kind in (Kind.CLINICIAN, Kind.EMERGENCY))


def test_the_sixteenth_birthday_ends_everything_for_parents_and_fullmakt_begins() -> None:
    """Scenarios 5 and 7."""
    family = Family(Birth.on(date(2010, 11, 22)))
    midnight = datetime(2026, 11, 21, 23, tzinfo=UTC)
    assert family.asks(Kind.PARENT, midnight - SECOND).see
    assert not any(family.asks(Kind.PARENT, midnight, service=service).see for service in Service)
    assert family.asks(Kind.PROXY, midnight - SECOND).rule == "V30"
    assert family.asks(Kind.PROXY, midnight + timedelta(minutes=1)).rule == "G09"
    assert family.asks(Kind.SELF, midnight).rule == "G01"


def test_a_register_that_has_been_silent_for_a_day_stops_parents_and_not_the_patient() -> None:
    """Scenario 9."""
    for snapshot, sees in ((timedelta(hours=24), True), (timedelta(hours=24, seconds=1), False), (None, False)):
        family = replace(NINE, snapshot=snapshot)
        assert family.asks(Kind.PARENT, NOON).see is sees
        assert family.asks(Kind.GUARDIAN, NOON).see is sees
        assert replace(GROWN, snapshot=snapshot).asks(Kind.SELF, NOON).see


def test_the_register_may_be_as_old_over_a_night_when_the_clock_changes() -> None:
    autumn = datetime(2026, 10, 25, 12, tzinfo=OSLO)
    seen = datetime(2026, 10, 24, 12, tzinfo=OSLO)
    relation = Relation(Kind.PARENT, parent_at_home=True, register_seen_at=seen)
    patient = Patient(Birth.on(date(2017, 2, 1)))
    asked = (Actor(), relation, patient, Service.LETTER, None, OPEN, Wishes(), Assurance.HIGH)
    assert decide(*asked, autumn - timedelta(hours=1)).see
    assert decide(*asked, autumn).rule == "V08", "25 hours have passed on a day with 25 hours"


def test_unusable_responsibility_and_local_blocks_and_addresses() -> None:
    """Scenarios 10 to 13."""
    assert NINE.asks(Kind.UNUSABLE_RESPONSIBILITY, NOON).rule == "V03"
    assert replace(NINE, blocked=True).asks(Kind.PARENT, NOON).rule == "V07"
    assert replace(NINE, parent_at_home=False).asks(Kind.PARENT, NOON).reason == "address"


def test_a_protected_address_stops_everybody_who_represents_and_not_the_patient() -> None:
    """Scenario 14."""
    hidden = Patient(None, protected=True, youth_consent=True)
    for kind in (Kind.PARENT, Kind.GUARDIAN, Kind.PROXY, Kind.APPOINTED):
        for family in (replace(NINE, patient=hidden), replace(NINE, adult=Actor(protected=True))):
            assert not family.asks(kind, NOON).see
    assert replace(GROWN, patient=hidden).asks(Kind.SELF, NOON).see


def test_a_mothers_thread_is_hers_alone() -> None:
    """Scenario 16."""
    hers = Item(mine=True, by_parent=True)
    same_thread_to_others = Item(by_parent=True)
    for family in (NINE, FOURTEEN):
        assert family.asks(Kind.PARENT, NOON, hers, service=Service.DIALOGUE).act
        assert not family.asks(Kind.PARENT, NOON, same_thread_to_others, service=Service.DIALOGUE).see
        assert not family.asks(Kind.SELF, NOON, same_thread_to_others, service=Service.DIALOGUE).see
        assert family.asks(Kind.CLINICIAN, NOON, same_thread_to_others, service=Service.DIALOGUE).see


def test_norn_forans_closes_for_parents_of_children_and_norn_ungdom_only_for_the_youth() -> None:
    """Scenarios 17 and 39."""
    for family in (NINE, FOURTEEN):
        assert family.asks(Kind.PARENT, NOON, Item(codes=frozenset({"NORN_FORANS"}))).rule == "V12"
    youth = Item(codes=frozenset({"NORN_UNGDOM"}))
    assert FOURTEEN.asks(Kind.PARENT, NOON, youth).rule == "G07"
    assert FOURTEEN.asks(Kind.SELF, NOON, youth).rule == "V23"
    assert FOURTEEN.asks(Kind.SELF, NOON, Item(codes=frozenset({"NORN_FORANS"}))).see


def test_todays_age_counts_and_not_the_age_when_it_was_written() -> None:
    """Scenario 31."""
    family = turning_12(date(2026, 11, 22))
    old = Item(written_at=datetime(2025, 1, 1, tzinfo=UTC))
    assert family.asks(Kind.PARENT, datetime(2026, 11, 21, 22, tzinfo=UTC), old, referral=Referral()).see
    assert family.asks(Kind.PARENT, NOON, old, referral=Referral()).rule == "V16b"


def test_a_period_of_denial_ends_at_midnight_and_opens_then() -> None:
    """Scenario 33; an extension made during the period leaves no gap."""
    midnight = datetime(2026, 12, 31, 23, tzinfo=UTC)
    denied = Assessment(Outcome.PARENTS_DENIED, Period(NOON, midnight))
    once = Referral(((Assessment(Outcome.OPEN), denied),))
    assert FOURTEEN.asks(Kind.PARENT, midnight - SECOND, referral=once).rule == "V15"
    assert FOURTEEN.asks(Kind.PARENT, midnight, referral=once).rule == "G07"
    longer = Assessment(Outcome.PARENTS_DENIED, Period(midnight - timedelta(days=3), midnight + timedelta(days=30)))
    extended = Referral(((Assessment(Outcome.OPEN), denied, longer),))
    for instant in (midnight - SECOND, midnight, midnight + timedelta(days=29)):
        assert FOURTEEN.asks(Kind.PARENT, instant, referral=extended).rule == "V15"
    alone = Referral(((denied,),))
    assert FOURTEEN.asks(Kind.PARENT, midnight, referral=alone).rule == "V16", "nobody has opened it"


def test_two_referrals_and_none() -> None:
    """Scenarios 34 and 35."""
    both = Referral((*OPEN.assessed, *PARENTS_DENIED.assessed))
    assert FOURTEEN.asks(Kind.PARENT, NOON, referral=both).rule == "V15"
    assert FOURTEEN.asks(Kind.PARENT, NOON, referral=Referral()).rule == "V16"
    assert FOURTEEN.asks(Kind.PARENT, NOON, referral=Referral(((),))).rule == "V16"


def test_noru_opens_at_its_second_and_other_codes_when_they_are_taken_away() -> None:
    """Scenarios 37 and 38."""
    later = Item(codes=frozenset({"NORU"}), visible_from=NOON)
    assert GROWN.asks(Kind.SELF, NOON - SECOND, later).rule == "V26"
    assert GROWN.asks(Kind.SELF, NOON, later).see
    assert GROWN.asks(Kind.SELF, NOON, Item(codes=frozenset({"NORU"}))).rule == "V26"
    assert GROWN.asks(Kind.SELF, NOON, Item(codes=frozenset({"NORN_FPB"}))).notify == "none"


def test_an_unknown_code_hides_from_every_citizen() -> None:
    """Scenario 40."""
    unknown = Item(codes=frozenset({"N", "NORN_XYZ"}))
    for kind in (Kind.SELF, Kind.PROXY, Kind.APPOINTED, Kind.GUARDIAN):
        assert GROWN.asks(kind, NOON, unknown).rule == "V29"
    assert NINE.asks(Kind.PARENT, NOON, unknown).rule == "V29"
    assert GROWN.asks(Kind.CLINICIAN, NOON, unknown).see


def test_a_fullmektig_is_stopped_by_the_givers_own_wish_and_when_it_ends() -> None:
    """Scenarios 41 to 43."""
    own_wish = Item(codes=frozenset({"NORN_EPO"}))
    assert GROWN.asks(Kind.SELF, NOON, own_wish).rule == GROWN.asks(Kind.PROXY, NOON, own_wish).rule == "V27"
    until = replace(GROWN, period=Period(end=NOON))
    assert until.asks(Kind.PROXY, NOON - SECOND).see
    assert until.asks(Kind.PROXY, NOON).rule == "V01b"
    assert not GROWN.asks(Kind.PROXY, NOON, service=Service.PROXIES).see


def test_substantial_is_not_enough() -> None:
    """Scenario 45."""
    for assurance in (Assurance.LOW, Assurance.SUBSTANTIAL):
        assert GROWN.asks(Kind.SELF, NOON, assurance=assurance).reason == "higher_level"


def test_nors_stops_one_clinician_and_an_emergency_is_let_through() -> None:
    """Scenario 53."""
    assert GROWN.asks(Kind.CLINICIAN, NOON, Item(blocked_for_actor=True)).rule == "DEFAULT"
    assert GROWN.asks(Kind.CLINICIAN, NOON, Item()).rule == "G12"
    assert GROWN.asks(Kind.CLINICIAN, NOON, Item(codes=frozenset({"NORS"}))).rule == "DEFAULT"
    assert GROWN.asks(Kind.EMERGENCY, NOON, Item(blocked_for_actor=True, codes=frozenset({"NORS"}))).rule == "G13"


def test_a_seventeen_year_olds_parents_see_nothing_whatever_is_said() -> None:
    """Scenario 60."""
    family = Family(Birth.on(date(2009, 6, 1)))
    assert family.asks(Kind.PARENT, NOON, Item(codes=frozenset({"N"}))).reason == "sixteen"


def test_a_wish_closes_for_parents_while_it_waits_and_when_it_is_respected_and_never_for_the_child() -> None:
    for wish, rule in ((Wish.PENDING, "V14"), (Wish.RESPECTED, "V13")):
        wishes = Wishes(wish)
        assert FOURTEEN.asks(Kind.PARENT, NOON, wishes=wishes).rule == rule
        assert FOURTEEN.asks(Kind.SELF, NOON, wishes=wishes).rule == "G02"


def test_a_confidential_unit_is_closed_to_parents_until_a_clinician_says_n() -> None:
    assert FOURTEEN.asks(Kind.PARENT, NOON, Item(confidential=True)).rule == "V17"
    assert FOURTEEN.asks(Kind.PARENT, NOON, Item(confidential=True, codes=frozenset({"N"}))).see


def test_without_consent_the_youth_sees_only_what_is_directed_to_them() -> None:
    family = replace(THIRTEEN, patient=Patient(None))
    assert family.asks(Kind.SELF, NOON).rule == "V22"
    assert family.asks(Kind.SELF, NOON, Item(to_youth=True), service=Service.DIALOGUE).rule == "G03"
