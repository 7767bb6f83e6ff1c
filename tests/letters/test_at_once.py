"""A list whose rows and labels come together: what it saves, and that what is hidden never shows in what it asks."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from letters.models import Letter
from letters.queries import on_screen, unread_count, visible_to
from portal.kernel import clock
from tests.letters import making
from tests.letters.test_access_scenarios import START, on_the_screen
from tests.youth_access import families
from youth_access.circumstances import ItemFacts
from youth_access.eyes import Eyes
from youth_access.facts import Service
from youth_access.listing import Listing, Shape
from youth_access.visible import listed

pytestmark = pytest.mark.django_db
HIDDEN = ["NORN_FPB"]
EVERYTHING: Shape[Letter] = Shape(lambda rows: rows)


def own_eyes(*labels: list[str]) -> Eyes:
    """A grown patient's own eyes, with one unread letter for each set of codes."""
    patient = families.person("Kari Nordli", date(1980, 1, 1))
    for codes in labels:
        on_the_screen(patient, security_codes=codes)
    return making.eyes(patient.pk)


def asked(eyes: Eyes, look: Callable[[Eyes], object]) -> int:
    """How many statements looking takes, after one time that may compile it."""
    look(eyes)
    eyes.look_anew()
    with CaptureQueriesContext(connection) as seen:
        look(eyes)
    return len(seen)


def look_around(eyes: Eyes) -> None:
    """The inbox and the menu's badge."""
    on_screen.inbox(eyes)
    unread_count(eyes)


@pytest.mark.parametrize(
    ("shown", "statements"),
    [
        ([[], []], 1),
        ([[], ["N"]], 1),
        ([[], ["NORN_FORANS"]], 2),  # may be seen, and is not usual: asked for besides
        ([["NORN_FORANS"]], 3),  # nothing usual came, so what there is was asked for by itself
        ([], 2),  # the same, and then there is nothing to fetch
    ],
)
def test_the_number_of_statements_follows_from_what_is_seen_and_not_from_what_is_hidden(
    shown: list[list[str]], statements: int
) -> None:
    with clock.stopped_at(START):
        without, beside = own_eyes(*shown), own_eyes(*shown, HIDDEN, ["NORN_XYZ"])
        assert asked(without, look_around) == asked(beside, look_around) == statements
        for eyes in (without, beside):
            eyes.look_anew()
            assert len(on_screen.inbox(eyes).letters) == unread_count(eyes) == visible_to(eyes).count() == len(shown)


def test_one_who_may_not_see_the_usual_is_never_sent_its_rows() -> None:
    """Below 16 whether a letter is seen hangs on its referral, and there is nothing to guess."""
    with clock.stopped_at(START):
        family = families.family(born=date(2012, 5, 5))
        on_the_screen(family.child)
        eyes = making.eyes(family.mother.pk, family.child.pk)
        with CaptureQueriesContext(connection) as seen:
            assert on_screen.inbox(eyes).letters == []
        assert not any('"letters_letter"."title"' in query["sql"] for query in seen.captured_queries)


def test_a_kept_shape_finds_each_patients_own() -> None:
    with clock.stopped_at(START):
        mine, other = own_eyes([], HIDDEN), own_eyes(["N"], [])
        for eyes, count in ((mine, 1), (other, 2), (mine, 1)):
            eyes.look_anew()
            found = on_screen.inbox(eyes).letters
            assert [letter.person_id for letter in found] == [eyes.patient_id] * count


def test_a_change_is_seen_after_looking_anew() -> None:
    with clock.stopped_at(START):
        eyes = own_eyes([], [])
        letter = on_screen.inbox(eyes).letters[0]
        Letter.objects.filter(pk=letter.pk).update(security_codes=HIDDEN)
        eyes.look_anew()
        assert letter not in on_screen.inbox(eyes).letters
        assert unread_count(eyes) == 1


def test_rows_that_are_not_one_patients_make_no_listing() -> None:
    anybodys = Listing(
        Service.LETTER, lambda _patient: Letter.objects.all(), lambda _eyes: ("title",), lambda _title: ItemFacts()
    )
    with pytest.raises(TypeError, match="one patient's"):
        listed(own_eyes([]), anybodys, EVERYTHING)


def test_columns_that_must_be_converted_make_no_listing() -> None:
    mine = Listing(
        Service.LETTER,
        lambda patient: Letter.objects.filter(person_id=patient),
        lambda _eyes: ("order__identifiers",),
        lambda _order: ItemFacts(),
    )
    with pytest.raises(TypeError, match="converted"):
        listed(own_eyes([]), mine, EVERYTHING)
