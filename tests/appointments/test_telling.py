"""Telling people of appointments, through registers, workers and gateways: who is told, once, and in which words."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.db import transaction

from appointments import announcements, telling
from appointments.commands import telling_marks
from appointments.models import Appointment, Clinic, PreparationTask, Reminder, ReminderMessage
from appointments.states import Reminding, Status
from appointments.sweeps import claim_reminders
from portal.kernel import clock
from portal.kernel.errors import RetryableError
from portal.outbox.models import Errand
from portal.people import delivery_reports
from portal.people.neutral_messages import NotDaytime
from portal.people.register_snapshots import take_snapshot
from tests.appointments import told
from tests.appointments.told import made, moved, news, rows, sweep, told_to
from tests.counterparts.running import wait
from tests.letters import making
from tests.scenarios.at_once import at_once
from tests.scenarios.test_scenario_young import FATHERS, MOTHERS, YOUTHS, home
from tests.stories.living import Alive
from tests.youth_access import families
from youth_access.facts import Outcome

KIND = Reminder.Kind
NEWS = "Du har noe nytt om en avtale på Min helse. Logg inn for å se."


def in_days(days: float) -> datetime:
    return clock.now() + timedelta(days=days)


def texts(alive: Alive) -> list[str]:
    return [str(row["text"]) for row in alive.messages()]


class Heard:
    """Who was said to have been told nothing."""

    def __init__(self) -> None:
        self.news: list[tuple[UUID, str]] = []
        announcements.nobody_told.connect(self._note, weak=False, dispatch_uid="heard")

    def _note(self, *, appointment_id: UUID, kind: str, **_kwargs: object) -> None:
        self.news.append((appointment_id, kind))


@pytest.fixture
def heard() -> Any:
    listener = Heard()
    yield listener
    announcements.nobody_told.disconnect(dispatch_uid="heard")


@pytest.fixture
def only_72_hours(alive: Alive) -> None:
    """The clinic tells no news, and reminds 72 hours before."""
    Clinic.objects.create(unit=making.unit(), notice_of_news=False, remind_days=[], remind_unconfirmed_hours=None)


# -- news --------------------------------------------------------------------------------------------------------------


def test_a_new_appointment_is_told_of_once_and_says_nothing_of_what_it_is(alive: Alive, heard: Heard) -> None:
    patient = alive.patient()
    row = made(patient.person, in_days(30), title="Gastroskopi", place="UNN Tromsø", instruction="Møt fastende")
    for _twice in range(2):
        sweep(alive)
    [message] = alive.messages()
    assert (message["text"], message["sender"], message["channel"]) == (NEWS, "Min helse", "sms")
    assert (rows(row)[0], heard.news) == (("created", 0, Reminding.DONE), [])
    assert ReminderMessage.objects.get().state in ("sent", "delivered")


def test_both_channels_are_used_in_the_patients_own_language(alive: Alive) -> None:
    now = clock.now().isoformat()
    contact = {"email": "kari@epost.example", "email_updated": now, "email_verified": now, "language": "en"}
    made(alive.patient(contact=contact).person, in_days(30))
    sweep(alive)
    assert told_to(alive) == ["+4740123456", "kari@epost.example"]
    assert all(row["subject"] is None or row["subject"] for row in alive.messages())


def test_s13_the_same_news_is_not_told_twice_and_a_change_of_words_once(alive: Alive) -> None:
    row = made(alive.patient().person, in_days(30))
    sweep(alive)
    for _twice in range(2):
        news(row, KIND.CREATED)
        sweep(alive)
    assert len(alive.messages()) == 1
    news(row, KIND.CHANGED)
    sweep(alive)
    assert texts(alive) == [NEWS, NEWS]


@pytest.mark.parametrize(
    ("contact", "active"),
    [({"reserved": True}, True), ({"mobile": None}, True), ({"mobile": "1"}, True), ({}, False)],
    ids=["reserved", "no number", "a number that is none", "does not use the portal"],
)
def test_news_that_reaches_nobody_is_announced_once(
    alive: Alive, heard: Heard, contact: dict[str, Any], active: bool
) -> None:
    row = made(alive.patient(contact=contact, active=active).person, in_days(30))
    for _twice in range(2):
        sweep(alive)
    assert (alive.messages(), heard.news) == ([], [(row.pk, "created")])
    assert told.lines(row) == ["news.created", "told.created", "nobody_told"]


def test_news_that_bounces_is_announced(alive: Alive, heard: Heard) -> None:
    row = told.cancelled(told.appointment(alive.patient(contact={"bounces": True}).person, in_days(30)))
    sweep(alive)
    alive.time_passes(minutes=1)
    wait(lambda: _reported(alive, "failed"))
    assert heard.news == [(row.pk, "cancelled")]


def test_news_that_was_dropped_because_it_is_old_is_not_announced(alive: Alive, heard: Heard) -> None:
    row = made(alive.patient().person, in_days(30))
    claim_reminders()
    alive.world.behave("sms", "down")
    alive.work()
    moved(row, in_days(31))
    alive.world.behave("sms", "ok")
    alive.time_passes(minutes=20)
    sweep(alive)
    assert (texts(alive), heard.news) == ([NEWS], []), "only of the time it has now"
    assert ReminderMessage.objects.get(state="dropped").failure == "overtaken"


def test_news_that_bounces_after_it_became_old_is_not_announced(alive: Alive, heard: Heard) -> None:
    row = made(alive.patient().person, in_days(30))
    sweep(alive)
    message = ReminderMessage.objects.get()
    moved(row, in_days(31))
    ReminderMessage.objects.update(state="sent")
    telling_marks.note_failed(message_id=message.pk, failure="not-delivered")
    assert heard.news == []


def test_a_delivery_report_is_fetched(alive: Alive) -> None:
    made(alive.patient().person, in_days(30))
    sweep(alive)
    alive.time_passes(minutes=1)
    wait(lambda: _reported(alive, "delivered"))
    assert ReminderMessage.objects.get().key.startswith("notice-"), "like that of any other notice"
    assert telling.check_reports() == 0


def test_the_gateways_own_report_is_taken_and_one_of_a_strange_notice_is_not(alive: Alive, heard: Heard) -> None:
    row = made(alive.patient().person, in_days(30))
    sweep(alive)
    message = ReminderMessage.objects.get()
    assert delivery_reports.take(message.pk, delivered=True)
    assert ReminderMessage.objects.get().state == "delivered"
    assert not delivery_reports.take(uuid4(), delivered=True)
    ReminderMessage.objects.update(state="sent")
    assert delivery_reports.take(message.pk, delivered=False)
    assert heard.news == [(row.pk, "created")]


def test_a_message_without_a_report_is_asked_about_for_two_days(alive: Alive) -> None:
    made(alive.patient().person, in_days(30))
    sweep(alive)
    alive.world.behave("sms", "down")
    alive.time_passes(hours=48, minutes=1)
    assert telling.check_reports() == 0, "nobody is asked"


def _reported(_alive: Alive, state: str) -> bool:
    telling.check_reports()
    return ReminderMessage.objects.get().state == state


# -- reminders ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("only_72_hours")
def test_s11_a_reminder_comes_once_at_its_time_with_a_link_and_no_date(alive: Alive) -> None:
    row = made(alive.patient().person, in_days(30))
    alive.time_passes(days=27, minutes=-1)
    assert (sweep(alive), alive.messages()) == (0, [])
    alive.time_passes(minutes=2)
    assert (sweep(alive), sweep(alive)) == (1, 0)
    cache.clear()
    assert sweep(alive) == 0
    [text] = texts(alive)
    assert text == (
        "Påminnelse: Du har snart en avtale. Se den, eller si fra at du ikke kommer: "
        f"{alive.portal_url}/timer/{row.pk}/"
    )


@pytest.mark.usefixtures("only_72_hours")
def test_s11_sweeps_at_the_same_moment_remind_once(alive: Alive) -> None:
    for number in range(4):
        made(alive.patient(contact={"mobile": f"+474000001{number}"}).person, in_days(30))
    alive.time_passes(days=27, minutes=1)
    assert sum(at_once([claim_reminders] * 4)) == 4
    alive.work()
    assert told_to(alive) == [f"+474000001{number}" for number in range(4)]


@pytest.mark.usefixtures("only_72_hours")
def test_s11_after_six_hours_of_downtime_each_is_reminded_once_and_none_after_the_start(alive: Alive) -> None:
    near, gone = (made(alive.patient().person, in_days(30) + timedelta(hours=after)) for after in (0, -66.5))
    alive.time_passes(days=27, hours=6)
    sweep(alive)
    assert rows(near) == [("hours", 0, Reminding.DONE)]
    assert rows(gone) == [("hours", 0, Reminding.VOID)], "it begins in less than two hours"
    assert len(alive.messages()) == 1


@pytest.mark.usefixtures("only_72_hours")
def test_a_reminder_that_became_too_late_while_the_gateway_was_down_is_dropped(alive: Alive) -> None:
    made(alive.patient().person, in_days(30))
    alive.time_passes(days=27)
    alive.world.behave("sms", "down")
    sweep(alive)
    alive.time_passes(hours=71)
    alive.world.behave("sms", "ok")
    alive.work()
    assert alive.messages() == []
    assert ReminderMessage.objects.get().failure == "too-late"


@pytest.mark.usefixtures("only_72_hours")
def test_a_message_that_waits_in_the_evening_goes_in_the_morning(alive: Alive) -> None:
    made(alive.patient().person, in_days(30))
    alive.time_passes(days=27)
    alive.world.behave("sms", "down")
    sweep(alive)
    alive.world.behave("sms", "ok")
    alive.set_clock(clock.now().astimezone(clock.OSLO).replace(hour=20))
    alive.work()
    assert alive.messages() == []
    alive.set_clock(clock.now().astimezone(clock.OSLO).replace(hour=9) + timedelta(days=1))
    alive.work()
    assert len(alive.messages()) == 1


@pytest.mark.usefixtures("only_72_hours")
def test_s12_moved_after_its_reminder_another_is_sent_once(alive: Alive) -> None:
    row = made(alive.patient().person, in_days(30))
    alive.time_passes(days=27, minutes=1)
    sweep(alive)
    moved(row, in_days(10))
    sweep(alive)
    alive.time_passes(days=7)
    for _twice in range(2):
        sweep(alive)
    assert [text.split(":")[0] for text in texts(alive)] == ["Påminnelse", NEWS, "Påminnelse"]


def test_a_reminder_reaches_a_patient_who_does_not_use_the_portal(alive: Alive) -> None:
    made(alive.patient(active=False).person, in_days(30))
    alive.time_passes(days=27, minutes=1)
    sweep(alive)
    assert [text.split(":")[0] for text in texts(alive)] == ["Påminnelse"]


def test_whoever_has_confirmed_is_spared_the_last_word(alive: Alive) -> None:
    confirmed, silent = (made(alive.patient().person, in_days(4)) for _ in range(2))
    Appointment.objects.filter(pk=confirmed.pk).update(confirmed_at=clock.now())
    alive.time_passes(days=3, minutes=1)
    sweep(alive)
    assert rows(confirmed)[-1] == ("unconfirmed", 0, Reminding.VOID)
    assert rows(silent)[-1] == ("unconfirmed", 0, Reminding.DONE)


def test_s9_72_hours_before_the_hour_after_the_one_that_is_lost(alive: Alive) -> None:
    """Sunday 28 March 2027 at 3 is 01 UTC; 72 true hours before is at 2 in the night, so it is told at 9."""
    alive.set_clock(datetime(2027, 3, 1, 10, tzinfo=clock.OSLO))
    Clinic.objects.create(unit=making.unit(), notice_of_news=False, remind_days=[], remind_unconfirmed_hours=None)
    made(alive.patient().person, datetime(2027, 3, 28, 3, tzinfo=clock.OSLO))
    alive.set_clock(datetime(2027, 3, 25, 8, 59, tzinfo=clock.OSLO))
    assert sweep(alive) == 0
    alive.set_clock(datetime(2027, 3, 25, 9, tzinfo=clock.OSLO))
    assert (sweep(alive), len(alive.messages())) == (1, 1)


def test_s18_something_to_do_is_reminded_of_once_and_not_once_it_is_done_or_cancelled(alive: Alive) -> None:
    undone, done, called_off = (made(alive.patient().person, in_days(30), no_notice=True) for _ in range(3))
    for row in (undone, done, called_off):
        PreparationTask.objects.create(appointment=row, number=1, kind="form", title="Svar på skjema om hofta")
    PreparationTask.objects.filter(appointment=done).update(state="done", settled_at=clock.now())
    told.cancelled(called_off)
    assert PreparationTask.objects.get(appointment=called_off).reason
    alive.time_passes(days=23, minutes=1)
    for _twice in range(2):
        sweep(alive)
    words = {text.split("/timer/")[1]: text for text in texts(alive)}
    assert words.keys() == {f"{undone.pk}/", f"{done.pk}/"}
    assert "og noe å gjøre før den" in words[f"{undone.pk}/"]
    assert "noe å gjøre" not in words[f"{done.pk}/"]
    assert all("hofta" not in text for text in words.values())
    alive.time_passes(days=4)
    sweep(alive)
    assert not any("noe å gjøre" in text for text in texts(alive)[2:])


# -- who may be told ---------------------------------------------------------------------------------------------------


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
    made(family.child.person, in_days(30))
    alive.world.behave("sms", "down")
    sweep(alive)
    families.seen_by_register(clock.now() - timedelta(hours=25), family.child.person)
    message = ReminderMessage.objects.first()
    assert message is not None
    with pytest.raises(telling_marks.RegisterSilent):
        telling.send(message.pk)


# -- cut off anywhere --------------------------------------------------------------------------------------------------


def test_a_worker_that_dies_after_handing_over_sends_the_same_message_again_and_not_another(
    alive: Alive, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(alive.patient().person, in_days(30))
    claim_reminders()
    reminder = Reminder.objects.get(kind="created")
    telling.remind(reminder.pk)
    message = ReminderMessage.objects.get()
    with monkeypatch.context() as broken:
        broken.setattr(telling_marks, "note_sent", _dies)
        with pytest.raises(KeyboardInterrupt):
            telling.send(message.pk)
    for _twice in range(2):
        telling.send(message.pk)
        telling.remind(reminder.pk)
    alive.work()
    [sent] = alive.messages()
    assert sent["copies"] == 1
    assert ReminderMessage.objects.get().state in ("sent", "delivered")


def _dies(**_kwargs: object) -> None:
    raise KeyboardInterrupt


def test_marks_come_in_any_order_and_twice(alive: Alive) -> None:
    made(alive.patient().person, in_days(30))
    sweep(alive)
    message = ReminderMessage.objects.get()
    telling_marks.note_sent(message_id=message.pk, provider_id="other")
    telling_marks.note_delivered(message_id=message.pk)
    telling_marks.note_failed(message_id=message.pk, failure="late")
    telling_marks.note_delivered(message_id=message.pk)
    telling_marks.tell(reminder_id=message.reminder_id, to=[])
    telling_marks.give_up(reminder_id=message.reminder_id, code="late")
    assert not telling_marks.still_wanted(message_id=message.pk)
    message.refresh_from_db()
    assert (message.state, message.failure) == ("delivered", "")
    assert message.provider_id != "other"


def test_news_nobody_could_find_readers_for_is_announced_when_it_is_given_up(alive: Alive, heard: Heard) -> None:
    row = made(alive.patient().person, in_days(30), no_reminder=True)
    claim_reminders()
    telling_marks.give_up(reminder_id=Reminder.objects.get().pk, code="poison")
    assert (rows(row), heard.news) == ([("created", 0, Reminding.VOID)], [(row.pk, "created")])


def test_a_cancelled_appointment_is_not_reminded_of_by_an_errand_that_was_late(alive: Alive) -> None:
    row = made(alive.patient().person, in_days(30), no_notice=True)
    alive.time_passes(days=27, minutes=1)
    claim_reminders()
    with transaction.atomic():
        Appointment.objects.filter(pk=row.pk).update(status=Status.NOSHOW)
    alive.work()
    assert (alive.messages(), rows(row)[-2:][0]) == ([], ("hours", 0, Reminding.VOID))


def test_waiting_errors_say_when_to_try_again() -> None:
    at = datetime(2026, 11, 24, 9, tzinfo=clock.OSLO)
    error: RetryableError = NotDaytime(at)
    assert error.not_before == at
