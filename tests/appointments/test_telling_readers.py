"""Who is told of an appointment is decided when the message goes: by the rules of access, and by both registers."""

from datetime import date, datetime, timedelta

import pytest
from django.db import transaction

from appointments import telling
from appointments.commands import codes, ending, history, telling_marks
from appointments.models import Appointment, Reminder, ReminderMessage
from appointments.states import AppointmentEvent, Reminding, Status
from appointments.sweeps import claim_reminders
from letters.models import Letter
from portal.kernel import clock
from portal.outbox import registry
from portal.outbox.models import Errand
from portal.people.register_snapshots import take_snapshot
from tests.appointments import told
from tests.appointments.told import HOSPITAL, NEWS, Heard, in_days, made, news, rows, sweep, texts, told_to
from tests.letters import making
from tests.scenarios.test_scenario_young import FATHERS, MOTHERS, YOUTHS, home
from tests.stories.living import Alive
from tests.youth_access import families
from youth_access.facts import Outcome

KIND = Reminder.Kind


def test_a_childs_parents_are_both_told_and_neither_told_whom_it_is_about(alive: Alive) -> None:
    family = home(alive, date(2018, 5, 5), mobile=None)  # type: ignore[arg-type]  # the register has none
    take_snapshot(family.child.person)
    made(family.child.person, in_days(30))
    sweep(alive)
    alive.time_passes(days=27, minutes=1)
    sweep(alive)
    assert told_to(alive) == [MOTHERS, MOTHERS, FATHERS, FATHERS]
    assert texts(alive)[-1].endswith(f"{alive.portal_url}/timer/"), "they choose first whom they act for"


def test_s19_a_youths_appointment_that_parents_are_denied_is_told_to_the_youth_alone(alive: Alive) -> None:
    family = home(alive, date(2012, 3, 3), child_reads=True)
    families.consent(family.child.person, family.mother.person)
    take_snapshot(family.child.person)
    referral = families.referral(family.child.person, making.unit(), Outcome.OPEN)
    row = made(family.child.person, in_days(30), referral_ids=[referral.pk], security_codes=["NORN_FORANS"])
    sweep(alive)
    assert told_to(alive) == [YOUTHS]
    Appointment.objects.filter(pk=row.pk).update(security_codes=["N"])
    alive.time_passes(days=27, minutes=1)
    sweep(alive)
    assert told_to(alive) == [MOTHERS, FATHERS, YOUTHS, YOUTHS], "decided anew each time"


def test_access_26_a_youths_number_that_is_the_mothers_is_told_nothing_she_may_not_see(
    alive: Alive, heard: Heard
) -> None:
    family = home(alive, date(2012, 3, 3), child_reads=True, mobile=MOTHERS)
    families.consent(family.child.person, family.mother.person)
    take_snapshot(family.child.person)
    referral = families.referral(family.child.person, making.unit(), Outcome.OPEN)
    row = made(family.child.person, in_days(30), referral_ids=[referral.pk], security_codes=["NORN_FORANS"])
    sweep(alive)
    assert (alive.messages(), heard.news) == ([], [(row.pk, "created")])


def test_access_26_a_number_that_became_the_mothers_before_the_message_went(alive: Alive) -> None:
    family = home(alive, date(2012, 3, 3), child_reads=True)
    families.consent(family.child.person, family.mother.person)
    take_snapshot(family.child.person)
    referral = families.referral(family.child.person, making.unit(), Outcome.OPEN)
    made(family.child.person, in_days(30), referral_ids=[referral.pk], security_codes=["NORN_FORANS"])
    alive.world.behave("sms", "down")
    sweep(alive)
    alive.change_contact(family.child.pid, mobile=MOTHERS)
    alive.world.behave("sms", "ok")
    alive.time_passes(minutes=20)
    alive.work()
    assert (alive.messages(), ReminderMessage.objects.get().failure) == ([], "no-contact-point")


def test_access_25_what_was_queued_before_the_12th_birthday_is_decided_anew_when_it_goes(
    alive: Alive, heard: Heard
) -> None:
    born = date(2014, 11, 24)
    family = home(alive, born, mobile=None)  # type: ignore[arg-type]  # the register has none
    take_snapshot(family.child.person)
    row = made(family.child.person, in_days(30))
    alive.world.behave("sms", "down")
    sweep(alive)
    assert ReminderMessage.objects.filter(state="queued").count() == 2
    alive.world.behave("sms", "ok")
    alive.set_clock(datetime(2026, 11, 24, 9, 30, tzinfo=clock.OSLO))
    take_snapshot(family.child.person)
    alive.work()
    assert alive.messages() == []
    assert set(ReminderMessage.objects.values_list("failure", flat=True)) == {"may-not-be-told"}
    assert heard.news == [(row.pk, "created")]


def test_access_27_an_appointment_hidden_meanwhile_is_reminded_of_to_nobody(alive: Alive) -> None:
    family = home(alive, date(2018, 5, 5), mobile=None)  # type: ignore[arg-type]  # the register has none
    row = made(family.child.person, in_days(30), no_notice=True)
    Appointment.objects.filter(pk=row.pk).update(security_codes=["NORN_FORANS"])
    alive.time_passes(days=27, minutes=1)
    take_snapshot(family.child.person)
    sweep(alive)
    assert alive.messages() == []


