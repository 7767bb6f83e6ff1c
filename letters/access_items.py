"""What letters offer the back office of access: a patient's letters, and setting their codes."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from letters.commands import codes as setting
from letters.queries import for_access
from portal.kernel.actor import Actor
from youth_access import items
from youth_access.codes import Code
from youth_access.facts import Service
from youth_access.items import CodeUnknown, Listed


class Letters:
    """The source that access asks; see `youth_access.items.Source`."""

    service = Service.LETTER

    def of_patient(self, patient_id: UUID, limit: int) -> Sequence[Listed]:
        """A patient's newest letters."""
        return for_access.newest(patient_id, limit)

    def one(self, patient_id: UUID, item_id: UUID) -> Listed | None:
        """One letter of a patient."""
        return for_access.one(patient_id, item_id)

    def set_codes(
        self,
        *,
        patient_id: UUID,
        item_id: UUID,
        codes: Collection[str],
        visible_from: datetime | None,
        note: str,
        by: Actor,
    ) -> None:
        """Set a letter's codes. The patient's own wish (NORN_EPO) stays whatever staff choose. Raises NotPossible."""
        letter = for_access.one(patient_id, item_id)
        own_wish = [Code.OWN_WISH.value] if letter is not None and Code.OWN_WISH in letter.facts.codes else []
        wanted = [code for code in dict.fromkeys([*codes, *own_wish]) if code != Code.OPEN or len(codes) == 1]
        setting.set_codes(letter_id=item_id, codes=wanted, withheld_until=visible_from, reason=note, by=by)

    def unknown_codes(self, known: Collection[str], limit: int) -> Iterable[CodeUnknown]:
        """Letters with a code that nobody here knows."""
        return for_access.with_unknown_codes(known, limit)


def register() -> None:
    """Let letters be listed and given codes in the back office of access."""
    items.register(Letters())
