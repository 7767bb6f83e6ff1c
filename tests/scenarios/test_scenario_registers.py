"""Scenarios 15 to 28: what the registers say, at the moment it counts."""

import logging
from datetime import date, timedelta
from typing import Any

import pytest

from letters.commands import clerk
from letters.models import ChannelDecision, ClerkTask, Document, Notice, Posting
from letters.states import Digital, Postal, Stage
from portal.kernel import clock
from tests.counterparts.running import wait
from tests.letters import making
from tests.stories.living import HOME, Alive, moves, open_reasons, posting_of, wait_for_state
from tests.youth_access import families
from youth_access.models import Referral

OLD_STREET, NEW_STREET = "Gamlegata 13", "Nyveien 1"
SOT6 = {"lines": ["SOT6", "Postboks 2094 Vika"], "postal_code": "0125", "town": "Oslo"}
POST_BOX = {"lines": ["Postboks 77"], "postal_code": "9252", "town": "Tromsø"}


def days_ago(days: int) -> str:
    return (clock.now() - timedelta(days=days)).isoformat()


def test_s15_given_a_reserved_active_patient_and_an_important_letter_then_both_ways_whatever_is_opened(
    alive: Alive,
) -> None:
    patient = alive.patient(contact={"reserved": True})
    letter = alive.letter(patient)
    assert letter.digital == Digital.AVAILABLE
    assert [order["letter"] for order in alive.orders()] == [str(letter.id)]
    assert alive.messages() == []


def test_s16_given_a_reserved_patient_and_a_service_message_then_on_screen_only(alive: Alive) -> None:
    letter = alive.letter(alive.patient(contact={"reserved": True}), type_code="informasjon")
    assert letter.digital == Digital.AVAILABLE
    alive.time_passes(days=60)
    alive.sweep()
    assert not Posting.objects.exists()
    assert alive.orders() == alive.messages() == []


@pytest.mark.parametrize("register", ["contact-register", "population-register"])
def test_s17_given_a_register_that_does_not_answer_then_the_order_is_kept_and_decided_later(
    alive: Alive, register: str
) -> None:
    patient = alive.patient(contact={"reserved": True})
    alive.world.behave(register, "down")
    letter = alive.letter(patient)
    alive.time_passes(days=1)
    alive.work()
    assert letter.stage == Stage.RENDERED
    assert not ChannelDecision.objects.exists()
    assert (letter.digital, alive.orders(), alive.messages()) == (Digital.NONE, [], [])
    alive.world.behave(register, "ok")
    alive.time_passes(minutes=11)
    alive.work()
    assert ChannelDecision.objects.get().rule == "C09"


def test_s18_given_an_email_of_19_months_and_a_fresh_mobile_then_sms_only(alive: Alive) -> None:
    stale = {"email": "kari@epost.example", "email_updated": days_ago(580), "email_verified": days_ago(580)}
    letter = alive.letter(alive.patient(contact=stale))
    assert [message["channel"] for message in alive.messages()] == ["sms"]
    assert posting_of(letter).state == Postal.WAITING


def test_s18_given_nothing_but_stale_contact_points_then_paper_at_once_and_no_notice(alive: Alive) -> None:
    stale = {"mobile_updated": days_ago(580), "mobile_verified": days_ago(580)}
    letter = alive.letter(alive.patient(contact=stale))
    assert letter.digital == Digital.AVAILABLE
    assert [order["letter"] for order in alive.orders()] == [str(letter.id)]
    assert alive.messages() == []


def test_s19_given_sms_and_email_that_both_bounce_then_paper_now_and_not_after_four_days(alive: Alive) -> None:
    now = clock.now().isoformat()
    contact = {"email": "m@epost.example", "email_updated": now, "email_verified": now, "bounces": True}
    letter = alive.letter(alive.patient(contact=contact))
    assert sorted(message["channel"] for message in alive.messages()) == ["email", "sms"]
    alive.time_passes(minutes=1)
    wait(lambda: Notice.objects.filter(letter=letter, round="first", state="failed").count() == 2)
    alive.work()
    assert [order["letter"] for order in alive.orders()] == [str(letter.id)]
    assert clock.now() - letter.received_at < timedelta(minutes=10)


