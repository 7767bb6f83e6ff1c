"""Who paper goes to and where, for every circumstance the register knows."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.addressing import Access, Hold, Party, Place, Recipient, ages_on, recipient
from portal.counterparts.population_register import Address

HOME = Address(("Storgata 1",), "9008", "Tromsø", "NO")
BOX = Address(("Postboks 12",), "9251", "Tromsø", "NO")
ABROAD = Address(("Mannerheimintie 5",), "00100", "Helsinki", "FI")
GROWN, CHILD, YOUTH = (44, 44), (8, 8), (13, 13)
KARI = Party("Kari Nordli", deceased=False, protected=False, residence=HOME)
PARENT = Party("Ola Nordli", deceased=False, protected=False, residence=HOME)


def to(person: Party, *lines: str) -> Recipient:
    return Recipient("patient", (person.name, *lines))


def test_home_is_where_post_goes_unless_there_is_a_contact_address() -> None:
    assert recipient(KARI, GROWN, []) == to(KARI, "Storgata 1", "9008 Tromsø")
    assert recipient(replace(KARI, contact=BOX), GROWN, []) == to(KARI, "Postboks 12", "9251 Tromsø")


def test_every_line_of_a_long_address_is_kept() -> None:
    long = replace(HOME, lines=("c/o A", "Gård B", " ", "Vei 3", "H0302", "Oppgang C"))
    found = recipient(replace(KARI, residence=long), GROWN, [])
    assert found == to(KARI, "c/o A", "Gård B", "Vei 3", "H0302", "Oppgang C", "9008 Tromsø")


@pytest.mark.parametrize(
    ("patient", "ages", "reason"),
    [
        (replace(KARI, deceased=True), GROWN, "deceased"),
        (replace(KARI, protected=True, contact=BOX), GROWN, "protected_address"),
        (replace(KARI, residence=None), GROWN, "no_address"),
        (replace(KARI, no_fixed_abode=True), GROWN, "no_address"),
        (replace(KARI, residence=replace(HOME, lines=("",))), GROWN, "no_address"),
        (replace(KARI, residence=replace(HOME, postal_code="")), GROWN, "no_address"),
        (replace(KARI, residence=replace(ABROAD, country_code="")), GROWN, "no_address"),
        (replace(KARI, residence=ABROAD), GROWN, "foreign_address"),
        (KARI, (None, None), "age_unknown"),
        (KARI, (11, 12), "age_unknown"),
        (KARI, CHILD, "no_parent_at_address"),
    ],
)
def test_what_stops_paper(patient: Party, ages: tuple[int | None, int | None], reason: str) -> None:
    assert recipient(patient, ages, []) == Hold(reason)


def test_a_protected_person_is_written_to_at_the_contact_address_alone_and_only_when_released() -> None:
    hidden = replace(KARI, protected=True)
    assert recipient(replace(hidden, contact=BOX), GROWN, [], ["protected_address"]) == to(
        KARI, "Postboks 12", "9251 Tromsø"
    )
    assert recipient(hidden, GROWN, [], ["protected_address"]) == Hold("no_address")


def test_a_foreign_address_is_used_once_a_person_has_looked_at_it() -> None:
    found = recipient(replace(KARI, residence=ABROAD), GROWN, [], ["foreign_address"])
    assert found == to(KARI, "Mannerheimintie 5", "00100 Helsinki", "FI")
    no_town = replace(ABROAD, postal_code="", town="")
    found = recipient(replace(KARI, residence=no_town), GROWN, [], ["foreign_address"])
    assert found == to(KARI, "Mannerheimintie 5", "FI")


def test_no_fixed_abode_with_a_contact_address_gets_post_there() -> None:
    assert recipient(replace(KARI, no_fixed_abode=True, contact=BOX), GROWN, []) == to(
        KARI, "Postboks 12", "9251 Tromsø"
    )


def test_a_childs_letter_goes_to_the_parent_who_lives_with_the_child() -> None:
    elsewhere = replace(PARENT, residence=BOX)
    dead = replace(PARENT, deceased=True)
    assert recipient(KARI, CHILD, [elsewhere, dead, PARENT]) == Recipient(
        "parent", ("Ola Nordli", "Storgata 1", "9008 Tromsø")
    )
    assert recipient(KARI, CHILD, [elsewhere, dead]) == Hold("no_parent_at_address")
    assert recipient(replace(KARI, residence=None), CHILD, [PARENT]) == Hold("no_parent_at_address")
    assert recipient(KARI, CHILD, [replace(PARENT, protected=True)]) == Hold("protected_address")


def test_whoever_looks_after_a_child_whose_parents_the_register_does_not_know() -> None:
    named = ("Foresatte til Kari Nordli", "Storgata 1", "9008 Tromsø")
    assert recipient(KARI, CHILD, [], parents_unknown=True) == Recipient("parent", named)
    assert recipient(KARI, CHILD, [PARENT], parents_unknown=True) == recipient(KARI, CHILD, [PARENT])
    assert recipient(KARI, YOUTH, [], parents_unknown=True) == recipient(KARI, YOUTH, [])
    assert recipient(replace(KARI, protected=True), CHILD, [], parents_unknown=True) == Hold("protected_address")
    assert recipient(replace(KARI, residence=None), CHILD, [], parents_unknown=True) == Hold("no_parent_at_address")


@pytest.mark.parametrize(
    ("ages", "access", "released", "reason"),
    [
        (CHILD, Access(parents_denied="V12"), [], "parents_denied"),
        (YOUTH, Access(parents_denied="V16"), [], "parents_denied"),
        ((15, 16), Access(parents_denied="V16"), [], "parents_denied"),
        (GROWN, Access(withheld="withheld"), [], "withheld"),
        (GROWN, Access(withheld="unknown_code"), ["withheld"], "unknown_code"),
    ],
)
def test_what_access_keeps_back_waits_for_a_person(
    ages: tuple[int, int], access: Access, released: list[str], reason: str
) -> None:
    assert recipient(KARI, ages, [PARENT], released, access=access) == Hold(reason)
    assert isinstance(recipient(KARI, ages, [PARENT], [reason], access=access), Recipient)


def test_from_16_the_letter_is_ones_own_whatever_parents_may_see() -> None:
    assert isinstance(recipient(KARI, (16, 16), [], access=Access(parents_denied="V12")), Recipient)


def test_a_youth_is_written_to_in_their_own_name() -> None:
    assert recipient(KARI, YOUTH, [PARENT]) == to(KARI, "Storgata 1", "9008 Tromsø")


def test_an_address_that_post_came_back_from_waits_for_a_person() -> None:
    def came_back(lines: tuple[str, ...]) -> bool:
        return "Storgata 1" in lines

    assert recipient(KARI, GROWN, [], came_back=came_back) == Hold("address_returned")
    assert recipient(KARI, GROWN, [], ["address_returned"], came_back=came_back) == to(
        KARI, "Storgata 1", "9008 Tromsø"
    )


def test_an_unknown_age_that_is_released_is_the_patients_own_letter() -> None:
    assert recipient(KARI, (None, None), [PARENT], ["age_unknown"]) == to(KARI, "Storgata 1", "9008 Tromsø")


@pytest.mark.parametrize(
    ("day", "birth", "year", "ages"),
    [
        (date(2026, 11, 21), date(2014, 11, 22), 2014, (11, 11)),
        (date(2026, 11, 22), date(2014, 11, 22), 2014, (12, 12)),
        (date(2027, 2, 28), date(2012, 2, 29), 2012, (14, 14)),
        (date(2027, 3, 1), date(2012, 2, 29), 2012, (15, 15)),
        (date(2026, 11, 22), None, 2014, (11, 12)),
        (date(2026, 12, 31), None, 2014, (12, 12)),
        (date(2026, 11, 22), None, None, (None, None)),
    ],
)
def test_age_by_the_day_or_at_both_ends_of_the_year(
    day: date, birth: date | None, year: int | None, ages: tuple[int | None, int | None]
) -> None:
    assert ages_on(day, birth, year) == ages


places = st.none() | st.builds(
    Address,
    st.lists(st.sampled_from(["Storgata 1", "c/o X", "", " "]), max_size=5).map(tuple),
    st.sampled_from(["9008", ""]),
    st.sampled_from(["Tromsø", ""]),
    st.sampled_from(["NO", "FI", ""]),
)


@given(
    st.builds(Party, st.just("K"), st.booleans(), st.booleans(), places, places, st.booleans()),
    st.tuples(st.none() | st.integers(0, 99), st.none() | st.integers(0, 99)),
    st.lists(st.builds(Party, st.just("P"), st.booleans(), st.booleans(), places, places), max_size=2),
)
def test_paper_has_a_name_and_a_place_or_a_reason(
    patient: Party, ages: tuple[int | None, int | None], parents: list[Party]
) -> None:
    found = recipient(patient, ages, parents)
    if isinstance(found, Recipient):
        assert len(found.lines) >= 2
        assert all(line.strip() for line in found.lines)
        assert not patient.deceased
        assert not patient.protected
    else:
        assert found.reason


def test_a_place_is_a_shape() -> None:
    place: Place = HOME
    assert place.town == "Tromsø"
