"""The contract of both registers, and how a trial changes them."""

from datetime import date, timedelta

import pytest

from portal.counterparts.contact_register.http import HttpContactRegister
from portal.counterparts.errors import CounterpartDown, Refused
from portal.counterparts.population_register import Protection, ResponsibilityKind
from portal.counterparts.population_register.http import HttpPopulationRegister
from portal.counterparts.standins.numbers import number_for
from portal.kernel import clock
from tests.counterparts.running import World

FAILURES = pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("down", CounterpartDown),
        ("error", CounterpartDown),
        ("slow", CounterpartDown),
        ("hang", CounterpartDown),
        ("garbage", CounterpartDown),
        ("accept_then_drop_reply", CounterpartDown),
        ("reject", Refused),
    ],
)


@pytest.fixture
def contacts(world: World) -> HttpContactRegister:
    return HttpContactRegister(world.client("contact-register"))


@pytest.fixture
def population(world: World) -> HttpPopulationRegister:
    return HttpPopulationRegister(world.client("population-register"))


def _pid(world: World, slug: str) -> str:
    pid: str = world.person(slug)["pid"]
    return pid


def test_a_plain_reader_can_be_notified_both_ways(world: World, contacts: HttpContactRegister) -> None:
    found = contacts.look_up(_pid(world, "kari-nordli"))
    assert (found.registered, found.reserved, found.can_be_notified) == (True, False, True)
    assert found.email is not None
    assert found.mobile is not None
    assert found.email.verified is not None
    assert clock.real_now() - found.email.verified < timedelta(days=100)


@pytest.mark.parametrize(
    ("slug", "registered", "reserved", "can_be_notified"),
    [
        ("arvid-storhaug", True, True, False),
        ("leif-tangen", True, False, False),
        ("berit-holmvik", True, False, True),
        ("roar-stensland", True, False, False),
        ("terje-moan", False, False, False),
    ],
)
def test_each_reason_for_paper(
    world: World, contacts: HttpContactRegister, slug: str, registered: bool, reserved: bool, can_be_notified: bool
) -> None:
    found = contacts.look_up(_pid(world, slug))
    assert (found.registered, found.reserved, found.can_be_notified) == (registered, reserved, can_be_notified)


def test_one_contact_point_may_be_stale_alone(world: World, contacts: HttpContactRegister) -> None:
    found = contacts.look_up(_pid(world, "berit-holmvik"))
    assert found.email is not None
    assert found.mobile is not None
    assert found.email.verified is not None
    assert found.mobile.verified is not None
    assert found.mobile.verified - found.email.verified > timedelta(days=500)


def test_a_number_nobody_has_is_not_registered(contacts: HttpContactRegister) -> None:
    assert not contacts.look_up(number_for("nobody", date(1977, 7, 7))).registered


def test_a_person_with_home_and_family(world: World, population: HttpPopulationRegister) -> None:
    child = population.look_up(_pid(world, "jonas-myrvang"))
    mother = population.look_up(_pid(world, "ingrid-myrvang"))
    assert child is not None
    assert mother is not None
    assert child.residence == mother.residence
    assert mother.pid in {row.responsible_pid for row in child.parental_responsibility}
    assert {row.kind for row in child.parental_responsibility} == {ResponsibilityKind.JOINT}


def test_every_kind_of_address(world: World, population: HttpPopulationRegister) -> None:
    found = {slug: population.look_up(_pid(world, slug)) for slug in _ADDRESSES}
    people = {slug: person for slug, person in found.items() if person is not None}
    assert len(people) == len(_ADDRESSES)
    lines = {slug: person.residence.lines for slug, person in people.items() if person.residence is not None}
    assert len(lines["per-fjellgard"]) == 4
    assert len(people["anne-lovise-lang"].display_name) == 60
    assert lines["unni-rodli"][0].startswith("c/o")
    assert people["juhani-lampela"].residence is not None
    assert people["juhani-lampela"].residence.country_code == "FI"
    assert people["stig-uthaug"].no_fixed_abode
    assert people["tuva-skjermli"].protection is Protection.STRICTLY_CONFIDENTIAL
    assert people["tuva-skjermli"].residence is None
    assert people["tuva-skjermli"].contact_address is not None
    assert people["marius-stillnes"].protection is Protection.CONFIDENTIAL
    assert people["olav-grindvoll"].died_on is not None


_ADDRESSES = (
    "per-fjellgard",
    "anne-lovise-lang",
    "unni-rodli",
    "juhani-lampela",
    "stig-uthaug",
    "tuva-skjermli",
    "marius-stillnes",
    "olav-grindvoll",
)