def test_s20_given_a_waiting_letter_when_the_patient_reserves_then_paper_at_the_next_sweep(alive: Alive) -> None:
    patient = alive.patient()
    letter = alive.letter(patient)
    alive.time_passes(days=1)
    alive.change_contact(patient.pid, reserved=True)
    alive.check_routes()
    assert posting_of(letter).obligatory
    assert [order["letter"] for order in alive.orders()] == [str(letter.id)]


def test_s21_given_a_patient_who_dies_while_waiting_then_the_paper_is_stopped(alive: Alive) -> None:
    patient = alive.patient()
    letter = alive.letter(patient)
    alive.change(patient.pid, died_on="2026-11-24")
    alive.time_passes(days=5)
    alive.sweep()
    assert posting_of(letter).state == Postal.HELD
    assert open_reasons(letter) == [ClerkTask.Reason.DECEASED]
    assert alive.orders() == []


def test_s21_given_a_patient_who_dies_while_ready_then_the_paper_is_stopped(alive: Alive) -> None:
    patient = alive.patient(active=False)
    alive.world.behave("print", "down")
    letter = alive.letter(patient)
    assert posting_of(letter).state == Postal.READY
    alive.change(patient.pid, died_on="2026-11-23")
    alive.world.behave("print", "ok")
    alive.time_passes(minutes=11)
    alive.work()
    assert posting_of(letter).state == Postal.HELD
    assert open_reasons(letter) == [ClerkTask.Reason.DECEASED]
    assert alive.orders() == []


def test_s21_given_a_letter_posted_when_the_patient_dies_then_what_comes_back_is_a_task_only(alive: Alive) -> None:
    patient = alive.patient(active=False)
    posting = posting_of(alive.letter(patient))
    alive.time_passes(minutes=2)
    wait_for_state(posting, Postal.POSTED)
    alive.change(patient.pid, died_on="2026-11-24")
    later = alive.letter(patient)
    assert open_reasons(later) == [ClerkTask.Reason.DECEASED]
    assert (len(alive.orders()), alive.messages()) == (1, [])
    alive.finish(posting, "returned")
    wait_for_state(posting, Postal.RETURNED)
    assert open_reasons(posting.letter) == [ClerkTask.Reason.RETURNED]
    assert [order["letter"] for order in alive.orders()] == [str(posting.letter.id)]


def test_s22_given_kode_6_between_decision_and_print_then_held_and_the_old_address_is_nowhere(
    alive: Alive, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    patient = alive.patient(residence=HOME | {"lines": [OLD_STREET]})
    letter = alive.letter(patient)
    alive.change(patient.pid, protection="kode6", contact_address=SOT6)
    alive.time_passes(days=5)
    alive.sweep()
    assert posting_of(letter).state == Postal.HELD
    assert open_reasons(letter) == [ClerkTask.Reason.PROTECTED]
    assert alive.orders() == []
    assert OLD_STREET not in caplog.text
    assert "SOT6" not in caplog.text
    assert not Document.objects.exclude(posting=None).exists()


def test_s22_given_kode_6_granted_after_the_sheets_were_made_then_they_are_thrown_away(alive: Alive) -> None:
    patient = alive.patient(active=False, residence=HOME | {"lines": [OLD_STREET]})
    alive.world.behave("print", "down")
    letter = alive.letter(patient)
    alive.change(patient.pid, protection="kode6", contact_address=SOT6)
    alive.world.behave("print", "ok")
    alive.time_passes(minutes=11)
    alive.work()
    assert posting_of(letter).state == Postal.HELD
    assert alive.orders() == []
    assert not Document.objects.filter(posting__letter=letter).exists()


def test_s23_given_kode_7_when_two_persons_release_it_then_the_contact_address_is_used(alive: Alive) -> None:
    patient = alive.patient(
        active=False, residence=HOME | {"lines": [OLD_STREET]}, protection="kode7", contact_address=POST_BOX
    )
    letter = alive.letter(patient)
    posting = posting_of(letter)
    assert posting.hold_reason == ClerkTask.Reason.PROTECTED
    for number in (1, 2):
        clerk.release(posting_id=posting.id, by=alive.patient(name=f"Ansatt {number}").person.id, note="bekreftet")
    alive.work()
    [order] = alive.orders()
    assert order["recipient_lines"] == ["Kari Nordli", "Postboks 77", "9252 Tromsø"]


def test_s24_given_a_patient_who_moved_yesterday_then_todays_address_and_a_snapshot_with_the_job(alive: Alive) -> None:
    patient = alive.patient(residence=HOME | {"lines": [OLD_STREET]})
    alive.world.behave("print", "no_receipts")
    letter = alive.letter(patient)
    alive.time_passes(days=3)
    alive.change(patient.pid, residence=HOME | {"lines": [NEW_STREET]})
    alive.time_passes(days=1, minutes=1)
    alive.sweep()
    [order] = alive.orders()
    lines = ["Kari Nordli", NEW_STREET, "9008 Tromsø"]
    assert order["recipient_lines"] == lines
    assert Document.objects.get(posting__letter=letter).window == lines


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"residence": None, "no_fixed_abode": True}, ClerkTask.Reason.NO_ADDRESS),
        ({"residence": None}, ClerkTask.Reason.NO_ADDRESS),
        ({"residence": {"lines": ["Storgata 1"], "postal_code": "", "town": ""}}, ClerkTask.Reason.NO_ADDRESS),
        (
            {"residence": {"lines": ["Tie 14"], "postal_code": "99870", "town": "Inari", "country_code": "FI"}},
            ClerkTask.Reason.FOREIGN_ADDRESS,
        ),
    ],
)
def test_s25_given_nowhere_to_send_it_then_held_with_a_task_within_one_sweep(
    alive: Alive, changes: dict[str, Any], reason: str
) -> None:
    letter = alive.letter(alive.patient(**changes))
    alive.time_passes(days=4, minutes=1)
    alive.sweep()
    assert (posting_of(letter).state, open_reasons(letter)) == (Postal.HELD, [reason])
    assert alive.orders() == []


