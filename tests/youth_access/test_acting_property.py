"""What is listed as open is what `decide` lets in: nothing closed is visible, nothing open lacks a service."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from portal.people.models import Person
from portal.people.viewer import Viewer
from youth_access.acting_choices import SERVICES, at_best, door, is_open, open_services
from youth_access.ages import Birth
from youth_access.codes import Code
from youth_access.decide import decide
from youth_access.eyes import Eyes
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

NOW = datetime(2026, 11, 22, 11, tzinfo=UTC)
OTHERS = [kind for kind in Kind if kind in ("FO", "VE", "FU", "TD", "parent_without", "unusable", "stranger")]
_BIRTHDAYS = [date(2026 - years, 11, day) for years in (0, 8, 12, 13, 16, 18, 86) for day in (21, 22, 23)]
_births = st.none() | st.sampled_from([Birth.on(day) for day in _BIRTHDAYS]) | st.builds(Birth, st.integers(1940, 2026))
_periods = st.sampled_from([Period(), Period(end=NOW), Period(start=NOW), Period(start=NOW + timedelta(hours=1))])
_relations = st.builds(
    Relation,
    kind=st.sampled_from(OTHERS),
    period=_periods,
    areas=st.frozensets(st.sampled_from(Service)),
    parent_at_home=st.booleans(),
    parent_at_second_home=st.booleans(),
    blocked=st.booleans(),
    register_seen_at=st.sampled_from([None, NOW, NOW - timedelta(hours=24), NOW - timedelta(hours=24, seconds=1)]),
    personal_mandate=st.booleans(),
    for_lone_asylum_child=st.booleans(),
)
_patients = st.builds(Patient, birth=_births, dead=st.booleans(), protected=st.booleans(), youth_consent=st.booleans())
_items = st.builds(
    Item,
    codes=st.frozensets(st.sampled_from([*Code, "NORN_XYZ"])),
    visible_from=st.none() | st.just(NOW - timedelta(days=1)),
    confidential=st.booleans(),
    by_youth=st.booleans(),
    by_parent=st.booleans(),
    to_youth=st.booleans(),
    mine=st.booleans(),
)
_assessed = st.lists(st.builds(Assessment, outcome=st.sampled_from(Outcome)), max_size=2).map(tuple)
_referrals = st.builds(Referral, assessed=st.lists(_assessed, max_size=2).map(tuple))
_wishes = st.builds(Wishes, st.none() | st.sampled_from(Wish))


def _eyes(relation: Relation, patient: Patient, born: Birth | None, assurance: Assurance, **actor: Any) -> Eyes:
    person = Person(name="Mona Mor", birth_date=born.day if born else None, birth_year=born.year if born else None)
    person.protected = actor["protected"]
    viewer = Viewer(uuid4(), person.name, frozenset(), "", NOW)
    return Eyes(viewer, person, Person(name="Nora Barn"), (relation,), patient, assurance, NOW)


@given(
    relation=_relations,
    patient=_patients,
    born=_births,
    protected=st.booleans(),
    assurance=st.sampled_from(Assurance),
    item=st.none() | _items,
    referral=_referrals,
    wishes=_wishes,
)
def test_a_person_is_open_exactly_when_some_service_may_show_something(
    relation: Relation,
    patient: Patient,
    born: Birth | None,
    protected: bool,
    assurance: Assurance,
    item: Item | None,
    referral: Referral,
    wishes: Wishes,
) -> None:
    eyes = _eyes(relation, patient, born, assurance, protected=protected)
    found = open_services(eyes)
    assert is_open(eyes) == bool(found) == door(eyes).see
    for service in SERVICES:
        seen = decide(Actor(born, protected), relation, patient, service, item, referral, wishes, assurance, NOW).see
        assert at_best(eyes, service).see == (service in found)
        assert not seen or service in found, (service, relation.kind)


@given(relation=_relations, patient=_patients, born=_births)
def test_strangers_the_dead_and_low_assurance_open_nothing(
    relation: Relation, patient: Patient, born: Birth | None
) -> None:
    low = _eyes(relation, patient, born, Assurance.SUBSTANTIAL, protected=False)
    high = _eyes(relation, patient, born, Assurance.HIGH, protected=False)
    assert not is_open(low)
    if patient.dead or patient.protected or relation.kind in (Kind.STRANGER, Kind.UNUSABLE_RESPONSIBILITY):
        assert not is_open(high)
