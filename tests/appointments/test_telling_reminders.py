"""Reminders of appointments come once, at their time, or not at all."""

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache

from appointments.models import Appointment, Clinic, PreparationTask, Reminder, ReminderMessage
from appointments.states import Reminding
from appointments.sweeps import claim_reminders
from portal.kernel import clock
from tests.appointments import told
from tests.appointments.told import NEWS, in_days, made, moved, rows, sweep, texts, told_to
from tests.letters import making
from tests.scenarios.at_once import at_once
from tests.stories.living import Alive

KIND = Reminder.Kind


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