def open_referral(child: Any) -> str:
    """The record system's name for a referral that a clinician has assessed as open."""
    row = families.referral(child.person, making.unit(), "open")
    Referral.objects.filter(pk=row.pk).update(source="dips")
    return row.source_key


def family(alive: Alive, born: date, *, parent_reads: bool = True, **changes: Any) -> Any:
    """A child at home with a mother."""
    mother = alive.patient(name="Elin Brattli", born=date(1981, 9, 9), active=parent_reads)
    row = {"kind": "mor", "responsible_pid": mother.pid, "valid_from": born.isoformat()}
    return alive.patient(name="Ask Brattli", born=born, active=False, parental_responsibility=[row], **changes)


@pytest.mark.parametrize(
    ("birthday", "assessed", "names"),
    [
        (date(2014, 11, 26), False, ["Elin Brattli"]),
        (date(2014, 11, 24), True, ["Ask Brattli"]),
        (date(2014, 11, 24), False, []),
    ],
)
def test_s26_given_a_child_turning_12_between_issue_and_print_then_the_addressee_is_found_anew(
    alive: Alive, birthday: date, assessed: bool, names: list[str]
) -> None:
    child = family(alive, birthday, parent_reads=False)
    alive.world.behave("print", "down")
    letter = alive.letter(child, referrals=(open_referral(child),) if assessed else ())
    assert ChannelDecision.objects.get().rule == "C05"
    alive.world.behave("print", "ok")
    alive.time_passes(days=2)
    alive.work()
    assert [order["recipient_lines"][0] for order in alive.orders(letter)] == names
    assert open_reasons(letter) == ([] if names else [ClerkTask.Reason.PARENTS_DENIED])


def test_s26_given_a_youth_turning_16_between_issue_and_print_then_paper_still_goes_in_their_own_name(
    alive: Alive,
) -> None:
    youth = family(alive, date(2010, 11, 24), parent_reads=False)
    alive.world.behave("print", "down")
    letter = alive.letter(youth, referrals=(open_referral(youth),))
    alive.world.behave("print", "ok")
    alive.time_passes(days=2)
    alive.work()
    assert letter.digital == Digital.NONE
    assert [order["recipient_lines"][0] for order in alive.orders(letter)] == ["Ask Brattli"]


def test_s27_given_no_parent_at_the_childs_address_then_a_task_and_no_paper(alive: Alive) -> None:
    child = family(alive, date(2018, 5, 5), residence=HOME | {"lines": ["Mormors vei 9"]})
    letter = alive.letter(child)
    assert posting_of(letter).state == Postal.HELD
    assert open_reasons(letter) == [ClerkTask.Reason.NO_PARENT]
    assert "postal.hand_over" not in moves(letter)
    assert alive.orders() == alive.messages() == []