def test_a_patient_with_a_protected_address_or_who_is_dead(alive: Alive, heard: Heard) -> None:
    dead = alive.patient()
    row = made(dead.person, in_days(30))
    families.register_says(dead.person, died_on=date(2026, 11, 22))
    sweep(alive)
    assert (alive.messages(), heard.news) == ([], [])
    assert Reminder.objects.get(appointment=row, kind="created").cause == "dead"


def test_while_the_register_is_silent_a_childs_parents_wait_and_are_then_told_once(alive: Alive) -> None:
    family = home(alive, date(2018, 5, 5), mobile=None)  # type: ignore[arg-type]  # the register has none
    take_snapshot(family.child.person)
    row = made(family.child.person, in_days(30), no_reminder=True)
    families.seen_by_register(clock.now() - timedelta(hours=25), family.child.person)
    alive.world.behave("population-register", "down")
    sweep(alive)
    assert rows(row) == [("created", 0, Reminding.QUEUED)]
    assert Errand.objects.get(kind="appointments.remind").last_error == "register-silent"
    alive.world.behave("population-register", "ok")
    alive.time_passes(minutes=20)
    alive.work()
    assert told_to(alive) == [MOTHERS, FATHERS]
    assert rows(row) == [("created", 0, Reminding.DONE)]


def test_a_register_that_falls_silent_before_the_message_goes_is_waited_for(alive: Alive) -> None:
    family = home(alive, date(2018, 5, 5), mobile=None)  # type: ignore[arg-type]  # the register has none
    take_snapshot(family.child.person)
    row = made(family.child.person, in_days(30))
    claim_reminders()
    registry.kind("appointments.remind").handler(row.reminders.get(kind="created").pk)
    families.seen_by_register(clock.now() - timedelta(hours=25), family.child.person)
    message = ReminderMessage.objects.first()
    assert message is not None
    assert message.state == "queued"
    with pytest.raises(telling_marks.RegisterSilent):
        telling.send(message.pk)


# -- what opens up, and what never was


def talked(row: Appointment, *wanted: str) -> None:
    """A clinician changes the appointment's codes."""
    codes.set_codes(appointment_id=row.pk, codes=wanted, withheld_until=None, reason="Samtalen er holdt", by=HOSPITAL)


def test_access_38_what_was_withheld_until_the_talk_is_told_of_then_and_not_before(alive: Alive, heard: Heard) -> None:
    row = made(alive.patient().person, in_days(30), security_codes=["NORN_FPB"])
    sweep(alive)
    assert (alive.messages(), Letter.objects.count()) == ([], 0), "no letter in the clerk's tray tells of it either"
    talked(row)
    for _twice in range(2):
        sweep(alive)
    assert texts(alive) == [NEWS]
    assert heard.news == [(row.pk, "created")], "of the first try alone"


def test_what_opened_up_for_somebody_who_cannot_be_told_goes_by_letter(alive: Alive) -> None:
    row = made(alive.patient(contact={"reserved": True}).person, in_days(30), security_codes=["NORN_FPB"])
    sweep(alive)
    assert not Letter.objects.exists()
    talked(row)
    sweep(alive)
    assert [order["letter"] for order in alive.orders()] == [str(Letter.objects.get().pk)]


def test_what_opens_up_for_the_parents_is_told_to_them_and_not_again_to_the_youth(alive: Alive, heard: Heard) -> None:
    family = home(alive, date(2012, 3, 3), child_reads=True)
    families.consent(family.child.person, family.mother.person)
    take_snapshot(family.child.person)
    referral = families.referral(family.child.person, making.unit(), Outcome.OPEN)
    row = made(family.child.person, in_days(30), referral_ids=[referral.pk], security_codes=["NORN_FORANS"])
    sweep(alive)
    talked(row, "N")
    sweep(alive)
    assert told_to(alive) == [MOTHERS, FATHERS, YOUTHS]
    talked(row, "N", "NORN_FORANS")
    sweep(alive)
    assert len(alive.messages()) == 3, "what closes is told to nobody"
    talked(row, "N")
    sweep(alive)
    assert (len(alive.messages()), heard.news) == (3, []), "all have been told"


def test_what_opens_up_while_its_first_notice_waits_is_one_notice(alive: Alive) -> None:
    row = made(alive.patient().person, in_days(30), security_codes=["NORN_FPB"])
    talked(row)
    sweep(alive)
    assert texts(alive) == [NEWS]
    told.cancelled(row)
    talked(row, "NORN_FPB")
    talked(row)
    assert [kind for kind, _due in told.planned(row)] == ["cancelled"]


def test_one_that_was_struck_as_a_mistake_is_told_of_as_cancelled_and_its_reminders_are_not(alive: Alive) -> None:
    row = made(alive.patient().person, in_days(30))
    sweep(alive)
    news(row, KIND.CHANGED)
    with transaction.atomic():
        locked = history.lock(row.pk)
        ending.end(locked, by=HOSPITAL, cancelled_by="hospital", cause="entered-in-error")
        history.move(locked, AppointmentEvent.STRIKE, by=HOSPITAL, cancelled_at=None, cancelled_by="")
    sweep(alive)
    assert texts(alive) == [NEWS, NEWS]
    struck = made(alive.patient().person, in_days(30), status=Status.ENTERED_IN_ERROR)
    sweep(alive)
    assert Reminder.objects.get(appointment=struck).cause == "struck"
