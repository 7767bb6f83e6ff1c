"""A service's items for the access log to ask about, without the service."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from portal.kernel import clock
from portal.kernel.actor import Actor
from youth_access import items
from youth_access.circumstances import ItemFacts
from youth_access.facts import Service
from youth_access.items import CodeUnknown, Listed


@dataclass
class Letters:
    """Letters that exist only in this list."""

    listed: list[Listed] = field(default_factory=list)
    service: Service = Service.LETTER

    def add(self, patient_id: UUID, **facts: object) -> UUID:
        """One more; its id."""
        one = Listed(
            service=self.service,
            kind="letter",
            id=uuid4(),
            patient_id=patient_id,
            title="Svar på prøve tatt hos BUP",
            sort="Svar",
            unit="BUP",
            at=clock.now(),
            facts=ItemFacts(**facts),  # type: ignore[arg-type]  # tests name ItemFacts' own fields
        )
        self.listed.append(one)
        return one.id

    def of_patient(self, patient_id: UUID, limit: int) -> Sequence[Listed]:
        return [each for each in self.listed if each.patient_id == patient_id][:limit]

    def one(self, patient_id: UUID, item_id: UUID) -> Listed | None:
        return next((each for each in self.of_patient(patient_id, len(self.listed)) if each.id == item_id), None)

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
        raise NotImplementedError

    def unknown_codes(self, known: Collection[str], limit: int) -> Iterable[CodeUnknown]:
        return ()


@contextmanager
def letters() -> Iterator[Letters]:
    """Letters of this kind stand for the service while the test lasts."""
    before = items.source(Service.LETTER)
    made = Letters()
    items.register(made)
    try:
        yield made
    finally:
        if before is not None:
            items.register(before)
        else:
            items._sources.pop(Service.LETTER)
