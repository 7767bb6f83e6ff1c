"""Emergency access: an hour, one patient, see and not act, in the patient's log, reviewed by somebody else."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from portal.kernel import clock
from portal.people.models import Role
from tests.letters.making import synthetic_pid
from tests.youth_access import families
from tests.youth_access.staff_at_work import HOME, at, clinician, desk, in_a_hurry, look_for, looks
from youth_access.commands import emergency
from youth_access.eyes import eyes_for
from youth_access.facts import Service
from youth_access.models import AccessTask, BreakGlass, LocalBlock

pytestmark = pytest.mark.django_db
NOW = families.oslo(2026, 11, 22, 12)


@pytest.fixture(autouse=True)
def _still() -> object:
    with clock.stopped_at(NOW):
        yield


def test_an_hour_of_looking_and_nothing_more() -> None:
    mine, who = families.family(born=date(2013, 5, 3)), clinician()
    families.referral(mine.child)
    browser = desk(who)
    assert in_a_hurry(browser, mine.child) == at(mine.child)
    page = browser.get(at(mine.child)).content.decode()
    assert "60 minutter igjen" in page
    assert "/vurder/" not in page
    for rest in ("stengt/ny/", "onske/ny/", "fullmakt/ny/"):
        assert browser.get(at(mine.child, rest)).status_code == 404
    answer = browser.post(at(mine.child, "stengt/ny/"), {"parent": "all", "reason": "other", "note": "x"})
    assert answer.status_code == 404
    assert not LocalBlock.objects.exists()
    last = looks(mine.child, action="read", result="shown")[-1]
    assert (last.basis, last.acp, last.rule, last.hpr) == ("emergency", "7", "G13", "9144900")
    with clock.stopped_at(NOW + timedelta(minutes=59, seconds=59)):
        assert "1 minutt igjen" in browser.get(at(mine.child)).content.decode()
    with clock.stopped_at(NOW + timedelta(minutes=60)):
        over = browser.get(at(mine.child), follow=True)
        assert over.redirect_chain[-1][0] == HOME
        assert "Nødtilgangen er over" in over.content.decode()
        assert browser.get(at(mine.child, "forhandsvis/")).status_code == 404


def test_it_is_for_one_patient_and_one_clinician_and_opens_nothing_for_citizens() -> None:
    mine, other, who = families.family(), families.family(), clinician()
    browser = desk(who)
    in_a_hurry(browser, mine.child)
    assert browser.get(at(other.child)).status_code == 404
    assert desk(clinician("Samir Haddadi")).get(at(mine.child)).status_code == 404
    decision = eyes_for(families.viewer(who), mine.child.pk, clock.now()).decide(Service.LETTER)
    assert (decision.see, decision.rule) == (False, "V01")


def test_the_patient_has_it_in_the_log_with_the_reason_as_a_code() -> None:
    """Scenario 53, second half: also where the patient has shut this clinician out."""
    mine, who = families.family(), clinician()
    families.treats(who, mine.child)
    families.keep_out(mine.child, who)
    browser = desk(who)
    in_a_hurry(browser, mine.child, note="Hjertestans")
    row = looks(mine.child, action="emergency.begun")[0]
    assert (row.basis, row.details["reason"], row.item_kind) == ("emergency", "acute", "break_glass")
    assert "Hjertestans" not in str(row.details)
    assert browser.get(at(mine.child)).status_code == 200


def test_no_reason_no_access() -> None:
    mine, who = families.family(), clinician()
    browser = desk(who)
    look_for(browser, mine.child)
    for answers in ({}, {"reason": "acute", "note": "  "}, {"reason": "x", "note": "y"}):
        assert browser.post(f"{HOME}nodtilgang/", answers).status_code == 422
    assert not BreakGlass.objects.exists()
    assert browser.get(at(mine.child)).status_code == 404


def test_not_for_oneself_and_not_without_having_looked_for_somebody() -> None:
    who = clinician()
    browser = desk(who)
    assert browser.get(f"{HOME}nodtilgang/")["Location"] == HOME
    look_for(browser, who)
    answer = browser.post(f"{HOME}nodtilgang/", {"reason": "acute", "note": "x"}, follow=True)
    assert "ikke bruke nødtilgang på deg selv" in answer.content.decode()
    assert not BreakGlass.objects.exists()


def test_somebody_the_portal_does_not_know_is_told_only_after_the_reason() -> None:
    browser = desk(clinician())
    browser.post(f"{HOME}finn/", {"number": synthetic_pid()})
    answer = browser.post(f"{HOME}nodtilgang/", {"reason": "acute", "note": "x"}, follow=True)
    assert "ingen opplysninger om denne pasienten" in answer.content.decode()


def test_asked_twice_it_is_one_and_one_can_leave_early() -> None:
    mine, who = families.family(), clinician()
    for _each in range(2):
        emergency.begin(clinician_id=who.pk, patient_id=mine.child.pk, reason="acute", note="x", flags=())
    row = BreakGlass.objects.get()
    browser = desk(who)
    with clock.stopped_at(NOW + timedelta(minutes=5)):
        assert browser.post(f"{HOME}nodtilgang/{row.pk}/avslutt/").status_code == 302
        assert browser.get(at(mine.child))["Location"] == HOME
    assert browser.post(f"{HOME}nodtilgang/{uuid4()}/avslutt/").status_code == 404


def test_somebody_else_reviews_it_and_never_the_clinician() -> None:
    mine, who = families.family(), clinician()
    browser = desk(who)
    in_a_hurry(browser, mine.child)
    browser.get(at(mine.child))
    row = BreakGlass.objects.get()
    desk(who, Role.REVIEWER)
    assert "Lise Myrnes" not in browser.get(f"{HOME}kontroll/").content.decode().split("<main")[1]
    assert browser.get(f"{HOME}kontroll/{row.pk}/").status_code == 404
    with pytest.raises(emergency.NotPossible):
        emergency.review(break_glass_id=row.pk, verdict="justified", note="x", by=who.pk)
    reviewer = desk(clinician("Gunvor Aasli"), Role.REVIEWER)
    assert "Lise Myrnes" in reviewer.get(f"{HOME}kontroll/").content.decode()
    page = reviewer.get(f"{HOME}kontroll/{row.pk}/").content.decode()
    assert "Bevisstløs i mottak" in page
    assert "Pasientens side om innsyn" in page
    address = f"{HOME}kontroll/{row.pk}/"
    assert reviewer.post(address, {"verdict": "justified"}).status_code == 422
    reviewer.post(address, {"verdict": "not_justified", "note": "Pasienten kunne spørres"})
    row.refresh_from_db()
    assert (row.verdict, row.verdict_note) == ("not_justified", "Pasienten kunne spørres")
    assert AccessTask.objects.get(subject=row.pk).closed_at == NOW
    again = reviewer.post(address, {"verdict": "justified", "note": "x"}, follow=True)
    assert "alt kontrollert" in again.content.decode()


def test_a_protected_patient_has_no_name_in_the_reviewers_list() -> None:
    """Scenario 14, what staff see."""
    mine, who = families.family(protected={"child"}), clinician()
    emergency.begin(clinician_id=who.pk, patient_id=mine.child.pk, reason="life", note="x", flags=())
    page = desk(clinician("Gunvor Aasli"), Role.REVIEWER).get(f"{HOME}kontroll/").content.decode()
    assert "Skjermet person" in page
    assert "Nora Barn" not in page
