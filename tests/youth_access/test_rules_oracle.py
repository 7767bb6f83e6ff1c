"""A second reading of the decision table, written by hand from the design's own rows and never from the data.

It knows nothing of tables, rows or conditions: it is the rules as one would explain them, in order, while every
question that is not settled is closed. Where it and `decide` differ, one of them has misread.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.youth_access.rule_states import FLAGS, LATER, NOW, item, part
from youth_access.ages import Birth
from youth_access.decide import decide
from youth_access.facts import Actor, Assessment, Item, Kind, Outcome, Patient, Period, Referral, Relation, Service

TODAY = date(2026, 11, 22)
ASSESSED_OPEN = (Assessment(Outcome.OPEN),)
SIX = {"letter", "appointment", "referral", "dialogue", "journal", "form"}
HIDES = {"NORN_FFL", "NORN_KUT", "NORN_FPB", "NORN_FFH", "NORN_ALL", "NORN_ANG", "NORN_FOR", "NORN_DUP"}
CODES = [*sorted(HIDES), "N", "NORN_EPO", "NORN_FORANS", "NORN_UNGDOM", "NORU", "NORS", "NORN_XYZ"]
CITIZEN = {"self", "FO", "VE", "FU", "TD"}
SAME_ROW = {
    "V01b": "V01",
    "V05b": "V05",
    "V12b": "V12",
    "V16b": "V16",
    "V19b": "scenario 16",
    "V30b": "V30",
    "V33b": "V33",
}


class Asked:
    """One question with its facts laid out flat, as the rows speak of them."""

    def __init__(self, actor: Actor, relation: Relation, patient: Patient, service: Service, item: Item) -> None:
        self.actor, self.relation, self.patient, self.item = actor, relation, patient, item
        self.who, self.about = relation.kind.value, service.value
        self.six = self.about in SIX
        self.outcomes: list[set[str]] = []
        self.wish = self.level = ""
        born = patient.birth.day if patient.birth else None
        self.age = -1 if born is None else age(born, later=self.who in ("self", "FU", "TD"))

    @property
    def child(self) -> bool:
        return 0 <= self.age < 12

    @property
    def youth(self) -> bool:
        return 12 <= self.age < 16

    @property
    def own_choice(self) -> bool:
        return self.age >= 16

    @property
    def not_assessed(self) -> bool:
        return not self.outcomes or set() in self.outcomes

    @property
    def open(self) -> bool:
        return bool(self.outcomes) and all(each == {"open"} for each in self.outcomes)


def age(born: date, *, later: bool) -> int:
    """Whole years today; a leap day's child has its day on 1 March, for those who wait for it."""
    month, day = born.month, born.day
    if (month, day) == (2, 29):
        month, day = (3, 1) if later else (2, 28)
    return TODAY.year - born.year - ((TODAY.month, TODAY.day) < (month, day))


def reading(asked: Asked) -> str:
    """Which of the design's rows decides."""
    for vetoes in (_who_one_is, _everybody, _parents, _the_child, _the_item, _the_given):
        if rule := vetoes(asked):
            return rule
    return _granted(asked)


def _who_one_is(a: Asked) -> str:
    if a.who == "stranger":
        return "V01"
    if a.who in CITIZEN - {"self"} and not in_period(a.relation.period):
        return "V01"
    if a.who == "parent_without":
        return "V02"
    if a.who == "unusable":
        return "V03"
    return "V04" if a.who == "care_staff" else ""


def in_period(period: Period) -> bool:
    return not (period.start and period.start > NOW) and not (period.end and period.end <= NOW)


def _everybody(a: Asked) -> str:
    if a.who == "FO" and not a.relation.parent_at_home:
        return "V05"
    if a.who in CITIZEN - {"self"} and (a.actor.protected or a.patient.protected):
        return "V06"
    if a.who == "FO" and a.relation.blocked:
        return "V07"
    seen = a.relation.register_seen_at
    if a.who in ("FO", "VE") and (seen is None or seen < NOW - timedelta(hours=24)):
        return "V08"
    if a.who in CITIZEN and a.level != "high":
        return "V09"
    return "V10" if a.who in CITIZEN and a.patient.dead else ""


