"""What appointments offer the back office of access: a patient's appointments, and setting their codes."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from appointments.commands import codes as setting
from appointments.queries import for_access
from portal.kernel.actor import Actor
from youth_access import items
from youth_access.codes import Code
from youth_access.facts import Service
from youth_access.items import CodeUnknown, Listed


class Appointments:
    """The source that access asks; see `youth_access.items.Source`."""

    service = Service.APPOINTMENT

    def of_patient(self, patient_id: UUID, limit: int) -> Sequence[Listed]:
        """A patient's appointments, the latest first."""
        return for_access.newest(patient_id, limit)

    def one(self, patient_id: UUID, item_id: UUID) -> Listed | None:
        """One appointment of a patient."""
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
        """Set an appointment's codes. The patient's own wish (NORN_EPO) stays whatever staff choose.

        Raises CodesRefused.
        """
        found = for_access.one(patient_id, item_id)
        if found is None:
            raise setting.CodesRefused("unknown-appointment")
        own_wish = [Code.OWN_WISH.value] if Code.OWN_WISH in found.facts.codes else []
        wanted = [code for code in dict.fromkeys([*codes, *own_wish]) if code != Code.OPEN or len(codes) == 1]
        setting.set_codes(appointment_id=item_id, codes=wanted, withheld_until=visible_from, reason=note, by=by)

    def unknown_codes(self, known: Collection[str], limit: int) -> Iterable[CodeUnknown]:
        """Appointments with a code that nobody here knows."""
        return for_access.with_unknown_codes(known, limit)


def register() -> None:
    """Let appointments be listed and given codes in the back office of access."""
    items.register(Appointments())
