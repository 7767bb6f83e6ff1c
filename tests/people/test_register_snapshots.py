"""Snapshots of people and families, taken from the register's stand-in over HTTP."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from portal.counterparts.errors import CounterpartDown, Refused
from portal.counterparts.population_register.http import connect
from portal.kernel import clock
from portal.people import commands, family_queries, queries, register_refresh, register_snapshots
from portal.people.models import (
    FormerNumber,
    Guardianship,
    ParentalResponsibility,
    ParentLink,
    Person,
    SharedHome,
)
from tests.counterparts.running import World
from tests.letters.making import synthetic_pid
from tests.youth_access import families
from youth_access.eyes import eyes_for
from youth_access.facts import Service

pytestmark = pytest.mark.django_db


def person(register: World, slug: str) -> Person:
    return commands.register_person(pid=register.person(slug)["pid"])


def taken(register: World, slug: str) -> Person:
    found = person(register, slug)
    register_snapshots.take_snapshot(found)
    return found


def change(register: World, slug_or_pid: str, **fields: Any) -> None:
    pid = slug_or_pid if slug_or_pid.isdigit() else register.person(slug_or_pid)["pid"]
    status, answer = register.ask("PATCH", f"/population-register/persons/{pid}", fields)
    assert status < 300, answer


def named(register: World, slug: str) -> Person:
    found = queries.find_by_pid(register.person(slug)["pid"])
    assert found is not None
    return found


def test_a_child_with_both_parents_at_home(register: World) -> None:
    nora = taken(register, "nora-aspelund")
    mother, father = named(register, "kristin-aspelund"), named(register, "havard-aspelund")
    rows = ParentalResponsibility.objects.filter(child=nora)
    assert {(row.holder_id, row.kind, row.held_by) for row in rows} == {
        (mother.pk, "felles", "person"),
        (father.pk, "felles", "person"),
    }
    assert set(ParentLink.objects.filter(child=nora).values_list("parent_id", flat=True)) == {mother.pk, father.pk}
    assert nora.home_index
    assert nora.home_index == mother.home_index == father.home_index
    assert nora.register_seen_at is not None
    assert mother.register_seen_at is not None


def test_a_shared_home_is_where_the_other_parent_lives(register: World) -> None:
    oskar = taken(register, "oskar-breivoll")
    mother, father = named(register, "camilla-breivoll"), named(register, "anders-breivoll")
    assert oskar.home_index == father.home_index != mother.home_index
    assert SharedHome.objects.get(child=oskar).home_index == mother.home_index


def test_a_home_says_nothing_about_where_it_is(register: World) -> None:
    nora = taken(register, "nora-aspelund")
    assert "aspelund" not in nora.home_index.casefold()
    assert len(nora.home_index) == 64


def test_who_holds_responsibility_when_it_is_nobody_with_a_number(register: World) -> None:
    expected = {
        "ylva-lundmo": ("andre", "person", True),
        "milo-odega": ("ukjent", "nobody", False),
        "sanna-vikmo": ("andre", "organisation", False),
        "jonah-eidet": ("far", "without_number", False),
    }
    for slug, (kind, held_by, held) in expected.items():
        row = ParentalResponsibility.objects.get(child=taken(register, slug))
        assert (row.kind, row.held_by, row.holder_id is not None) == (kind, held_by, held)


def test_guardians_with_and_without_a_personal_mandate(register: World) -> None:
    arne, solfrid = taken(register, "arne-hellmo"), taken(register, "solfrid-tverra")
    guardian = named(register, "berit-nyheim")
    assert Guardianship.objects.get(person=arne).personal is True
    assert Guardianship.objects.get(person=solfrid).personal is False
    assert Guardianship.objects.filter(guardian=guardian).count() == 2


def test_only_the_year_of_birth_death_and_protection(register: World) -> None:
    rahel, mathea = taken(register, "rahel-tesfalem"), taken(register, "mathea-sletten")
    assert (rahel.birth_date, rahel.birth_year) == (None, clock.today().year - 12)
    assert mathea.died_on is not None
    elias, freja = taken(register, "elias-myrbakk"), taken(register, "freja-sundby")
    mother = named(register, "linn-myrbakk")
    assert elias.protected
    assert freja.protected
    assert mother.protected
    assert mother.home_index == ""


def test_doubled_and_ended_rows_are_kept_as_they_stand(register: World) -> None:
    sara = taken(register, "sara-fjara")
    assert ParentalResponsibility.objects.filter(child=sara).count() == 5
    assert ParentalResponsibility.objects.filter(child=sara, ended_on=None).count() == 2


def test_grown_up_parents_are_not_tied_to_their_own_parents(register: World) -> None:
    change(register, "kristin-aspelund", parents=[register.person("ingeborg-nesje")["pid"]])
    mother = taken(register, "kristin-aspelund")
    assert not ParentLink.objects.filter(child=mother).exists()
    assert queries.find_by_pid(register.person("ingeborg-nesje")["pid"]) is None


def test_responsibility_that_moves_is_gone_from_the_next_snapshot(register: World) -> None:
    nora = taken(register, "nora-aspelund")
    mother = named(register, "kristin-aspelund")
    change(
        register, "nora-aspelund", parental_responsibility=[{"kind": "mor", "responsible_pid": queries.pid_of(mother)}]
    )
    register_snapshots.take_snapshot(nora)
    assert [row.holder_id for row in ParentalResponsibility.objects.filter(child=nora)] == [mother.pk]


@pytest.mark.parametrize(
    ("mode", "error"), [("down", CounterpartDown), ("garbage", CounterpartDown), ("reject", Refused)]
)
def test_a_register_that_misbehaves_changes_nothing(register: World, mode: str, error: type[Exception]) -> None:
    nora = taken(register, "nora-aspelund")
    seen = nora.register_seen_at
    register.behave("population-register", mode)
    with pytest.raises(error):
        register_snapshots.take_snapshot(nora)
    nora.refresh_from_db()
    assert nora.register_seen_at == seen
    assert ParentalResponsibility.objects.filter(child=nora).count() == 2


def test_a_number_the_register_forgot_ties_nobody(register: World) -> None:
    nora = taken(register, "nora-aspelund")
    stranger = commands.register_person(pid=synthetic_pid())
    ParentalResponsibility.objects.filter(child=nora).update(child=stranger)
    register_snapshots.take_snapshot(stranger)
    assert not ParentalResponsibility.objects.filter(child=stranger).exists()
    assert stranger.register_seen_at is not None


def test_freshness_is_asked_for_on_demand(register: World) -> None:
    nora = taken(register, "nora-aspelund")
    register.behave("population-register", "down")
    assert register_snapshots.ensure_fresh(nora)
    with clock.stopped_at(clock.now() + timedelta(hours=2)):
        assert not register_snapshots.ensure_fresh(nora)
        register.behave("population-register", "ok")
        assert register_snapshots.ensure_fresh(nora)
        assert nora.register_seen_at == clock.now()


def test_someone_who_signs_in_brings_children_and_wards(register: World) -> None:
    for slug in ("camilla-breivoll", "berit-nyheim"):
        registered = connect().look_up(register.person(slug)["pid"])
        assert registered is not None
        register_snapshots.welcome(person(register, slug), registered, asked_at=clock.now())
    oskar, father = named(register, "oskar-breivoll"), named(register, "anders-breivoll")
    assert ParentalResponsibility.objects.filter(child=oskar).count() == 2
    assert father.register_seen_at is not None
    assert named(register, "arne-hellmo").guardianships.get().personal


def test_a_guardian_of_a_child_who_came_alone_is_kept_as_one_and_shut_out(register: World) -> None:
    nora, guardian = (register.person(slug)["pid"] for slug in ("nora-aspelund", "berit-nyheim"))
    for kind, lone in (("mindreaarig", False), ("ensligMindreaarigAsylsoeker", True)):
        change(register, nora, guardianships=[{"guardian_pid": guardian, "kind": kind}])
        child = taken(register, "nora-aspelund")
        assert child.guardianships.get().for_lone_child == lone
        who = named(register, "berit-nyheim")
        decision = eyes_for(families.viewer(who), child.pk, clock.now()).decide(Service.LETTER)
        assert (decision.see, decision.rule == "V33b") == (not lone, lone)


def test_grown_up_children_are_not_taken_in(register: World) -> None:
    change(register, "even-haugnes", birth_date="2000-02-14", parents=[register.person("kristin-aspelund")["pid"]])
    registered = connect().look_up(register.person("kristin-aspelund")["pid"])
    assert registered is not None
    register_snapshots.welcome(person(register, "kristin-aspelund"), registered, asked_at=clock.now())
    assert queries.find_by_pid(register.person("even-haugnes")["pid"]) is None
    assert queries.find_by_pid(register.person("nora-aspelund")["pid"]) is not None


def test_signing_in_works_without_the_register(register: World) -> None:
    registered = connect().look_up(register.person("camilla-breivoll")["pid"])
    assert registered is not None
    register.behave("population-register", "down")
    mother = person(register, "camilla-breivoll")
    register_snapshots.welcome(mother, registered, asked_at=clock.now())
    assert queries.find_by_pid(register.person("oskar-breivoll")["pid"]) is None


def test_families_are_renewed_before_they_are_a_day_old(register: World) -> None:
    start = clock.now()
    with clock.stopped_at(start):
        taken(register, "nora-aspelund")
        taken(register, "arne-hellmo")
        assert register_refresh.refresh_snapshots() == 0
    with clock.stopped_at(start + timedelta(hours=19, minutes=59)):
        assert register_refresh.refresh_snapshots() == 0
    with clock.stopped_at(start + timedelta(hours=20)):
        assert register_refresh.refresh_snapshots() == 5
        assert all(family_queries.is_fresh(one, clock.now()) for one in Person.objects.all())
        assert register_refresh.refresh_snapshots() == 0


def test_a_moved_back_clock_renews_what_lies_in_the_future(register: World) -> None:
    start = clock.now()
    with clock.stopped_at(start + timedelta(days=3650)):
        nora = taken(register, "nora-aspelund")
    with clock.stopped_at(start):
        assert not family_queries.is_fresh(nora, start)
        assert register_refresh.refresh_snapshots() == 3
        nora.refresh_from_db()
        assert nora.register_seen_at == start


def test_people_without_ties_are_left_alone(register: World) -> None:
    lonely = taken(register, "geir-langmo")
    with clock.stopped_at(clock.now() + timedelta(days=3)):
        assert register_refresh.refresh_snapshots() == 0
        family_queries.also_keep_fresh("test", lambda: Person.objects.filter(pk=lonely.pk).values_list("pk", flat=True))
        try:
            assert register_refresh.refresh_snapshots() == 1
        finally:
            family_queries.also_keep_fresh("test", lambda: Person.objects.none().values_list("pk", flat=True))


def test_both_sides_of_a_fullmakt_are_kept_fresh_while_it_is_in_force(register: World) -> None:
    giver, receiver = taken(register, "geir-langmo"), taken(register, "berit-nyheim")
    given = families.fullmakt(giver, receiver, until=clock.now() + timedelta(days=10))
    with clock.stopped_at(clock.now() + timedelta(days=3)):
        assert register_refresh.refresh_snapshots() >= 2
        giver.refresh_from_db()
        receiver.refresh_from_db()
        assert giver.register_seen_at == receiver.register_seen_at == clock.now()
        families.revoke(given)
    with clock.stopped_at(clock.now() + timedelta(days=6)):
        register_refresh.refresh_snapshots()
        giver.refresh_from_db()
        assert not family_queries.is_fresh(giver, clock.now())


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2027, 3, 28, 0, 59, 59, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC),
    ],
)
def test_a_day_is_twenty_four_hours_on_every_night_of_the_year(register: World, instant: datetime) -> None:
    with clock.stopped_at(instant):
        nora = taken(register, "nora-aspelund")
    assert family_queries.is_fresh(nora, instant + timedelta(hours=23, minutes=59, seconds=59))
    assert not family_queries.is_fresh(nora, instant + timedelta(hours=24))


def test_a_new_number_is_the_same_person_with_all_that_is_held(register: World) -> None:
    daria = taken(register, "daria-kovach")
    old = queries.pid_of(daria)
    new = synthetic_pid(date(1994, 10, 9))
    change(register, old, new_pid=new)
    register_snapshots.take_snapshot(daria)
    assert queries.pid_of(daria) == new
    assert queries.find_by_pid(old) == queries.find_by_pid(new) == daria
    assert commands.register_person(pid=old) == daria
    assert Person.objects.filter(pk=daria.pk).exists()
    row = FormerNumber.objects.get()
    assert (row.person_id, old.encode() in bytes(row.pid_sealed)) == (daria.pk, False)
