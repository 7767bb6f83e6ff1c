"""Of everyone tied to a patient: who may see an item now, and whether parents are shut out from it.

For choosing a letter's way and whom to tell, where nobody has signed in. Each is asked about as if signed in at level
high; what a person then does is decided anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from portal.people.models import Guardianship, ParentalResponsibility, Person
from portal.people.viewer import Viewer
from youth_access.ages import OSLO, Band, band
from youth_access.circumstances import ItemFacts
from youth_access.codes import Code
from youth_access.decide import Decision, decide
from youth_access.eyes import Eyes, eyes_for
from youth_access.facts import Actor, Assurance, Kind, Relation, Service
from youth_access.models import Fullmakt, LocalBlock
from youth_access.relations import EVERY_AREA

BLOCKED: Final = "V07"
"""The rule of "no digital parental access": paper to a blocked parent's home is no better than a screen."""
_HIGH: Final = "idporten-loa-high"


@dataclass(frozen=True, slots=True)
class Reader:
    """One who is tied to the patient, and what the rules say of this person and the item."""

    person: Person
    relation: Relation
    decision: Decision


def tied_to(patient_id: UUID, instant: datetime) -> list[UUID]:
    """Everyone with a tie to the patient now, whatever it gives: those responsible, guardians, those given fullmakt."""
    today = instant.astimezone(OSLO).date()
    current = Q(ended_on__isnull=True) | Q(ended_on__gt=today)
    holders = ParentalResponsibility.objects.filter(current, child_id=patient_id, holder__isnull=False)
    guardians = Guardianship.objects.filter(current, person_id=patient_id)
    given = Fullmakt.objects.filter(giver_id=patient_id, revoked_at=None, starts_at__lte=instant).filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=instant)
    )
    found: list[Iterable[UUID | None]] = [
        holders.values_list("holder_id", flat=True),
        guardians.values_list("guardian_id", flat=True),
        given.values_list("receiver_id", flat=True),
    ]
    unique = dict.fromkeys(each for ids in found for each in ids)
    return [each for each in unique if each is not None and each != patient_id]


def readers_of(patient_id: UUID, service: Service, item: ItemFacts, instant: datetime) -> list[Reader]:
    """The patient and everyone tied, each with the decision about this item at this instant. The patient is first."""
    return [reader(each, patient_id, service, item, instant) for each in (patient_id, *tied_to(patient_id, instant))]


def reader(person_id: UUID, patient_id: UUID, service: Service, item: ItemFacts, instant: datetime) -> Reader:
    """One person, tied to the patient or not, and the decision about this item."""
    eyes = _eyes(person_id, patient_id, instant)
    return Reader(eyes.person, eyes.relation, eyes.decide(service, item))


def shuts_parents_out(patient_id: UUID, service: Service, item: ItemFacts, instant: datetime) -> str:
    """The rule that keeps a parent from the item although nothing is wrong with the parent; empty where none does.

    Asks for a parent at home whom the register has just confirmed: what is left is the item's codes and referrals, the
    child's wish and the unit. "No digital parental access" counts too; that the patient wants nothing electronic
    (NORN_EPO) does not. Only for those under 16.
    """
    eyes = _eyes(patient_id, patient_id, instant)
    birth = eyes.patient.birth
    if birth is None or not any(_under_16(band(day, instant, gains=False)) for day in birth.possible_days):
        return ""
    if LocalBlock.objects.filter(child_id=patient_id, ended_at=None).exists():
        return BLOCKED
    around, about = eyes.circumstances, replace(item, codes=frozenset(item.codes) - {Code.OWN_WISH})
    decision = decide(
        Actor(),
        Relation(Kind.PARENT, areas=EVERY_AREA, parent_at_home=True, register_seen_at=instant),
        replace(eyes.patient, protected=False),
        service,
        around.item(about, patient_id),
        around.referral(about),
        around.wish(about),
        Assurance.HIGH,
        instant,
    )
    return "" if decision.see else decision.rule


def eyes_without_session(person_id: UUID, patient_id: UUID, instant: datetime) -> Eyes:
    """One person's eyes on a patient where nobody has signed in: for calendars that somebody subscribes to.

    Raises Person.DoesNotExist for nobody.
    """
    return _eyes(person_id, patient_id, instant)


def _under_16(age: Band) -> bool:
    return age in (Band.CHILD, Band.TWELVE, Band.YOUTH)


def _eyes(person_id: UUID, patient_id: UUID, instant: datetime) -> Eyes:
    return eyes_for(Viewer(person_id, "", frozenset(), _HIGH, instant), patient_id, instant)
