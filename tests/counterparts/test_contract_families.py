"""The population register's contract for families, guardians, former numbers and events."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.counterparts.errors import CounterpartDown, Refused
from portal.counterparts.population_register import Holder, RegisteredPerson, ResponsibilityKind, answers
from portal.counterparts.population_register.http import HttpPopulationRegister
from portal.counterparts.standins.numbers import number_for
from portal.kernel import clock
from tests.counterparts.running import World

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def population(world: World) -> HttpPopulationRegister:
    return HttpPopulationRegister(world.client("population-register"))


def found(world: World, population: HttpPopulationRegister, slug: str) -> RegisteredPerson:
    person = population.look_up(world.person(slug)["pid"])
    assert person is not None
    return person


def change(world: World, slug_or_pid: str, **fields: Any) -> None:
    pid = slug_or_pid if slug_or_pid.isdigit() else world.person(slug_or_pid)["pid"]
    status, answer = world.ask("PATCH", f"/population-register/persons/{pid}", fields)
    assert status < 300, answer


# -- the stand-in and the adapter agree --------------------------------------------------------------------------------


def test_parents_children_and_a_shared_home(world: World, population: HttpPopulationRegister) -> None:
    oskar = found(world, population, "oskar-breivoll")
    mother, father = (found(world, population, slug) for slug in ("camilla-breivoll", "anders-breivoll"))
    assert set(oskar.parent_pids) == {mother.pid, father.pid}
    assert mother.child_pids == father.child_pids == (oskar.pid,)
    assert oskar.residence == father.residence
    assert [home.address for home in oskar.shared_homes] == [mother.residence]


def test_a_former_holder_is_still_told_of_the_child(world: World, population: HttpPopulationRegister) -> None:
    assert found(world, population, "kent-rognli").child_pids == (world.person("tuva-rognli")["pid"],)


def test_organisations_and_people_without_a_number(world: World, population: HttpPopulationRegister) -> None:
    expected = {
        "sanna-vikmo": (ResponsibilityKind.OTHERS, Holder.ORGANISATION),
        "jonah-eidet": (ResponsibilityKind.FATHER, Holder.WITHOUT_NUMBER),
        "milo-odega": (ResponsibilityKind.UNKNOWN, Holder.NOBODY),
    }
    for slug, (kind, holder) in expected.items():
        (row,) = found(world, population, slug).parental_responsibility
        assert (row.kind, row.holder, row.responsible_pid) == (kind, holder, None)


def test_guardians_and_what_they_may_decide(world: World, population: HttpPopulationRegister) -> None:
    guardian = found(world, population, "berit-nyheim")
    wards = [found(world, population, slug) for slug in ("arne-hellmo", "solfrid-tverra")]
    assert set(guardian.ward_pids) == {ward.pid for ward in wards}
    assert [ward.guardianships[0].personal for ward in wards] == [True, False]


def test_a_trial_changes_ties_in_the_registers_own_words(world: World, population: HttpPopulationRegister) -> None:
    parent = world.person("kari-nordli")["pid"]
    home = {"adresselinjer": ["Delveien 2"], "postnummer": "9008", "poststed": "Tromsø"}
    change(
        world,
        "live-myrvang",
        foreldre=[parent],
        deltBosted=[{"adresse": home, "startdatoForKontrakt": "2026-01-01", "sluttdatoForKontrakt": "2027-01-01"}],
        vergemaal=[{"verge": {"motpartsPersonident": parent, "omfang": "oekonomiskeInteresser"}}],
        foreldreansvar=[
            {"ansvar": "far", "ansvarligUtenIdentifikator": {"navn": "Far Uten"}},
            {
                "ansvar": "andre",
                "ansvarligOrganisasjon": "312040107",
                "gyldighetstidspunkt": "2026-01-01T12:00:00+01:00",
            },
        ],
    )
    live = found(world, population, "live-myrvang")
    assert live.parent_pids == (parent,)
    assert (live.shared_homes[0].valid_from, live.shared_homes[0].ended_on) == (date(2026, 1, 1), date(2027, 1, 1))
    assert [(row.guardian_pid, row.personal) for row in live.guardianships] == [(parent, False)]
    assert [row.holder for row in live.parental_responsibility] == [Holder.WITHOUT_NUMBER, Holder.ORGANISATION]
    assert world.ask("GET", "/population-register/persons.json")[0] == 200


def test_several_at_once_and_none_of_them_twice(world: World, population: HttpPopulationRegister) -> None:
    pids = [world.person(slug)["pid"] for slug in ("kari-nordli", "geir-langmo", "kari-nordli")]
    nobody = number_for("nobody", date(1977, 7, 7))
    told = population.look_up_many([*pids, nobody])
    assert told.keys() == {*pids, nobody}
    assert told[nobody] is None
    assert population.look_up_many([]) == {}


def test_a_former_number_finds_the_person_under_the_present_one(
    world: World, population: HttpPopulationRegister
) -> None:
    old, new = world.person("terje-moan")["pid"], number_for("terje-new", date(1979, 5, 29))
    change(world, old, new_pid=new)
    by_old, by_new = population.look_up(old), population.look_up(new)
    assert by_old is not None
    assert by_old == by_new
    assert (by_old.pid, by_old.former_pids) == (new, (old,))
    assert old not in repr(by_old)
    status, answer = world.ask("PATCH", f"/population-register/persons/{new}", {"new_pid": old})
    assert (status, answer["detail"]) == (400, "new_pid belongs to somebody already")


def test_events_come_in_order_and_only_once(world: World, population: HttpPopulationRegister) -> None:
    start = population.events_after(0, most=1000).latest
    child, mother = (world.person(slug)["pid"] for slug in ("tuva-rognli", "siv-rognli"))
    change(world, child, parental_responsibility=[{"kind": "mor", "responsible_pid": mother}], protection="kode7")
    page = population.events_after(start, most=1000)
    assert {event.pid for event in page.events} >= {child, mother, world.person("kent-rognli")["pid"]}
    assert {"endringIForeldreansvar", "endringIAdressebeskyttelse"} <= {event.kind for event in page.events}
    sequences = [event.sequence for event in page.events]
    assert sequences == sorted(set(sequences))
    assert (sequences[0] > start, sequences[-1]) == (True, page.latest)
    first, *rest = page.events
    assert population.events_after(start, most=1).events == (first,)
    assert population.events_after(first.sequence, most=1000).events == tuple(rest)
    assert population.events_after(page.latest, most=1000).events == ()


def test_a_change_of_contact_details_is_no_register_event(world: World, population: HttpPopulationRegister) -> None:
    start = population.events_after(0, most=1).latest
    world.ask("PATCH", f"/contact-register/persons/{world.person('kari-nordli')['pid']}", {"reserved": False})
    assert population.events_after(0, most=1).latest == start


@pytest.mark.parametrize(
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
def test_a_failing_feed_is_never_an_empty_one(world: World, mode: str, error: type[Exception]) -> None:
    world.behave("population-register", mode, seconds=0.6)
    with pytest.raises(error):
        HttpPopulationRegister(world.client("population-register", seconds=0.4)).events_after(0, most=10)
    world.behave("population-register", mode, seconds=0.6)
    with pytest.raises(error):
        HttpPopulationRegister(world.client("population-register", seconds=0.4)).look_up_many(["1", "2"])


def test_reading_the_feed_uses_no_lever_up(world: World, population: HttpPopulationRegister) -> None:
    world.behave("population-register", "down", times=1)
    for _ in range(3):
        with pytest.raises(CounterpartDown):
            population.events_after(0, most=10)
    with pytest.raises(CounterpartDown):
        population.look_up(world.person("kari-nordli")["pid"])
    assert population.look_up(world.person("kari-nordli")["pid"]) is not None


# -- answers that are not as they should be ----------------------------------------------------------------------------

ROW: dict[str, Any] = {
    "personidentifikator": "1",
    "navn": {"fornavn": "Kari", "etternavn": "Nordli"},
    "foedselsaar": 2016,
    "adressebeskyttelse": "ugradert",
    "utenFastBosted": False,
    "foreldreansvar": [],
}


def read(**changes: Any) -> RegisteredPerson:
    person = answers.people(["1"], {"personer": [ROW | changes], "ukjente": []})["1"]
    assert person is not None
    return person


@pytest.mark.parametrize(
    "row",
    [
        None,
        "felles",
        {},
        {"ansvar": "tante", "ansvarlig": "2"},
        {"ansvar": "mor", "ansvarlig": 2},
        {"ansvar": "mor", "ansvarlig": "2", "gyldighetstidspunkt": "i fjor"},
        {"ansvar": "mor", "ansvarlig": "2", "opphoerstidspunkt": "2026-13-01"},
        {"ansvar": "mor", "ansvarlig": "2", "opphoerstidspunkt": "2026-01-01T00:00:00"},
        {"ansvar": ["mor"], "ansvarlig": "2"},
    ],
)
def test_a_row_that_cannot_be_read_is_nobodys(row: Any) -> None:
    (kept,) = read(foreldreansvar=[row]).parental_responsibility
    assert (kept.kind, kept.responsible_pid, kept.holder) == (ResponsibilityKind.UNKNOWN, None, Holder.NOBODY)
    assert not kept.is_read


@pytest.mark.parametrize(
    "party",
    [
        None,
        {},
        {"motpartsPersonident": ""},
        {"motpartsPersonident": 3, "omfang": "personligeInteresser"},
    ],
)
def test_a_guardian_who_cannot_be_read_is_none(party: Any) -> None:
    assert read(vergemaal=[{"verge": party}]).guardianships == ()
    assert read(vergemaal=[None, "x"]).guardianships == ()


@pytest.mark.parametrize(
    ("words", "personal"),
    [
        ({"omfang": "personligeOgOekonomiskeInteresser"}, True),
        ({"omfang": "personligeInteresser"}, True),
        ({"omfang": "personligeInteresser", "omfangetErInnenPersonligOmraade": False}, False),
        ({"omfang": "utlendingssakerPersonligeOgOekonomiskeInteresser"}, False),
        ({"omfang": "oekonomiskeInteresser"}, False),
        ({"omfang": "noeNytt"}, False),
        ({"omfang": None}, False),
        ({}, False),
    ],
)
def test_only_words_for_personal_interests_give_a_personal_mandate(words: dict[str, Any], personal: bool) -> None:
    (row,) = read(vergemaal=[{"verge": {"motpartsPersonident": "9", **words}}]).guardianships
    assert row.personal is personal


@pytest.mark.parametrize(
    ("start", "day"),
    [
        ("2026-11-22", date(2026, 11, 22)),
        ("2026-11-22T00:00:00+01:00", date(2026, 11, 22)),
        ("2026-11-22T09:00:00+01:00", date(2026, 11, 22)),
        ("2026-11-22T14:30:00+01:00", date(2026, 11, 23)),
        ("2026-11-22T23:30:00Z", date(2026, 11, 24)),
        ("2026-07-01T22:00:00Z", date(2026, 7, 2)),
        ("2027-03-27T23:00:00Z", date(2027, 3, 28)),
        ("2027-03-28T22:00:00Z", date(2027, 3, 29)),
    ],
)
def test_nobody_is_let_in_before_the_moment(start: str, day: date) -> None:
    with clock.stopped_at(NOW):
        row = {"ansvar": "mor", "ansvarlig": "2", "gyldighetstidspunkt": start}
        assert read(foreldreansvar=[row]).parental_responsibility[0].valid_from == day


@pytest.mark.parametrize(
    ("end", "day"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        ("2026-12-31T23:59:59+01:00", date(2027, 1, 1)),
        ("2026-12-31T14:00:00+01:00", date(2026, 12, 31)),
        ("2026-10-25T00:30:00Z", date(2026, 10, 25)),
        ("2026-12-31T23:00:00Z", date(2027, 1, 1)),
    ],
)
def test_nobody_is_let_in_after_the_moment(end: str, day: date) -> None:
    row = {"ansvar": "mor", "ansvarlig": "2", "opphoerstidspunkt": end}
    assert read(foreldreansvar=[row]).parental_responsibility[0].ended_on == day


@pytest.mark.parametrize(
    "changes",
    [
        {"adressebeskyttelse": "superhemmelig"},
        {"foedselsaar": "ukjent"},
        {"navn": {}},
        {"navn": {"fornavn": "A\x00", "etternavn": "B"}},
        {"foreldreansvar": None},
        {"foedselsdato": "2016-02-30"},
    ],
)
def test_one_person_that_cannot_be_read_hides_no_other(changes: dict[str, Any]) -> None:
    other = ROW | {"personidentifikator": "2"}
    told = answers.people(["1", "2"], {"personer": [ROW | changes, other, None, {}], "ukjente": []})
    assert told.keys() == {"2"}


junk = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**20) | st.text(max_size=12) | st.sampled_from(["mor", "2026-01-01"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*sorted(ROW), "ansvar"]), inner),
    max_leaves=8,
)


SHAKY = (
    *("foreldreansvar", "foreldre", "barn", "vergeFor", "deltBosted", "vergemaal"),
    *("tidligereIdentifikatorer", "bostedsadresse", "foedselsdato", "foedselsaar", "navn"),
)


@given(row=st.fixed_dictionaries({}, optional=dict.fromkeys(SHAKY, junk)))
def test_no_answer_makes_the_reader_fall_over(row: dict[str, Any]) -> None:
    told = answers.people(["1"], {"personer": [ROW | row], "ukjente": []})
    assert told.keys() <= {"1"}


@given(
    rows=st.lists(st.fixed_dictionaries({"sekvensnummer": st.integers(0, 50)}, optional={"personidentifikator": junk}))
)
def test_a_page_of_events_is_ordered_and_new_whatever_it_holds(rows: list[dict[str, Any]]) -> None:
    page = answers.events(20, {"hendelser": rows, "sisteSekvensnummer": 50})
    sequences = [event.sequence for event in page.events]
    assert sequences == sorted(sequences)
    assert all(sequence > 20 for sequence in sequences)
