"""Letters in the states that clerks meet, each brought there by the commands themselves."""

from dataclasses import replace

from letters.addressing import Hold
from letters.commands import decision, paper, receipts, rendering
from letters.commands.receipts import Receipt
from letters.models import ClerkTask, Letter, Posting
from letters.states import PostalEvent
from portal.kernel import clock
from portal.people.models import Person
from tests.letters import making

PAPER_NOW = replace(making.READER_NOW, active_user=False)


def patient(name: str) -> dict[str, object]:
    """A patient by name, in the words that a letter to them is made with."""
    pid = making.synthetic_pid()
    return {"patient": making.person(active=False, name=name, pid=pid), "pid": pid}


def letter_on_paper(**changes: object) -> Letter:
    return making.decided(PAPER_NOW, **changes)


def held(reason: str, **changes: object) -> Posting:
    posting = making.posting_of(letter_on_paper(**changes))
    paper.prepare(posting_id=posting.id, outcome=Hold(reason))
    return fresh(posting)


def at_printer(**changes: object) -> Posting:
    posting = making.submitting(making.ready(making.posting_of(letter_on_paper(**changes))))
    paper.note_accepted(posting_id=posting.id, provider_id="P-77", cause="submitted")
    return fresh(posting)


def posted(**changes: object) -> Posting:
    posting = at_printer(**changes)
    receipts.take(Receipt(f"{posting.key}-posted", posting.key, "posted", clock.now(), "P-77", None, b"{}"))
    return fresh(posting)


def returned(**changes: object) -> Posting:
    posting = posted(**changes)
    receipts.take(Receipt(f"{posting.key}-returned", posting.key, "returned", clock.now(), "P-77", None, b"{}"))
    return fresh(posting)


def rejected(**changes: object) -> Posting:
    posting = making.submitting(making.ready(making.posting_of(letter_on_paper(**changes))))
    paper.note_rejected(posting_id=posting.id, cause="bad-pdf")
    return fresh(posting)


def unknown(**changes: object) -> Posting:
    posting = making.submitting(making.ready(making.posting_of(letter_on_paper(**changes))))
    paper.note_not_sent(posting_id=posting.id, event=PostalEvent.LOSE_REPLY, cause="timeout")
    paper.stop_given_up(posting_id=posting.id, code="printer-silent")
    return fresh(posting)


def unrendered(**changes: object) -> Letter:
    letter = making.received(**changes)  # type: ignore[arg-type]  # tests name the order's own fields
    rendering.stop_unrendered(letter_id=letter.id, code="font-missing")
    return Letter.objects.get(pk=letter.pk)


def undecided(**changes: object) -> Letter:
    letter = making.received(**changes)  # type: ignore[arg-type]  # as above
    rendering.keep_rendering(letter_id=letter.id, pdf=b"%PDF-1.7", sha256="a" * 64, pages=1)
    decision.stop_undecided(letter_id=letter.id, code="bug")
    return Letter.objects.get(pk=letter.pk)


def fresh(posting: Posting) -> Posting:
    return Posting.objects.select_related("letter__person").get(pk=posting.pk)


def task_of(subject: Posting | Letter) -> ClerkTask:
    rows = ClerkTask.objects.filter(resolved_at=None)
    return rows.get(posting=subject) if isinstance(subject, Posting) else rows.get(letter=subject)


def clerk(name: str = "Anne Bjørnsen") -> Person:
    return making.person(active=False, name=name)
