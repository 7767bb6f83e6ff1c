"""What operators see of reminders, messages and requests."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from appointments.figures import collect
from appointments.models import Appointment, Reminder, ReminderMessage, Request
from portal.kernel import clock
from portal.outbox import registry
from portal.people.models import Role
from portal.site import figures
from portal.ui.figures import Standing
from tests.appointments.told import appointment, made
from tests.letters import making
from tests.people.signed_in import signed_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 10, tzinfo=clock.OSLO)
DAY = timedelta(days=1)


def standings(at: datetime) -> dict[str, tuple[int, datetime | None]]:
    found: tuple[Standing, ...] = collect(at, at - 7 * DAY).standings
    return {each.key: (each.count, each.oldest) for each in found}


def message(row: Appointment, state: str, **times: Any) -> None:
    reminder = Reminder.objects.create(
        appointment=row, kind="changed", sequence=0, word=uuid4(), due_at=NOW, state="done", settled_at=NOW
    )
    ReminderMessage.objects.create(
        reminder=reminder,
        to_person=row.person,
        channel="sms",
        state=state,
        provider_id="P" if state != "failed" else "",
        **times,
    )


def test_a_reminder_is_overdue_when_a_sweep_should_have_found_it() -> None:
    with clock.stopped_at(NOW):
        made(making.person(), NOW + 30 * DAY)
    assert standings(NOW + timedelta(seconds=59))["reminders_overdue"] == (0, None)
    assert standings(NOW + timedelta(minutes=5))["reminders_overdue"] == (1, NOW)


def test_what_patients_ask_is_counted_while_it_waits_or_has_failed() -> None:
    row = appointment(making.person(), NOW + 30 * DAY)
    for state, kind in (("waiting", "move"), ("failed", "cancel"), ("accepted", "confirm")):
        Request.objects.create(
            person=row.person,
            unit=row.unit,
            appointment=row,
            kind=kind,
            key=uuid4(),
            state=state,
            made_at=NOW,
            made_by=row.person_id,
            made_as="self",
            answered_at=None if state == "waiting" else NOW,
        )
    found = standings(NOW)
    assert (found["requests"], found["requests_failed"]) == ((1, NOW), (1, NOW))


def test_the_last_days_messages_by_channel() -> None:
    row = appointment(making.person(), NOW + 30 * DAY)
    message(row, "delivered", sent_at=NOW - timedelta(hours=2), settled_at=NOW - timedelta(hours=1))
    message(row, "delivered", sent_at=NOW - 2 * DAY, settled_at=NOW - timedelta(hours=1))
    message(row, "delivered", sent_at=NOW - 3 * DAY, settled_at=NOW - 2 * DAY)
    message(row, "failed", settled_at=NOW - timedelta(hours=1))
    message(row, "sent", sent_at=NOW - timedelta(hours=3))
    message(row, "sent", sent_at=NOW - timedelta(hours=49))
    message(row, "sent", sent_at=NOW - timedelta(hours=80))
    sms, email = collect(NOW, NOW - 7 * DAY).notices
    assert (sms.sent, sms.delivered, sms.failed, sms.unconfirmed) == (2, 2, 1, 1)
    assert (email.channel, email.sent) == ("email", 0)


def test_every_errand_and_job_of_appointments_has_a_name_in_words() -> None:
    labels = figures.errand_labels()
    ours = [kind.name for kind in registry.kinds() if kind.name.startswith(("appointments.", "flows."))]
    assert [name for name in ours if name not in labels] == []
    assert len(ours) >= 6


def test_the_operators_page_shows_them_and_names_nobody() -> None:
    made(making.person(name="Kari Nordli"), clock.now() + 30 * DAY, title="Gastroskopi")
    page = signed_in(Client(), making.person(name="Oda Drift"), [Role.OPERATOR]).get("/drift/").content.decode()
    assert "SMS om timer" in page
    assert "Finner påminnelser om timer" in page
    assert "Kari" not in page
    assert "Gastroskopi" not in page
