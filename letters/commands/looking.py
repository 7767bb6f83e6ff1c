"""Clerks who look: each look leaves a row in the audit, and none of them ever opens a letter."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from letters.commands.clerk_marks import staff
from letters.models import Letter
from portal.audit import commands as audit


@transaction.atomic
def note_look(*, letter: Letter, by: UUID) -> None:
    """One letter's life was looked at; its words are not for clerks (rule G14)."""
    audit.record(
        by=staff(by), action="case", item_kind="letter", item_id=letter.id, person_id=letter.person_id, basis="clerk"
    )


@transaction.atomic
def note_list(*, letters: Sequence[UUID], by: UUID, what: str) -> None:
    """A list of tasks was shown; one row names every letter on it."""
    if letters:
        details: dict[str, Any] = {"letters": [str(each) for each in letters]}
        audit.record(by=staff(by), action=what, item_kind="letter_list", item_id="", basis="clerk", details=details)


@transaction.atomic
def note_search(*, kind: str, person_id: UUID | None, by: UUID) -> None:
    """Somebody looked for a letter: in what way, and for whom, where that is known. Never what was written."""
    audit.record(
        by=staff(by),
        action="find",
        item_kind="letter_search",
        item_id="",
        person_id=person_id,
        basis="clerk",
        details={"by": kind},
    )
