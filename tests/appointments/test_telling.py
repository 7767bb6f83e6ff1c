"""News of appointments, through registers, workers and gateways: told once in neutral words, or announced."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from appointments import telling
from appointments.commands import telling_marks
from appointments.models import Appointment, Reminder, ReminderMessage
from appointments.states import Reminding, Status
from appointments.sweeps import claim_reminders
from portal.kernel import clock
from portal.kernel.errors import RetryableError
from portal.people import delivery_reports
from portal.people.neutral_messages import NotDaytime
from tests.appointments import told
from tests.appointments.told import NEWS, Heard, in_days, made, moved, news, rows, sweep, texts, told_to
from tests.counterparts.running import wait
from tests.stories.living import Alive

KIND = Reminder.Kind


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
