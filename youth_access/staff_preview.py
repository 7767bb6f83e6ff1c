""" "Preview as": what the patient and each relative may see at an instant, computed by the decision itself.

The relations are derived for that instant; the register is taken to say then what it says now. Services with the same
answers for everybody share a row.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from portal.kernel import clock
from portal.people.models import Guardianship, ParentalResponsibility, ParentLink, Person
from portal.people.viewer import Viewer
from youth_access import ages, circumstances
from youth_access.circumstances import Circumstances, ItemFacts
from youth_access.decide import Decision
from youth_access.eyes import Eyes, eyes_for
from youth_access.facts import Kind, Service
from youth_access.models import Fullmakt, Referral
from youth_access.relations import birth_of, ties_between

OF_ITEMS: Final = (
    Service.LETTER,
    Service.APPOINTMENT,
    Service.REFERRAL,
    Service.JOURNAL,
    Service.FORM,
    Service.DIALOGUE,
)
AS_A_WHOLE: Final = (Service.LOG, Service.SETTINGS, Service.PROXIES)
_SIGNED_IN: Final = "idporten-loa-high"


@dataclass(frozen=True)
class Foreseen(Eyes):
    """Eyes that somebody would have, with circumstances that were read once for all of them."""

    around: Circumstances = field(default_factory=Circumstances)

    @property
    def circumstances(self) -> Circumstances:
        """Referrals, wishes and confidential units."""
        return self.around


@dataclass(frozen=True, slots=True)
class Row:
    """What everybody may do with some services, for one referral (None: items that belong to none, or the whole)."""

    referral: Referral | None
    services: tuple[Service, ...]
    decisions: tuple[Decision, ...]
    of_items: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """The table for one instant; decisions stand in the order of `people`."""

    instant: datetime
    people: tuple[Foreseen, ...]
    rows: tuple[Row, ...]


def relatives(patient: Person) -> list[Person]:
    """Everybody who is or was something to the patient: parents, holders of responsibility, guardians, proxies."""
    found: list[UUID | None] = [
        *ParentalResponsibility.objects.filter(child=patient).values_list("holder_id", flat=True),
        *ParentLink.objects.filter(child=patient).values_list("parent_id", flat=True),
        *Guardianship.objects.filter(person=patient).values_list("guardian_id", flat=True),
        *Fullmakt.objects.filter(giver=patient, revoked_at=None).values_list("receiver_id", flat=True),
    ]
    people = Person.objects.in_bulk({each for each in found if each is not None and each != patient.pk})
    return sorted(people.values(), key=lambda each: (each.name, str(each.pk)))


def everyone_at(patient: Person, others: Sequence[Person], instant: datetime) -> tuple[Foreseen, ...]:
    """The eyes of the patient and of each relative at an instant; those with no tie at all are left out."""
    own = eyes_for(_viewer(patient, instant), patient.pk, instant)
    around = circumstances.of_patient(patient.pk)
    found = [_foreseen(own, patient, around, instant), *(_foreseen(own, each, around, instant) for each in others)]
    return tuple(each for each in found if each.relation.kind != Kind.STRANGER or each.person.pk == patient.pk)


def preview(patient: Person, others: Sequence[Person], referrals: Sequence[Referral], instant: datetime) -> Preview:
    """The whole table at an instant."""
    people = everyone_at(patient, others, instant)
    rows: list[Row] = []
    for referral in [*referrals, None]:
        rows += _merged(referral, OF_ITEMS, people, facts_of(referral))
    rows += _merged(None, AS_A_WHOLE, people, None)
    return Preview(instant, people, tuple(rows))


def next_change(patient: Person, instant: datetime) -> datetime | None:
    """The next birthday at which some door opens or closes; None for adults and where nothing is known."""
    birth = birth_of(patient)
    if birth is None:
        return None
    coming = [ages.next_change(day, instant) for day in birth.possible_days]
    return min((each for each in coming if each is not None), default=None)


def facts_of(referral: Referral | None) -> ItemFacts:
    """An item of a referral, as it comes without any code set."""
    if referral is None:
        return ItemFacts(codes=())
    return ItemFacts(codes=(), referral_ids=(referral.pk,), unit_id=referral.unit_id)


def _foreseen(own: Eyes, person: Person, around: Circumstances, instant: datetime) -> Foreseen:
    ties = ties_between(person, own.whose, instant)
    if instant > clock.now():
        ties = tuple(replace(tie, register_seen_at=tie.register_seen_at and instant) for tie in ties)
    return Foreseen(
        viewer=_viewer(person, instant),
        person=person,
        whose=own.whose,
        ties=ties,
        patient=own.patient,
        assurance=own.assurance,
        instant=instant,
        around=around,
    )


def _merged(
    referral: Referral | None, services: Sequence[Service], people: Sequence[Foreseen], facts: ItemFacts | None
) -> list[Row]:
    found: dict[tuple[tuple[bool, bool, str, str], ...], list[Service]] = {}
    decisions: dict[tuple[tuple[bool, bool, str, str], ...], tuple[Decision, ...]] = {}
    for service in services:
        made = tuple(eyes.decide(service, facts) for eyes in people)
        key = tuple((each.see, each.act, each.notify, each.reason) for each in made)
        found.setdefault(key, []).append(service)
        decisions.setdefault(key, made)
    return [Row(referral, tuple(each), decisions[key], facts is not None) for key, each in found.items()]


def _viewer(person: Person, instant: datetime) -> Viewer:
    return Viewer(person.pk, person.name, frozenset(), _SIGNED_IN, instant)
