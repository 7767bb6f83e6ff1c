"""Scenarios 6 to 13: lost bells, doubled tasks, and a printer that is slow, forgetful, lying or gone."""

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from letters.commands import fallback
from letters.models import ClerkTask, LetterEvent, Posting, PrintReceipt
from letters.states import Postal
from portal.counterparts.print_provider.http import connect as printer
from portal.counterparts.signing import signed_headers
from portal.kernel import clock
from portal.outbox import registry
from portal.outbox.models import Errand
from portal.outbox.work import work
from portal.site import figures
from portal.site.alarms import raised
from tests.counterparts.running import order as print_order
from tests.counterparts.running import pdf
from tests.letters import making
from tests.scenarios.at_once import at_once
from tests.scenarios.many import many_waiting
from tests.stories.living import Alive, Patient, fresh, moves, open_reasons, posting_of

RECEIPTS = "/kvitteringer/trykk/"


def paper_patient(alive: Alive, **changes: Any) -> Patient:
    """Somebody whose letters go on paper at once."""
    return alive.patient(active=False, **changes)


def test_s06_given_ten_thousand_waiting_when_redis_is_flushed_then_every_letter_falls_due_and_has_its_errand(
    alive: Alive,
) -> None:
    many_waiting(alive, 10_000)
    cache.clear()
    alive.time_passes(days=4, minutes=1)
    assert fallback.sweep() == 10_000
    cache.clear()
    assert Errand.objects.filter(kind="letters.prepare", state=Errand.State.WAITING).count() == 10_000
    assert Posting.objects.exclude(state=Postal.DUE).count() == 0


def test_s07_given_the_same_errand_at_once_in_five_workers_then_one_submission(alive: Alive) -> None:
    alive.receive(paper_patient(alive))
    alive.work("letters")
    [posting] = Posting.objects.all()
    making.ready(posting)
    hand_over = registry.kind("letters.hand_over").handler
    answers = at_once([*[lambda: work("post")] * 5, *[lambda: hand_over(posting.id)] * 5])
    assert [each for each in answers if isinstance(each, Exception) and not hasattr(each, "code")] == []
    alive.time_passes(minutes=11)
    alive.work()
    assert fresh(posting).state in (Postal.ACCEPTED, Postal.POSTED)
    assert [(row["key"], row["copies"]) for row in alive.orders()] == [(posting.key, 1)]


def test_s08_given_a_printer_that_times_out_after_accepting_then_it_is_looked_up_and_no_second_sheet(
    alive: Alive,
) -> None:
    alive.world.behave("print", "accept_then_drop_reply", times=1)
    letter = alive.letter(paper_patient(alive))
    assert "postal.lose_reply" in moves(letter)
    alive.time_passes(minutes=1)
    alive.work()
    kinds = moves(letter)
    assert kinds.index("postal.lose_reply") < kinds.index("postal.accept")
    assert kinds.count("postal.hand_over") == 1
    assert [row["copies"] for row in alive.orders()] == [1]


@pytest.fixture
def printer_without_lookup(alive: Alive, settings: Settings) -> Iterator[list[bytes]]:
    """Takes every order, never answers the sender, and cannot be asked about anything."""
    taken: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.close_connection = True

        def do_GET(self) -> None:
            self.send_response(501)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_what: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        settings.PRINT_PROVIDER_URL = f"http://127.0.0.1:{server.server_port}"
        yield taken
        server.shutdown()


def test_s09_given_a_printer_without_lookup_when_it_times_out_then_a_person_is_asked_and_nothing_is_sent_again(
    alive: Alive, printer_without_lookup: list[bytes]
) -> None:
    letter = alive.letter(paper_patient(alive))
    for _ in range(12):
        alive.time_passes(minutes=30)
        alive.work()
    assert len(printer_without_lookup) == 1
    assert posting_of(letter).state == Postal.UNKNOWN
    assert open_reasons(letter) == [ClerkTask.Reason.OUTCOME_UNKNOWN]
    assert signed_post(receipt_body(posting_of(letter).key)) == 200
    assert (posting_of(letter).state, open_reasons(letter)) == (Postal.POSTED, [])


