"""The feed of events: read from where we are, dealt with once, and never lost by a killed process."""

from datetime import date
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection

from portal.counterparts.errors import CounterpartDown
from portal.counterparts.population_register.http import connect
from portal.kernel import clock
from portal.people import commands, family_commands, queries, register_feed, register_snapshots
from portal.people.models import ParentalResponsibility, Person, RegisterFeed
from tests.counterparts.running import World
from tests.letters.making import synthetic_pid
from tests.people.test_register_snapshots import change, named, person, taken

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The process is killed here."""


def sequence() -> int:
    return RegisterFeed.objects.get().sequence


def test_a_change_reaches_us_by_the_next_reading(register: World) -> None:
    nora = taken(register, "nora-aspelund")
    mother, father = named(register, "kristin-aspelund"), named(register, "havard-aspelund")
    rows = [{"kind": "mor", "responsible_pid": queries.pid_of(mother)}]
    change(register, "nora-aspelund", parental_responsibility=rows)
    assert register_feed.read_feed() == 3
    assert not ParentalResponsibility.objects.filter(child=nora, holder=father).exists()
    assert register_feed.read_feed() == 0


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"died_on": "2026-11-01"}, {"died_on": date(2026, 11, 1)}),
        ({"protection": "kode6"}, {"protected": True, "home_index": ""}),
        ({"residence": None}, {"home_index": ""}),
        (
            {"residence": {"lines": ["Rue 1"], "postal_code": "75001", "town": "PARIS", "country_code": "FR"}},
            {"home_index": ""},
        ),
        ({"birth_date": "2013-02-03"}, {"birth_date": date(2013, 2, 3), "birth_year": 2013}),
    ],
)
def test_every_fact_that_rules_rest_on(register: World, fields: dict[str, Any], expected: dict[str, Any]) -> None:
    nora = taken(register, "nora-aspelund")
    change(register, "nora-aspelund", **fields)
    register_feed.read_feed()
    nora.refresh_from_db()
    assert {name: getattr(nora, name) for name in expected} == expected


def test_strangers_in_the_feed_stay_strangers(register: World) -> None:
    change(register, "kari-nordli", protection="kode7")
    assert register_feed.read_feed() == 0
    assert not Person.objects.exists()
    assert sequence() > 0


def test_a_newborn_comes_in_through_a_parent_who_uses_the_portal(register: World) -> None:
    mother = taken(register, "kristin-aspelund")
    register_feed.read_feed()
    newborn = synthetic_pid(clock.today())
    birth = {"name": "Ny Aspelund", "birth_date": clock.today().isoformat()}
    rows = [{"kind": "felles", "responsible_pid": queries.pid_of(mother)}]
    change(register, newborn, **birth, parental_responsibility=rows)
    register_feed.read_feed()
    assert queries.find_by_pid(newborn) is None, "the mother has never signed in"
    commands.record_sign_in(person=mother, at=clock.now())
    change(register, newborn, parents=[queries.pid_of(mother)])
    register_feed.read_feed()
    child = queries.find_by_pid(newborn)
    assert child is not None
    assert child.responsibilities.get().holder_id == mother.pk


def test_an_event_under_the_new_number_finds_the_person_by_the_old(register: World) -> None:
    daria = taken(register, "daria-kovach")
    old, new = queries.pid_of(daria), synthetic_pid(date(1994, 10, 9))
    change(register, old, new_pid=new)
    assert register_feed.read_feed() == 1
    daria.refresh_from_db()
    assert queries.pid_of(daria) == new
    assert Person.objects.count() == 1
    assert queries.find_by_pid(old) == daria


@pytest.fixture
def renumbered_father(register: World) -> tuple[Person, Person]:
    """A child we know with a father who has just got a new number; the child's row in the register has it already."""
    nora = taken(register, "nora-aspelund")
    father, mother = named(register, "havard-aspelund"), named(register, "kristin-aspelund")
    new = synthetic_pid(date(1984, 4, 4))
    change(register, queries.pid_of(father), new_pid=new)
    rows = [{"kind": "felles", "responsible_pid": pid} for pid in (queries.pid_of(mother), new)]
    change(register, "nora-aspelund", parental_responsibility=rows)
    return nora, father


def one_father(nora: Person, father: Person) -> None:
    father.refresh_from_db()
    holders = {row.holder_id for row in nora.responsibilities.all()}
    assert father.pk in holders
    assert len(holders) == 2
    assert queries.find_by_pid(queries.pid_of(father)) == father
    assert Person.objects.count() == 3


def test_a_new_number_and_the_childs_row_in_one_page_are_the_same_father(
    renumbered_father: tuple[Person, Person],
) -> None:
    old = queries.pid_of(renumbered_father[1])
    register_feed.read_feed()
    one_father(*renumbered_father)
    assert queries.find_by_pid(old) == renumbered_father[1]
    assert queries.pid_of(renumbered_father[1]) != old


