"""Families, dates and changes in the register that the rules meet in life, seen as a browser sees them.

Each story makes a family, lets something change, and asks four places at once: the list, the letter, its PDF, and
whether the person may be told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from letters.models import Letter
from letters.queries import access
from portal.kernel import clock
from portal.people.models import Person, Role
from tests.letters.test_access_scenarios import TITLE, addresses, looking, on_the_screen, page
from tests.people.signed_in import signed_in
from tests.youth_access import families
from tests.youth_access.families import OTHER_HOME, Family, oslo
from youth_access.eyes import ACTING_FOR

pytestmark = pytest.mark.django_db
NOW = oslo(2026, 11, 25, 10)
SMALL, YOUTH = date(2018, 5, 5), date(2012, 3, 3)
GRANDMOTHERS, FOSTER_HOME = "d" * 64, "c" * 64
Change = Callable[[Family], None]


def sees(who: Person, child: Person, letter: Letter, at: datetime = NOW) -> bool:
    """What every place says; they must agree."""
    with clock.stopped_at(at):
        client = looking(who, child if who != child else None)
        answers = [client.get(path).status_code == 200 for path in addresses(letter)[:2]]
        listed = TITLE in page(client)
        told = access.reader_of_letter(letter, who.pk, at).decision.notify == "message"
    assert {*answers, listed, told} in ({True}, {False}), (answers, listed, told)
    return listed


def at_home(born: date = SMALL, at: datetime = NOW, *, assessed: bool = False, **words: Any) -> tuple[Family, Letter]:
    """A family and a letter; `assessed`: of a referral that is open, with N set."""
    with clock.stopped_at(at):
        family = families.family(born=born, **words)
        letter = on_the_screen(family.child)
        if assessed:
            assess(family.child, letter)
    return family, letter


def assess(child: Person, letter: Letter) -> None:
    """The letter belongs to a referral that is open, and a clinician has set N."""
    about = families.referral(child, letter.unit, "open").pk
    Letter.objects.filter(pk=letter.pk).update(referral_ids=[about], security_codes=["N"])
    letter.refresh_from_db()


@dataclass(frozen=True)
class Told:
    """What changes, and who of the two may see before and after."""

    change: Change
    before: tuple[bool, bool]
    after: tuple[bool, bool]
    family: dict[str, Any]


def mother_dies(family: Family) -> None:
    families.register_says(family.mother, died_on=date(2026, 11, 24))


def mother_dies_and_loses_her_row(family: Family) -> None:
    mother_dies(family)
    family.child.responsibilities.filter(holder=family.mother).delete()


def father_gets_a_protected_address(family: Family) -> None:
    families.register_says(family.father, protected=True)


def child_gets_a_protected_address(family: Family) -> None:
    families.register_says(family.child, protected=True, home_index="")


def adopted_by_the_father_alone(family: Family) -> None:
    family.child.responsibilities.all().delete()
    family.child.parent_links.all().delete()
    families.responsible(family.child, family.father, "far")
    families.parent(family.child, family.father)


def responsibility_moves_at_midnight(family: Family) -> None:
    family.child.responsibilities.filter(holder=family.father).update(ended_on=date(2026, 11, 25))


def father_moves_out(family: Family) -> None:
    families.register_says(family.father, home_index=OTHER_HOME)


def child_moves_to_a_foster_home(family: Family) -> None:
    families.register_says(family.child, home_index=FOSTER_HOME)


def child_moves_to_the_grandmother_who_is_responsible_too(family: Family) -> None:
    families.responsible(family.child, family.proxy, "andre")
    families.register_says(family.child, home_index=GRANDMOTHERS)
    families.register_says(family.proxy, home_index=GRANDMOTHERS)


def second_home_ends(family: Family) -> None:
    family.child.shared_homes.update(ended_on=date(2026, 11, 25))


BOTH, NONE, MOTHER, FATHER = (True, True), (False, False), (True, False), (False, True)
CHANGES = [
    Told(mother_dies, BOTH, FATHER, {}),
    Told(mother_dies, BOTH, NONE, {"at_home": ("mother",)}),
    Told(mother_dies_and_loses_her_row, BOTH, FATHER, {}),
    Told(mother_dies_and_loses_her_row, BOTH, NONE, {"at_home": ("mother",)}),
    Told(father_gets_a_protected_address, BOTH, MOTHER, {}),
    Told(child_gets_a_protected_address, BOTH, NONE, {}),
    Told(adopted_by_the_father_alone, BOTH, FATHER, {}),
    Told(adopted_by_the_father_alone, BOTH, NONE, {"at_home": ("mother",)}),
    Told(responsibility_moves_at_midnight, BOTH, MOTHER, {}),
    Told(father_moves_out, BOTH, BOTH, {}),
    Told(child_moves_to_a_foster_home, BOTH, NONE, {}),
    Told(child_moves_to_the_grandmother_who_is_responsible_too, BOTH, NONE, {"at_home": ("mother", "father")}),
    Told(second_home_ends, BOTH, BOTH, {"at_home": ("father",)}),
]


@pytest.mark.parametrize("told", CHANGES, ids=lambda told: told.change.__name__)
@pytest.mark.parametrize("born", [SMALL, YOUTH], ids=["eight", "fourteen"])
def test_what_the_register_says_counts_at_the_next_click(told: Told, born: date) -> None:
    family, letter = at_home(born, assessed=True, **told.family)
    both = family.mother, family.father
    assert tuple(sees(each, family.child, letter) for each in both) == told.before
    with clock.stopped_at(NOW):
        told.change(family)
    assert tuple(sees(each, family.child, letter) for each in both) == told.after


@pytest.mark.parametrize("kind", ["felles", "mor", "far", "medmor"])
def test_two_parents_of_one_sex_stand_as_any_two(kind: str) -> None:
    family, letter = at_home(kind=kind)
    assert sees(family.mother, family.child, letter)
    assert sees(family.father, family.child, letter)


def test_a_parent_of_seventeen_acts_for_the_baby_and_the_grandparents_for_nobody() -> None:
    with clock.stopped_at(NOW):
        grandmother = families.person("Guri Mormor")
        mother = families.person("Mia Mor", date(2009, 6, 1))
        families.responsible(mother, grandmother)
        families.parent(mother, grandmother)
        baby = families.person("Nils Baby", date(2026, 1, 1))
        families.responsible(baby, mother, "mor")
        families.parent(baby, mother)
        letter = on_the_screen(baby)
        own = on_the_screen(mother)
    assert sees(mother, baby, letter)
    assert sees(mother, mother, own)
    assert not sees(grandmother, baby, letter)
    assert not sees(grandmother, mother, own)


@pytest.mark.parametrize(
    ("born", "last"),
    [
        (date(2016, 2, 29), oslo(2028, 2, 28, 23, 59, 59)),
        (date(2012, 2, 29), oslo(2028, 2, 28, 23, 59, 59)),
        (date(2014, 3, 29), oslo(2026, 3, 28, 23, 59, 59)),
        (date(2014, 10, 25), oslo(2026, 10, 24, 23, 59, 59)),
    ],
    ids=["twelve on the day itself", "sixteen on the day itself", "clocks go forward", "clocks go back"],
)
def test_the_last_second_before_a_birthday(born: date, last: datetime) -> None:
    family, letter = at_home(born, last, assessed=born.year == 2012)
    assert sees(family.mother, family.child, letter, last)
    assert not sees(family.mother, family.child, letter, last + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("year", "at", "parents", "child"),
    [
        (2015, oslo(2026, 12, 31, 23), True, False),
        (2015, oslo(2027, 1, 1), False, False),
        (2014, oslo(2026, 11, 25), False, False),
        (2010, oslo(2026, 11, 25), False, False),
        (2009, oslo(2025, 12, 30, 23, 59, 59), False, False),
        (2009, oslo(2025, 12, 31), False, True),
    ],
)
def test_with_only_the_year_known_january_and_december_must_agree(
    year: int, at: datetime, parents: bool, child: bool
) -> None:
    with clock.stopped_at(at):
        family = families.family(born=None, year=year)
        letter = on_the_screen(family.child)
    assert sees(family.mother, family.child, letter, at) == parents
    assert sees(family.child, family.child, letter, at) == child


@pytest.mark.parametrize(
    ("personal", "opens"), [((True,), True), ((False,), False), ((False, True), True), ((), False)]
)
def test_a_guardians_mandate_must_cover_personal_interests(personal: tuple[bool, ...], opens: bool) -> None:
    with clock.stopped_at(NOW):
        ward, guardian = families.person("Werner Ward", date(1950, 1, 1)), families.person("Vera Verge")
        for each in personal:
            families.guardian(ward, guardian, personal=each)
        letter = on_the_screen(ward)
    assert sees(guardian, ward, letter) == opens


def test_a_mandate_that_shrinks_in_the_middle_of_a_session_closes_the_next_click() -> None:
    with clock.stopped_at(NOW):
        ward, guardian = families.person("Werner Ward", date(1950, 1, 1)), families.person("Vera Verge")
        row = families.guardian(ward, guardian)
        letter = on_the_screen(ward)
        client = looking(guardian, ward)
        assert client.get(f"/brev/{letter.pk}/").status_code == 200
        row.personal = False
        row.save()
        assert client.get(f"/brev/{letter.pk}/").status_code in (403, 404)
        assert TITLE not in page(client)


def test_a_yes_from_a_parent_who_lost_responsibility_no_longer_opens_for_the_youth() -> None:
    with clock.stopped_at(NOW):
        family = families.family(born=YOUTH)
        letter = on_the_screen(family.child)
        assess(family.child, letter)
        families.consent(family.child, family.father)
    assert sees(family.child, family.child, letter)
    with clock.stopped_at(NOW):
        family.child.responsibilities.filter(holder=family.father).update(ended_on=date(2026, 11, 25))
    assert not sees(family.child, family.child, letter)
    with clock.stopped_at(NOW):
        told = looking(family.child).get("/innsyn/samtykke/").content.decode()
        assert "Fredrik Far samtykket" in told
        assert "Samtykket gjelder ikke lenger." in told
        families.consent(family.child, family.mother)
    assert sees(family.child, family.child, letter)


def test_a_clinician_who_is_a_mother_sees_her_childs_letters_as_a_mother_and_not_at_work() -> None:
    with clock.stopped_at(NOW):
        family = families.family(born=YOUTH)
        letter = on_the_screen(family.child)
        client = signed_in(Client(), family.mother, [Role.CLINICIAN])
        session = client.session
        session[ACTING_FOR] = str(family.child.pk)
        session.save()
        assert client.get(f"/brev/{letter.pk}/").status_code == 404
        families.treats(family.mother, family.child)
        assert client.get(f"/brev/{letter.pk}/").status_code == 404, "treating opens nothing on the citizens' pages"


def test_a_child_at_the_address_of_a_dead_parent_is_at_nobodys() -> None:
    family, letter = at_home(at_home=("former",))
    assert sees(family.mother, family.child, letter), "a parent without responsibility is a parent at home"
    families.register_says(family.former, died_on=date(2026, 1, 1))
    assert not sees(family.mother, family.child, letter)


def test_a_fullmakt_ends_with_whoever_has_it_and_with_whoever_gave_it() -> None:
    with clock.stopped_at(NOW):
        giver, receiver = families.person("Oddrun", date(1940, 1, 1)), families.person("Unni", home=OTHER_HOME)
        families.fullmakt(giver, receiver)
        letter = on_the_screen(giver)
    assert sees(receiver, giver, letter)
    families.register_says(receiver, died_on=date(2026, 11, 24))
    assert not sees(receiver, giver, letter)
    families.register_says(receiver, died_on=None)
    families.register_says(giver, died_on=date(2026, 11, 24))
    assert not sees(receiver, giver, letter)


def test_a_birth_date_that_is_put_right_counts_at_once() -> None:
    family, letter = at_home(date(2010, 11, 25))
    with clock.stopped_at(NOW):
        families.fullmakt(family.child, family.mother)
    assert sees(family.mother, family.child, letter)
    families.register_says(family.child, birth_date=date(2011, 11, 25), birth_year=2011)
    assert not sees(family.mother, family.child, letter), "what was given at fifteen was never given"


def test_at_sixteen_nobody_is_told_of_what_was_queued_the_evening_before() -> None:
    family, letter = at_home(date(2010, 11, 26), oslo(2026, 11, 25, 23, 58), assessed=True)
    before, after = oslo(2026, 11, 25, 23, 59, 59), oslo(2026, 11, 26)
    assert sees(family.mother, family.child, letter, before)
    assert not sees(family.mother, family.child, letter, after)
    assert sees(family.child, family.child, letter, after)