def test_s10_given_the_key_at_the_printer_with_another_content_then_an_alarm_and_not_success(alive: Alive) -> None:
    alive.receive(paper_patient(alive))
    alive.work("letters")
    [posting] = Posting.objects.all()
    alive.world.behave("print", "no_receipts")
    other = print_order(key=posting.key, content=pdf(words="Et annet brev"))
    printer().submit(other)
    alive.work()
    assert fresh(posting).state == Postal.REJECTED
    assert open_reasons(posting.letter) == [ClerkTask.Reason.CONFLICT]


def signed_post(body: bytes, **headers: str) -> int:
    """A callback as the printer sends it, unless headers say otherwise."""
    signed = signed_headers(settings.COUNTERPART_SECRET, body) | headers
    answer = Client().post(RECEIPTS, body, content_type="application/json", headers=signed)
    return int(answer.status_code)


def receipt_body(key: str, kind: str = "posted", event: str = "e-1") -> bytes:
    told = {"event_id": event, "key": key, "kind": kind, "occurred_at": clock.now().isoformat(), "provider_id": "T-1"}
    return json.dumps(told).encode()


def test_s11_given_duplicate_receipts_in_the_wrong_order_over_http_then_posted_once(alive: Alive) -> None:
    posting = posting_of(alive.letter(paper_patient(alive)))
    bodies = [receipt_body(posting.key, kind, event) for kind, event in [("posted", "p"), ("received", "r")] * 2]
    assert [signed_post(body) for body in bodies] == [200] * 4
    assert fresh(posting).state == Postal.POSTED
    assert moves(posting.letter).count("postal.post") == 1
    assert PrintReceipt.objects.filter(event_id__in=["p", "r"]).count() == 2


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X-Signature": "sha256=" + "0" * 64}, 401),
        ({"X-Signature": ""}, 401),
        ({"X-Timestamp": "2020-01-01T00:00:00+00:00"}, 401),
        ({"X-Timestamp": "i går"}, 401),
    ],
)
def test_s12_given_a_forged_or_stale_callback_then_4xx_and_no_change(
    alive: Alive, headers: dict[str, str], status: int
) -> None:
    posting = posting_of(alive.letter(paper_patient(alive)))
    before = LetterEvent.objects.count()
    assert signed_post(receipt_body(posting.key), **headers) == status
    assert LetterEvent.objects.count() == before
    assert not PrintReceipt.objects.filter(event_id="e-1").exists()


def test_s12_given_a_true_signature_when_the_body_is_changed_or_told_again_then_nothing_moves(alive: Alive) -> None:
    posting = posting_of(alive.letter(paper_patient(alive)))
    body = receipt_body(posting.key)
    signed = signed_headers(settings.COUNTERPART_SECRET, body)
    forged = body.replace(b'"posted"', b'"failed"')
    client = Client()
    assert client.post(RECEIPTS, forged, content_type="application/json", headers=signed).status_code == 401
    first = client.post(RECEIPTS, body, content_type="application/json", headers=signed)
    replayed = client.post(RECEIPTS, body, content_type="application/json", headers=signed)
    assert (first.json(), replayed.json()) == ({"moved": True}, {"moved": False})
    assert moves(posting.letter).count("postal.post") == 1


def test_s13_given_a_printer_down_for_three_days_when_it_answers_then_all_go_in_order_of_need(alive: Alive) -> None:
    alive.world.behave("print", "down")
    now = clock.now()
    wanted = [now + timedelta(days=days) for days in (30, 12, 20)]
    letters = [alive.letter(paper_patient(alive), must_arrive_by=by) for by in wanted]
    plain = alive.letter(paper_patient(alive))
    alive.time_passes(days=1)
    alive.work()
    assert {posting.state for posting in Posting.objects.all()} == {Postal.READY}
    assert "paper_late" in alarms()
    alive.time_passes(days=2)
    alive.work()
    assert alive.orders() == []
    alive.world.behave("print", "ok")
    alive.time_passes(minutes=11)
    alive.work()
    rows = sorted(alive.orders(), key=lambda row: row["received_at"])
    assert [row["letter"] for row in rows] == [str(each.id) for each in (letters[1], letters[2], letters[0], plain)]
    assert {row["copies"] for row in rows} == {1}


def alarms() -> set[str]:
    """What operators are warned of now."""
    return {alarm.rule.name for alarm in raised(figures.collect())}
