"""One answer for the same eyes, wherever they look: list, count, search, front page, letter, PDF and notice."""

import os
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from letters.models import Document, Letter
from letters.queries import access, on_screen, unread_count, visible_to
from letters.states import Digital, Stage
from portal.kernel import clock
from portal.people.queries import pid_of
from tests.letters import making
from tests.youth_access import families
from tests.youth_access.families import Family
from youth_access.ages import OSLO
from youth_access.eyes import Eyes, eyes_for

NOW = datetime(2026, 11, 23, 10, tzinfo=OSLO)
CODES = ("N", "NORN_FORANS", "NORN_UNGDOM", "NORN_FPB", "NORN_EPO", "NORU", "NORS", "NORN_XYZ")
WHO = ("child", "mother", "father", "guardian", "proxy", "stranger")

births = st.sampled_from(
    [date(2018, 5, 5), date(2014, 11, 23), date(2014, 11, 24), date(2012, 2, 29), date(2010, 11, 24), date(1990, 1, 1)]
)
labels = st.lists(st.sampled_from(CODES), max_size=2, unique=True)
outcomes = st.lists(st.sampled_from(["open", "parents_denied", "youth_denied", None]), max_size=2)
letters = st.lists(st.tuples(labels, outcomes, st.sampled_from([None, -1, 1])), min_size=1, max_size=3)


@pytest.mark.django_db
@settings(max_examples=int(os.environ.get("EYES", "10")), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    born=births,
    written=letters,
    at_home=st.sampled_from([("mother", "father"), ("mother",), ()]),
    blocked=st.booleans(),
    consented=st.booleans(),
    later=st.sampled_from([timedelta(), timedelta(hours=14), timedelta(hours=25)]),
)
def test_the_same_eyes_see_the_same_everywhere(
    born: date,
    written: list[tuple[list[str], list[str | None], int | None]],
    at_home: tuple[str, ...],
    blocked: bool,
    consented: bool,
    later: timedelta,
) -> None:
    with transaction.atomic():
        with clock.stopped_at(NOW):
            family = families.family(
                born=born, at_home=at_home, consented=consented, with_guardian=True, with_proxy=True
            )
            if blocked:
                families.block_parents(family.child, only=family.father)
            made = [on_the_screen(family, number, *each) for number, each in enumerate(written)]
        with clock.stopped_at(NOW + later):
            for who in WHO:
                all_places_agree(eyes_of(family, who), made)
        transaction.set_rollback(True)


def on_the_screen(
    family: Family, number: int, codes: list[str], outcomes: list[str | None], noru: int | None
) -> Letter:
    letter = making.received(patient=family.child, pid=pid_of(family.child), title=f"Brev nummer{number}")
    referrals = [families.referral(family.child, letter.unit, outcome).pk for outcome in outcomes]
    until = NOW + timedelta(hours=2 * noru) if noru is not None else None
    Letter.objects.filter(pk=letter.pk).update(
        stage=Stage.DECIDED,
        digital=Digital.AVAILABLE,
        available_at=NOW,
        security_codes=codes,
        referral_ids=referrals,
        withheld_until=until if "NORU" in codes else None,
    )
    Document.objects.create(letter=letter, kind=Document.Kind.LETTER, data=b"%PDF-1.7", sha256="a" * 64, pages=1)
    return Letter.objects.get(pk=letter.pk)


def eyes_of(family: Family, who: str) -> Eyes:
    return eyes_for(families.viewer(family.relatives[who]), family.child.pk, clock.now())


def all_places_agree(eyes: Eyes, letters: list[Letter]) -> None:
    expected = {letter.pk for letter in letters if on_screen.decision(eyes, letter).see}
    assert ids(visible_to(eyes)) == expected
    assert unread_count(eyes) == len(expected)
    assert ids(on_screen.inbox(eyes).letters) == ids(on_screen.waiting(eyes, 25)) == expected
    assert ids(on_screen.inbox(eyes, search="Brev").letters) == expected
    # Eyes that have not looked yet go another way: the rows and what there is to decide on come together.
    eyes.look_anew()
    assert ids(on_screen.inbox(eyes).letters) == expected
    assert (unread_count(eyes), ids(visible_to(eyes))) == (len(expected), expected)
    eyes.look_anew()
    assert ids(on_screen.waiting(eyes, 25)) == expected
    for letter in letters:
        seen = letter.pk in expected
        assert (on_screen.one(eyes, letter.pk) is not None) == seen
        assert (on_screen.document(eyes, letter.pk) is not None) == seen
        assert (on_screen.hidden_from(eyes, letter.pk) is None) == seen
        assert ids(on_screen.inbox(eyes, search=letter.title.split()[-1]).letters) == ({letter.pk} & expected)
        told = access.reader_of_letter(letter, eyes.viewer.person_id, clock.now()).decision.notify == "message"
        assert told == seen


def ids(letters: object) -> set[UUID]:
    return {letter.pk for letter in letters}  # type: ignore[attr-defined]  # a list or a queryset of letters
