"""On what footing a clinician looks at a patient: treatment, or emergency for an hour. Without either, not at all.

Derived anew at each request. A look at oneself, one's family or a colleague is possible on the same terms as any
other, and is flagged in the audit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db.models import Q, QuerySet

from portal.audit.basis import Basis
from portal.kernel.actor import Actor as Doer
from portal.people.models import Guardianship, ParentalResponsibility, ParentLink, Person, StaffRole
from portal.people.viewer import Viewer
from youth_access.ages import band
from youth_access.circumstances import ItemFacts
from youth_access.commands import emergency
from youth_access.decide import Decision, decide
from youth_access.facts import Actor, Assurance, Item, Kind, Patient, Referral, Relation, Service, Wishes
from youth_access.models import BreakGlass, CareTeamMember, StaffBlock, TreatmentRelation
from youth_access.relations import birth_of

ONESELF, FAMILY, COLLEAGUE = "oneself", "family", "colleague"


@dataclass(frozen=True)
class Footing:
    """A clinician in front of one patient. `until` is when an emergency ends; `flags` are what makes it delicate."""

    viewer: Viewer
    patient: Person
    kind: Kind
    decision: Decision
    instant: datetime
    emergency: BreakGlass | None = None

    @property
    def may_act(self) -> bool:
        """Whether anything may be changed; in an emergency one only looks."""
        return self.decision.act

    @property
    def actor(self) -> Doer:
        """The clinician as the one who acts."""
        return Doer("staff", str(self.viewer.person_id))

    @cached_property
    def flags(self) -> tuple[str, ...]:
        """Why this look deserves a second one: oneself, family, colleague."""
        return delicate(self.viewer.person_id, self.patient)

    def sees(self, facts: ItemFacts) -> bool:
        """Whether one item may be seen: the patient may have blocked it for health personnel (NORS)."""
        return _decide(self.kind, self.patient, self.instant, Item(codes=frozenset(facts.codes))).see

    @property
    def basis(self) -> Basis:
        """What the audit writes down as the ground."""
        return Basis(
            relation=self.kind.value,
            rule=self.decision.rule,
            version=self.decision.version,
            band=_band(self.patient, self.instant),
        )


def footing(viewer: Viewer, patient: Person, instant: datetime) -> Footing | None:
    """How this clinician may look at this patient; None where there is no ground, or the patient has said no."""
    if _treats(viewer, instant).filter(pk=patient.pk).exists():
        blocked = StaffBlock.objects.filter(patient=patient, clinician_id=viewer.person_id, ended_at=None).exists()
        decision = _decide(Kind.CLINICIAN, patient, instant, Item(blocked_for_actor=blocked))
        if decision.see:
            return Footing(viewer, patient, Kind.CLINICIAN, decision, instant)
    found = emergency.running(viewer.person_id, patient.pk, instant)
    if found is None:
        return None
    decision = _decide(Kind.EMERGENCY, patient, instant, Item())
    return Footing(viewer, patient, Kind.EMERGENCY, decision, instant, found) if decision.see else None


def own_patients(viewer: Viewer, instant: datetime) -> QuerySet[Person]:
    """Everyone this clinician treats now and is not shut out by. One query."""
    shut_out = StaffBlock.objects.filter(clinician_id=viewer.person_id, ended_at=None).values("patient")
    return _treats(viewer, instant).exclude(pk__in=shut_out)


def delicate(clinician_id: UUID, patient: Person) -> tuple[str, ...]:
    """What the patient is to the clinician besides a patient, from the register and the list of staff."""
    if clinician_id == patient.pk:
        return (ONESELF,)
    found = [FAMILY] if _related(clinician_id, patient) else []
    if StaffRole.objects.filter(person=patient, ended_at=None).exists():
        found.append(COLLEAGUE)
    return tuple(found)


def _treats(viewer: Viewer, instant: datetime) -> QuerySet[Person]:
    now = Q(starts_at__lte=instant) & (Q(ends_at__isnull=True) | Q(ends_at__gt=instant))
    here = TreatmentRelation.objects.filter(now, clinician_id=viewer.person_id).values("patient")
    found = Q(pk__in=here)
    if viewer.hpr_number:
        team = CareTeamMember.objects.filter(now, hpr_number=viewer.hpr_number).values("patient")
        found |= Q(pk__in=team)
    return Person.objects.filter(found)


def _decide(kind: Kind, patient: Person, instant: datetime, item: Item) -> Decision:
    return decide(
        Actor(),
        Relation(kind),
        Patient(birth_of(patient), patient.died_on is not None, patient.protected),
        Service.REFERRAL,
        item,
        Referral(),
        Wishes(),
        Assurance.HIGH,
        instant,
    )


def _related(one: UUID, patient: Person) -> bool:
    """Parent, child, brother or sister, guardian or ward, or somebody registered at the same home."""
    return bool(
        patient.pk in _next_of_kin({one})
        or _parents({one}) & _parents({patient.pk})
        or Guardianship.objects.filter(
            Q(person=patient, guardian_id=one) | Q(person_id=one, guardian=patient), ended_on=None
        ).exists()
        or (patient.home_index and Person.objects.filter(pk=one, home_index=patient.home_index).exists())
    )


def _next_of_kin(people: set[UUID]) -> set[UUID]:
    pairs: list[tuple[UUID, UUID | None]] = [
        *ParentLink.objects.filter(Q(child__in=people) | Q(parent__in=people)).values_list("child_id", "parent_id"),
        *ParentalResponsibility.objects.filter(Q(child__in=people) | Q(holder__in=people)).values_list(
            "child_id", "holder_id"
        ),
    ]
    return {each for pair in pairs for each in pair if each is not None} - people


def _parents(people: Iterable[UUID]) -> set[UUID]:
    return set(ParentLink.objects.filter(child__in=people).values_list("parent_id", flat=True))


def _band(patient: Person, instant: datetime) -> str:
    birth = birth_of(patient)
    if birth is None:
        return ""
    found = {band(day, instant, gains=False) for day in birth.possible_days}
    return found.pop().value if len(found) == 1 else ""