def test_a_childs_row_with_a_fathers_new_number_before_the_event_is_the_same_father(
    renumbered_father: tuple[Person, Person],
) -> None:
    Person.objects.update(register_seen_at=None)
    register_snapshots.take_snapshot(renumbered_father[0])
    one_father(*renumbered_father)


def test_a_mother_who_signs_in_brings_the_child_she_had_and_not_another_under_its_new_number(register: World) -> None:
    nora, mother = taken(register, "nora-aspelund"), named(register, "kristin-aspelund")
    new = synthetic_pid(date(2018, 4, 4))
    change(register, queries.pid_of(nora), new_pid=new)
    registered = connect().look_up(queries.pid_of(mother))
    assert registered is not None
    assert new in registered.child_pids
    register_snapshots.welcome(mother, registered, asked_at=clock.now())
    assert queries.find_by_pid(new) == nora
    assert Person.objects.count() == 3


def test_two_rows_that_turn_out_to_be_one_person_are_left_for_a_human(register: World) -> None:
    daria = taken(register, "daria-kovach")
    old, new = queries.pid_of(daria), synthetic_pid(date(1994, 10, 9))
    other = commands.register_person(pid=new)
    change(register, old, new_pid=new)
    register_feed.read_feed()
    assert queries.find_by_pid(old) == daria
    assert queries.find_by_pid(new) == other


def test_a_register_that_is_down_is_read_later_from_the_same_place(register: World) -> None:
    nora = taken(register, "nora-aspelund")
    change(register, "nora-aspelund", protection="kode7")
    register.behave("population-register", "down")
    with pytest.raises(CounterpartDown):
        register_feed.read_feed()
    register.behave("population-register", "ok")
    register_feed.read_feed()
    nora.refresh_from_db()
    assert nora.protected


@pytest.mark.parametrize("times", range(1, 5))
def test_lookups_that_fail_in_the_middle_lose_no_event(register: World, times: int) -> None:
    nora = taken(register, "nora-aspelund")
    change(register, "nora-aspelund", protection="kode7", died_on="2026-11-02")
    register.behave("population-register", "accept_then_drop_reply", times=times)
    for _ in range(times + 1):
        try:
            register_feed.read_feed()
        except CounterpartDown:
            register.behave_all()
    nora.refresh_from_db()
    assert nora.protected
    assert nora.died_on is not None


@pytest.mark.parametrize("step", ["keep_snapshot", "read_feed_to", "distrust_snapshots"])
def test_killed_anywhere_means_read_again(register: World, step: str) -> None:
    nora = taken(register, "nora-aspelund")
    register_feed.read_feed()
    before = sequence()
    change(register, "nora-aspelund", protection="kode7")
    real = getattr(family_commands, step)

    def then_die(**arguments: Any) -> None:
        real(**arguments)
        raise Killed

    with patch.object(family_commands, step, then_die), pytest.raises(Killed):
        register_feed.read_feed()
    nora.refresh_from_db()
    assert (sequence(), nora.protected) == (before, False)
    register_feed.read_feed()
    nora.refresh_from_db()
    assert nora.protected


def test_a_feed_that_begins_anew_is_read_from_its_beginning(register: World) -> None:
    RegisterFeed.objects.create(sequence=10**12)
    nora = taken(register, "nora-aspelund")
    change(register, "nora-aspelund", protection="kode7")
    register_feed.read_feed()
    nora.refresh_from_db()
    assert nora.protected
    assert sequence() < 10**12


def test_someone_else_reading_at_the_same_time_is_let_finish(register: World) -> None:
    person(register, "nora-aspelund")
    change(register, "nora-aspelund", protection="kode7")
    assert not family_commands.read_feed_to(expected=5, sequence=9)
    assert sequence() == 0


def test_an_event_whose_person_cannot_be_read_closes_rather_than_trusts(register: World) -> None:
    nora = taken(register, "nora-aspelund")
    change(register, "nora-aspelund", protection="kode7")
    answers = register_snapshots.Answers((), (nora,), clock.now())
    with patch.object(register_snapshots, "ask", lambda *_args: answers):
        register_feed.read_feed()
    nora.refresh_from_db()
    assert nora.register_seen_at is None


def test_the_feed_costs_no_more_for_strangers(register: World) -> None:
    for slug in ("kari-nordli", "geir-langmo", "even-haugnes"):
        change(register, slug, protection="kode7")
    seen: list[str] = []
    with connection.execute_wrapper(_count(seen)):
        register_feed.read_feed()
    assert len(seen) < 40


def _count(seen: list[str]) -> Any:
    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        return execute(sql, params, many, context)

    return wrapper
