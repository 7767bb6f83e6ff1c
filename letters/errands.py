"""What the outbox carries out for letters: an id in, calls to others between transactions, one command out.

Each handler may be cut off anywhere and run again: it looks at the row's state first and does only what is left.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings

from letters import hand_over as handing
from letters import notify as notifying
from letters.commands import decision, looking_again, notices, paper, rendering
from letters.models import Letter, Notice, Posting
from letters.paper_sheets import render_letter
from letters.queries.access import is_delayed
from letters.registers import ask, know_name, recipient_of
from letters.states import Postal, Stage
from portal.counterparts.print_provider import CancelAnswer
from portal.counterparts.print_provider.http import connect as printer
from portal.kernel import clock
from portal.outbox.registry import errand


def patient_of_letter(letter_id: UUID) -> UUID | None:
    """Whose letter it is."""
    return Letter.objects.filter(pk=letter_id).values_list("person_id", flat=True).first()


def patient_of_posting(posting_id: UUID) -> UUID | None:
    """Whose paper copy it is."""
    return Posting.objects.filter(pk=posting_id).values_list("letter__person_id", flat=True).first()


def patient_of_notice(notice_id: UUID) -> UUID | None:
    """Whose letter the notice is about, whoever it is for."""
    return Notice.objects.filter(pk=notice_id).values_list("letter__person_id", flat=True).first()


_SLOW = timedelta(seconds=150)
_TOO_LATE = settings.LETTER_TOO_LATE


@errand(
    "letters.render",
    queue="render",
    patient_of=patient_of_letter,
    lease=_SLOW,
    stale_after=_TOO_LATE,
    given_up=lambda subject, code: rendering.stop_unrendered(letter_id=subject, code=code),
)
def render(letter_id: UUID) -> None:
    """Make the letter's PDF."""
    letter = Letter.objects.select_related("unit", "person", "type").get(pk=letter_id)
    if letter.stage != Stage.RECEIVED or letter.withdrawn_at is not None:
        return
    know_name(letter.person)
    made = render_letter(letter)
    rendering.keep_rendering(letter_id=letter_id, pdf=made.data, sha256=made.sha256, pages=made.pages)


@errand(
    "letters.decide",
    queue="letters",
    patient_of=patient_of_letter,
    stale_after=_TOO_LATE,
    given_up=lambda subject, code: decision.stop_undecided(letter_id=subject, code=code),
)
def decide(letter_id: UUID) -> None:
    """Ask the registers and decide the channel."""
    letter = Letter.objects.select_related("person").get(pk=letter_id)
    if letter.stage == Stage.RENDERED and letter.withdrawn_at is None and not is_delayed(letter, clock.now()):
        decision.decide(letter_id=letter_id, registers=ask(letter))


@errand(
    "letters.look_again",
    queue="letters",
    patient_of=patient_of_letter,
    given_up=lambda subject, code: looking_again.stop_unseen(letter_id=subject, code=code),
)
def look_again(letter_id: UUID) -> None:
    """See whether a letter that was kept from its readers may be shown now, and tell them."""
    letter = Letter.objects.select_related("person").get(pk=letter_id)
    if letter.stage == Stage.RENDERED:
        if letter.visible_from is None or letter.visible_from <= clock.now():
            decide(letter_id)
    elif letter.stage == Stage.DECIDED and letter.look_again_at is not None:
        looking_again.look_again(letter_id=letter_id, registers=ask(letter))


@errand(
    "letters.notify",
    queue="notices",
    patient_of=patient_of_notice,
    given_up=lambda subject, code: notices.note_failed(notice_id=subject, failure=code),
)
def notify(notice_id: UUID) -> None:
    """Send one neutral notice."""
    notifying.send(notice_id)


@errand(
    "letters.prepare",
    queue="post",
    patient_of=patient_of_posting,
    stale_after=_TOO_LATE,
    given_up=lambda subject, code: paper.stop_given_up(posting_id=subject, code=code),
)
def prepare(posting_id: UUID) -> None:
    """Find out who the paper goes to, or hold it for a person."""
    posting = Posting.objects.select_related("letter__person").get(pk=posting_id)
    if posting.state == Postal.DUE:
        paper.prepare(posting_id=posting_id, outcome=recipient_of(posting))


@errand(
    "letters.hand_over",
    queue="post",
    patient_of=patient_of_posting,
    lease=_SLOW,
    given_up=lambda subject, code: paper.stop_given_up(posting_id=subject, code=code),
)
def hand_over(posting_id: UUID) -> None:
    """Bring one posting to the printer, exactly once in effect."""
    handing.hand_over(posting_id)


@errand(
    "letters.ask_cancel",
    queue="post",
    patient_of=patient_of_posting,
    given_up=lambda subject, code: paper.stop_given_up(posting_id=subject, code=code),
)
def ask_cancel(posting_id: UUID) -> None:
    """Ask the printer to stop an order; its answer, or its receipts, tell how it went."""
    posting = Posting.objects.get(pk=posting_id)
    if posting.state != Postal.CANCEL_ASKED:
        return
    if printer().cancel(posting.key) == CancelAnswer.CANCELLED:
        paper.note_cancelled(posting_id=posting_id, cause="printer-confirmed")
