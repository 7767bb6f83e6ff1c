"""Whatever rows the register sends, in whatever order: what is held is what was told last, whole, and nobody falls."""

from datetime import UTC, date, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from portal.counterparts.population_register import (
    Address,
    Guardianship,
    Holder,
    ParentalResponsibility,
    Protection,
    RegisteredPerson,
    ResponsibilityKind,
    SharedHome,
)
from portal.kernel import clock
from portal.people import (
    commands,
    family_commands,
    family_queries,
    homes,
    queries,
    register_numbers,
    sealed_columns,
    sealing,
)
from portal.people.models import FormerNumber, Person
from tests.letters.making import synthetic_pid

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHILD = synthetic_pid(date(2016, 3, 3))
OTHERS = [synthetic_pid(date(1985, 1, day)) for day in range(1, 5)]
NONSENSE = ["", "12345678901", "Ola", "0" * 400, CHILD]

days = st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1))
pids = st.sampled_from([*OTHERS, *NONSENSE])
addresses = st.builds(
    Address,
    lines=st.lists(
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8), max_size=4
    ).map(tuple),
    postal_code=st.sampled_from(["9008", "", "N-9008"]),
    town=st.sampled_from(["Tromsø", "TROMSØ", ""]),
    country_code=st.sampled_from(["NO", "SE", "no"]),
    dwelling_id=st.sampled_from([None, "H0101"]),
)
responsibilities = st.builds(
    ParentalResponsibility,
    kind=st.sampled_from(ResponsibilityKind),
    responsible_pid=st.none() | pids,
    valid_from=days,
    ended_on=days,
    holder=st.sampled_from(Holder),
)
people = st.builds(
    RegisteredPerson,
    pid=st.just(CHILD),
    given_name=st.just("Barn"),
    middle_name=st.none(),
    family_name=st.just("Barnesen"),
    birth_date=st.none() | st.dates(date(2009, 1, 1), date(2026, 11, 22)),
    birth_year=st.integers(2009, 2026),
    died_on=days,
    protection=st.sampled_from(Protection),
    residence=st.none() | addresses,
    contact_address=st.none(),
    no_fixed_abode=st.booleans(),
    parental_responsibility=st.lists(responsibilities, max_size=6).map(lambda rows: (*rows, *rows[:2])),
    parent_pids=st.lists(pids, max_size=4).map(tuple),
    shared_homes=st.lists(st.builds(SharedHome, address=addresses, valid_from=days, ended_on=days), max_size=3).map(
        tuple
    ),
    guardianships=st.lists(
        st.builds(Guardianship, guardian_pid=pids, personal=st.booleans(), valid_from=days, ended_on=days), max_size=3
    ).map(tuple),
)


class TestAnyAnswer(TestCase):
    """Each example in a transaction of its own."""

    @settings(max_examples=120)
    @given(answers=st.lists(st.none() | people, min_size=1, max_size=4))
    def test_what_was_told_last_is_what_is_held(self, answers: list[RegisteredPerson | None]) -> None:
        child = commands.register_person(pid=CHILD)
        for number, answer in enumerate(answers):
            asked_at = NOW + timedelta(hours=number)
            with clock.stopped_at(asked_at):
                _make_known(answer)
                assert family_commands.keep_snapshot(person=child, registered=answer, asked_at=asked_at)
                once = _held(child)
                assert family_commands.keep_snapshot(person=child, registered=answer, asked_at=asked_at)
            assert _held(child) == once
            assert once == _told(answer)
        child.refresh_from_db()
        assert child.register_seen_at == NOW + timedelta(hours=len(answers) - 1)

    @settings(max_examples=40)
    @given(first=people, second=people, minutes=st.integers(1, 9))
    def test_an_answer_that_comes_late_overwrites_nothing(
        self, first: RegisteredPerson, second: RegisteredPerson, minutes: int
    ) -> None:
        child = commands.register_person(pid=CHILD)
        with clock.stopped_at(NOW + timedelta(minutes=minutes)):
            _make_known(first)
            _make_known(second)
            assert family_commands.keep_snapshot(person=child, registered=first, asked_at=clock.now())
            held = _held(child)
            assert not family_commands.keep_snapshot(person=child, registered=second, asked_at=NOW)
        assert _held(child) == held


