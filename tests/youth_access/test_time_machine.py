"""A household through time: birthdays, the register's changes and people's own, at random instants and in any order.

After every step each viewer's list, count, look-up and `decide` are one and the same, and agree with plain reason.
STATE_WALKS sets how many households are tried.
"""

import os
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.youth_access import chances, families
from tests.youth_access.families import NO_HOME, ONE_HOME, OTHER_HOME
from tests.youth_access.household import Household, Thing
from youth_access.facts import Service
from youth_access.models import ChildWish, LocalBlock, Referral, ReferralAssessment

HOMES = st.sampled_from([ONE_HOME, OTHER_HOME, NO_HOME])
MOVES = st.sampled_from(["child", "child", "child", "mother", "father", "former"])
PEOPLE = st.sampled_from(["child", "mother", "father", "former", "guardian", "proxy", "stranger"])
ADULTS = st.sampled_from(["mother", "father", "former", "guardian", "proxy", "stranger"])
SERVICES = st.sampled_from([Service.LETTER, Service.LETTER, Service.APPOINTMENT, Service.DIALOGUE, Service.JOURNAL])
THREE_DAYS = timedelta(days=3)
AREAS = st.sampled_from([families.ALL_AREAS, ["letter"], ["appointment", "journal"]])


class Life(RuleBasedStateMachine):
    """One child, two parents, a former parent, a guardian, a proxy and a stranger."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.referrals: list[Referral] = []
        self.assessments: list[ReferralAssessment] = []
        self.wishes: list[ChildWish] = []
        self.blocks: dict[str, LocalBlock] = {}
        self.seen: dict[str, set[str]] = {}
        self.only_less = False

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(data=st.data(), born=chances.births(), service=SERVICES)
    def a_child_is_known(self, data: st.DataObject, born: date, service: Service) -> None:
        self.home = Household(data.draw(chances.instants(born)), service, {"born": born})
        with self.home.still():
            self.referrals = [families.referral(self.home.family.child) for _ in range(2)]
            families.unit("4200009", "BUP Tromsø", confidential=True)
        for _ in range(3):
            self._add(data)

    def _add(self, data: st.DataObject) -> None:
        people = [each.pk for each in self.home.family.relatives.values()]
        facts = data.draw(
            chances.items(self.home.now, [each.pk for each in self.referrals], people, ["4200001", "4200009"])
        )
        self.home.add(Thing(facts))

    @rule(data=st.data())
    def something_is_written(self, data: st.DataObject) -> None:
        if len(self.home.things) < 6:
            self._add(data)

    # Time.

    @rule(data=st.data(), to_border=st.booleans())
    def time_passes(self, data: st.DataObject, to_border: bool) -> None:
        at = data.draw(chances.instants(self.home.born))
        if not to_border:
            at = self.home.now + data.draw(
                st.sampled_from([timedelta(microseconds=1), timedelta(hours=23), THREE_DAYS])
            )
        self._go_to(at)

    @rule(data=st.data(), who=PEOPLE)
    def a_snapshot_grows_old(self, data: st.DataObject, who: str) -> None:
        seen = self.home.seen[who]
        if seen is not None:
            self._go_to(data.draw(chances.beside(seen + timedelta(hours=24))))

    @rule(data=st.data())
    def a_period_runs_out(self, data: st.DataObject) -> None:
        ends = [row.ends_at for row in self.assessments] + [row.ends_at for row in self.home.given.values()]
        known = [at for at in ends if at is not None]
        if known:
            self._go_to(data.draw(st.sampled_from(known).flatmap(chances.beside)))

    def _go_to(self, at: datetime) -> None:
        self.home.now = max(at, self.home.now)

    # The register.

    @rule(who=st.sets(PEOPLE, max_size=7))
    def the_register_answers(self, who: set[str]) -> None:
        families.seen_by_register(self.home.now, *(self.home.family.relatives[each] for each in who))
        self.home.seen |= dict.fromkeys(who, self.home.now)

    @rule(who=PEOPLE)
    def something_we_do_not_know_has_changed(self, who: str) -> None:
        self.only_takes_away()
        families.seen_by_register(None, self.home.family.relatives[who])
        self.home.seen[who] = None

    @rule(who=st.sampled_from([(), ("mother",), ("father",), ("mother", "father"), ("former",)]))
    def responsibility_moves(self, who: tuple[str, ...]) -> None:
        family = self.home.family
        family.child.responsibilities.all().delete()
        for each in who:
            families.responsible(family.child, family.relatives[each])
        self.home.responsible = set(who)

    @rule(who=MOVES, where=HOMES)
    def somebody_moves(self, who: str, where: str) -> None:
        families.register_says(self.home.family.relatives[who], home_index=where)
        self.home.home[who] = where

    @rule(who=PEOPLE)
    def an_address_becomes_protected(self, who: str) -> None:
        self.only_takes_away()
        families.register_says(self.home.family.relatives[who], protected=True)
        self.home.protected.add(who)

    @rule(who=PEOPLE)
    def an_address_is_protected_no_more(self, who: str) -> None:
        families.register_says(self.home.family.relatives[who], protected=False)
        self.home.protected.discard(who)

    @rule(dies=st.integers(0, 9).map(lambda number: number == 0))
    def the_child_dies(self, dies: bool) -> None:
        if dies:
            self.only_takes_away()
            families.register_says(self.home.family.child, died_on=self.home.now.date())
            self.home.dead = True

    @rule(personal=st.sampled_from([None, True, False]))
    def a_guardian_is_appointed(self, personal: bool | None) -> None:
        family = self.home.family
        family.child.guardianships.all().delete()
        if personal is not None:
            families.guardian(family.child, family.guardian, personal=personal)
        self.home.guardian_is = personal

    # The people.

    @rule(who=ADULTS, areas=AREAS, days=st.sampled_from([None, 1, 400]))
    def a_fullmakt_is_given(self, who: str, areas: list[str], days: int | None) -> None:
        if who in self.home.given:
            return
        until = self.home.now + timedelta(days=days) if days else None
        child, receiver = self.home.family.child, self.home.family.relatives[who]
        with self.home.still():
            self.home.given[who] = families.fullmakt(child, receiver, areas=list(areas), until=until)

    @rule(who=ADULTS)
    def a_fullmakt_is_revoked(self, who: str) -> None:
        given = self.home.given.pop(who, None)
        if given is not None:
            self.only_takes_away()
            with self.home.still():
                families.revoke(given)

    @rule(who=st.sampled_from(["mother", "father"]), gives=st.booleans())
    def a_parent_speaks_of_youth_access(self, who: str, gives: bool) -> None:
        with self.home.still():
            families.consent(self.home.family.child, self.home.family.relatives[who], gives=gives)
        self.home.consented = gives

    # The clinic.

    @rule(data=st.data(), outcome=chances.outcomes(), days=st.sampled_from([None, 1, 90]))
    def a_referral_is_assessed(self, data: st.DataObject, outcome: str, days: int | None) -> None:
        about = data.draw(st.sampled_from(self.referrals))
        until = self.home.now + timedelta(days=days) if days else None
        with self.home.still():
            self.assessments.append(families.assess(about, outcome, until=until))

    @rule(data=st.data())
    def an_assessment_is_ended(self, data: st.DataObject) -> None:
        if self.assessments:
            with self.home.still():
                row = data.draw(st.sampled_from(self.assessments))
                if row.ended_at is None:
                    families.end_assessment(row)

    @rule(data=st.data())
    def a_referral_moves_to_another_unit(self, data: st.DataObject) -> None:
        about = data.draw(st.sampled_from(self.referrals))
        self.only_takes_away()
        Referral.objects.filter(pk=about.pk).update(unit=families.unit(f"43{len(self.assessments):05d}", "Annen"))
        about.refresh_from_db()

    @rule(data=st.data(), codes=chances.codes())
    def codes_are_set(self, data: st.DataObject, codes: tuple[str, ...]) -> None:
        self.home.set_codes(data.draw(st.sampled_from(sorted(self.home.things))), codes)

    @rule(data=st.data(), one_more=st.sampled_from([each for each in chances.CODES if each != "N"]))
    def a_code_more_is_set(self, data: st.DataObject, one_more: str) -> None:
        name = data.draw(st.sampled_from(sorted(self.home.things)))
        self.only_takes_away()
        self.home.set_codes(name, (*self.home.things[name].facts.codes, one_more))

    @rule(data=st.data(), everything=st.booleans())
    def the_child_wishes(self, data: st.DataObject, everything: bool) -> None:
        about = None if everything else data.draw(st.sampled_from(self.referrals))
        self.only_takes_away()
        with self.home.still():
            self.wishes.append(families.wish(self.home.family.child, about))

    @rule(data=st.data(), state=st.sampled_from(["respected", "declined", "taken_back"]))
    def a_wish_is_answered(self, data: st.DataObject, state: str) -> None:
        if self.wishes:
            with self.home.still():
                families.answer_wish(data.draw(st.sampled_from(self.wishes)), state)

    @rule(only=st.sampled_from(["mother", "father", "everyone"]))
    def staff_block_parents(self, only: str) -> None:
        if only not in self.blocks:
            parent = self.home.family.relatives.get(only)
            self.only_takes_away()
            with self.home.still():
                self.blocks[only] = families.block_parents(self.home.family.child, parent)
                self.home.blocked.add(only)

    @rule(only=st.sampled_from(["mother", "father", "everyone"]))
    def a_block_is_lifted(self, only: str) -> None:
        if only in self.blocks:
            with self.home.still():
                families.end_block(self.blocks.pop(only))
                self.home.blocked.discard(only)

    # What holds.

    def only_takes_away(self) -> None:
        """What is being done now may not show anybody anything more."""
        self.only_less = True

    @invariant()
    def everyone_is_told_one_thing(self) -> None:
        if not hasattr(self, "home"):
            return
        before, only_less = self.seen, self.only_less
        self.seen, self.only_less = {}, False
        for who in self.home.family.relatives:
            self.seen[who] = self.home.agrees_about(who)
            assert not only_less or self.seen[who] <= before[who], who


@pytest.mark.django_db
def test_list_count_look_up_and_decision_agree_through_a_life() -> None:
    few = settings(
        max_examples=int(os.environ.get("STATE_WALKS", "10")),
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Life, settings=few)
