"""Assessments of referrals in time: what holds at each instant, extensions without a gap, units that change."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.audit.basis import Basis
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people.models import Person
from tests.youth_access import families
from tests.youth_access.staff_at_work import at, clinician, desk
from youth_access.circumstances import ItemFacts
from youth_access.commands import assessments
from youth_access.commands.assessments import NotPossible, Wanted, assess, effective_end
from youth_access.eyes import eyes_for
from youth_access.facts import Outcome, Service
from youth_access.models import AccessTask, Referral, ReferralAssessment
from youth_access.staff_queries import in_force

pytestmark = pytest.mark.django_db
NOW = families.oslo(2026, 11, 22, 12)
BY, BASIS = Actor("staff", str(families.CLERK)), Basis(relation="clinician")


@pytest.fixture(autouse=True)
def _still() -> object:
    with clock.stopped_at(NOW):
        yield


def wanted(outcome: Outcome, starts: datetime = NOW, ends: datetime | None = None, **more: object) -> Wanted:
    """An assessment with what every one needs."""
    words = {"reason": "weighty", "note": "Konkret vurdert"} | more
    return Wanted(outcome=outcome, starts_at=starts, ends_at=ends, **words)  # type: ignore[arg-type]  # named fields


def decide(referral: Referral, asked: Wanted) -> None:
    assess(referral_id=referral.pk, patient_id=referral.patient_id, wanted=asked, by=BY, basis=BASIS)


def seen_by(person: Person, referral: Referral, instant: datetime) -> bool:
    """Whether somebody may see a letter of the referral."""
    families.seen_by_register(instant, person, referral.patient)
    eyes = eyes_for(families.viewer(person), referral.patient_id, instant)
    facts = ItemFacts(codes=(), referral_ids=(referral.pk,), unit_id=referral.unit_id)
    return eyes.decide(Service.LETTER, facts).see


def test_a_denial_ends_at_midnight_in_oslo_and_opens_then() -> None:
    """Scenario 33, first half: by the page, with the day as the clinician writes it."""
    mine, who = families.family(born=date(2013, 5, 3), consented=True), clinician()
    families.treats(who, mine.child)
    referral = families.referral(mine.child, outcome="open")
    answers = {
        "outcome": "parents_denied",
        "reason": "weighty",
        "ends": "2026-12-31",
        "opens_after": "on",
        "note": "Pågående sak",
    }
    assert desk(who).post(at(mine.child, f"henvisning/{referral.pk}/vurder/"), answers).status_code == 302
    end = families.oslo(2027, 1, 1)
    for parent in (mine.mother, mine.father):
        assert not seen_by(parent, referral, NOW)
        assert not seen_by(parent, referral, end - timedelta(microseconds=1))
        assert seen_by(parent, referral, end)


def test_an_extension_during_the_period_leaves_no_gap() -> None:
    """Scenario 33, second half."""
    mine = families.family(born=date(2013, 5, 3))
    referral = families.referral(mine.child)
    first, second = families.oslo(2027, 1, 1), families.oslo(2027, 3, 1)
    decide(referral, wanted(Outcome.PARENTS_DENIED, NOW, first, opens_after=True))
    with clock.stopped_at(NOW + timedelta(days=20)):
        decide(referral, wanted(Outcome.PARENTS_DENIED, clock.now(), second, opens_after=True))
    instant = NOW
    while instant < second:
        assert not seen_by(mine.mother, referral, instant), instant
        instant += timedelta(hours=31)
    assert not seen_by(mine.mother, referral, first)
    assert seen_by(mine.mother, referral, second)


def test_a_referral_that_moves_to_another_unit_is_no_longer_assessed() -> None:
    """Scenario 34."""
    mine = families.family(born=date(2013, 5, 3))
    referral = families.referral(mine.child, outcome="open")
    assert seen_by(mine.mother, referral, NOW)
    referral.unit = families.unit("4200009", "BUP Tromsø", confidential=True)
    referral.save()
    assert not seen_by(mine.mother, referral, NOW)
    assert in_force(referral, NOW) is None


def test_ending_one_makes_the_referral_not_assessed_also_later() -> None:
    mine = families.family(born=date(2013, 5, 3))
    referral = families.referral(mine.child)
    decide(referral, wanted(Outcome.PARENTS_DENIED, NOW, families.oslo(2027, 1, 1), opens_after=True))
    running = in_force(referral, NOW)
    assert running is not None
    assessments.end(assessment_id=running.pk, patient_id=mine.child.pk, by=BY, basis=BASIS)
    for instant in (NOW, families.oslo(2027, 2, 1)):
        assert in_force(Referral.objects.get(), instant) is None
    with pytest.raises(NotPossible):
        assessments.end(assessment_id=running.pk, patient_id=mine.child.pk, by=BY, basis=BASIS)


def test_denial_without_a_reason_is_refused_and_the_youths_is_reviewed() -> None:
    mine = families.family(born=date(2012, 5, 3))
    referral = families.referral(mine.child)
    for outcome in (Outcome.PARENTS_DENIED, Outcome.YOUTH_DENIED):
        with pytest.raises(NotPossible):
            decide(referral, wanted(outcome, note=" "))
    decide(referral, wanted(Outcome.YOUTH_DENIED, reason="life"))
    made = ReferralAssessment.objects.get()
    assert AccessTask.objects.filter(kind="youth_denied", subject=made.pk, closed_at=None).count() == 1
    assert not AuditRow.objects.filter(item_kind="assessment").exclude(person_id=None).exists()


def test_the_same_sent_twice_is_one() -> None:
    mine = families.family(born=date(2013, 5, 3))
    referral = families.referral(mine.child)
    for _each in range(2):
        decide(referral, wanted(Outcome.PARENTS_DENIED, NOW, families.oslo(2027, 1, 1), opens_after=True))
    assert ReferralAssessment.objects.count() == 2
    assert AuditRow.objects.filter(action="assessment.set").count() == 1


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({}, "Velg hvem som kan få innsyn"),
        ({"outcome": "open", "reason": "life"}, "passer ikke til valget"),
        ({"outcome": "parents_denied", "reason": "weighty"}, "Skriv hvorfor innsyn nektes"),
        ({"outcome": "open", "reason": "nothing_against", "starts": "2026-11-01"}, "ikke være før i dag"),
        ({"outcome": "open", "reason": "nothing_against", "ends": "2026-11-01"}, "Sluttdatoen må være"),
        ({"outcome": "open", "reason": "nothing_against", "ends": "0001-01-01"}, "Skriv datoen"),
        ({"outcome": "open", "reason": "nothing_against", "ends": "31.02.2027"}, "Skriv datoen"),
        ({"outcome": "<b>", "reason": "\0", "note": "\0"}, "finnes ikke lenger"),
    ],
)
def test_what_does_not_fit_is_told_in_words_and_kept(answers: dict[str, str], words: str) -> None:
    mine, who = families.family(born=date(2013, 5, 3)), clinician()
    families.treats(who, mine.child)
    referral = families.referral(mine.child)
    answer = desk(who).post(at(mine.child, f"henvisning/{referral.pk}/vurder/"), answers)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ReferralAssessment.objects.exists()


def test_another_patients_referral_is_as_unknown_as_none() -> None:
    mine, other, who = families.family(), families.family(), clinician()
    families.treats(who, mine.child)
    foreign = families.referral(other.child)
    assert desk(who).get(at(mine.child, f"henvisning/{foreign.pk}/vurder/")).status_code == 404
    with pytest.raises(NotPossible):
        assess(referral_id=foreign.pk, patient_id=mine.child.pk, wanted=wanted(Outcome.OPEN), by=BY, basis=BASIS)


_STEP = st.tuples(
    st.sampled_from(list(Outcome)),
    st.integers(0, 40),
    st.one_of(st.none(), st.integers(1, 60)),
    st.booleans(),
    st.integers(0, 20),
)


@settings(max_examples=40)
@given(st.lists(_STEP, min_size=1, max_size=6))
def test_at_no_instant_do_two_assessments_hold_and_the_last_word_counts(
    steps: list[tuple[Outcome, int, int | None, bool, int]],
) -> None:
    referral = families.referral(families.person("Nora Barn", date(2013, 5, 3)))
    now = NOW
    for outcome, start, length, opens, wait in steps:
        now += timedelta(days=wait)
        starts = now + timedelta(days=start)
        ends = None if length is None else starts + timedelta(days=length)
        with clock.stopped_at(now):
            decide(referral, wanted(outcome, starts, ends, opens_after=opens))
        held = _holding(referral, starts)
        assert [row.outcome for row in held] == [outcome]
        if ends is not None:
            assert [row.outcome for row in _holding(referral, ends)] == ([Outcome.OPEN] if opens else [])
    for day in range(0, 400, 5):
        assert len(_holding(referral, NOW + timedelta(days=day))) <= 1


def _holding(referral: Referral, instant: datetime) -> list[ReferralAssessment]:
    return [
        row
        for row in ReferralAssessment.objects.filter(referral=referral)
        if row.starts_at <= instant and ((until := effective_end(row)) is None or instant < until)
    ]
