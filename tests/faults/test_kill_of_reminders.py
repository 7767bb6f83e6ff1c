"""What tells people of appointments, and what writes letters of them, is killed in the middle and done right after."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from appointments import tasks
from appointments.models import Appointment, Reminder, ReminderMessage
from appointments.states import Reminding, Status
from letters.models import Letter
from portal.flows import time_letters
from portal.kernel import clock
from portal.outbox import commands as outbox
from portal.outbox.models import Errand
from portal.outbox.work import work
from portal.people.models import Person
from portal.people.register_snapshots import take_snapshot
from tests.appointments import told
from tests.faults.again import EXCLUSIVE, a_second_after, errand_is_done, job_again, next_process, wait_for
from tests.faults.blocked import kill_at, kill_once
from tests.faults.conftest import Around
from tests.letters import making

pytestmark = pytest.mark.django_db(transaction=True)
MESSAGES, LETTERS = "appointments_remindermessage", "letters_letterevent"
NAME = "https://dips.example/brev|CALL-IN"


def patient(around: Around) -> Person:
    """A reader whom the register has told of."""
    with clock.stopped_at(around.now):
        with transaction.atomic():
            who = making.person(pid=around.pid("kari-nordli"))
        take_snapshot(who)
    return who


def made(around: Around) -> Appointment:
    """An appointment in thirty days, whose news is due now."""
    who = patient(around)
    with clock.stopped_at(around.now):
        return told.made(who, around.now + timedelta(days=30))


def called_in(around: Around) -> Appointment:
    """An appointment with a call-in letter."""
    who = patient(around)
    with clock.stopped_at(around.now), transaction.atomic():
        making.decided(patient=who, pid=around.pid("kari-nordli"), identifiers=(NAME,))
        Errand.objects.all().delete()
        return told.appointment(who, around.now + timedelta(days=30), call_in_letter=NAME)


def state_of(kind: str = "created") -> str:
    return Reminder.objects.get(kind=kind).state


def copies(around: Around) -> list[int]:
    return [row["copies"] for row in around.ask("/messages.json")]


def queued(around: Around) -> Appointment:
    """The same, with its errand written."""
    row = made(around)
    with clock.stopped_at(around.now):
        tasks.let_reminders_fall_due()
    return row


def ours() -> list[str]:
    return [letter.type_id for letter in Letter.objects.filter(source=time_letters.SOURCE)]


def test_reminders(around: Around) -> None:
    made(around)
    kill_at("outbox_errand", EXCLUSIVE, "job", "appointments.reminders", around.environment)
    assert (state_of(), Errand.objects.count()) == (Reminding.PLANNED, 0)
    job_again(around, "appointments.reminders", tasks.let_reminders_fall_due)
    assert (state_of(), Errand.objects.filter(kind="appointments.remind").count()) == (Reminding.QUEUED, 1)


def test_remind(around: Around) -> None:
    queued(around)
    kill_at(MESSAGES, EXCLUSIVE, "queue", "notices", around.environment)
    assert (state_of(), ReminderMessage.objects.count()) == (Reminding.QUEUED, 0)
    next_process(around, "notices")
    errand_is_done("appointments.remind")
    assert state_of() == Reminding.DONE
    assert copies(around) == [1] * ReminderMessage.objects.filter(state="sent").count() != []


def test_tell(around: Around) -> None:
    """Killed while the gateway takes the message: it has it, and we have heard nothing."""
    queued(around)
    for gateway in ("sms", "email"):
        around.ask(f"/{gateway}/behave", {"mode": "slow", "seconds": 3})
    telling = Errand.objects.filter(kind="appointments.tell", lease__isnull=False)
    kill_once("queue", "notices", around.environment, a_second_after(telling.exists))
    wait_for(lambda: copies(around) == [1])
    assert not ReminderMessage.objects.filter(state="sent").exists()
    for gateway in ("sms", "email"):
        around.ask(f"/{gateway}/behave", {"mode": "ok"})
    next_process(around, "notices")
    errand_is_done("appointments.tell")
    assert copies(around) == [1] * ReminderMessage.objects.filter(state="sent").count()


def test_reports_of_times(around: Around) -> None:
    queued(around)
    with clock.stopped_at(around.now):
        work("notices")
    wait_for(lambda: {row["state"] for row in around.ask("/messages.json")} == {"delivered"})
    kill_at(MESSAGES, EXCLUSIVE, "job", "appointments.reports", around.environment)
    assert not ReminderMessage.objects.filter(state="delivered").exists()
    job_again(around, "appointments.reports", tasks.check_reports)
    assert not ReminderMessage.objects.exclude(state="delivered").exists()


def test_rebooked(around: Around) -> None:
    row = called_in(around)
    with clock.stopped_at(around.now):
        told.moved(row, around.now + timedelta(days=37))
    kill_at(LETTERS, EXCLUSIVE, "queue", "letters", around.environment)
    assert ours() == []
    next_process(around, "letters")
    errand_is_done("flows.rebooked")
    assert ours() == ["timeendring"]
    assert Letter.objects.get(source="dips").withdrawn_reason == "superseded"


def test_cancelled(around: Around) -> None:
    row = called_in(around)
    with clock.stopped_at(around.now):
        told.cancelled(row)
    kill_at(LETTERS, EXCLUSIVE, "queue", "letters", around.environment)
    assert Letter.objects.get().withdrawn_at is None
    next_process(around, "letters")
    errand_is_done("flows.cancelled")
    assert (Letter.objects.get().withdrawn_reason, ours()) == ("cancelled", [])


def test_untold(around: Around) -> None:
    row = made(around)
    with transaction.atomic():
        outbox.put("flows.untold", row.pk, step="0")
    kill_at(LETTERS, EXCLUSIVE, "queue", "letters", around.environment)
    assert ours() == []
    next_process(around, "letters")
    errand_is_done("flows.untold")
    assert ours() == ["innkalling"]


def test_died(around: Around) -> None:
    row = made(around)
    Person.objects.filter(pk=row.person_id).update(died_on=date(2026, 11, 1))
    with transaction.atomic():
        outbox.put("flows.died", row.person_id)
    kill_at("appointments_appointmentline", EXCLUSIVE, "queue", "letters", around.environment)
    row.refresh_from_db()
    assert row.status == Status.BOOKED
    next_process(around, "letters")
    errand_is_done("flows.died")
    row.refresh_from_db()
    assert (row.status, row.cancelled_by) == (Status.CANCELLED, "system")
    assert not Reminder.objects.filter(state__in=[Reminding.PLANNED, Reminding.QUEUED]).exists()