def _make_known(answer: RegisteredPerson | None) -> None:
    if answer is not None:
        rows = [row.responsible_pid for row in answer.parental_responsibility if row.responsible_pid]
        guardians = [row.guardian_pid for row in answer.guardianships]
        family_commands.register_known(pids=[*rows, *answer.parent_pids, *guardians])


def _held(child: Person) -> dict[str, Any]:
    responsibilities = child.responsibilities.values_list("kind", "holder_id", "valid_from", "ended_on")
    return {
        "responsibilities": sorted(responsibilities, key=str),
        "parents": sorted(child.parent_links.values_list("parent_id", flat=True)),
        "homes": sorted(child.shared_homes.values_list("home_index", "valid_from", "ended_on"), key=str),
        "guardians": sorted(
            child.guardianships.values_list("guardian_id", "personal", "valid_from", "ended_on"), key=str
        ),
        "home": Person.objects.get(pk=child.pk).home_index,
    }


def _told(answer: RegisteredPerson | None) -> dict[str, Any]:
    """The same, worked out from the answer another way."""
    if answer is None:
        return {"responsibilities": [], "parents": [], "homes": [], "guardians": [], "home": ""}
    number = {pid: person.pk for pid in [*OTHERS, CHILD] if (person := queries.find_by_pid(pid)) is not None}
    child = number[CHILD]
    responsibilities = [
        (row.kind.value, number.get(row.responsible_pid or ""), row.valid_from, row.ended_on)
        for row in answer.parental_responsibility
    ]
    norwegian = [row for row in answer.shared_homes if row.address.country_code.upper() == "NO"]
    guardians = [row for row in answer.guardianships if row.guardian_pid in number]
    return {
        "responsibilities": sorted(responsibilities, key=str),
        "parents": sorted({number[pid] for pid in answer.parent_pids if pid in number} - {child}),
        "homes": sorted([(homes.home_index(row.address), row.valid_from, row.ended_on) for row in norwegian], key=str),
        "guardians": sorted(
            [(number[row.guardian_pid], row.personal, row.valid_from, row.ended_on) for row in guardians], key=str
        ),
        "home": homes.home_index(answer.residence),
    }


# -- homes -------------------------------------------------------------------------------------------------------------

HOME = Address(("Storgata 1",), "9008", "Tromsø", "NO", "H0101")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (Address(("STORGATA  1",), "9008", "TROMSØ", "NO", "H0101"), True),
        (Address(("Storgata 1",), "9008", "Tromsø", "NO", "H0102"), False),
        (Address(("Storgata 1",), "9008", "Tromsø", "NO", None), False),
        (Address(("Storgata 11",), "9008", "Tromsø", "NO", "H0101"), False),
        (Address(("Storgata 1",), "9009", "Tromsø", "NO", "H0101"), False),
    ],
)
def test_when_two_residences_are_one_home(other: Address, same: bool) -> None:
    assert (homes.home_index(HOME) == homes.home_index(other)) is same


def test_no_home_is_nobodys_home() -> None:
    assert homes.home_index(None) == ""
    assert homes.home_index(Address(("Rue 1",), "75001", "PARIS", "FR")) == ""
    assert homes.home_index(HOME) != sealing.blind_index("Storgata 1")


# -- numbers -----------------------------------------------------------------------------------------------------------


def registered(pid: str, *former: str) -> RegisteredPerson:
    return RegisteredPerson(
        pid=pid,
        given_name="Daria",
        middle_name=None,
        family_name="Kovach",
        birth_date=date(1994, 10, 9),
        birth_year=1994,
        died_on=None,
        protection=Protection.NONE,
        residence=None,
        contact_address=None,
        no_fixed_abode=False,
        parental_responsibility=(),
        former_pids=former,
    )


