"""The reader opens the letter. This is the moment that decides whether it also goes by post."""

from uuid import UUID

from django.db import transaction

from letters.commands import history, withdrawal
from letters.models import Letter, LetterEvent
from letters.queries import on_screen
from letters.states import Digital, DigitalEvent
from portal.audit import commands as audit
from portal.audit.basis import SELF, Basis
from portal.kernel import clock
from portal.kernel.actor import Actor
from youth_access.decide import Decision
from youth_access.eyes import Eyes
from youth_access.footing import basis_of


@transaction.atomic
def open_letter(*, letter_id: UUID, reader: UUID, eyes: Eyes | None = None) -> Letter:
    """Record that the reader has opened the letter, and stop paper that has not passed the point of no return.

    Only the first opening sets the time; each reading leaves an audit row. Without `eyes` the reader is the patient.
    Somebody who reads for the patient opens the letter where the rules let them act; else they have only read it.
    The caller has asked `queries.visible_to` first; a letter taken off the screen, or kept from these eyes, meanwhile
    is returned as it stands, and must not be shown: see `may_be_shown`.
    """
    by = Actor("citizen", str(reader))
    letter = history.lock(letter_id)
    decision = on_screen.decision(eyes, letter) if eyes is not None else None
    if decision is not None and not decision.see:
        return letter
    own = eyes is None or not eyes.acting_for_another
    relation = SELF if decision is None else decision.relation.value
    if letter.digital == Digital.AVAILABLE and (own or (decision is not None and decision.act)):
        opened = {"opened_at": clock.now(), "opened_by": reader, "opened_as": relation}
        history.move_letter(letter, DigitalEvent.OPEN, by=by, cause="read", **opened)
        withdrawal.stop_paper(letter, by=by, cause="opened")
        withdrawal.drop_notices(letter, by=by, cause="opened")
        if eyes is not None:
            eyes.look_anew()
    if not own:
        _remember_reader(letter, by, relation)
    _note(letter_id, by, "letter", letter.person_id, _footing(eyes, decision))
    return letter


def may_be_shown(letter: Letter, eyes: Eyes) -> bool:
    """Whether a letter that `open_letter` gave back stands on screen for these eyes."""
    return letter.digital in (Digital.AVAILABLE, Digital.OPENED) and on_screen.decision(eyes, letter).see


@transaction.atomic
def note_reading(*, letter: Letter, eyes: Eyes, what: str) -> None:
    """Leave the audit row of one reading; an enclosure alone is read without the letter being opened."""
    by = Actor("citizen", str(eyes.viewer.person_id))
    _note(letter.id, by, what, letter.person_id, _footing(eyes, on_screen.decision(eyes, letter)))


def _footing(eyes: Eyes | None, decision: Decision | None) -> Basis:
    return Basis(relation=SELF) if eyes is None or decision is None else basis_of(eyes, decision)


def _note(letter_id: UUID, by: Actor, what: str, person_id: UUID, basis: Basis) -> None:
    audit.record(by=by, action="read", item_kind=what, item_id=letter_id, person_id=person_id, basis=basis)


def _remember_reader(letter: Letter, by: Actor, relation: str) -> None:
    """The patient sees who has read for them: once for each who has."""
    seen = LetterEvent.objects.filter(letter=letter, kind=on_screen.READ_FOR, actor_id=by.id)
    if not seen.exists():
        history.note(letter, on_screen.READ_FOR, by=by, details={"as": relation, "for": str(letter.person_id)})
