"""Clinicians set codes on what a patient has: with a reason, reviewed where it is against a youth, and never unseen."""

from datetime import date

import pytest

from portal.audit.basis import Basis
from portal.audit.commands import record
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people.models import Role
from portal.people.queries import pid_of
from tests.letters import making
from tests.youth_access import families
from tests.youth_access.staff_at_work import HOME, at, clinician, desk, in_a_hurry, papers
from youth_access.models import AccessTask

pytestmark = pytest.mark.django_db
NOW = families.oslo(2026, 11, 22, 12)


@pytest.fixture(autouse=True)
def _still() -> object:
    with clock.stopped_at(NOW):
        yield


def body(page: bytes) -> str:
    """What a page says, without its frame."""
    return page.decode().split("<main")[1].split("</main>")[0]


def test_staff_see_that_a_hidden_letter_had_been_read() -> None:
    """Scenario 17, what staff see."""
    mine, who = families.family(born=date(2013, 5, 3)), clinician()
    families.treats(who, mine.child)
    with papers() as kept:
        item = kept.add(mine.child, "Svar på prøver")
        record(
            by=Actor("citizen", str(mine.mother.pk)),
            action="read",
            item_kind="letter",
            item_id=item.id,
            person_id=mine.child.pk,
            basis=Basis(relation="FO"),
        )
        browser = desk(who)
        answer = browser.post(
            at(mine.child, f"koder/letter/{item.id}/"), {"codes": ["NORN_FORANS"], "note": "Tungtveiende hensyn"}
        )
        assert answer.status_code == 302, answer.content.decode()
        shown = browser.get(at(mine.child)).content.decode()
        assert "Mona Mor (foreldreansvar)" in shown
        assert "NORN_FORANS" in shown
        assert kept.set_by == [Actor("staff", str(who.pk))]


def test_a_code_against_the_youth_needs_a_reason_and_is_reviewed() -> None:
    """Scenario 39."""
    mine, who = families.family(born=date(2012, 5, 3)), clinician()
    families.treats(who, mine.child)
    with papers() as kept:
        item = kept.add(mine.child)
        address = at(mine.child, f"koder/letter/{item.id}/")
        browser = desk(who)
        empty = browser.post(address, {"codes": ["NORN_UNGDOM"], "note": " "})
        assert empty.status_code == 422
        assert kept.set_by == []
        assert browser.post(address, {"codes": ["NORN_UNGDOM"], "note": "Fare for liv"}).status_code == 302
        task = AccessTask.objects.get(kind="youth_denied", subject=item.id)
        desk(who, Role.REVIEWER)
        assert browser.get(f"{HOME}kontroll/nekting/{task.pk}/").status_code == 404
        other = desk(clinician("Gunvor Aasli"), Role.REVIEWER)
        assert other.get(f"{HOME}kontroll/nekting/{task.pk}/").status_code == 200
        other.post(f"{HOME}kontroll/nekting/{task.pk}/", {"note": "Holder"})
        task.refresh_from_db()
        assert task.closed_at is not None
        assert task.note == "Holder"


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"codes": ["N", "NORN_FPB"]}, "kan ikke stå sammen"),
        ({"codes": ["NORU"]}, "Skriv når det skal vises"),
        ({"codes": ["NORN_FPB"], "visible_from": "2026-12-24T12:00"}, "ta bort tidspunktet"),
        ({"codes": ["NORN_XYZ"]}, "finnes ikke lenger"),
        ({}, "Velg minst én kode"),
    ],
)
def test_codes_that_do_not_fit_are_told_in_words(answers: dict[str, object], words: str) -> None:
    mine, who = families.family(), clinician()
    families.treats(who, mine.child)
    with papers() as kept:
        item = kept.add(mine.child)
        answer = desk(who).post(at(mine.child, f"koder/letter/{item.id}/"), {**answers, "note": "Grunn"})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert kept.set_by == []


def test_another_patients_letter_or_service_is_as_unknown_as_none() -> None:
    mine, other, who = families.family(), families.family(), clinician()
    families.treats(who, mine.child)
    with papers() as kept:
        item = kept.add(other.child)
        browser = desk(who)
        for rest in (f"koder/letter/{item.id}/", f"koder/journal/{item.id}/", f"koder/x/{item.id}/"):
            assert browser.get(at(mine.child, rest)).status_code == 404


def test_codes_set_here_stand_on_the_letter_itself() -> None:
    mine, who = families.family(born=date(2019, 5, 3)), clinician()
    families.treats(who, mine.child)
    letter = making.received(patient=mine.child, pid=pid_of(mine.child))
    browser = desk(who)
    assert letter.title in browser.get(at(mine.child)).content.decode()
    answers = {"codes": ["NORN_FORANS"], "note": "Tungtveiende hensyn"}
    browser.post(at(mine.child, f"koder/letter/{letter.pk}/"), answers)
    letter.refresh_from_db()
    assert letter.security_codes == ["NORN_FORANS"]
    own_wish = {"codes": ["NORN_EPO"], "note": "Pasienten ba om det"}
    assert browser.post(at(mine.child, f"koder/letter/{letter.pk}/"), own_wish).status_code == 422


def test_what_the_patient_has_blocked_for_health_personnel_shows_only_in_an_emergency() -> None:
    mine, who = families.family(), clinician()
    families.treats(who, mine.child)
    with papers() as kept:
        item = kept.add(mine.child, "Sperret brev", codes=["NORS"])
        browser = desk(who)
        assert "Sperret brev" not in browser.get(at(mine.child)).content.decode()
        assert browser.get(at(mine.child, f"koder/letter/{item.id}/")).status_code == 404
        other = desk(clinician("Samir Haddadi"))
        in_a_hurry(other, mine.child)
        assert "Sperret brev" in other.get(at(mine.child)).content.decode()