def test_a_number_nobody_has_is_unknown(population: HttpPopulationRegister) -> None:
    assert population.look_up(number_for("nobody", date(1977, 7, 7))) is None


@FAILURES
def test_a_failing_contact_register_is_never_an_answer(world: World, mode: str, error: type[Exception]) -> None:
    world.behave("contact-register", mode, times=1, seconds=0.6)
    with pytest.raises(error):
        HttpContactRegister(world.client("contact-register", seconds=0.4)).look_up(_pid(world, "kari-nordli"))


@FAILURES
def test_a_failing_population_register_is_never_an_answer(world: World, mode: str, error: type[Exception]) -> None:
    world.behave("population-register", mode, times=1, seconds=0.6)
    with pytest.raises(error):
        HttpPopulationRegister(world.client("population-register", seconds=0.4)).look_up(_pid(world, "kari-nordli"))


def test_no_failure_tells_whom_it_was_about(world: World) -> None:
    pid = _pid(world, "kari-nordli")
    for mode in ("down", "error", "garbage", "reject"):
        world.behave("population-register", mode, times=1)
        with pytest.raises((CounterpartDown, Refused)) as failure:
            HttpPopulationRegister(world.client("population-register")).look_up(pid)
        assert pid not in repr(failure.value)
        assert failure.value.__suppress_context__ or failure.value.__context__ is None


def test_a_change_holds_from_the_next_lookup(
    world: World, contacts: HttpContactRegister, population: HttpPopulationRegister
) -> None:
    pid = _pid(world, "geir-langmo")
    assert world.ask("PATCH", f"/contact-register/persons/{pid}", {"reserved": True})[0] == 200
    assert contacts.look_up(pid).reserved
    assert world.ask("PATCH", f"/contact-register/persons/{pid}", {"reservasjon": "NEI"})[0] == 200
    assert not contacts.look_up(pid).reserved
    moved = {"protection": "kode6", "contact_address": {"lines": ["SOT6"], "postal_code": "0125", "town": "Oslo"}}
    assert world.ask("PATCH", f"/population-register/persons/{pid}", moved)[0] == 200
    found = population.look_up(pid)
    assert found is not None
    assert found.protection is Protection.STRICTLY_CONFIDENTIAL
    assert found.residence is None
    assert world.ask("PATCH", f"/population-register/persons/{pid}", {"protection": "none"})[0] == 200


def test_a_trial_adds_a_family_of_its_own(world: World, population: HttpPopulationRegister) -> None:
    parent, child = number_for("own-parent", date(1990, 1, 1)), number_for("own-child", date(2020, 1, 1))
    house = {"lines": ["Egenveien 1"], "postal_code": "9008", "town": "Tromsø"}
    grown = {"name": "Egen Forelder", "birth_date": "1990-01-01", "residence": house}
    small = {
        "name": "Egen Unge",
        "birth_date": "2020-01-01",
        "residence": house,
        "parental_responsibility": [{"kind": "mor", "responsible_pid": parent}],
    }
    assert world.ask("PATCH", f"/population-register/persons/{parent}", grown)[0] == 201
    assert world.ask("PATCH", f"/population-register/persons/{child}", small)[0] == 201
    found = population.look_up(child)
    assert found is not None
    assert (found.display_name, found.birth_date) == ("Egen Unge", date(2020, 1, 1))
    assert [row.responsible_pid for row in found.parental_responsibility] == [parent]
    assert any(row["pid"] == parent for row in world.ask("GET", "/people.json")[1])


@pytest.mark.parametrize(
    ("register", "body", "words"),
    [
        ("population-register", {"colour": "blue"}, "unknown field: colour"),
        ("population-register", {"protection": "kode 9"}, "protection must be one of"),
        ("population-register", {"died_on": "yesterday"}, "does not fit"),
        ("population-register", {"parental_responsibility": [{"kind": "aunt"}]}, "kind must be one of"),
        ("contact-register", {"reserved": "perhaps"}, "does not fit"),
        ("contact-register", {"phone": "1"}, "unknown field: phone"),
    ],
)
def test_nonsense_is_refused_in_words(world: World, register: str, body: dict[str, object], words: str) -> None:
    status, answer = world.ask("PATCH", f"/{register}/persons/{_pid(world, 'kari-nordli')}", body)
    assert status == 400
    assert words in answer["detail"]


def test_no_real_number_can_be_added(world: World) -> None:
    status, answer = world.ask("PATCH", "/population-register/persons/01010112345", {"name": "Ekte Person"})
    assert (status, answer["code"]) == (400, "not_synthetic")