@pytest.mark.django_db
class TestNumbers:
    def test_a_number_may_go_there_and_back_and_every_one_finds_the_person(self) -> None:
        first, second, third = (synthetic_pid(date(1994, 10, 9)) for _ in range(3))
        person = commands.register_person(pid=first)
        for pid in (second, third, first, second):
            assert register_numbers.follow_number(person=person, registered=registered(pid))
            assert queries.pid_of(person) == pid
            assert {queries.find_by_pid(each) for each in (first, second, third)} <= {person, None}
        assert all(commands.register_person(pid=each) == person for each in (first, second, third))
        assert Person.objects.count() == 1
        assert FormerNumber.objects.count() == 2

    def test_nobodys_number_is_taken_from_them(self) -> None:
        mine, theirs, former = (synthetic_pid(date(1994, 10, 9)) for _ in range(3))
        person, other = commands.register_person(pid=mine), commands.register_person(pid=former)
        register_numbers.follow_number(person=other, registered=registered(theirs))
        for wanted in (theirs, former):
            assert not register_numbers.follow_number(person=person, registered=registered(wanted))
        assert queries.find_by_pid(mine) == person
        assert queries.find_by_pid(theirs) == queries.find_by_pid(former) == other

    @pytest.mark.parametrize("pid", ["", "12345678901", "01010112345"])
    def test_a_number_that_is_none_changes_nothing(self, pid: str) -> None:
        mine = synthetic_pid(date(1994, 10, 9))
        person = commands.register_person(pid=mine)
        assert not register_numbers.follow_number(person=person, registered=registered(pid))
        assert queries.pid_of(person) == mine

    def test_recognised_by_a_former_number_only_where_nobody_has_the_present_one(self) -> None:
        old, new = (synthetic_pid(date(1994, 10, 9)) for _ in range(2))
        person = commands.register_person(pid=old)
        register_numbers.recognise(pid=new, registered=registered(new, "", "nonsense", old))
        assert commands.register_person(pid=new) == person
        register_numbers.recognise(pid=new, registered=registered(new, old))
        assert FormerNumber.objects.count() == 1

    def test_former_numbers_move_to_a_new_key_with_the_rest(self, settings: Any) -> None:
        old, new = (synthetic_pid(date(1994, 10, 9)) for _ in range(2))
        person = commands.register_person(pid=old)
        register_numbers.follow_number(person=person, registered=registered(new))
        settings.PORTAL_SEALING_KEYS = f"newer:{'A' * 43}=,{settings.PORTAL_SEALING_KEYS}"
        reseal = sealed_columns.columns()["people_formernumber.pid_sealed"]
        assert (reseal(), reseal()) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_a_number_that_changes_while_somebody_is_met_makes_no_second_person() -> None:
    for _round in range(10):
        old, new = (synthetic_pid(date(1994, 10, 9)) for _ in range(2))
        person = commands.register_person(pid=old)
        met: list[Person] = []
        deeds = [
            lambda person=person, new=new: register_numbers.follow_number(person=person, registered=registered(new)),
            *[lambda old=old, met=met: met.append(commands.register_person(pid=old)) for _ in range(3)],
        ]
        threads = [Thread(target=_alone, args=[deed]) for deed in deeds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert met == [person] * 3
        assert queries.find_by_pid(new) == person
        assert queries.find_by_pid(old) == person


@pytest.mark.django_db(transaction=True)
def test_two_snapshots_of_one_family_at_once_leave_one_of_them_whole() -> None:
    child = commands.register_person(pid=CHILD)
    families = [_family(OTHERS[:2]), _family(OTHERS[2:])]
    family_commands.register_known(pids=OTHERS)
    deeds = [
        lambda answer=answer: family_commands.keep_snapshot(person=child, registered=answer, asked_at=NOW)
        for answer in families * 3
    ]
    threads = [Thread(target=_alone, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = set(child.responsibilities.values_list("holder_id", flat=True))
    known = family_queries.by_numbers(OTHERS)
    assert held in [{known[pid].pk for pid in OTHERS[:2]}, {known[pid].pk for pid in OTHERS[2:]}]
    assert child.responsibilities.count() == 2


def _family(parents: list[str]) -> RegisteredPerson:
    rows = tuple(ParentalResponsibility(ResponsibilityKind.JOINT, pid, None, None) for pid in parents)
    return RegisteredPerson(
        pid=CHILD,
        given_name="Barn",
        middle_name=None,
        family_name="Barnesen",
        birth_date=date(2016, 3, 3),
        birth_year=2016,
        died_on=None,
        protection=Protection.NONE,
        residence=HOME,
        contact_address=None,
        no_fixed_abode=False,
        parental_responsibility=rows,
        parent_pids=tuple(parents),
    )


def _alone(deed: Any) -> None:
    deed()
    connection.close()
