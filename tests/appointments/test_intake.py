"""What follows when a record system says something of an appointment: the newest holds, and what matters is news."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from appointments.announcements import cancelled, moved
from appointments.codes import Flag
from appointments.commands import booking, cancelling, holding, intake, moving
from appointments.commands.answering import accept
from appointments.commands.codes import set_codes
from appointments.commands.intake import receive
from appointments.commands.resealing import reseal_words
from appointments.fhir_elements import resource_named
from appointments.models import (
    Appointment,
    AppointmentSource,
    Claim,
    PreparationTask,
    Reminder,
    Request,
    Reservation,
)
from appointments.orders import AppointmentOrder, TaskOrder
from appointments.queries.for_sender import appointment_of, word_place
from appointments.queries.on_screen import visible_to
from appointments.states import Asked, Status
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people import sealing
from portal.people.models import Person
from portal.people.queries import pid_of
from tests.appointments.at_hand import DAY, NOW, eyes, person, schedule, slot, unit
from youth_access.codes import Code
from youth_access.models import AccessTask, Referral

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


def test_the_patients_own_wish_stays(kari: Person) -> None:
    say(word(kari))
    Appointment.objects.update(security_codes=[Code.OWN_WISH.value])
    row = say(word(kari, hours=1, security_codes=("N",)))
    assert row.security_codes == [Code.OWN_WISH.value]


def test_referrals_are_noted_and_anothers_is_refused(kari: Person) -> None:
    row = say(word(kari, referrals=("https://dips.example/henvisning|1",)))
    assert row.referral_ids == [Referral.objects.get().pk]
    with pytest.raises(intake.ReferralOfAnother):
        say(word(person(), key="https://dips.example/time|2", referrals=("https://dips.example/henvisning|1",)))


def test_tasks_follow_the_sender_and_what_is_done_stays_done(kari: Person) -> None:
    form = TaskOrder(kind="form", title="Fyll ut", reference="s|1")
    read = TaskOrder(kind="reading", title="Les")
    row = say(word(kari, tasks=(form, read)))
    row.tasks.filter(kind="form").update(state="done", settled_at=NOW)

    def standing() -> list[tuple[str, str, str]]:
        return [(each.kind, each.title, each.state) for each in row.tasks.order_by("number")]

    say(word(kari, hours=1, tasks=(replace(form, title="Fyll ut skjema"),)))
    assert standing() == [("form", "Fyll ut skjema", "done"), ("reading", "Les", "cancelled")]
    say(word(kari, hours=2, tasks=(form, read, TaskOrder(kind="letter", title="Brev", reference="s|2"))))
    assert standing() == [("form", "Fyll ut", "done"), ("reading", "Les", "open"), ("letter", "Brev", "open")]
    say(word(kari, hours=3, status=Status.CANCELLED))
    assert not PreparationTask.objects.filter(state="open").exists()


def test_parts_and_wholes_find_each_other_in_any_order(kari: Person) -> None:
    part = word(kari, key="https://dips.example/time|2", part_of="https://dips.example/time|1")
    by_id = word(kari, key="https://dips.example/time|3", part_of="Appointment/Hel")
    first, second = say(part), say(by_id)
    whole = say(word(kari, sender_id="Hel"))
    assert set(whole.parts.all()) == {first, second}
    third = say(word(kari, key="https://dips.example/time|4", part_of=f"Appointment/{whole.pk}"))
    fourth = say(word(kari, key="https://dips.example/time|5", part_of="Appointment/Hel"))
    assert {third.part_of_id, fourth.part_of_id} == {whole.pk}
    assert say(word(kari, key="https://dips.example/time|5", hours=1)).part_of_id is None


def test_two_that_name_each_other_are_no_ring(kari: Person) -> None:
    one = say(word(kari, part_of="https://dips.example/time|2"))
    two = say(word(kari, key="https://dips.example/time|2", part_of="https://dips.example/time|1"))
    one.refresh_from_db()
    assert [one.part_of_id, two.part_of_id].count(None) == 1


def test_a_part_without_a_patient_is_its_wholes(kari: Person) -> None:
    part = word(None, key="https://dips.example/time|2", part_of="https://dips.example/time|1")
    with pytest.raises(intake.UnknownWhole):
        say(part)
    whole = say(word(kari))
    assert say(part).person == kari
    assert say(replace(part, key="https://dips.example/time|3", part_of=f"Appointment/{whole.pk}")).person == kari
    with pytest.raises(intake.UnknownWhole):
        say(replace(part, part_of="", key="https://dips.example/time|4"))


def test_whoever_is_booked_is_taken_for_others(kari: Person) -> None:
    doctor = resource_named("s|7")
    of = schedule(resource=UUID(doctor))
    row = say(word(kari, resource=doctor))
    claim = Claim.objects.get(pk=row.pk)
    assert (str(claim.resource), claim.during.lower, claim.exclusive) == (doctor, DAY, False)
    assert row.schedule == of
    later = DAY + timedelta(days=1)
    row = say(word(kari, hours=1, resource=doctor, start=later, end=later + timedelta(hours=1)))
    assert Claim.objects.get(pk=row.pk).during.lower == later
    assert row.schedule == of
    row = say(word(kari, hours=2, resource=resource_named("s|8")))
    assert row.schedule is None
    say(word(kari, hours=3, status=Status.CANCELLED))
    assert not Claim.objects.exists()


def booked_here(patient: Person) -> tuple[Appointment, Request]:
    """The patient has booked a free time in the portal, and the hospital has not answered."""
    looking = eyes(patient.pk)
    held = holding.hold(slot_id=slot(schedule()).pk, eyes=looking)
    asked = booking.book(reservation_id=held.pk, key=uuid4(), eyes=looking)
    assert asked.appointment is not None
    return asked.appointment, asked


def grip_of(asked: Request) -> Reservation:
    assert asked.reservation_id is not None
    return Reservation.objects.get(pk=asked.reservation_id)


def echo(row: Appointment, hours: float = 6, **changes: Any) -> AppointmentOrder:
    """The hospital's word on an appointment made here."""
    patient = row.person
    times = {"start": row.start, "end": row.end}
    return word(patient, hours, **({"source": row.source, "key": row.source_key} | times | changes))


