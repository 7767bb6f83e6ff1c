"""Clinicians' pages: whom they find, what they see, what they may change, and what the audit says of it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.people.models import Role
from portal.people.queries import pid_of
from tests.letters.making import synthetic_pid
from tests.youth_access import families
from tests.youth_access.staff_at_work import HOME, Papers, at, clinician, desk, look_for, looks, papers
from youth_access.eyes import eyes_for
from youth_access.facts import Service
from youth_access.models import ChildWish, Fullmakt, LocalBlock, StaffBlock
from youth_access.staff_words import why_not

pytestmark = pytest.mark.django_db
NOW = families.oslo(2026, 11, 22, 12)


@pytest.fixture(autouse=True)
def _still() -> object:
    with clock.stopped_at(NOW):
        yield


def body(page: bytes) -> str:
    """What a page says, without its frame."""
    return page.decode().split("<main")[1].split("</main>")[0]


def test_own_patients_are_found_and_their_page_leaves_a_row_with_number_and_employer() -> None:
    mine, who = families.family(born=date(2013, 5, 3)), clinician()
    families.referral(mine.child)
    families.treats(who, mine.child)
    browser = desk(who)
    page = browser.get(HOME).content.decode()
    assert "Nora Barn" in page
    assert "13 år" in page
    assert "1 henvisning ikke vurdert" in page
    assert look_for(browser, mine.child) == at(mine.child)
    shown = browser.get(at(mine.child)).content.decode()
    assert "Barneklinikken" in shown
    assert "Ikke vurdert" in shown
    row = looks(mine.child, action="read")[-1]
    assert (row.basis, row.rule, row.hpr, row.organisation) == ("clinician", "G12", "9144900", "983974899")
    assert row.actor_id == str(who.pk)
    assert row.table_version


def test_without_treatment_everybody_answers_alike_and_the_search_is_noted_as_refused() -> None:
    mine, who = families.family(), clinician()
    browser = desk(who)
    assert look_for(browser, mine.child) == f"{HOME}ingen-relasjon/"
    known = body(browser.get(f"{HOME}ingen-relasjon/").content)
    unknown = browser.post(f"{HOME}finn/", {"number": synthetic_pid()})
    assert unknown["Location"] == f"{HOME}ingen-relasjon/"
    assert body(browser.get(f"{HOME}ingen-relasjon/").content) == known
    for address in (at(mine.child), f"{HOME}{uuid4()}/", at(mine.child, "forhandsvis/")):
        assert browser.get(address).status_code == 404
    assert [row.result for row in looks(mine.child)] == ["refused"] * 3
    assert pid_of(mine.child) not in known


def test_a_number_is_never_taken_from_an_address_nor_shown_again() -> None:
    mine, who = families.family(), clinician()
    browser = desk(who)
    assert browser.get(f"{HOME}finn/", {"number": pid_of(mine.child)}).status_code == 405
    wrong = browser.post(f"{HOME}finn/", {"number": "12345678901"})
    assert wrong.status_code == 422
    assert "ikke et gyldig fødselsnummer" in wrong.content.decode()
    assert "12345678901" not in wrong.content.decode()


@pytest.mark.parametrize("role", [Role.CLERK, Role.OPERATOR, Role.REVIEWER])
def test_other_roles_find_no_such_page(role: Role) -> None:
    mine = families.family()
    browser = desk(clinician(), role)
    for address in (HOME, at(mine.child), f"{HOME}nodtilgang/"):
        assert browser.get(address).status_code == 404


def test_oneself_family_and_colleagues_only_by_treatment_and_flagged() -> None:
    """Scenario 52."""
    mine = families.family()
    browser = desk(mine.mother)
    assert look_for(browser, mine.child) == f"{HOME}ingen-relasjon/"
    assert looks(mine.child)[-1].details["flags"] == ["family"]
    families.treats(mine.mother, mine.child)
    assert look_for(browser, mine.child) == at(mine.child)
    assert "Oppslag på egen familie" in browser.get(at(mine.child)).content.decode()
    assert looks(mine.child, action="read")[-1].details["flags"] == ["family"]
    colleague = clinician("Samir Haddadi")
    desk(colleague)
    assert look_for(browser, colleague) == f"{HOME}ingen-relasjon/"
    assert looks(colleague)[-1].details["flags"] == ["colleague"]
    assert look_for(browser, mine.mother) == f"{HOME}ingen-relasjon/"
    assert looks(mine.mother)[-1].details["flags"] == ["oneself"]


def test_one_whom_the_patient_has_shut_out_is_refused_and_a_colleague_is_not() -> None:
    """Scenario 53, first half."""
    mine, who, other = families.family(), clinician(), clinician("Samir Haddadi")
    families.treats(who, mine.child)
    families.treats(other, mine.child)
    shut_out, colleague = desk(who), desk(other)
    answer = colleague.post(at(mine.child, f"behandler/{who.pk}/sperr/"))
    assert answer.status_code == 302
    assert StaffBlock.objects.filter(clinician=who, ended_at=None).exists()
    assert "Nora Barn" not in shut_out.get(HOME).content.decode()
    assert shut_out.get(at(mine.child)).status_code == 404
    assert look_for(shut_out, mine.child) == f"{HOME}ingen-relasjon/"
    assert colleague.get(at(mine.child)).status_code == 200
    block = StaffBlock.objects.get()
    colleague.post(at(mine.child, f"sperre/{block.pk}/opphev/"))
    assert shut_out.get(at(mine.child)).status_code == 200


def test_a_care_order_stops_both_parents_at_once_and_they_do_not_learn_of_it() -> None:
    """Scenario 12."""
    mine, who = families.family(born=date(2019, 1, 2)), clinician()
    families.treats(who, mine.child)
    browser = desk(who)
    answer = browser.post(
        at(mine.child, "stengt/ny/"), {"parent": "all", "reason": "care_order", "note": "Vedtak av 20. november"}
    )
    assert answer.status_code == 302
    assert LocalBlock.objects.count() == 1
    for parent in (mine.mother, mine.father):
        decision = eyes_for(families.viewer(parent), mine.child.pk, clock.now()).decide(Service.LETTER)
        assert (decision.see, decision.reason) == (False, "not_available")
    assert not AuditRow.objects.filter(action="local_block.set").exclude(person_id=None).exists()
    assert "Vedtak av 20. november" in browser.get(at(mine.child)).content.decode()
    block = LocalBlock.objects.get()
    browser.post(at(mine.child, f"stengt/{block.pk}/apne/"))
    assert eyes_for(families.viewer(mine.mother), mine.child.pk, clock.now()).decide(Service.LETTER).see


def test_a_wish_is_recorded_answered_and_taken_back() -> None:
    mine, who = families.family(born=date(2013, 5, 3)), clinician()
    families.treats(who, mine.child)
    about = families.referral(mine.child, outcome="open")
    browser = desk(who)
    browser.post(at(mine.child, "onske/ny/"), {"about": str(about.pk), "note": "Vil ikke at far skal vite"})
    wish = ChildWish.objects.get()
    address = at(mine.child, f"onske/{wish.pk}/svar/")
    assert browser.post(address, {"state": "declined", "note": ""}).status_code == 422
    assert browser.post(address, {"state": "respected", "note": "Modent ønske"}).status_code == 302
    wish.refresh_from_db()
    assert (wish.state, wish.note, wish.answer) == ("respected", "Vil ikke at far skal vite", "Modent ønske")
    browser.post(address, {"state": "taken_back", "note": "Har ombestemt seg"})
    wish.refresh_from_db()
    assert wish.state == "taken_back"
    late = browser.post(address, {"state": "respected", "note": "For sent"}, follow=True)
    assert "Noen andre har alt svart" in late.content.decode()
    assert not AuditRow.objects.filter(item_kind="child_wish").exclude(person_id=None).exists()


def test_an_assigned_fullmakt_needs_the_doctors_word_and_ends_at_once() -> None:
    mine, who = families.family(born=date(1950, 5, 3), responsible_are=()), clinician()
    families.treats(who, mine.child)
    browser = desk(who)
    asked = {"number": pid_of(mine.stranger), "areas": ["letter", "appointment"], "note": "Fastlegen 20. november"}
    without = browser.post(at(mine.child, "fullmakt/ny/"), asked)
    assert without.status_code == 422
    assert "Fastlegen må ha bekreftet" in without.content.decode()
    assert browser.post(at(mine.child, "fullmakt/ny/"), {**asked, "confirmed": "on"}).status_code == 302
    given = Fullmakt.objects.get(kind="TD")
    eyes = eyes_for(families.viewer(mine.stranger), mine.child.pk, clock.now())
    assert eyes.decide(Service.LETTER).see
    assert not eyes.decide(Service.JOURNAL).see
    assert "Fastlegen 20. november" in browser.get(at(mine.child)).content.decode()
    again = browser.post(at(mine.child, "fullmakt/ny/"), {**asked, "confirmed": "on"}, follow=True)
    assert "alt en tildelt fullmakt" in again.content.decode()
    browser.post(at(mine.child, f"fullmakt/{given.pk}/avslutt/"))
    assert not eyes_for(families.viewer(mine.stranger), mine.child.pk, clock.now()).decide(Service.LETTER).see


def test_a_note_with_an_identity_number_is_refused_and_what_was_typed_is_kept() -> None:
    mine, who = families.family(), clinician()
    families.treats(who, mine.child)
    asked = {"parent": "all", "reason": "other", "note": f"Gjelder {pid_of(mine.father)}"}
    answer = desk(who).post(at(mine.child, "stengt/ny/"), asked)
    assert answer.status_code == 422
    assert "Ta bort fødselsnummeret" in answer.content.decode()
    assert not LocalBlock.objects.exists()


def test_guidance_for_sixteen_and_seventeen() -> None:
    """Scenario 60."""
    mine, who = families.family(born=date(2009, 5, 3)), clinician()
    families.treats(who, mine.child)
    page = desk(who).get(at(mine.child)).content.decode()
    assert "informer muntlig" in page
    assert "skriv hvorfor i journalen" in page
    assert not eyes_for(families.viewer(mine.mother), mine.child.pk, clock.now()).decide(Service.LETTER).see


def test_the_preview_says_what_the_decision_says_now_and_after_the_birthday() -> None:
    mine, who = families.family(born=date(2014, 11, 30)), clinician()
    families.treats(who, mine.child)
    families.referral(mine.child)
    browser = desk(who)
    page = browser.get(at(mine.child, "forhandsvis/")).content.decode()
    now, later = page.split("Fra 30.\xa0november\xa02026")[0], page.split("Fra 30.\xa0november\xa02026")[-1]
    assert "Mona Mor" in now
    assert "Ser, kan handle, varsles" in now
    assert "V16" in later
    assert "Ser, kan handle" not in later.split("Hele pasienten")[0]
    chosen = browser.get(at(mine.child, "forhandsvis/"), {"dato": "2030-12-01"}).content.decode()
    assert "Barnet er fylt 16 år" in chosen
    odd = browser.get(at(mine.child, "forhandsvis/"), {"dato": "31.02.2030"})
    assert odd.status_code == 422
    assert AuditRow.objects.filter(person_id=mine.child.pk, action="preview").count() == 3


@pytest.mark.parametrize("kind", ["ukjent", "andre"])
def test_staff_see_why_one_who_is_in_the_register_may_not_represent(kind: str) -> None:
    """Scenarios 10 and 11 of access."""
    child, aunt, who = families.person("Ylva Lundmo", date(2017, 5, 3)), families.person("Jorunn Lundmo"), clinician()
    families.responsible(child, aunt, kind)
    families.treats(who, child)
    page = " ".join(body(desk(who).get(at(child, "forhandsvis/")).content).split())
    assert "Jorunn Lundmo" in page
    assert "uavklart foreldreansvar" in page
    assert why_not("V02", eyes_for(families.viewer(aunt), child.pk, NOW).decide(Service.LETTER).reason) in page


def test_lists_cost_the_same_at_any_length() -> None:
    who = clinician()
    browser = desk(who)

    def add(count: int) -> None:
        for _each in range(count):
            mine = families.family(born=date(2013, 5, 3))
            families.treats(who, mine.child)
            families.assess(families.referral(mine.child), "open")
            families.wish(mine.child)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as told:
            assert browser.get(HOME).status_code == 200
        return len(told)

    add(2)
    few = cost()
    add(12)
    assert cost() == few < 30


def test_a_patients_page_costs_the_same_however_much_there_is() -> None:
    mine, who = families.family(born=date(2013, 5, 3)), clinician()
    families.treats(who, mine.child)
    browser = desk(who)

    def cost() -> int:
        with CaptureQueriesContext(connection) as told:
            assert browser.get(at(mine.child)).status_code == 200
        return len(told)

    def more(kept: Papers) -> None:
        families.assess(families.referral(mine.child), "open")
        families.wish(mine.child, families.referral(mine.child))
        kept.add(mine.child)

    with papers() as kept:
        more(kept)
        few = cost()
        for _each in range(6):
            more(kept)
        assert cost() == few < 45


def test_a_deed_on_a_stale_page_after_the_treatment_ended_is_refused() -> None:
    mine, who = families.family(born=date(2013, 5, 3)), clinician()
    families.treats(who, mine.child, until=NOW + timedelta(minutes=1))
    browser = desk(who)
    assert browser.get(at(mine.child, "stengt/ny/")).status_code == 200
    with clock.stopped_at(NOW + timedelta(minutes=1)):
        answer = browser.post(at(mine.child, "stengt/ny/"), {"parent": "all", "reason": "other", "note": "x"})
    assert answer.status_code == 404
    assert not LocalBlock.objects.exists()
