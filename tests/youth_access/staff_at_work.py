"""Clinicians and reviewers at their pages, and a service whose items stand in memory."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.test import Client

from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people.models import Person, Role
from portal.people.queries import pid_of
from tests.people.signed_in import signed_in
from tests.youth_access import families
from youth_access import items
from youth_access.circumstances import ItemFacts
from youth_access.facts import Service

HOME = "/behandler/tilgang/"


def clinician(name: str = "Lise Myrnes") -> Person:
    """Somebody who works there; the role comes with the sign-in."""
    return families.person(name, home="c" * 64)


def desk(who: Person, role: Role = Role.CLINICIAN) -> Client:
    """A browser in which a member of staff is signed in, clinicians by HelseID."""
    return signed_in(Client(), who, [role])


def at(patient: Person, rest: str = "") -> str:
    """The address of a patient's page, or of one below it."""
    return f"{HOME}{patient.pk}/{rest}"


def look_for(browser: Client, who: Person) -> str:
    """Search by number, and where the answer leads."""
    answer = browser.post(f"{HOME}finn/", {"number": pid_of(who)})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def in_a_hurry(browser: Client, who: Person, note: str = "Bevisstløs i mottak") -> str:
    """Take emergency access, as a clinician without a treatment relation does."""
    assert look_for(browser, who) == f"{HOME}ingen-relasjon/"
    answer = browser.post(f"{HOME}nodtilgang/", {"reason": "acute", "note": note})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def looks(patient: Person, **sought: object) -> list[AuditRow]:
    """What the audit says of one patient."""
    return list(AuditRow.objects.filter(person_id=patient.pk, **sought).order_by("id"))


@dataclass
class Papers:
    """A service in memory: it keeps what it was told."""

    service: Service = Service.LETTER
    listed: list[items.Listed] = field(default_factory=list)
    set_by: list[Actor] = field(default_factory=list)

    def add(self, patient: Person, title: str = "Innkalling", codes: Collection[str] = ("N",)) -> items.Listed:
        """One more letter."""
        made = items.Listed(
            service=self.service,
            kind="letter",
            id=uuid4(),
            patient_id=patient.pk,
            title=title,
            sort="Innkalling",
            unit="Barneklinikken",
            at=clock.now(),
            facts=ItemFacts(codes=tuple(codes)),
        )
        self.listed.append(made)
        return made

    def of_patient(self, patient_id: UUID, limit: int) -> Sequence[items.Listed]:
        return [each for each in self.listed if each.patient_id == patient_id][:limit]

    def one(self, patient_id: UUID, item_id: UUID) -> items.Listed | None:
        return next((each for each in self.of_patient(patient_id, 999) if each.id == item_id), None)

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
        found = self.one(patient_id, item_id)
        assert found is not None
        assert note
        self.listed.remove(found)
        self.listed.append(replace(found, facts=ItemFacts(codes=tuple(codes), withheld_until=visible_from)))
        self.set_by.append(by)

    def unknown_codes(self, known: Collection[str], limit: int) -> Iterable[items.CodeUnknown]:
        return [
            items.CodeUnknown(each.patient_id, each.id, "")
            for each in self.listed
            if not set(each.facts.codes) <= set(known)
        ][:limit]


@contextmanager
def papers() -> Iterator[Papers]:
    """Take the place of the letters for one story."""
    before = items.source(Service.LETTER)
    made = Papers()
    items.register(made)
    try:
        yield made
    finally:
        if before is not None:
            items.register(before)
        else:
            items._sources.pop(Service.LETTER)