def test_the_hospitals_yes_to_a_booking(kari: Person) -> None:
    row, asked = booked_here(kari)
    row = say(echo(row, place="Bygg B"))
    asked.refresh_from_db()
    assert (row.status, asked.state, row.place) == (Status.BOOKED, Asked.ACCEPTED, "Bygg B")
    assert news(row) == ["created"]
    assert Claim.objects.filter(pk=grip_of(asked).pk).exists()


def test_the_echo_of_a_booking_that_is_answered_already_is_no_news(kari: Person) -> None:
    row, asked = booked_here(kari)
    accept(request_id=asked.pk, by=BY, record_id="B-77")
    before = news(row)
    mine = say(echo(row, place="Bygg B"))
    assert news(row) == before
    named_otherwise = say(echo(row, hours=7, key="https://dips.example/time|B-77", place="Bygg B", title="Ny"))
    assert (mine.pk, named_otherwise.pk) == (row.pk, row.pk)


def test_a_yes_at_another_time_moves_it_and_gives_the_time_back(kari: Person, moves: Heard) -> None:
    row, asked = booked_here(kari)
    later = DAY + timedelta(days=3)
    row = say(echo(row, start=later, end=later + timedelta(minutes=30)))
    asked.refresh_from_db()
    assert (row.status, row.start, asked.state) == (Status.BOOKED, later, Asked.ACCEPTED)
    assert (news(row), moves) == (["moved"], [row.pk])
    assert not Claim.objects.filter(pk=grip_of(asked).pk).exists()


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.ENTERED_IN_ERROR])
def test_the_hospitals_no_to_a_booking(kari: Person, status: Status) -> None:
    row, asked = booked_here(kari)
    row = say(echo(row, status=status))
    asked.refresh_from_db()
    assert (row.status, asked.state) == (status, Asked.REFUSED)
    assert not Claim.objects.exists()


def movable(patient: Person) -> tuple[Appointment, Request]:
    """An appointment of the hospital's that the patient has asked to move to another time of the same timebok."""
    doctor = resource_named("s|7")
    of = schedule(resource=UUID(doctor))
    row = say(
        word(
            patient,
            resource=doctor,
            flags=(Flag.CHANGE.value, Flag.CANCEL.value),
            start=DAY + timedelta(days=9),
            end=DAY + timedelta(days=9, minutes=30),
        )
    )
    looking = eyes(patient.pk)
    held = holding.hold(slot_id=slot(of, DAY + timedelta(days=2)).pk, eyes=looking, appointment_id=row.pk)
    return row, moving.move(reservation_id=held.pk, key=uuid4(), eyes=looking)


def test_the_hospitals_word_with_the_wished_time_settles_the_move(kari: Person, moves: Heard) -> None:
    row, asked = movable(kari)
    wished = grip_of(asked)
    row = say(echo(row, start=wished.start, end=wished.end, resource=resource_named("s|7")))
    asked.refresh_from_db()
    assert (row.start, row.sequence, asked.state) == (wished.start, 1, Asked.ACCEPTED)
    assert (news(row), moves) == (["moved"], [row.pk])
    assert list(Claim.objects.values_list("pk", flat=True)) == [wished.pk]


def test_another_move_leaves_the_wish_waiting(kari: Person) -> None:
    row, asked = movable(kari)
    later = DAY + timedelta(days=20)
    row = say(echo(row, start=later, end=later + timedelta(minutes=30), resource=resource_named("s|7")))
    asked.refresh_from_db()
    assert (row.start, asked.state) == (later, Asked.WAITING)
    assert Claim.objects.filter(pk=grip_of(asked).pk).exists()


def test_a_word_from_before_the_answer_cannot_undo_it(kari: Person) -> None:
    row, asked = movable(kari)
    accept(request_id=asked.pk, by=BY)
    wished = grip_of(asked)
    assert outcomes(echo(row, hours=1, title="Gammelt")) == ["older"]
    row.refresh_from_db()
    assert row.start == wished.start


def test_the_hospitals_cancellation_settles_the_wish_to_cancel(kari: Person) -> None:
    row = say(word(kari, flags=(Flag.CANCEL.value,), start=DAY + timedelta(days=9), end=DAY + timedelta(days=10)))
    asked = cancelling.cancel(appointment_id=row.pk, key=uuid4(), eyes=eyes(kari.pk), reason="unwanted")
    row = say(echo(row, status=Status.CANCELLED, cancel_reason_system="8445", cancel_reason="2"))
    asked.refresh_from_db()
    assert (row.status, row.cancelled_by, asked.state) == (Status.CANCELLED, "patient", Asked.ACCEPTED)
