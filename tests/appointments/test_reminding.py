"""What is planned to be told of an appointment when something happens to it, and what falls due when."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appointments.commands import falling_due, history, reminding
from appointments.commands.falling_due import let_fall_due
from appointments.models import Appointment, Clinic, Reminder
from appointments.queries.due import NEWS
from appointments.states import Reminding, RemindingEvent, Status
from appointments.sweeps import claim_reminders
from appointments.times import is_daytime
from portal.kernel import clock
from portal.kernel.moves import IllegalMoveError
from portal.outbox.models import Errand
from tests.appointments import told
from tests.appointments.told import HOSPITAL, made, moved, news, planned, rows
from tests.letters import making

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 10, tzinfo=clock.OSLO)
LATER = NOW + timedelta(days=30)
KIND = Reminder.Kind


def at(instant: datetime, **changes: object) -> Appointment:
    return made(making.person(), instant, **changes)


def test_a_new_appointment_is_told_of_at_once_and_reminded_of_as_the_clinic_has_chosen() -> None:
    with clock.stopped_at(NOW):
        row = at(LATER)
    assert planned(row) == [
        ("created", NOW),
        ("days", LATER - timedelta(days=7)),
        ("hours", LATER - timedelta(hours=72)),
        ("unconfirmed", LATER - timedelta(hours=24)),
    ]


def test_news_in_the_night_waits_for_the_morning() -> None:
    with clock.stopped_at(NOW.replace(hour=23)):
        row = at(LATER)
    assert planned(row)[0] == ("created", NOW.replace(hour=9) + timedelta(days=1))


def test_what_is_withheld_until_a_time_is_told_of_then() -> None:
    until = NOW + timedelta(days=2, hours=12)
    with clock.stopped_at(NOW):
        row = at(LATER, security_codes=["NORU"], withheld_until=until)
    assert planned(row)[0] == ("created", until.replace(hour=9) + timedelta(days=1))


def test_a_clinics_own_choice_counts() -> None:
    Clinic.objects.create(
        unit=making.unit(), notice_of_news=False, remind_days=[14, 2], remind_hours=[], remind_unconfirmed_hours=None
    )
    with clock.stopped_at(NOW):
        row = at(LATER)
        assert planned(row) == [("days", LATER - timedelta(days=14)), ("days", LATER - timedelta(days=2))]
        now = moved(row, LATER + timedelta(days=1))
    assert planned(now)[0] == ("moved", NOW), "whoever is not told of a move comes in vain"


def test_a_sender_that_wants_no_notice_or_no_reminder_gets_none() -> None:
    with clock.stopped_at(NOW):
        assert [kind for kind, _due in planned(at(LATER, no_notice=True))] == ["days", "hours", "unconfirmed"]
        assert [kind for kind, _due in planned(at(LATER, no_reminder=True))] == ["created"]


def test_nothing_is_told_of_what_is_over_nor_reminded_of_what_is_not_booked() -> None:
    with clock.stopped_at(NOW):
        assert planned(at(NOW - timedelta(minutes=1))) == []
        assert [kind for kind, _due in planned(at(LATER, status=Status.PROPOSED))] == ["created"]
        assert planned(at(NOW + timedelta(hours=3))) == [("created", NOW)]
        assert planned(made(making.person(), None, status=Status.PROPOSED)) == [("created", NOW)]


def test_s12_a_move_makes_older_reminders_void_and_plans_new_ones_once() -> None:
    with clock.stopped_at(NOW):
        row = at(LATER)
        moved(row, LATER + timedelta(days=7))
    assert [state for _kind, sequence, state in rows(row) if sequence == 0] == [Reminding.VOID] * 4
    assert [kind for kind, _due in planned(row)] == ["moved", "days", "hours", "unconfirmed"]
    assert planned(row)[1][1] == LATER
    with clock.stopped_at(NOW):
        news(row, KIND.MOVED)
    assert len(rows(row)) == 8, "the same news again is the same news"


def test_a_queued_reminder_of_the_old_time_becomes_void_too() -> None:
    with clock.stopped_at(NOW):
        row = at(LATER)
        claim_reminders()
        assert rows(row)[0] == ("created", 0, Reminding.QUEUED)
        moved(row, LATER + timedelta(days=1))
    assert ("created", 0, Reminding.VOID) in rows(row)


def test_a_cancellation_leaves_its_own_notice_and_nothing_else() -> None:
    with clock.stopped_at(NOW):
        row = told.cancelled(at(LATER))
    assert planned(row) == [("cancelled", NOW)]


def test_s13_several_changes_before_anyone_is_told_are_one_notice_and_a_later_one_is_another() -> None:
    with clock.stopped_at(NOW):
        row = at(LATER)
        news(row, KIND.CHANGED)
        assert [kind for kind, _due in planned(row) if kind in ("created", "changed")] == ["created"]
        claim_reminders()
        news(row, KIND.CHANGED)
        news(row, KIND.ANSWERED)
    assert [kind for kind, _due in planned(row)] == ["changed", "days", "hours", "unconfirmed"]
    with clock.stopped_at(NOW):
        claim_reminders()
        news(row, KIND.CHANGED)
    assert next(kind for kind, _due in planned(row)) == "changed"


def test_weighty_news_takes_the_place_of_a_change_nobody_was_told_of() -> None:
    with clock.stopped_at(NOW):
        row = made(making.person(), LATER, status=Status.PROPOSED)
        claim_reminders()
        news(row, KIND.ANSWERED)
        Appointment.objects.filter(pk=row.pk).update(status=Status.BOOKED)
        Reminder.objects.filter(appointment=row, kind=KIND.CREATED).delete()
        news(row, KIND.CREATED)
    assert [kind for kind, _due in planned(row)] == ["created", "days", "hours", "unconfirmed"]
    assert Reminder.objects.get(appointment=row, kind=KIND.ANSWERED).cause == "told-with-another"


def test_a_booking_that_is_accepted_plans_what_was_not_planned_for_the_proposal() -> None:
    with clock.stopped_at(NOW):
        row = made(making.person(), LATER, status=Status.PROPOSED)
        Appointment.objects.filter(pk=row.pk).update(status=Status.BOOKED)
        news(row, KIND.ANSWERED)
    assert [kind for kind, _due in planned(row)] == ["created", "days", "hours", "unconfirmed"]


def test_the_appointments_of_somebody_who_died_are_told_of_to_nobody() -> None:
    with clock.stopped_at(NOW):
        row = told.cancelled(at(LATER), by="system")
    assert planned(row) == []


def test_stopping_leaves_nothing_to_tell_and_a_line_in_the_history() -> None:
    with clock.stopped_at(NOW), transaction.atomic():
        row = history.lock(at(LATER).pk)
        reminding.stop(row, cause="hidden", by=HOSPITAL)
        reminding.stop(row, cause="hidden", by=HOSPITAL)
    assert planned(row) == []
    assert told.lines(row).count("reminders.stop") == 1


def test_a_reminder_moves_by_its_table() -> None:
    with clock.stopped_at(NOW):
        row = at(LATER)
        first = Reminder.objects.filter(appointment=row).order_by("due_at").first()
        assert first is not None
        with pytest.raises(IllegalMoveError):
            reminding.settle(first, RemindingEvent.TELL)


# -- falling due -------------------------------------------------------------------------------------------------------


def test_what_is_due_falls_due_once_with_one_errand() -> None:
    with clock.stopped_at(NOW):
        row = at(LATER)
        assert claim_reminders() == 1
        assert claim_reminders() == 0
    reminder = Reminder.objects.get(appointment=row, state=Reminding.QUEUED)
    errand = Errand.objects.get(kind="appointments.remind")
    assert (errand.subject, errand.urgency) == (reminder.pk, LATER)


@pytest.mark.parametrize(
    ("late", "state"),
    [
        (timedelta(), Reminding.QUEUED),
        (timedelta(hours=6), Reminding.QUEUED),
        (timedelta(hours=70), Reminding.QUEUED),
        (timedelta(hours=70, seconds=1), Reminding.VOID),
        (timedelta(days=4), Reminding.VOID),
    ],
)
def test_s11_after_downtime_one_is_told_and_one_that_is_too_late_is_not(late: timedelta, state: Reminding) -> None:
    Clinic.objects.create(unit=making.unit(), remind_days=[], remind_unconfirmed_hours=None, notice_of_news=False)
    with clock.stopped_at(NOW):
        row = at(LATER)
    with clock.stopped_at(LATER - timedelta(hours=72) + late):
        claim_reminders()
    assert rows(row) == [("hours", 0, state)]
    assert ("untold.hours" in told.lines(row)) == (state == Reminding.VOID)


def test_s11_after_days_of_downtime_only_the_last_of_several_reminders_is_told() -> None:
    with clock.stopped_at(NOW):
        row = at(LATER)
        claim_reminders()
    with clock.stopped_at(LATER - timedelta(hours=20)):
        claim_reminders()
    assert rows(row)[1:] == [
        ("days", 0, Reminding.VOID),
        ("hours", 0, Reminding.VOID),
        ("unconfirmed", 0, Reminding.QUEUED),
    ]


def test_news_is_told_until_the_appointment_begins() -> None:
    with clock.stopped_at(NOW):
        row = at(NOW + timedelta(hours=1))
    with clock.stopped_at(NOW + timedelta(minutes=59)), transaction.atomic():
        let_fall_due(due=clock.now())
        assert rows(row) == [("created", 0, Reminding.QUEUED)]
        transaction.set_rollback(True)
    with clock.stopped_at(NOW + timedelta(hours=1)):
        let_fall_due(due=clock.now())
    assert Reminder.objects.get(appointment=row).cause == "too-late"


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"sequence": 1}, "overtaken"),
        ({"status": Status.ENTERED_IN_ERROR}, "struck"),
        ({"status": Status.FULFILLED}, "not-booked"),
        ({"confirmed_at": NOW}, "confirmed"),
    ],
)
def test_what_the_appointment_has_become_counts(change: dict[str, object], cause: str) -> None:
    Clinic.objects.create(unit=making.unit(), remind_days=[], remind_hours=[], notice_of_news=False)
    with clock.stopped_at(NOW):
        row = at(LATER)
    Appointment.objects.filter(pk=row.pk).update(**change)
    with clock.stopped_at(LATER - timedelta(hours=24)):
        claim_reminders()
    assert Reminder.objects.get(appointment=row).cause == cause


def test_a_sweep_takes_batch_after_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appointments.sweeps.let_fall_due", lambda due: let_fall_due(due=due, limit=2))
    monkeypatch.setattr("appointments.sweeps.AT_ONCE", 2)
    with clock.stopped_at(NOW):
        for _ in range(5):
            at(LATER)
        assert claim_reminders(seconds=0) == 2
        assert claim_reminders() == 3
        assert falling_due.let_fall_due(due=clock.now()) == 0


# -- whatever happens --------------------------------------------------------------------------------------------------

DEEDS = ("move", "change", "answer", "cancel", "reinstate", "sweep", "hour", "day", "week")


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(DEEDS), max_size=14), st.integers(0, 23))
def test_whatever_happens_only_the_present_time_is_told_of_and_nothing_twice(deeds: list[str], hour: int) -> None:
    with transaction.atomic():
        instant = NOW.replace(hour=hour)
        with clock.stopped_at(instant):
            row = at(LATER)
        for deed in deeds:
            instant += {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}.get(
                deed, timedelta(minutes=1)
            )
            with clock.stopped_at(instant):
                _do(row, deed)
                _holds(row)
        transaction.set_rollback(True)


def _do(row: Appointment, deed: str) -> None:
    now = Appointment.objects.get(pk=row.pk)
    if deed == "move" and now.status == Status.BOOKED:
        moved(now, clock.now() + timedelta(days=20, minutes=now.sequence))
    elif deed == "cancel" and now.status == Status.BOOKED:
        told.cancelled(now)
    elif deed == "reinstate" and now.status == Status.CANCELLED:
        Appointment.objects.filter(pk=now.pk).update(
            status=Status.BOOKED, sequence=now.sequence + 1, cancelled_at=None, cancelled_by=""
        )
        news(now, KIND.CREATED)
    elif deed in ("change", "answer"):
        news(now, KIND.CHANGED if deed == "change" else KIND.ANSWERED)
    elif deed == "sweep":
        claim_reminders()


def _holds(row: Appointment) -> None:
    now = Appointment.objects.get(pk=row.pk)
    found = list(Reminder.objects.filter(appointment=row).order_by("due_at"))
    waiting = [each for each in found if each.state in (Reminding.PLANNED, Reminding.QUEUED)]
    assert all(each.sequence == now.sequence for each in waiting)
    assert all(is_daytime(each.due_at) for each in found)
    if now.status == Status.CANCELLED:
        assert {each.kind for each in waiting} <= {KIND.CANCELLED, KIND.CHANGED, KIND.ANSWERED}
    kept = [(each.kind, each.sequence, each.hours, each.word) for each in found]
    assert len(kept) == len(set(kept))
    untold = [each for each in waiting if each.kind in NEWS and each.state == Reminding.PLANNED]
    assert len(untold) <= 1
    times = [each.due_at for each in waiting if each.kind not in NEWS]
    assert all(first <= second for first, second in pairwise(times))
