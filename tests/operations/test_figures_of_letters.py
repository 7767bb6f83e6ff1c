"""Each figure counts what it says, from letters brought there by the commands themselves."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from letters import figures as letters_figures
from letters.addressing import Hold
from letters.commands import fallback, notices, opening, paper, receipts, reconciliation, rendering, withdrawal
from letters.commands.receipts import Receipt
from letters.commands.reconciliation import Theirs
from letters.models import Letter, Notice, Posting
from letters.queries import for_operators
from letters.states import PostalEvent
from portal.kernel import clock
from portal.outbox import commands as outbox
from portal.outbox import queries as outbox_queries
from portal.outbox import registry
from portal.outbox.models import Errand
from portal.site import figures
from tests.letters import making

pytestmark = pytest.mark.django_db
PAPER_NOW = replace(making.READER_NOW, active_user=False)


def standing(key: str) -> tuple[int, timedelta | None]:
    """How many, and how old the oldest is."""
    now = figures.collect()
    found = now.standing("letters", key)
    return found.count, now.now - found.oldest if found.oldest else None


def later(length: timedelta) -> Any:
    return clock.stopped_at(clock.now() + length)


def due() -> Posting:
    return making.posting_of(making.decided(PAPER_NOW))


def test_letters_before_sending() -> None:
    with later(timedelta(hours=-2)):
        making.received()
        rendered = making.received()
        rendering.keep_rendering(letter_id=rendered.id, pdf=b"%PDF-1.7", sha256="a" * 64, pages=1)
        stuck = making.received()
        rendering.stop_unrendered(letter_id=stuck.id, code="broken")
        withdrawn = making.received()
        withdrawal.withdraw(letter_id=withdrawn.id, by=making.SENDER, reason="wrong")
        soon = making.received()
        Letter.objects.filter(pk=soon.pk).update(visible_from=clock.now() + timedelta(hours=3))
    for key in ("received", "rendered", "stuck"):
        count, age = standing(key)
        assert count == 1, key
        assert age is not None
        assert timedelta(hours=2) <= age < timedelta(hours=2, minutes=1)
    assert standing("scheduled")[0] == 1
    with later(timedelta(hours=2)):
        count, age = standing("received")
        assert count == 2
        assert standing("scheduled")[0] == 0


def test_a_letter_that_was_to_wait_is_not_old_on_its_first_day() -> None:
    letter = making.received()
    Letter.objects.filter(pk=letter.pk).update(visible_from=clock.now() + timedelta(days=9))
    with later(timedelta(days=9, minutes=5)):
        _, age = standing("received")
    assert age is not None
    assert age < timedelta(minutes=6)


def test_unopened_waiting_and_overdue() -> None:
    with clock.stopped_at(datetime(2026, 11, 23, 10, tzinfo=clock.OSLO)):
        letter = making.decided()
        assert standing("unopened")[0] == standing("waiting")[0] == 1
        assert standing("due_soon")[0] == standing("overdue")[0] == 0
    limit = making.posting_of(letter).due_at
    with clock.stopped_at(limit - timedelta(hours=35)):
        assert standing("due_soon")[0] == 0
    with clock.stopped_at(limit - timedelta(hours=25)):
        assert standing("due_soon")[0] == 1
    with clock.stopped_at(limit + timedelta(seconds=59)):
        assert standing("overdue")[0] == 0
    with clock.stopped_at(limit + timedelta(minutes=20)):
        assert standing("overdue") == (1, timedelta(minutes=20))
        fallback.sweep()
        assert standing("overdue") == (0, None)
        assert standing("due") == (1, timedelta(minutes=20))
    opening.open_letter(letter_id=letter.id, reader=letter.person_id)
    assert standing("unopened")[0] == 0


def test_trying_again_does_not_make_a_posting_young() -> None:
    posting = making.ready(due())
    started = clock.now()
    for hours in (5, 26):
        with clock.stopped_at(started + timedelta(hours=hours)):
            making.submitting(Posting.objects.get())
            paper.note_not_sent(posting_id=posting.id, event=PostalEvent.NOT_SENT, cause="down")
    with clock.stopped_at(started + timedelta(hours=26)):
        count, age = standing("ready")
    assert count == 1
    assert age is not None
    assert age > timedelta(hours=25)


def test_each_state_on_the_way_to_the_post() -> None:
    due()
    making.ready(due())
    making.submitting(making.ready(due()))
    unknown = making.submitting(making.ready(due()))
    paper.note_not_sent(posting_id=unknown.id, event=PostalEvent.LOSE_REPLY, cause="timeout")
    accepted = making.submitting(making.ready(due()))
    paper.note_accepted(posting_id=accepted.id, provider_id="P-1", cause="submitted")
    held = due()
    paper.prepare(posting_id=held.id, outcome=Hold("no_address"))
    for key in ("due", "ready", "submitting", "unknown", "accepted", "held", "tasks"):
        assert standing(key)[0] == 1, key
    receipts.take(_receipt(accepted, "posted"))
    assert standing("accepted") == (0, None)


def _receipt(posting: Posting, kind: str) -> Receipt:
    return Receipt(f"{posting.key}-{kind}", posting.key, kind, clock.now(), "P-1", None, b"{}")


def test_what_happened_is_counted_in_its_hour() -> None:
    at = datetime(2026, 11, 25, 22, 40, tzinfo=clock.OSLO)
    with clock.stopped_at(at):
        letter = making.decided()
    with clock.stopped_at(at + timedelta(hours=2)):
        opening.open_letter(letter_id=letter.id, reader=letter.person_id)
        now = figures.collect()
    streams = {stream.key: stream.by_hour for stream in now.services["letters"].streams}
    assert list(streams["received"].values()) == list(streams["digital.open"].values()) == [1]
    assert [hour.astimezone(clock.OSLO).hour for hour in (*streams["received"], *streams["digital.open"])] == [22, 0]
    assert streams["postal.post"] == {}
    assert list(streams["postal.cancel"].values()) == [1]


def test_notices_by_channel_and_outcome_in_the_last_day() -> None:
    both = replace(making.READER_NOW, fresh_channels=("sms", "email"))
    with later(timedelta(days=-2)):
        making.decided(both)
    old = set(Notice.objects.values_list("pk", flat=True))
    making.decided(both)
    making.decided(both)
    for notice in Notice.objects.filter(round="first").order_by("channel"):
        notices.note_sent(notice_id=notice.id, provider_id="G-1")
    fresh = list(Notice.objects.filter(round="first").exclude(pk__in=old).order_by("channel", "id"))
    notices.note_delivered(notice_id=fresh[0].id)
    notices.note_failed(notice_id=fresh[2].id, failure="bounced")
    notices.note_silent(notice_id=fresh[3].id)
    told = {each.channel: each for each in figures.collect().services["letters"].notices}
    assert (told["email"].sent, told["email"].delivered, told["email"].failed) == (3, 1, 0)
    assert (told["sms"].sent, told["sms"].failed, told["sms"].unconfirmed) == (3, 1, 1)
    with later(timedelta(hours=25)):
        assert all(each.sent == each.failed == 0 for each in figures.collect().services["letters"].notices)


def test_every_letter_is_in_exactly_one_place() -> None:
    start = clock.now()
    making.received()
    making.decided()
    making.decided(PAPER_NOW)
    held = due()
    paper.prepare(posting_id=held.id, outcome=Hold("no_address"))
    stuck = making.received()
    rendering.stop_unrendered(letter_id=stuck.id, code="broken")
    rejected = making.submitting(making.ready(due()))
    paper.note_rejected(posting_id=rejected.id, cause="format")
    withdrawn = making.submitting(making.ready(due()))
    withdrawal.withdraw(letter_id=withdrawn.letter_id, by=making.SENDER, reason="wrong")
    both = making.decided(replace(making.READER_NOW, reserved=True))
    lost = due()
    Letter.objects.filter(pk=lost.letter_id).update(type_id="vedtak")
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(
            "UPDATE letters_posting SET state = 'posted', posted_at = now(), provider_id = 'x' WHERE id = %s", [lost.id]
        )
    Letter.objects.filter(pk=both.pk).update(type_id="vedtak")
    found = for_operators.whereabouts(start, clock.now())
    assert {place for place, count in found["innkalling"].items() if count == 1} == set(for_operators.PLACES) - {
        "nowhere"
    }
    assert found["innkalling"]["issued"] == 7
    assert found["vedtak"] == {"issued": 2, **dict.fromkeys(for_operators.PLACES, 0)} | {
        "on_screen": 1,
        "on_paper_only": 1,
    }


def test_a_letter_with_no_way_at_all_shows_as_nowhere() -> None:
    start = clock.now()
    letter = making.received()
    Letter.objects.filter(pk=letter.pk).update(stage="decided")
    reconciliation.reconcile(start=start, end=clock.now(), theirs=[])
    told = figures.collect().services["letters"].comparison
    assert told is not None
    (kind,) = told.types
    assert (kind.label, kind.issued, kind.places["nowhere"]) == ("Innkalling til time", 1, 1)


def test_the_comparison_with_the_printer() -> None:
    start = clock.now() - timedelta(days=1)
    posting = making.submitting(making.ready(due()))
    paper.note_accepted(posting_id=posting.id, provider_id="P-1", cause="submitted")
    ghost = Theirs("dis-unknown", "P-9", "c" * 64, 1)
    with later(timedelta(minutes=5)):
        reconciliation.reconcile(start=start, end=clock.now(), theirs=[ghost])
        told = figures.collect().services["letters"].comparison
    assert told is not None
    assert (told.ours, told.theirs, told.missing, told.ghosts, told.doubled) == (1, 1, 1, 1, 0)


def test_errands_by_kind() -> None:
    letter = making.received()
    Errand.objects.filter(subject=letter.id).update(attempts=9)
    other = making.received()
    errand = Errand.objects.get(subject=other.id)
    Errand.objects.filter(pk=errand.pk).update(state="given_up")
    (told,) = [each for each in outbox_queries.status() if each.kind == "letters.render"]
    assert (told.waiting, told.due, told.struggling, told.given_up) == (1, 1, 1, 1)
    assert [each.pk for each in outbox_queries.given_up()] == [errand.pk]
    outbox.retry_given_up(errand.pk)
    assert outbox_queries.given_up() == []


def test_the_number_of_queries_does_not_grow_with_the_letters() -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            figures.collect()
        return len(queries)

    making.decided()
    reconciliation.reconcile(start=clock.now() - timedelta(days=1), end=clock.now(), theirs=[])
    before = asked()
    for _ in range(3):
        making.decided(type_code="vedtak")
        making.ready(due())
        making.received()
    reconciliation.reconcile(start=clock.now() - timedelta(days=1), end=clock.now(), theirs=[])
    assert asked() == before <= 30, "four of them are about appointments"


def test_letters_name_every_place_and_errand_in_words() -> None:
    told = letters_figures.collect(clock.now(), clock.now() - timedelta(days=1))
    assert set(told.places) == set(for_operators.PLACES)
    kinds = {kind for kind in figures.errand_labels() if kind.startswith("letters.")}
    assert kinds == {kind.name for kind in registry.kinds() if kind.name.startswith("letters.")}
