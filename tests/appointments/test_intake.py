"""What follows when a record system says something of an appointment: the newest holds, and what matters is news."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from appointments.announcements import cancelled, moved
from appointments.codes import Flag
from appointments.commands import intake
from appointments.commands.codes import set_codes
from appointments.commands.intake import receive
from appointments.commands.resealing import reseal_words
from appointments.models import (
    Appointment,
    AppointmentSource,
    Reminder,
)
from appointments.orders import AppointmentOrder, TaskOrder
from appointments.queries.for_sender import appointment_of, word_place
from appointments.queries.on_screen import visible_to
from appointments.states import Status
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people import sealing
from portal.people.models import Person
from portal.people.queries import pid_of
from tests.appointments.at_hand import DAY, NOW, eyes, person, unit
from youth_access.codes import Code
from youth_access.models import AccessTask

pytestmark = pytest.mark.django_db
BY = Actor("sender", "dips")
SAID = NOW - timedelta(hours=5)


@pytest.fixture(autouse=True)
def _still() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def kari() -> Person:
    return person()


def word(patient: Person | None, hours: float = 0, **changes: Any) -> AppointmentOrder:
    """A booked appointment a week ahead, said `hours` after the first word; `changes` differ from it."""
    values: dict[str, Any] = {
        "source": "dips",
        "key": "https://dips.example/time|1",
        "raw": b"{}",
        "sent_at": SAID + timedelta(hours=hours),
        "patient_pid": pid_of(patient) if patient is not None else "",
        "unit_resh": unit().pk,
        "status": Status.BOOKED,
        "start": DAY,
        "end": DAY + timedelta(minutes=30),
        "service_category": "27",
        "title": "Poliklinisk time",
        "place": "Ortopedisk poliklinikk",
        **changes,
    }
    said = {name: str(value) for name, value in values.items() if name not in ("raw", "sent_at")}
    return AppointmentOrder(**({"fingerprint": sealing.blind_index(json.dumps(said, sort_keys=True))} | values))


def say(*words: AppointmentOrder) -> Appointment:
    for each in words:
        reception = receive(order=each, by=BY)
    return Appointment.objects.get(pk=reception.appointment_id)


def outcomes(*words: AppointmentOrder) -> list[str]:
    return [receive(order=each, by=BY).outcome for each in words]


def news(row: Appointment) -> list[str]:
    kinds = (Reminder.Kind.CREATED, Reminder.Kind.MOVED, Reminder.Kind.CHANGED, Reminder.Kind.CANCELLED, "answered")
    return [
        each.kind for each in Reminder.objects.filter(appointment=row, kind__in=kinds, state="planned").order_by("pk")
    ]


def lines(row: Appointment) -> list[str]:
    return [each.kind for each in row.events.order_by("id")]


class Heard(list[UUID]):
    def hear(self, **told: Any) -> None:
        self.append(told["appointment_id"])


@pytest.fixture
def moves() -> Iterator[Heard]:
    heard = Heard()
    moved.connect(heard.hear)
    yield heard
    moved.disconnect(heard.hear)


@pytest.fixture
def ends() -> Iterator[Heard]:
    heard = Heard()
    cancelled.connect(heard.hear)
    yield heard
    cancelled.disconnect(heard.hear)


def test_a_new_appointment_is_stored_told_of_and_in_the_audit(kari: Person) -> None:
    order = word(
        kari, flags=(Flag.CANCEL.value,), instruction="Møt fastende", practitioner="Lege Berg", no_reminder=True
    )
    row = say(order)
    assert (row.status, row.start, row.person, row.unit_id) == (Status.BOOKED, DAY, kari, unit().pk)
    assert (row.flags, row.instruction, row.practitioner) == (["cancel"], "Møt fastende", "Lege Berg")
    assert (row.sent_at, row.received_at, row.no_reminder) == (SAID, NOW, True)
    assert news(row) == ["created"]
    assert lines(row)[0] == "appointment.received"
    audit = AuditRow.objects.get(action="appointment.created")
    assert (audit.item_id, audit.person_id, audit.actor_id) == (str(row.pk), kari.pk, "dips")


def test_the_word_is_kept_sealed(kari: Person) -> None:
    raw = json.dumps({"resourceType": "Appointment", "patientInstruction": "hemmelig"}).encode()
    row = say(word(kari, raw=raw))
    kept = AppointmentSource.objects.get(appointment=row)
    assert b"hemmelig" not in bytes(kept.raw_sealed)
    found = appointment_of("dips", row.pk)
    assert found is not None
    assert found.raw == raw
    assert appointment_of("other", row.pk) is None


def test_words_move_to_a_new_sealing_key(kari: Person, settings: Any) -> None:
    row = say(word(kari))
    settings.PORTAL_SEALING_KEYS = f"new:{'bmV3' * 10}bmU=,{settings.PORTAL_SEALING_KEYS}"
    assert (reseal_words(), reseal_words()) == (1, 0)
    kept = bytes(AppointmentSource.objects.get(appointment=row).raw_sealed)
    assert sealing.key_id_of(kept) == "new"
    assert sealing.unseal(kept, word_place(row.pk)) == "{}"


def test_the_same_again_changes_nothing_and_is_no_news(kari: Person) -> None:
    first = word(kari)
    assert outcomes(first, first, word(kari, hours=2)) == ["created", "same", "same"]
    row = Appointment.objects.get()
    assert news(row) == ["created"]
    assert row.sent_at == SAID + timedelta(hours=2)


def test_an_older_word_changes_nothing(kari: Person) -> None:
    old = word(kari, title="Gammel", start=DAY + timedelta(days=1), end=DAY + timedelta(days=2))
    assert outcomes(word(kari, hours=1), old) == ["created", "older"]
    row = Appointment.objects.get()
    assert (row.title, row.start) == ("Poliklinisk time", DAY)


def test_a_move_is_one_change_and_one_notice(kari: Person, moves: Heard, ends: Heard) -> None:
    later = DAY + timedelta(days=1)
    row = say(word(kari))
    Appointment.objects.update(confirmed_at=NOW)
    row = say(word(kari, hours=1, start=later, end=later + timedelta(hours=1), place="Bygg B"))
    assert (row.start, row.end, row.sequence, row.place) == (later, later + timedelta(hours=1), 1, "Bygg B")
    assert row.confirmed_at is None
    assert news(row) == ["moved"]
    assert (moves, ends) == ([row.pk], [])
    line = row.events.get(kind="appointment.move")
    assert [datetime.fromisoformat(line.details[name]) for name in ("from", "to")] == [DAY, later]


@pytest.mark.parametrize(
    "change",
    [
        {"place": "Bygg B"},
        {"instruction": "Møt fastende"},
        {"channel": "url", "virtual_address": "https://x.example/m"},
        {"virtual_key": "1234"},
        {"tasks": (TaskOrder(kind="reading", title="Les om kneet"),)},
    ],
)
def test_what_matters_is_news_once(kari: Person, change: dict[str, Any], moves: Heard) -> None:
    row = say(word(kari))
    Reminder.objects.filter(kind="created").update(state="done", settled_at=NOW)
    row = say(word(kari, hours=1, **change))
    assert news(row) == ["changed"]
    assert (row.sequence, moves) == (0, [])


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Kontroll"},
        {"description": "Kontroll av hofte"},
        {"practitioner": "Lege Berg"},
        {"flags": ("cancel",)},
        {"security_codes": ("NORN_FORANS",)},
        {"care_level": "3"},
        {"call_in_letter": "https://dips.example/brev|1"},
        {"no_reminder": True},
    ],
)
def test_what_does_not_matter_is_no_news(kari: Person, change: dict[str, Any]) -> None:
    say(word(kari))
    Reminder.objects.filter(kind="created").update(state="done", settled_at=NOW)
    row = say(word(kari, hours=1, **change))
    assert news(row) == []
    name, value = next(iter(change.items()))
    assert getattr(row, name) == (list(value) if isinstance(value, tuple) else value)


def test_a_cancellation_ends_it_with_its_reason(kari: Person, ends: Heard) -> None:
    row = say(word(kari), word(kari, hours=1, status=Status.CANCELLED, cancel_reason_system="8445", cancel_reason="2"))
    assert (row.status, row.cancelled_by, row.cancelled_at) == (Status.CANCELLED, "hospital", NOW)
    assert (row.cancel_reason_system, row.cancel_reason) == ("8445", "2")
    assert news(row) == ["cancelled"]
    assert ends == [row.pk]


def test_a_cancellation_without_a_time_keeps_the_one_it_had(kari: Person) -> None:
    row = say(word(kari), word(kari, hours=1, status=Status.CANCELLED, start=None, end=None))
    assert (row.status, row.start) == (Status.CANCELLED, DAY)


def test_a_cancellation_that_comes_first_is_never_shown_as_booked(kari: Person) -> None:
    row = say(word(kari, hours=1, status=Status.CANCELLED, tasks=(TaskOrder(kind="reading", title="Les"),)))
    assert (row.status, news(row), row.tasks.count()) == (Status.CANCELLED, [], 0)
    row = say(word(kari))
    assert (row.status, news(row)) == (Status.CANCELLED, [])
    assert not visible_to(eyes(kari.pk)).filter(status=Status.BOOKED).exists()


def test_a_newer_booking_reinstates(kari: Person) -> None:
    row = say(word(kari), word(kari, hours=1, status=Status.CANCELLED), word(kari, hours=2))
    assert (row.status, row.cancelled_at, row.cancelled_by, row.sequence) == (Status.BOOKED, None, "", 2)
    assert news(row) == ["created"]


def test_another_reason_for_what_is_cancelled_is_no_news(kari: Person) -> None:
    row = say(
        word(kari, status=Status.CANCELLED),
        word(kari, hours=1, status=Status.CANCELLED, cancel_reason_system="8445", cancel_reason="9"),
    )
    assert (row.cancel_reason, news(row)) == ("9", [])


def test_entered_in_error_is_told_as_ended_and_then_seen_by_nobody(kari: Person, ends: Heard) -> None:
    row = say(word(kari), word(kari, hours=1, status=Status.ENTERED_IN_ERROR))
    assert (row.status, row.cancelled_at) == (Status.ENTERED_IN_ERROR, None)
    assert (news(row), ends) == (["cancelled"], [row.pk])
    assert not visible_to(eyes(kari.pk)).exists()
    assert say(word(kari, hours=2, status=Status.ENTERED_IN_ERROR, title="x")).status == Status.ENTERED_IN_ERROR
    assert say(word(kari, hours=3)).status == Status.BOOKED


@pytest.mark.parametrize("first", list(Status))
@pytest.mark.parametrize("second", list(Status))
def test_the_newest_word_holds_whatever_stood_here(kari: Person, first: Status, second: Status) -> None:
    row = say(word(kari, status=first), word(kari, hours=1, status=second, title="Siste ord"))
    assert (row.status, row.title) == (second, "Siste ord")
    assert (row.cancelled_at is not None) == (second == Status.CANCELLED)


def test_what_took_place_reminds_nobody(kari: Person) -> None:
    row = say(word(kari))
    assert Reminder.objects.filter(appointment=row, kind="days").exists()
    row = say(word(kari, hours=1, status=Status.FULFILLED))
    assert not Reminder.objects.filter(appointment=row, state="planned").exists()


def test_no_notice_is_stored_and_obeyed(kari: Person) -> None:
    row = say(word(kari, no_notice=True), word(kari, hours=1, no_notice=True, place="Bygg B"))
    assert (row.no_notice, news(row)) == (True, [])


def test_another_patient_is_refused(kari: Person) -> None:
    say(word(kari))
    with pytest.raises(intake.OtherPatient):
        say(word(person(), hours=1))


def test_a_closed_unit_is_refused(kari: Person) -> None:
    with pytest.raises(intake.UnknownUnit):
        say(word(kari, unit_resh="9"))


def test_two_senders_may_use_the_same_identifier(kari: Person) -> None:
    assert say(word(kari)).pk != say(replace(word(kari), source="other")).pk


def test_codes_unknown_here_hide_it_and_ask_a_person(kari: Person) -> None:
    row = say(word(kari, security_codes=("NORN_NYTT",)))
    assert not visible_to(eyes(kari.pk)).exists()
    assert AccessTask.objects.get(kind=AccessTask.Kind.UNKNOWN_CODE).subject == row.pk


def test_a_clinicians_code_stays_until_the_sender_says_something_else(kari: Person) -> None:
    row = say(word(kari, security_codes=("N",)))
    by = Actor("staff", str(person().pk))
    set_codes(appointment_id=row.pk, codes=["NORN_FORANS"], withheld_until=None, reason="Nektet", by=by)
    assert say(word(kari, hours=1, security_codes=("N",), title="Ny")).security_codes == ["NORN_FORANS"]
    assert say(word(kari, hours=2, security_codes=("NORN_UNGDOM",))).security_codes == ["NORN_UNGDOM"]


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (("NORN_FORANS",), (), ["created"]),
        (("NORN_FORANS",), ("N",), ["created"]),
        (("NORN_FORANS",), ("NORN_FORANS", "NORN_UNGDOM"), []),
        (("N",), ("NORN_FORANS",), []),
        (("N",), (), []),
    ],
)
def test_those_it_was_hidden_from_are_told_once_the_sender_hides_it_no_more(
    kari: Person, before: tuple[str, ...], now: tuple[str, ...], told: list[str]
) -> None:
    say(word(kari, security_codes=before))
    Reminder.objects.filter(kind="created").update(state="done", settled_at=NOW)
    row = say(word(kari, hours=1, security_codes=now))
    assert news(row) == told


def test_hidden_no_more_and_changed_besides_is_one_piece_of_news(kari: Person) -> None:
    say(word(kari, security_codes=("NORN_FORANS",)))
    Reminder.objects.filter(kind="created").update(state="done", settled_at=NOW)
    assert news(say(word(kari, hours=1, place="Et annet sted"))) == ["changed"]


def test_the_patients_own_wish_stays(kari: Person) -> None:
    say(word(kari))
    Appointment.objects.update(security_codes=[Code.OWN_WISH.value])
    row = say(word(kari, hours=1, security_codes=("N",)))
    assert row.security_codes == [Code.OWN_WISH.value]
