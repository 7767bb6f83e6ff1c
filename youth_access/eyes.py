"""With whose eyes a request looks, and at whom: made anew for each request, asked for every decision in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest

from portal.kernel import clock
from portal.people.models import Person
from portal.people.viewer import SignedOut, Viewer
from youth_access import circumstances
from youth_access.ages import GROWN, Band, band
from youth_access.circumstances import Circumstances, ItemFacts
from youth_access.decide import Decision, decide
from youth_access.facts import Actor, Assurance, Item, Kind, Patient, Referral, Relation, Service, Wishes
from youth_access.models import YouthConsent
from youth_access.relations import birth_of, holders_of, ties_between

ACTING_FOR: Final = "acting_for"
"""The session's only word of it: whose id was chosen. What it gives is decided at each request."""
_LEVELS: Final = {
    "idporten-loa-high": Assurance.HIGH,
    "helseid-level-4": Assurance.HIGH,
    "idporten-loa-substantial": Assurance.SUBSTANTIAL,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """Which rows of one list some eyes may see, made when somebody asks for more of them, and how many are new."""

    seen: Callable[[], Q]
    new: int


@dataclass(frozen=True)
class Eyes:
    """Someone who is signed in, and the patient they look at: themselves, or somebody they act for."""

    viewer: Viewer
    person: Person
    whose: Person
    ties: tuple[Relation, ...]
    patient: Patient
    assurance: Assurance
    instant: datetime

    @property
    def patient_id(self) -> UUID:
        """Whose things are looked at."""
        return self.whose.pk

    @property
    def patient_name(self) -> str:
        """The name of the one whose things are looked at."""
        return self.whose.name

    @property
    def relation(self) -> Relation:
        """The tie to be named; of several, others may open what this one does not."""
        return self.ties[0]

    @property
    def acting_for_another(self) -> bool:
        """Whether the signed-in person acts for somebody else."""
        return self.relation.kind != Kind.SELF

    @property
    def actor(self) -> Actor:
        """The signed-in person, as far as the rules care."""
        return Actor(birth_of(self.person), self.person.protected)

    @property
    def age_band(self) -> Band | None:
        """The patient's age band now; None where the register says too little to tell."""
        birth = self.patient.birth
        if birth is None:
            return None
        gains = self.relation.kind == Kind.SELF
        found = {band(day, self.instant, gains=gains) for day in birth.possible_days}
        return found.pop() if len(found) == 1 else None

    @cached_property
    def answers(self) -> dict[object, Answer]:
        """What `visible` has found for each list; remembered for the request."""
        return {}

    def look_anew(self) -> None:
        """Forget what was found, because something has just been changed."""
        self.answers.clear()

    @cached_property
    def circumstances(self) -> Circumstances:
        """Referrals, wishes and confidential units; read only for those young enough for them to matter."""
        if self.age_band in GROWN:
            return Circumstances()
        return circumstances.of_patient(self.patient_id)

    def decide(self, service: Service, item: ItemFacts | None = None) -> Decision:
        """The decision for one item, or for the service as such."""
        if item is None:
            return self.decide_about(service, None, Referral(), Wishes())
        around = self.circumstances
        return self.decide_about(service, around.item(item, self.person.pk), around.referral(item), around.wish(item))

    def decide_about(self, service: Service, item: Item | None, referral: Referral, wishes: Wishes) -> Decision:
        """The decision about an item's facts; of several ties the best one counts."""
        found = [
            decide(self.actor, tie, self.patient, service, item, referral, wishes, self.assurance, self.instant)
            for tie in self.ties
        ]
        return max(found, key=lambda each: (each.see, each.act))


def eyes_for(viewer: Viewer, patient_id: UUID, instant: datetime, person: Person | None = None) -> Eyes:
    """The eyes of a viewer on a patient. Raises Person.DoesNotExist for nobody.

    `person` is the viewer's own row, where the request has just read it.
    """
    known = {} if person is None else {person.pk: person}
    people = known | Person.objects.in_bulk({viewer.person_id, patient_id} - known.keys())
    person, whose = people[viewer.person_id], people.get(patient_id)
    if whose is None:
        raise Person.DoesNotExist
    return Eyes(
        viewer=viewer,
        person=person,
        whose=whose,
        ties=ties_between(person, whose, instant),
        patient=_patient(whose, instant),
        assurance=_LEVELS.get(viewer.assurance, Assurance.LOW),
        instant=instant,
    )


def eyes_of(request: HttpRequest) -> Eyes | None:
    """The eyes this request looks with; None where nobody is signed in."""
    eyes: Eyes | None = getattr(request, "eyes", None)
    return eyes


def require_eyes(request: HttpRequest) -> Eyes:
    """The eyes this request looks with; for views behind `citizen_required`, where somebody is signed in."""
    eyes = eyes_of(request)
    if eyes is None:
        raise SignedOut
    return eyes


def own_eyes(viewer: Viewer) -> Eyes:
    """The viewer's eyes on themselves now."""
    return eyes_for(viewer, viewer.person_id, clock.now())


def _patient(person: Person, instant: datetime) -> Patient:
    """The patient's facts. A parent's yes to the youth's own access counts while that parent has responsibility."""
    birth, dead = birth_of(person), person.died_on is not None
    if birth is not None and all(band(day, instant, gains=True) in GROWN for day in birth.possible_days):
        return Patient(birth, dead, person.protected)
    rows = list(YouthConsent.objects.filter(child=person).order_by("id").values_list("parent_id", "gives"))
    last_of_each: dict[UUID | None, bool] = dict(rows)
    holders = holders_of(person, instant) if rows and rows[-1][1] else frozenset()
    consents = bool(rows) and rows[-1][0] in holders
    return Patient(
        birth,
        dead,
        person.protected,
        youth_consent=consents,
        youth_consent_of_all=consents and all(last_of_each.get(each, False) for each in holders),
    )
