"""An appointment is moved, cancelled, or told of to nobody: what becomes of its letter."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from appointments.models import Appointment, Clinic
from letters.models import Letter
from letters.states import Digital, Postal
from portal.flows import call_in_letter, time_letters, untold
from portal.flows.time_letter_words import CALL_IN, CANCELLATION, CHANGE, Occasion, body
from portal.kernel import clock
from portal.outbox import registry
from portal.outbox.models import Errand
from portal.people.register_snapshots import take_snapshot
from tests.appointments import told
from tests.appointments.told import appointment, cancelled, lines, made, moved, sweep
from tests.letters import making
from tests.people.signed_in import signed_in
from tests.scenarios.test_scenario_young import home
from tests.stories.living import Alive, Patient, posting_of, wait_for_state
from tests.youth_access import families
from youth_access.facts import Outcome

NAME = "https://dips.example/brev|CALL-IN"
RESERVED = {"reserved": True}


def in_days(days: float) -> datetime:
    return clock.now() + timedelta(days=days)


def called_in(alive: Alive, patient: Patient) -> tuple[Appointment, Letter]:
    """An appointment in thirty days, and the call-in letter that the hospital has sent of it."""
    letter = alive.letter(patient, identifiers=(NAME,))
    row = appointment(patient.person, in_days(30), call_in_letter=NAME, place="Inngang C, 3. etasje")
    return row, letter


def ours(about: Appointment) -> list[Letter]:
    """The letters the portal itself has written about it."""
    found = Letter.objects.filter(source=time_letters.SOURCE, source_key__startswith=str(about.pk))
    return list(found.order_by("received_at").select_related("type"))


def types(about: Appointment) -> list[str]:
    return [letter.type.code for letter in ours(about)]


# -- moved -------------------------------------------------------------------------------------------------------------


def test_s31_moved_while_the_old_letter_waits_it_is_superseded_and_never_printed(alive: Alive) -> None:
    row, old = called_in(alive, alive.patient())
    moved(row, in_days(37))
    alive.work()
    old.refresh_from_db()
    assert (old.withdrawn_reason, old.digital, posting_of(old).state) == (
        "superseded",
        Digital.HIDDEN,
        Postal.CANCELLED,
    )
    [new] = ours(row)
    assert (new.type.code, new.replaces_id, new.digital) == (CHANGE, old.pk, Digital.AVAILABLE)
    assert "flyttet" in new.body_html
    assert "Inngang C, 3. etasje" in new.body_html
    assert "erstatter" not in new.body_html, "the patient has never seen the old one on paper"
    alive.time_passes(days=10)
    alive.sweep()
    assert [order["letter"] for order in alive.orders()] == [str(new.pk)]


def test_s31_moved_after_the_old_letter_was_posted_a_correction_follows_on_paper(alive: Alive) -> None:
    row, old = called_in(alive, alive.patient(active=False))
    alive.time_passes(minutes=2)
    wait_for_state(posting_of(old), Postal.POSTED)
    moved(row, in_days(37))
    alive.work()
    [new] = ours(row)
    assert "erstatter det forrige brevet" in new.body_html
    assert [order["letter"] for order in alive.orders()] == [str(old.pk), str(new.pk)]


def test_a_letter_that_was_read_stays_readable_and_marked(alive: Alive) -> None:
    patient = alive.patient()
    row, old = called_in(alive, patient)
    signed_in(Client(), patient.person).get(f"/brev/{old.pk}/")
    moved(row, in_days(37))
    alive.work()
    old.refresh_from_db()
    assert (old.digital, old.withdrawn_reason) == (Digital.OPENED, "superseded")


def test_moved_twice_the_last_letter_alone_counts_and_each_move_has_one(alive: Alive) -> None:
    row, old = called_in(alive, alive.patient())
    for days in (37, 44):
        row = moved(row, in_days(days))
        alive.work()
    first, second = ours(row)
    assert (first.replaces_id, second.replaces_id) == (old.pk, first.pk)
    assert [letter.withdrawn_at is None for letter in (first, second)] == [False, True]
    for kind in ("flows.rebooked", "flows.untold"):
        registry.kind(kind).handler(row.pk)
    assert len(ours(row)) == 2


def test_two_moves_before_any_worker_came_are_one_letter_with_the_last_time(alive: Alive) -> None:
    row, _old = called_in(alive, alive.patient())
    moved(row, in_days(37))
    row = moved(row, in_days(44))
    alive.work()
    [new] = ours(row)
    assert new.source_key == f"{row.pk}-2"


def test_a_moved_appointment_without_a_letter_gets_none_where_the_patient_is_told(alive: Alive) -> None:
    row = appointment(alive.patient().person, in_days(30))
    moved(row, in_days(37))
    sweep(alive)
    assert (ours(row), len(alive.messages())) == ([], 1)


def test_a_moved_appointment_that_nobody_can_be_told_of_is_told_on_paper(alive: Alive) -> None:
    row = appointment(alive.patient(contact=RESERVED).person, in_days(30))
    moved(row, in_days(37))
    sweep(alive)
    assert types(row) == [CHANGE]
    assert [order["letter"] for order in alive.orders()] == [str(ours(row)[0].pk)]


def test_moved_with_a_letter_and_told_to_nobody_is_still_one_letter(alive: Alive) -> None:
    row, _old = called_in(alive, alive.patient(contact=RESERVED))
    moved(row, in_days(37))
    sweep(alive)
    assert types(row) == [CHANGE]


def test_the_letter_is_there_before_the_patient_would_have_come_in_vain(alive: Alive) -> None:
    row, _old = called_in(alive, alive.patient())
    before = row.start
    moved(row, in_days(60))
    alive.work()
    assert ours(row)[0].must_arrive_by == before


# -- cancelled ---------------------------------------------------------------------------------------------------------


def test_s31_cancelled_while_the_letter_waits_it_is_taken_back_and_no_paper_follows(alive: Alive) -> None:
    row, old = called_in(alive, alive.patient())
    cancelled(row)
    sweep(alive)
    old.refresh_from_db()
    assert (old.withdrawn_reason, ours(row)) == ("cancelled", [])
    alive.time_passes(days=10)
    alive.sweep()
    assert alive.orders() == []


def test_s31_cancelled_after_the_letter_was_posted_paper_follows(alive: Alive) -> None:
    row, old = called_in(alive, alive.patient(active=False))
    alive.time_passes(minutes=2)
    wait_for_state(posting_of(old), Postal.POSTED)
    cancelled(row)
    sweep(alive)
    assert types(row) == [CANCELLATION]
    assert [order["letter"] for order in alive.orders()] == [str(old.pk), str(ours(row)[0].pk)]


def test_a_letter_about_one_that_was_struck_as_a_mistake_is_taken_back(alive: Alive) -> None:
    row, old = called_in(alive, alive.patient())
    cancelled(row)
    cleared = {"cancelled_at": None, "cancelled_by": "", "sequence": 2}
    Appointment.objects.filter(pk=row.pk).update(status="entered-in-error", **cleared)
    sweep(alive)
    old.refresh_from_db()
    assert (old.withdrawn_reason, ours(row)) == ("cancelled", [])


def test_a_letter_that_tells_of_the_cancellation_is_not_itself_taken_back(alive: Alive) -> None:
    row, old = called_in(alive, alive.patient())
    cancelled(row)
    for kind in ("flows.untold", "flows.cancelled", "flows.untold"):
        registry.kind(kind).handler(row.pk)
    old.refresh_from_db()
    [letter] = ours(row)
    assert (letter.type.code, letter.withdrawn_at, old.withdrawn_reason) == (CANCELLATION, None, "superseded")


@pytest.mark.parametrize("by", ["patient", "system"])
def test_what_the_hospital_did_not_cancel_is_taken_back_and_not_written_of(alive: Alive, by: str) -> None:
    row, old = called_in(alive, alive.patient(contact=RESERVED))
    cancelled(row, by=by)
    sweep(alive)
    old.refresh_from_db()
    assert (old.withdrawn_reason, ours(row)) == ("cancelled", [])


def test_s8_a_cancelled_day_tells_those_who_can_be_told_and_writes_to_the_others(alive: Alive) -> None:
    numbers = [f"+47400100{number:02d}" for number in range(12)]
    digital = [alive.patient(contact={"mobile": number}) for number in numbers]
    on_paper = [alive.patient(contact=RESERVED) for _ in range(4)]
    rows = [appointment(each.person, in_days(14)) for each in (*digital, *on_paper)]
    for row in rows:
        cancelled(row)
    sweep(alive)
    assert told.told_to(alive) == numbers
    assert [types(row) for row in rows] == [[]] * 12 + [[CANCELLATION]] * 4
    assert len(alive.orders()) == 4


def test_put_back_before_the_worker_came_nothing_is_taken_back(alive: Alive) -> None:
    row, old = called_in(alive, alive.patient())
    cancelled(row)
    Appointment.objects.filter(pk=row.pk).update(status="booked", cancelled_at=None, cancelled_by="")
    alive.work()
    old.refresh_from_db()
    assert old.withdrawn_at is None


# -- told of to nobody -------------------------------------------------------------------------------------------------


def test_a_new_appointment_that_nobody_could_be_told_of_is_called_in_for_by_letter(alive: Alive) -> None:
    row = made(alive.patient(active=False).person, in_days(30), instruction="Møt fastende.\nTa med medisinliste.")
    sweep(alive)
    assert types(row) == [CALL_IN]
    assert "<p>Møt fastende.</p>" in ours(row)[0].body_html
    assert len(alive.orders()) == 1


def test_the_hospitals_own_call_in_letter_is_enough(alive: Alive) -> None:
    row = made(alive.patient(contact=RESERVED).person, in_days(30), call_in_letter=NAME)
    sweep(alive)
    assert ours(row) == []


def test_nothing_is_written_of_what_is_over_or_was_told_of_meanwhile(alive: Alive) -> None:
    row = made(alive.patient().person, in_days(30))
    sweep(alive)
    untold.tell_by_letter(row.pk)
    Appointment.objects.filter(pk=row.pk).update(sequence=1)
    alive.time_passes(days=31)
    untold.tell_by_letter(row.pk)
    assert ours(row) == []


def test_access_29_a_denied_youths_letter_goes_nowhere_by_itself(alive: Alive) -> None:
    family = home(alive, date(2012, 3, 3))
    take_snapshot(family.child.person)
    referral = families.referral(family.child.person, making.unit(), Outcome.PARENTS_DENIED)
    row = made(family.child.person, in_days(30), referral_ids=[referral.pk], security_codes=["NORN_FORANS"])
    sweep(alive)
    [letter] = ours(row)
    assert (letter.security_codes, letter.referral_ids) == (["NORN_FORANS"], [referral.pk])
    assert posting_of(letter).state == Postal.HELD
    assert alive.orders() == alive.messages() == []


def test_a_letter_that_cannot_be_written_leaves_a_line_for_the_clinic(alive: Alive) -> None:
    row = made(alive.patient(contact=RESERVED).person, in_days(30))
    type(row.unit).objects.update(active=False)
    sweep(alive)
    assert lines(row)[-1] == "flows.untold.failed"
    assert Errand.objects.get(kind="flows.untold").state == Errand.State.GIVEN_UP


# -- the words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [CALL_IN, CHANGE, CANCELLATION])
@pytest.mark.parametrize("channel", ["", "url", "phone"])
def test_the_words_pass_the_letters_own_rules(db: None, kind: str, channel: str) -> None:
    Clinic.objects.create(unit=making.unit(), finding="Følg <b>blå</b> linje & gul", preparation="Faste\n\nDusj")
    row = appointment(making.person(), datetime(2027, 3, 30, 10, 15, tzinfo=clock.OSLO), channel=channel)
    text = body(row, Occasion(kind, datetime(2027, 3, 29, 9, tzinfo=clock.OSLO), corrects_paper=True))
    assert "30.\u00a0mars" in text
    assert "kl.\u00a010.15" in text
    assert "forrige brevet" in text
    assert "77 62 60 00" in text
    assert ("&lt;b&gt;blå&lt;/b&gt;" in text) == (kind != CANCELLATION and not channel)
    assert ("<p>Dusj</p>" in text) == (kind != CANCELLATION)


def test_a_clinic_without_a_telephone_offers_none(db: None) -> None:
    row = appointment(making.person(), in_days(30))
    row.unit.phone = ""
    assert "telefon" not in body(row, Occasion(CALL_IN))


def test_words_that_cannot_be_printed_do_not_keep_the_time_from_the_patient(db: None) -> None:
    row = appointment(making.person(), in_days(30), instruction="Hei {{fornavn}}", place="Rom {{rom}}")
    text = body(row, Occasion(CALL_IN))
    assert "fornavn" not in text
    assert "Ortopedisk poliklinikk" in text


# -- the way to the letter ---------------------------------------------------------------------------------------------


def test_the_way_leads_to_the_letter_that_counts_for_whoever_may_see_it(alive: Alive) -> None:
    patient = alive.patient()
    row, old = called_in(alive, patient)
    take_snapshot(patient.person)
    mine, other = making.eyes(patient.person.pk), making.eyes(alive.patient().person.pk)
    assert call_in_letter.address(mine, NAME) == f"/brev/{old.pk}/"
    assert call_in_letter.address(other, NAME) == ""
    assert call_in_letter.address(mine, "https://dips.example/brev|OTHER") == ""
    assert call_in_letter.address(None, NAME) == ""
    moved(row, in_days(37))
    alive.work()
    assert call_in_letter.address(mine, NAME) == f"/brev/{ours(row)[0].pk}/"
