"""A letter that was kept from its readers may be open to them now: its way is chosen anew, and they are told once."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from letters.commands import history
from letters.commands.ask_clerk import open_task
from letters.commands.decision import Chosen, Registers, begin_paper, choose, end_delay, told
from letters.commands.starting import start_notices
from letters.models import ClerkTask, Letter, LetterEvent, Notice, Posting
from letters.states import Digital, DigitalEvent, Postal, PostalEvent, Stage
from portal.kernel import clock
from portal.kernel.actor import system
from portal.outbox import commands as outbox

BATCH = 500
_WATCHER = system("letters.look_again")
# Holds that the codes or the rules of access asked for; another answer from them overtakes the question.
_ASKED_BY_ACCESS = ("withheld", "parents_denied", "unknown_code")
_OVER = (Postal.CANCELLED, Postal.REJECTED)
_STOPS = (f"postal.{PostalEvent.CANCEL}", f"postal.{PostalEvent.ASK_CANCEL}")


@transaction.atomic
def sweep() -> int:
    """Have every letter looked at whose time has come; returns how many. Due times stand in the rows."""
    stages = (Stage.RENDERED, Stage.DECIDED)
    due = Letter.objects.filter(look_again_at__lte=clock.now(), withdrawn_at__isnull=True, stage__in=stages)
    rows = list(due.order_by("look_again_at").values_list("id", "look_again_at")[:BATCH])
    for letter_id, at in rows:
        outbox.put("letters.look_again", letter_id, step=f"at-{at.isoformat() if at else ''}")
    return len(rows)


@transaction.atomic
def look_again(*, letter_id: UUID, registers: Registers) -> None:
    """Choose the way of a letter anew, where that is due. What has been opened, or is on its way, stays so."""
    letter = history.lock(letter_id)
    now = clock.now()
    if letter.look_again_at is None or letter.look_again_at > now or letter.stage != Stage.DECIDED:
        return
    letter.look_again_at = None
    letter.save(update_fields=["look_again_at"])
    if letter.withdrawn_at is not None:
        return
    end_delay(letter)
    chosen = choose(letter, registers, now)
    fresh = letter.digital == Digital.NONE
    if chosen.choice.digital and fresh:
        history.move_letter(letter, DigitalEvent.PUBLISH, by=_WATCHER, cause=chosen.choice.rule, available_at=now)
    _paper_again(letter, chosen)
    if chosen.choice.digital and letter.digital == Digital.AVAILABLE:
        first = Notice.Round.FIRST if fresh else Notice.Round.OPENED_UP
        start_notices(letter, told(letter, chosen.choice), now, _paper_waits_until(letter), first=first)


@transaction.atomic
def stop_unseen(*, letter_id: UUID, code: str) -> None:
    """The letter could not be looked at for a reason nobody foresaw: a person must."""
    letter = history.lock(letter_id)
    history.note(letter, "given_up", by=_WATCHER, cause=code[:60])
    open_task(letter, ClerkTask.Reason.UNDECIDED)


def _paper_again(letter: Letter, chosen: Chosen) -> None:
    choice = chosen.choice
    postings = list(Posting.objects.select_for_update(no_key=True).filter(letter=letter))
    held = [each for each in postings if each.state == Postal.HELD and each.hold_reason in _ASKED_BY_ACCESS]
    if choice.postal == "hold" and any(each.hold_reason == choice.task for each in held):
        return
    for posting in held:
        posting.letter = letter
        history.move(posting, PostalEvent.CANCEL, by=_WATCHER, cause="opened-up")
        posting.tasks.filter(resolved_at__isnull=True).update(resolved_at=clock.now(), resolution="overtaken")
    on_its_way = any(each.state not in _OVER for each in postings)
    read = letter.digital == Digital.OPENED and not choice.obligatory
    if on_its_way or read:
        return
    if choice.postal != "hold" and _stopped_by_a_person(letter):
        chosen = replace(chosen, choice=replace(choice, postal="none"))
    begin_paper(letter, chosen, cause=f"opened-up:{letter.decisions.count()}")


def _stopped_by_a_person(letter: Letter) -> bool:
    """Whether a clerk has stopped the paper, by itself or with its task, or had the printer stop it.

    That stands: only a person sends the letter on paper again. What asks a person is asked all the same.
    """
    by_staff = LetterEvent.objects.filter(letter=letter, kind__in=_STOPS, actor_kind="staff")
    return by_staff.filter(posting__state=Postal.CANCELLED).exists()


def _paper_waits_until(letter: Letter) -> datetime | None:
    waiting = Posting.objects.filter(letter=letter, state=Postal.WAITING)
    return waiting.order_by("due_at").values_list("due_at", flat=True).first()