def _parents(a: Asked) -> str:
    """V11 to V19. A guardian of someone of 12 to 15 follows the rows of parents (G11)."""
    if a.who == "FO" and a.own_choice:
        return "V11"
    if a.six and "NORN_FORANS" in a.item.codes and ((a.who == "FO" and not a.own_choice and a.age >= 0) or _as_fo(a)):
        return "V12"
    if _as_fo(a):
        return _parents_of_youth(a)
    fo_ve_of_child = a.who in ("FO", "VE") and a.child
    return "scenario 16" if fo_ve_of_child and _somebody_elses_thread(a) else ""


def _as_fo(a: Asked) -> bool:
    return a.who in ("FO", "VE") and a.youth


def _somebody_elses_thread(a: Asked) -> bool:
    return a.about == "dialogue" and a.item.by_parent and not a.item.mine


def _parents_of_youth(a: Asked) -> str:
    rows = [
        (a.six and a.wish == "respected", "V13"),
        (a.six and a.wish == "pending", "V14"),
        (a.six and any("parents_denied" in each for each in a.outcomes), "V15"),
        (a.six and a.not_assessed, "V16"),
        (a.six and a.item.confidential and "N" not in a.item.codes, "V17"),
        (a.about == "log", "V18"),
        (a.about == "dialogue" and (a.item.by_youth or a.item.to_youth), "V19"),
        (_somebody_elses_thread(a), "scenario 16"),
    ]
    return next((rule for applies, rule in rows if applies), "")


def _the_child(a: Asked) -> str:
    if a.who != "self" or a.own_choice or a.age < 0:
        return ""
    if _somebody_elses_thread(a):
        return "scenario 16"
    if a.age < 13:
        return "V20" if a.age < 12 else "V21"
    if not a.six:
        return ""
    if not a.patient.youth_consent and not a.item.to_youth:
        return "V22"
    if "NORN_UNGDOM" in a.item.codes or any("youth_denied" in each for each in a.outcomes):
        return "V23"
    return "V24" if a.not_assessed else ""


def _the_item(a: Asked) -> str:
    if a.who not in CITIZEN or not a.six:
        return ""
    until = a.item.visible_from
    rows = [
        (bool(a.item.codes & HIDES), "V25"),
        (until > NOW if until else "NORU" in a.item.codes, "V26"),
        ("NORN_EPO" in a.item.codes, "V27"),
        (a.about == "journal" and not a.item.signed, "V28"),
        (bool(a.item.codes - set(CODES[:-1])), "V29"),
    ]
    return next((rule for applies, rule in rows if applies), "")


def _the_given(a: Asked) -> str:
    if a.who == "FU" and 0 <= a.age < 16:
        return "V30"
    if a.who == "FU" and (a.actor.birth is None or age(a.actor.birth.possible_days[-1], later=True) < 18):
        return "V30"
    if a.who in ("FU", "TD") and a.about == "proxies":
        return "V31"
    if a.who in ("FU", "TD", "VE") and a.own_choice and a.about not in a.relation.areas:
        return "V32"
    if a.who == "VE" and not a.relation.personal_mandate:
        return "V33"
    return "V33" if a.who == "VE" and 0 <= a.age < 18 and a.relation.for_lone_asylum_child else ""


def _granted(a: Asked) -> str:
    by_who: dict[str, Callable[[Asked], str]] = {
        "self": _own,
        "FO": _parents_may,
        "VE": lambda a: _parents_may(a) if a.youth else "G11" if a.age >= 0 and _all_but_fullmakter(a) else "",
        "FU": lambda a: "G09" if a.own_choice and _all_but_fullmakter(a) else "",
        "TD": lambda a: "G10" if a.own_choice and _all_but_fullmakter(a) else "",
        "clinician": lambda a: "G12" if a.six and not a.item.blocked_for_actor and "NORS" not in a.item.codes else "",
        "emergency": lambda a: "G13" if a.six else "",
        "clerk": lambda a: "G14" if a.about in ("appointment", "letter_status") else "",
        "operator": lambda a: "G15" if a.about == "delivery" else "",
    }
    return by_who[a.who](a) or "DEFAULT"


