"""The invented region is what its notes say, and no number in it can be anybody's."""

from collections import Counter
from datetime import date, timedelta

import pytest

from portal.counterparts.standins import region
from portal.counterparts.standins.numbers import is_synthetic, number_for
from portal.counterparts.standins.person import Person

DAYS = (date(2026, 11, 22), date(2027, 2, 28), date(2028, 2, 29), date(2027, 12, 31))


def _age(person: Person, day: date) -> int:
    born = person.birth_date
    assert born is not None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@pytest.mark.parametrize("day", DAYS)
def test_every_number_is_synthetic_and_nobody_elses(day: date) -> None:
    people = region.cast(day)
    assert all(is_synthetic(person.pid) and int(person.pid[2:4]) > 80 for person in people)
    assert max(Counter(person.pid for person in people).values()) == 1
    assert max(Counter(person.slug for person in people).values()) == 1
    mobiles = [person.contact.mobile for person in people if person.contact.mobile]
    assert max(Counter(mobiles).values()) == 1


@pytest.mark.parametrize("day", DAYS)
def test_children_have_the_ages_their_notes_say(day: date) -> None:
    people = {person.slug: person for person in region.cast(day)}
    ages = {slug: _age(people[slug], day) for slug in ("live-myrvang", "jonas-myrvang", "sander-kvitnes", "sara-fjara")}
    assert ages == {"live-myrvang": 7, "jonas-myrvang": 11, "sander-kvitnes": 8, "sara-fjara": 4}
    assert (_age(people["emma-brattli"], day), _age(people["mikkel-brattli"], day)) == (13, 15)


def test_the_staff_a_demo_needs() -> None:
    kinds = Counter(person.kind for person in region.cast(DAYS[0]))
    assert (kinds["clerk"], kinds["operator"], kinds["clinician"]) == (3, 2, 4)
    assert kinds["citizen"] > 35


def test_a_person_survives_being_written_down() -> None:
    for person in region.cast(DAYS[0]):
        assert region.from_row(region.to_row(person)) == person


@pytest.mark.parametrize("number", ["", "1234", "01010112345", "0101011234a", "²" * 11])
def test_what_is_not_a_synthetic_number(number: str) -> None:
    assert not is_synthetic(number)


def test_a_wrong_digit_is_found() -> None:
    number = number_for("anyone", date(1990, 5, 5))
    assert is_synthetic(number)
    assert not any(is_synthetic(number[:-1] + digit) for digit in "0123456789" if digit != number[-1])


@pytest.mark.parametrize("day", DAYS)
def test_birthdays_of_tomorrow_are_tomorrow(day: date) -> None:
    people = {person.slug: person for person in region.cast(day)}
    tomorrow = day + timedelta(days=1)
    for slug, age in (("iben-dalhaug", 12), ("storm-granmo", 16)):
        assert (_age(people[slug], day), _age(people[slug], tomorrow + timedelta(days=1))) == (age - 1, age)
        assert _age(people[slug], tomorrow) == age or (tomorrow.month, tomorrow.day) == (2, 29)
    ages = [_age(people[f"{name}-fagerlid"], day) for name in ("ask", "tiril", "sigurd", "vilja", "tage")]
    assert ages == [12, 13, 14, 15, 17]
    leap = people["snorre-helgas"].birth_date
    assert leap is not None
    assert (leap.month, leap.day) == (2, 29)
    assert 12 <= _age(people["snorre-helgas"], day) <= 17
    rahel = people["rahel-tesfalem"]
    assert (rahel.birth_date, day.year - rahel.birth_year) == (None, 12)


@pytest.mark.parametrize("day", DAYS)
def test_ties_lead_to_people_who_exist(day: date) -> None:
    people = region.cast(day)
    numbers = {person.pid for person in people}
    for person in people:
        holders = {row.responsible_pid for row in person.parental_responsibility if row.responsible_pid}
        assert holders | set(person.parents) | {row.guardian_pid for row in person.guardianships} <= numbers


def test_clinicians_and_reviewers_have_what_helseid_vouches_for() -> None:
    staff = [person for person in region.cast(DAYS[0]) if person.kind == "clinician"]
    assert {role for person in staff for role in person.roles} == {"clinician", "reviewer"}
    assert all(person.hpr_number.isdigit() and len(person.organisation) == 9 for person in staff)
    assert len({person.hpr_number for person in staff}) == len(staff)
