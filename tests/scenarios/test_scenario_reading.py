"""Scenarios 29 to 31, 33, 36, 41 and 47: what counts as opened, what must arrive in time, and what history tells."""

import socket
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from letters import channel, sweeps, tasks
from letters.commands import withdrawal
from letters.models import (
    ChannelDecision,
    ClerkTask,
    Document,
    Letter,
    LetterEvent,
    LetterType,
    Posting,
    Reconciliation,
)
from letters.states import Digital, Postal
from portal.kernel import clock
from portal.kernel.models import PeriodicRun
from portal.people.models import Role
from tests.counterparts.running import pdf, wait
from tests.letters import making
from tests.people.signed_in import signed_in
from tests.scenarios.at_once import at_once
from tests.stories.living import Alive, moves, open_reasons, posting_of, wait_for_state

PREFETCH = (
    {"Sec-Purpose": "prefetch;prerender"},
    {"Purpose": "prefetch"},
    {"X-Moz": "prefetch"},
    {"X-Purpose": "preview"},
)


def is_unopened(letter: Letter) -> bool:
    return Letter.objects.get(pk=letter.pk).digital == Digital.AVAILABLE


def test_s29_given_whatever_is_no_reading_then_it_is_not_opened(alive: Alive) -> None:
    patient = alive.patient()
    letter = alive.letter(patient)
    Document.objects.create(
        letter=letter, kind=Document.Kind.ENCLOSURE, number=1, title="Vedlegg", data=pdf(), sha256="c" * 64, pages=1
    )
    address = f"/brev/{letter.id}/"
    reader, clerk = (
        signed_in(Client(), patient.person),
        signed_in(Client(), alive.patient(name="Anne Bjørnsen").person, [Role.CLERK]),
    )
    assert Client().get(address).status_code == 302
    assert reader.head(address).status_code == 204
    for headers in PREFETCH:
        assert [reader.get(f"{address}{path}", headers=headers).status_code for path in ("", "pdf")] == [204, 204]
    assert reader.get("/").status_code == reader.get("/brev/").status_code == 200
    assert b"".join(reader.get(f"{address}vedlegg/1/")).startswith(b"%PDF")
    assert clerk.get(f"/behandler/brev/{letter.id}/").status_code == 200
    assert clerk.get(address).status_code == 404
    assert is_unopened(letter)
    assert reader.get(address).status_code == 200
    assert not is_unopened(letter)


