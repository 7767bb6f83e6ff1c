"""Codes of set 9603 that staff set on a letter, or take away, after it came in."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from letters.commands import history
from letters.commands.clerk_marks import LONGEST_NOTE, NotPossible
from letters.commands.decision import due_after
from letters.models import Letter, Posting
from letters.queries import access
from letters.states import Postal
from portal.audit import commands as audit
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.outbox import commands as outbox
from youth_access.codes import KNOWN, Code
from youth_access.commands import tasks


@transaction.atomic
def set_codes(
    *, letter_id: UUID, codes: Collection[str], withheld_until: datetime | None, reason: str, by: Actor
) -> bool:
    """Let the letter carry exactly these codes. False when it does already.

    What no longer hides it is looked at at once, or at NORU's time, and its readers are then told. Raises NotPossible
    without a reason, for a code we do not know, for NORU without a time and a time without NORU, and where staff would
    undo the patient's own wish (NORN_EPO).
    """
    letter = history.lock(letter_id)
    wanted = list(dict.fromkeys(codes))
    _check(letter, wanted, withheld_until, reason, by)
    if (wanted, withheld_until) == (letter.security_codes, letter.withheld_until):
        return False
    now, before, shut_before = clock.now(), list(letter.security_codes), _shut_out(letter)
    letter.security_codes, letter.withheld_until = wanted, withheld_until
    _note(letter, before, reason, by)
    delayed = withheld_until is not None and withheld_until > now
    if delayed or shut_before - _shut_out(letter):
        letter.look_again_at = withheld_until if delayed else now
    letter.save(update_fields=["security_codes", "withheld_until", "look_again_at"])
    _close_questions(letter, by)
    if withheld_until is not None and delayed:
        waiting = Posting.objects.filter(letter=letter, state=Postal.WAITING)
        waiting.update(due_at=due_after(letter, withheld_until))
    elif letter.look_again_at is not None:
        outbox.put("letters.look_again", letter.id, step=f"codes-{letter.events.count()}")
    return True


def _shut_out(letter: Letter) -> set[str]:
    """Those who may not see the letter now, and parents as such where a rule keeps them out."""
    now = clock.now()
    people = {str(each.person.pk) for each in access.readers_of_letter(letter, now) if not each.decision.see}
    return people | ({"parents"} if access.parents_denied(letter, now) else set())


def _check(letter: Letter, codes: list[str], until: datetime | None, reason: str, by: Actor) -> None:
    if not reason.strip():
        raise NotPossible("reason-missing")
    if not KNOWN.issuperset(codes):
        raise NotPossible("code-unknown")
    if (Code.DELAYED in codes) != (until is not None):
        raise NotPossible("delay-and-time")
    undone = Code.OWN_WISH in letter.security_codes and Code.OWN_WISH not in codes
    if undone and (by.kind, by.id) != ("citizen", str(letter.person_id)):
        raise NotPossible("patients-own-wish")


def _close_questions(letter: Letter, by: Actor) -> None:
    """A code nobody knew is gone: _check lets none through."""
    tasks.close_about(subject=letter.id, by=by)


def _note(letter: Letter, before: list[str], reason: str, by: Actor) -> None:
    until = letter.withheld_until.isoformat() if letter.withheld_until else ""
    changes = {"from": before, "to": letter.security_codes, "until": until}
    history.note(letter, "codes", by=by, details=changes | {"note": reason.strip()[:LONGEST_NOTE]})
    audit.record(
        by=by,
        action="codes",
        item_kind="letter",
        item_id=letter.id,
        person_id=letter.person_id,
        basis="clinician" if by.kind == "staff" else "self",
        details=changes,
    )
