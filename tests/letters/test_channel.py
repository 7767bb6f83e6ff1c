"""The channel decision over all its facts."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters import channel
from letters.channel import Choice, Facts, Reader, Told, decide

ORDINARY = Facts(
    registered=True,
    deceased=False,
    age_low=44,
    age_high=44,
    active_user=True,
    reserved=False,
    can_be_notified=True,
    fresh_channels=("sms", "email"),
    important=True,
    falls_back=True,
)
CODES = ("N", "NORN_EPO", "NORN_FORANS", "NORN_UNGDOM", "NORN_FPB", "NORU", "SOMETHING_NEW")


MOTHER = Reader(
    person="7d3e3c2a-6d1e-4c0e-9a53-0d4d2f6a0001",
    relation="FO",
    see=True,
    told=True,
    rule="G05",
    active_user=True,
    reserved=False,
    fresh_channels=("sms",),
)
SELF = replace(MOTHER, person="7d3e3c2a-6d1e-4c0e-9a53-0d4d2f6a0002", relation="self", rule="G02")
SHUT_OUT = replace(MOTHER, see=False, told=False, rule="V12")
CHILD = replace(ORDINARY, age_low=8, age_high=8, active_user=False, fresh_channels=(), readers=(MOTHER,))
YOUTH = replace(ORDINARY, age_low=14, age_high=14, readers=(SELF, SHUT_OUT), parents_denied="V12")


@st.composite
def a_reader(draw: st.DrawFn) -> Reader:
    see = draw(st.booleans())
    return Reader(
        person=str(draw(st.uuids())),
        relation=draw(st.sampled_from(["self", "FO", "VE", "FU", "TD"])),
        see=see,
        told=see and draw(st.booleans()),
        rule="X",
        active_user=draw(st.booleans()),
        reserved=draw(st.booleans()),
        fresh_channels=draw(st.sampled_from([(), ("sms",), ("email",), ("sms", "email")])),
    )


@st.composite
def all_facts(draw: st.DrawFn) -> Facts:
    low = draw(st.none() | st.integers(0, 110))
    return Facts(
        registered=draw(st.booleans()),
        deceased=draw(st.booleans()),
        age_low=low,
        age_high=None if low is None else low + draw(st.integers(0, 1)),
        active_user=draw(st.booleans()),
        reserved=draw(st.booleans()),
        can_be_notified=draw(st.booleans()),
        fresh_channels=draw(st.sampled_from([(), ("sms",), ("email",), ("sms", "email")])),
        important=draw(st.booleans()),
        falls_back=draw(st.booleans()),
        security_codes=tuple(draw(st.lists(st.sampled_from(CODES), max_size=2, unique=True))),
        paper_at_once=draw(st.booleans()),
        too_late=draw(st.booleans()),
        corrects_paper=draw(st.booleans()),
        readers=tuple(draw(st.lists(a_reader(), max_size=3))),
        parents_denied=draw(st.sampled_from(["", "V12"])),
    )


@pytest.mark.parametrize(
    ("change", "rule", "digital", "postal", "obligatory"),
    [
        ({}, "C16", True, "wait", False),
        ({"registered": False}, "C01", False, "hold", False),
        ({"deceased": True}, "C02", False, "hold", False),
        ({"age_low": None, "age_high": None}, "C03", False, "hold", False),
        ({"age_low": 15, "age_high": 16}, "C03", False, "hold", False),
        ({"security_codes": ("NORN_FPB",)}, "C04", False, "hold", False),
        ({"age_low": 11, "age_high": 11}, "C05", False, "now", True),
        ({"age_low": 12, "age_high": 12}, "C06", False, "now", True),
        ({"age_low": 15, "age_high": 15}, "C06", False, "now", True),
        ({"age_low": 16, "age_high": 16}, "C16", True, "wait", False),
        ({"security_codes": ("NORN_EPO",)}, "C07", False, "now", True),
        ({"corrects_paper": True}, "C08", True, "now", True),
        ({"reserved": True}, "C09", True, "now", True),
        ({"reserved": True, "active_user": False}, "C09", False, "now", True),
        ({"reserved": True, "important": False}, "C10", True, "none", False),
        ({"reserved": True, "important": False, "active_user": False}, "C09", False, "now", True),
        ({"active_user": False}, "C11", False, "now", True),
        ({"fresh_channels": ()}, "C13", True, "now", False),
        ({"can_be_notified": False}, "C13", True, "now", False),
        ({"can_be_notified": False, "falls_back": False, "important": False}, "C12", True, "none", False),
        ({"paper_at_once": True}, "C14", True, "now", False),
        ({"falls_back": False, "important": False}, "C15", True, "none", False),
    ],
)
def test_each_rule_by_its_facts(
    change: dict[str, object], rule: str, digital: bool, postal: str, obligatory: bool
) -> None:
    choice = decide(replace(ORDINARY, **change))  # type: ignore[arg-type]  # the table above holds Facts' own fields
    assert (choice.rule, choice.digital, choice.postal, choice.obligatory) == (rule, digital, postal, obligatory)


@given(all_facts())
def test_no_letter_is_ever_without_a_way_or_a_task(facts: Facts) -> None:
    choice = decide(facts)
    assert choice.digital or choice.postal != "none" or choice.task


KEPT_FROM_ALL = {"NORN_EPO", "NORN_FPB", "NORU", "SOMETHING_NEW"}


@given(all_facts())
def test_the_dead_the_unknown_and_the_withheld_are_never_on_screen_nor_told(facts: Facts) -> None:
    choice = decide(facts)
    hidden = not (KEPT_FROM_ALL - {"NORN_EPO"}).isdisjoint(facts.security_codes)
    if facts.age_low is None or facts.deceased or hidden or not facts.registered:
        assert not choice.digital
        assert not choice.notify
        assert not choice.tell


def young(facts: Facts) -> bool:
    return facts.age_high is not None and facts.age_high < 16


@given(all_facts())
def test_those_under_16_are_on_screen_only_where_somebody_tied_uses_the_portal(facts: Facts) -> None:
    if young(facts) and decide(facts).digital:
        assert any(each.active_user for each in facts.readers)


@given(all_facts())
def test_paper_waits_for_those_under_16_only_where_somebody_may_read_on_screen(facts: Facts) -> None:
    if young(facts) and decide(facts).postal == "wait":
        assert any(each.see and each.active_user for each in facts.readers)


@given(all_facts())
def test_nothing_goes_to_the_home_of_parents_who_are_shut_out(facts: Facts) -> None:
    if young(facts) and facts.parents_denied:
        choice = decide(facts)
        assert choice.postal != "now" or not KEPT_FROM_ALL.isdisjoint(facts.security_codes)
        assert choice.digital or choice.postal == "hold"


@given(all_facts())
def test_only_those_who_may_be_told_are_told_and_only_of_what_stands_on_screen(facts: Facts) -> None:
    choice = decide(facts)
    may = {each.person: each for each in facts.readers if each.see and each.told and each.active_user}
    for told in choice.tell:
        reader = may[told.person]
        assert told.channels == reader.fresh_channels != ()
        assert not reader.reserved
        assert choice.digital


@pytest.mark.parametrize(
    ("facts", "rule", "digital", "postal", "addressee", "task"),
    [
        (CHILD, "C19", True, "wait", "parent", ""),
        (replace(CHILD, falls_back=False), "C19", True, "none", "parent", ""),
        (replace(CHILD, paper_at_once=True), "C20", True, "now", "parent", ""),
        (replace(CHILD, readers=(replace(MOTHER, fresh_channels=()),)), "C20", True, "now", "parent", ""),
        (replace(CHILD, readers=(replace(MOTHER, reserved=True),)), "C20", True, "now", "parent", ""),
        (replace(CHILD, readers=(replace(MOTHER, active_user=False),)), "C05", False, "now", "parent", ""),
        (replace(CHILD, readers=(SHUT_OUT,), parents_denied="V12"), "C18", True, "hold", "parent", "parents_denied"),
        (replace(CHILD, readers=(SHUT_OUT, MOTHER), parents_denied="V07"), "C19", True, "wait", "parent", ""),
        (YOUTH, "C19", True, "wait", "patient", ""),
        (replace(YOUTH, fresh_channels=()), "C20", True, "hold", "patient", "parents_denied"),
        (replace(YOUTH, readers=(SHUT_OUT,)), "C18", True, "hold", "patient", "parents_denied"),
        (replace(YOUTH, readers=(), parents_denied=""), "C06", False, "now", "patient", ""),
        (replace(YOUTH, security_codes=("NORN_XYZ",)), "C17", False, "hold", "patient", "unknown_code"),
    ],
)
def test_each_rule_for_those_under_16(
    facts: Facts, rule: str, digital: bool, postal: str, addressee: str, task: str
) -> None:
    choice = decide(facts)
    found = (choice.rule, choice.digital, choice.postal, choice.addressee, choice.task)
    assert found == (rule, digital, postal, addressee, task)


def test_each_parent_is_told_on_own_channels_and_the_child_who_may_not_be_told_is_not() -> None:
    father = replace(MOTHER, person="7d3e3c2a-6d1e-4c0e-9a53-0d4d2f6a0003", fresh_channels=("email",))
    choice = decide(replace(CHILD, active_user=True, fresh_channels=("sms",), readers=(MOTHER, father)))
    assert choice.notify == ()
    assert choice.tell == (Told(MOTHER.person, ("sms",)), Told(father.person, ("email",)))


def test_one_who_acts_for_an_adult_sees_on_screen_what_goes_by_post_and_is_told() -> None:
    proxy = replace(MOTHER, relation="FU", rule="G09")
    choice = decide(replace(ORDINARY, active_user=False, readers=(proxy,)))
    assert (choice.rule, choice.digital, choice.postal, choice.obligatory) == ("C11", True, "now", True)
    assert [each.person for each in choice.tell] == [proxy.person]
    assert decide(replace(ORDINARY, reserved=True, readers=(proxy,))).tell == ()


def test_codes_that_concern_parents_or_staff_hide_nothing_from_an_adult() -> None:
    for code in ("N", "NORN_FORANS", "NORN_UNGDOM", "NORS"):
        assert decide(replace(ORDINARY, security_codes=(code,))).rule == "C16"


def test_a_decision_of_the_rules_before_is_replayed_too() -> None:
    stored = ORDINARY.as_json()
    for name in ("security_codes", "readers", "parents_denied"):
        del stored[name]
    assert decide(channel.facts_from_json(stored | {"security_code": "NORN_EPO"})).rule == "C07"


@given(all_facts())
def test_a_reserved_person_gets_important_letters_on_paper_and_no_notice(facts: Facts) -> None:
    choice = decide(facts)
    if facts.reserved:
        assert not choice.notify
        if facts.important:
            assert choice.postal in ("now", "hold")


@given(all_facts())
def test_nobody_waits_for_a_letter_they_were_not_told_of(facts: Facts) -> None:
    choice = decide(facts)
    if choice.postal == "wait":
        assert choice.digital
        assert choice.notify or choice.tell


@given(all_facts())
def test_notices_go_only_where_contact_is_fresh(facts: Facts) -> None:
    assert set(decide(facts).notify) <= set(facts.fresh_channels)


@given(all_facts())
def test_a_decision_is_replayed_from_what_was_stored(facts: Facts) -> None:
    assert decide(channel.facts_from_json(facts.as_json())) == decide(facts)


def test_every_rule_is_reached() -> None:
    flags = ("registered", "deceased", "active_user", "reserved", "can_be_notified", "important", "falls_back")
    seen: set[str] = set()
    for values in product((True, False), repeat=len(flags)):
        base = replace(ORDINARY, **dict(zip(flags, values, strict=True)))  # type: ignore[arg-type]
        for age, code, pressed, corrects in product((5, 13, 44, None), CODES, (True, False), (True, False)):
            labelled = replace(base, age_low=age, age_high=age, security_codes=(code,), corrects_paper=corrects)
            for readers, denied in (((), ""), ((), "V12"), ((MOTHER,), "")):
                facts = replace(labelled, paper_at_once=pressed, readers=readers, parents_denied=denied)
                seen.add(decide(facts).rule)
    assert seen == {f"C{number:02d}" for number in range(1, 21)}


def test_too_late_for_paper_asks_a_clerk_to_telephone() -> None:
    choice = decide(replace(ORDINARY, paper_at_once=True, too_late=True))
    assert choice == Choice("C14", "must-arrive-soon", True, "now", notify=("sms", "email"), task="too_late")