def test_s29_given_a_download_that_is_cut_off_then_it_is_not_opened_and_a_whole_one_is(alive: Alive) -> None:
    patient = alive.patient()
    letter = alive.letter(patient)
    Document.objects.filter(letter=letter).update(data=b"%PDF-1.7" + b"x" * 30_000_000)
    client = signed_in(Client(), patient.person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    parts = urlsplit(alive.portal_url)
    with socket.create_connection(("127.0.0.1", parts.port or 0)) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        head = f"GET /brev/{letter.id}/pdf HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        line.sendall(f"{head}Cookie: {settings.SESSION_COOKIE_NAME}={cookie}\r\n\r\n".encode())
        assert line.recv(1000).startswith(b"HTTP/1.1 200")
    with pytest.raises(AssertionError):
        wait(lambda: not is_unopened(letter), seconds=1)
    whole = b"".join(client.get(f"/brev/{letter.id}/pdf"))
    assert len(whole) == 30_000_008
    assert not is_unopened(letter)


def test_s30_given_an_appointment_in_three_days_then_paper_at_once_and_a_person_telephones(alive: Alive) -> None:
    letter = alive.letter(alive.patient(), must_arrive_by=clock.now() + timedelta(days=3))
    assert letter.digital == Digital.AVAILABLE
    assert [order["letter"] for order in alive.orders()] == [str(letter.id)]
    assert open_reasons(letter) == [ClerkTask.Reason.TOO_LATE]


def test_s31_given_a_letter_waiting_when_its_appointment_is_moved_then_it_is_superseded_and_never_printed(
    alive: Alive,
) -> None:
    patient = alive.patient()
    old = alive.letter(patient)
    new = alive.letter(patient, replaces=old.id)
    alive.time_passes(days=5)
    alive.sweep()
    assert (posting_of(old).state, Letter.objects.get(pk=old.pk).digital) == (Postal.CANCELLED, Digital.HIDDEN)
    assert [order["letter"] for order in alive.orders()] == [str(new.id)]


def test_s31_given_a_letter_posted_when_its_appointment_is_moved_then_a_correction_is_sent_on_paper(
    alive: Alive,
) -> None:
    patient = alive.patient()
    old = alive.letter(patient)
    alive.time_passes(days=5)
    alive.sweep()
    alive.time_passes(minutes=2)
    wait_for_state(posting_of(old), Postal.POSTED)
    new = alive.letter(patient, replaces=old.id)
    assert ChannelDecision.objects.get(letter=new).rule == "C08"
    assert [order["letter"] for order in alive.orders(new)] == [str(new.id)]


def test_s31_given_a_letter_at_the_printer_when_it_is_cancelled_then_the_printer_stops_it(alive: Alive) -> None:
    letter = alive.letter(alive.patient(active=False))
    wait_for_state(posting_of(letter), Postal.ACCEPTED)
    withdrawal.withdraw(letter_id=letter.id, by=making.SENDER, reason="cancelled")
    alive.work()
    assert posting_of(letter).state == Postal.CANCELLED
    assert alive.orders() == []


def test_s33_given_the_night_when_the_clock_changes_then_a_beat_that_fires_twice_or_never_does_one_letters_work(
    alive: Alive,
) -> None:
    alive.set_clock(datetime(2027, 3, 24, 2, 30, tzinfo=clock.OSLO))
    letter = alive.letter(alive.patient())
    posting = posting_of(letter)
    assert posting.due_at.astimezone(clock.OSLO).replace(tzinfo=None, second=0, microsecond=0) in (
        datetime(2027, 3, 28, 3, 30),
        datetime(2027, 3, 28, 2, 30),
    )
    alive.set_clock(datetime(2027, 3, 28, 1, 59, tzinfo=clock.OSLO))
    assert alive.sweep() == 0
    alive.set_clock(datetime(2027, 3, 28, 3, 31, tzinfo=clock.OSLO))
    assert at_once([tasks.let_fall_due, tasks.let_fall_due]) == [None, None]
    assert moves(letter).count("postal.fall_due") == 1
    assert PeriodicRun.objects.get(name="letters.fallback").error == ""


def test_s36_given_an_important_type_without_any_way_to_paper_then_it_cannot_be_activated(alive: Alive) -> None:
    kind = LetterType(code="malfri", name="Uten vei", important=True, fallback_amount=None, active=True)
    with pytest.raises(ValidationError):
        kind.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        kind.save()
    assert alive.patient()


def test_s36_given_letters_of_one_type_when_compared_with_the_printer_then_issued_is_the_sum_of_all_places(
    alive: Alive,
) -> None:
    alive.letter(alive.patient())
    alive.letter(alive.patient(active=False))
    alive.letter(alive.patient(active=False, residence=None))
    alive.receive(alive.patient())
    alive.time_passes(minutes=10)
    sweeps.reconcile_with_printer()
    counts = Reconciliation.objects.get().by_type["innkalling"]
    assert counts["issued"] == 4
    assert sum(count for place, count in counts.items() if place != "issued") == 4
    assert (counts["on_screen"], counts["on_paper_only"], counts["held"], counts["in_intake"]) == (1, 1, 1, 1)


def test_s41_given_a_letter_returned_after_nine_days_then_a_task_and_the_next_letter_to_that_address_is_held(
    alive: Alive,
) -> None:
    patient = alive.patient(active=False)
    first = posting_of(alive.letter(patient))
    alive.time_passes(minutes=2)
    wait_for_state(first, Postal.POSTED)
    alive.time_passes(days=9)
    alive.finish(first, "returned")
    wait_for_state(first, Postal.RETURNED)
    assert open_reasons(first.letter) == [ClerkTask.Reason.RETURNED]
    second = alive.letter(patient)
    assert (posting_of(second).state, open_reasons(second)) == (Postal.HELD, [ClerkTask.Reason.ADDRESS_RETURNED])
    alive.change(patient.pid, residence={"lines": ["Nyveien 1"], "postal_code": "9017", "town": "Tromsø"})
    third = alive.letter(patient)
    assert [order["letter"] for order in alive.orders(third)] == [str(third.id)]


def test_s47_given_a_letter_that_was_posted_and_then_opened_then_its_history_answers_every_question(
    alive: Alive,
) -> None:
    patient = alive.patient()
    letter = alive.letter(patient)
    alive.time_passes(days=5)
    alive.sweep()
    alive.time_passes(minutes=2)
    wait_for_state(posting_of(letter), Postal.POSTED)
    signed_in(Client(), patient.person).get(f"/brev/{letter.id}/")
    events = LetterEvent.objects.filter(letter=letter).order_by("id")
    assert all(event.actor_kind and event.actor_id and event.at for event in events)
    assert [event.kind for event in events if not event.kind.startswith("notice.")] == [
        "received",
        "rendered",
        "decided",
        "digital.publish",
        "postal.begin",
        "postal.fall_due",
        "postal.prepare",
        "postal.hand_over",
        "postal.accept",
        "postal.post",
        "digital.open",
    ]
    decision = ChannelDecision.objects.get(letter=letter)
    replayed = channel.decide(channel.facts_from_json(decision.facts))
    assert (replayed.rule, list(replayed.notify)) == (decision.rule, decision.choice["notify"])
    opened = events.get(kind="digital.open")
    assert (opened.actor_kind, opened.actor_id) == ("citizen", str(patient.person.pk))
    posting = Posting.objects.get(letter=letter)
    assert posting.posted_at is not None
