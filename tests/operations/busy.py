"""A working week of a hospital region, for looking at: letters in every state, and bars that mean something."""

from dataclasses import replace
from datetime import datetime, timedelta

from letters.addressing import Hold
from letters.commands import opening, paper, receipts, reconciliation
from letters.commands.receipts import Receipt
from letters.commands.reconciliation import Theirs
from letters.models import Letter, LetterEvent, Posting
from letters.states import PostalEvent
from portal.audit import chain, rounds
from portal.audit.models import AuditRow
from portal.kernel import clock, periodic
from portal.outbox.models import Errand
from portal.site.figures import expected_jobs
from tests.audit.written import as_owner
from tests.letters import making

PAPER_NOW = replace(making.READER_NOW, active_user=False)
_HOURS = 7 * 24
_PER_WORKING_HOUR = {"received": 42, "digital.open": 31, "postal.post": 0}


def week(*, trouble: bool) -> None:
    """Fill the tables; `trouble` adds what should make alarms ring."""
    letter = _letters()
    _events(letter)
    Errand.objects.filter(created_at__lt=clock.now() - timedelta(hours=1)).update(state="done", done_at=clock.now())
    for job in expected_jobs():
        if not (trouble and job.name == "letters.routes"):
            periodic.run(job.name, job.every, lambda: 3)
    start = clock.now() - timedelta(days=8)
    with clock.stopped_at(clock.now() + timedelta(minutes=5)):
        theirs = [Theirs(posting.key, "P", posting.print_sha256, 1) for posting in Posting.objects.exclude(key="")]
        _reconcile(start, [each for each in theirs if _at_printer(each.key)], trouble=trouble)
    chain.seal_waiting()
    if trouble:
        _trouble()
    rounds.whole_at_once()


def _at_printer(key: str) -> bool:
    return Posting.objects.filter(key=key, handed_over_at__isnull=False).exists()


def _reconcile(start: datetime, theirs: list[Theirs], *, trouble: bool) -> None:
    extra = [Theirs("dis-ghost", "P-9", "c" * 64, 1)] if trouble else []
    reconciliation.reconcile(start=start, end=clock.now(), theirs=[*theirs, *extra])


def _letters() -> Letter:
    first = making.decided()
    for number in range(6):
        making.decided(type_code=("innkalling", "vedtak", "epikrise")[number % 3])
    read = making.decided(type_code="vedtak")
    opening.open_letter(letter_id=read.id, reader=read.person_id)
    making.received()
    with clock.stopped_at(clock.now() - timedelta(hours=3)):
        held = making.posting_of(making.decided(PAPER_NOW))
        paper.prepare(posting_id=held.id, outcome=Hold("no_address"))
        making.ready(making.posting_of(making.decided(PAPER_NOW)))
        accepted = making.submitting(making.ready(making.posting_of(making.decided(PAPER_NOW))))
        paper.note_accepted(posting_id=accepted.id, provider_id="P-1", cause="submitted")
        posted = making.submitting(making.ready(making.posting_of(making.decided(PAPER_NOW))))
        receipts.take(Receipt("e-1", posted.key, "posted", clock.now(), "P-2", None, b"{}"))
    return first


def _events(letter: Letter) -> None:
    now = clock.now()
    rows = []
    for back in range(_HOURS):
        at = now - timedelta(hours=back)
        local = at.astimezone(clock.OSLO)
        busy = 7 <= local.hour <= 16
        counts = {
            kind: n // (3 if local.weekday() > 4 else 1) if busy else n // 9 for kind, n in _PER_WORKING_HOUR.items()
        }
        counts["postal.post"] = 120 if local.hour == 14 else 0
        counts["notice.send"], counts["notice.deliver"] = counts["received"], counts["received"] - 1
        for kind, count in counts.items():
            wobble = (back * 7 + len(kind)) % 11
            rows += [
                LetterEvent(
                    letter=letter, kind=kind, at=at, actor_kind="system", actor_id="x", details={"channel": "sms"}
                )
                for _ in range(max(count - wobble, 0))
            ]
    LetterEvent.objects.bulk_create(rows)


def _trouble() -> None:
    as_owner("DELETE FROM audit_auditrow WHERE id = %s", AuditRow.objects.earliest("id").pk)
    with clock.stopped_at(clock.now() - timedelta(days=6)):
        making.decided()
        unknown = making.submitting(making.ready(making.posting_of(making.decided(PAPER_NOW))))
        paper.note_not_sent(posting_id=unknown.id, event=PostalEvent.LOSE_REPLY, cause="timeout")
    for code in ("http_422", "unexpected:ValueError"):
        errand = Errand.objects.filter(state="waiting", kind="letters.decide").first()
        assert errand is not None
        Errand.objects.filter(pk=errand.pk).update(state="given_up", last_error=code, attempts=6)