def _all_but_fullmakter(a: Asked) -> bool:
    return a.six or a.about in ("log", "settings")


def _own(a: Asked) -> str:
    if a.own_choice:
        return "G01" if _all_but_fullmakter(a) or a.about == "proxies" else ""
    if not a.youth:
        return ""
    if a.about in ("dialogue", "form"):
        return "G03" if a.open or a.item.to_youth else ""
    if a.about == "log":
        return "G04"
    return "G02" if a.six and a.open else ""


def _parents_may(a: Asked) -> str:
    if a.child:
        return "G05" if a.six else "G06" if a.about == "log" else ""
    if not a.youth:
        return ""
    if a.about == "dialogue":
        return "G08" if a.item.mine else ""
    return "G07" if a.six and a.open and a.item.codes <= {"N", "NORN_UNGDOM"} else ""


GIVES = {"G02": "S-N", "G04": "S", "G06": "S", "G12": "SAT", "G13": "S", "G14": "SAT", "G15": "SA!"}
NOTES = {"N": "message", "T": "task", "!": "alarm"}


def gives(rule: str) -> tuple[bool, bool, str]:
    """See, act, notify of a row; a grant that is not named gives all three."""
    if not rule.startswith("G"):
        return False, False, "none"
    letters = GIVES.get(rule, "SAN")
    return True, "A" in letters, NOTES.get(letters[-1], "none")


PERIODS = st.builds(Period, st.sampled_from([None, NOW, LATER]), st.sampled_from([None, NOW, LATER]))
BIRTHDAYS = [
    TODAY.replace(year=TODAY.year - years) + timedelta(days=days) for years in (12, 13, 16, 18) for days in (0, 1)
]
BIRTHS = st.none() | st.builds(Birth.on, st.sampled_from(BIRTHDAYS) | st.dates(date(1930, 1, 1), TODAY))
ASSESSMENTS = st.builds(Assessment, st.sampled_from([Outcome.OPEN, *Outcome]), st.just(Period()) | PERIODS)
REFERRALS = st.lists(st.lists(ASSESSMENTS, max_size=2).map(tuple), max_size=2).map(tuple)


@pytest.mark.parametrize("kind", Kind)
@settings(max_examples=300)
@given(
    birth=BIRTHS,
    service=st.sampled_from(Service),
    codes=st.just(frozenset[str]()) | st.frozensets(st.sampled_from(CODES), max_size=2),
    referral=st.just((ASSESSED_OPEN,)) | REFERRALS,
    flags=st.frozensets(st.sampled_from(sorted(FLAGS)), max_size=3),
    areas=st.just(frozenset(Service)) | st.frozensets(st.sampled_from(Service)),
)
def test_the_table_and_the_reading_by_hand_agree(
    kind: Kind,
    birth: Birth | None,
    service: Service,
    codes: frozenset[str],
    referral: tuple[tuple[Assessment, ...], ...],
    flags: frozenset[str],
    areas: frozenset[Service],
) -> None:
    actor, wishes, assurance = (part(each, flags) for each in ("actor", "wishes", "assurance"))
    relation = replace(part("relation", flags), kind=kind, areas=areas)
    patient = replace(part("patient", flags), birth=birth)
    about = item(codes, flags)
    asked = Asked(actor, relation, patient, service, about)
    asked.outcomes = [{one.outcome.value for one in each if in_period(one.period)} for each in referral]
    asked.wish = wishes.parents_kept_out.value if wishes.parents_kept_out else ""
    asked.level = assurance.value
    rule = reading(asked)
    event(rule)
    found = decide(actor, relation, patient, service, about, Referral(referral), wishes, assurance, NOW)
    assert (SAME_ROW.get(found.rule, found.rule), found.see, found.act, found.notify) == (rule, *gives(rule))
