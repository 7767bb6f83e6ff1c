"""Whom somebody may choose to act for, and for which services: the decision itself, asked in advance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from portal.people.models import Person
from portal.people.viewer import Viewer
from youth_access.ages import Band
from youth_access.codes import Code
from youth_access.decide import Decision
from youth_access.eyes import Eyes, eyes_for
from youth_access.facts import Assessment, Item, Kind, Outcome, Referral, Service, Wishes
from youth_access.relations import candidates

SERVICES: Final = (
    Service.LETTER,
    Service.APPOINTMENT,
    Service.REFERRAL,
    Service.DIALOGUE,
    Service.JOURNAL,
    Service.FORM,
    Service.LOG,
    Service.SETTINGS,
)
"""What somebody else may be let in to. Fullmakter, consents and the child's own wishes are never among them."""
_PLAIN: Final = Item(codes=frozenset({Code.OPEN.value}), mine=True)
_ASSESSED: Final = Referral(((Assessment(Outcome.OPEN),),))


@dataclass(frozen=True, slots=True)
class Choice:
    """One person on the list of those to act for. `reason` is the rule's, empty where the person is open."""

    person_id: UUID
    name: str
    kind: Kind
    born: date | None
    band: Band | None
    open: bool
    reason: str


def at_best(eyes: Eyes, service: Service) -> Decision:
    """The decision about something nobody has closed in a service: what these eyes can at most come to see there.

    It reads no item, so it tells nothing of what there is.
    """
    return eyes.decide_about(service, _PLAIN, _ASSESSED, Wishes())


def open_services(eyes: Eyes) -> frozenset[Service]:
    """The services in which these eyes may see anything at all."""
    return frozenset(service for service in SERVICES if at_best(eyes, service).see)


def is_open(eyes: Eyes) -> bool:
    """Whether the rules let these eyes in anywhere."""
    return any(at_best(eyes, service).see for service in SERVICES)


def door(eyes: Eyes) -> Decision:
    """The decision that opens, or the first that keeps out: what the audit and the reason text rest on."""
    decisions = [at_best(eyes, service) for service in SERVICES]
    return next((each for each in decisions if each.see), decisions[0])


def choices_of(viewer: Viewer, instant: datetime) -> list[Choice]:
    """Everyone with a tie to the viewer, the open ones first; somebody without any tie is not on it."""
    everyone = [eyes_for(viewer, person_id, instant) for person_id in candidates(viewer.person_id, instant)]
    found = [_choice(eyes) for eyes in everyone if eyes.relation.kind != Kind.STRANGER]
    return sorted(found, key=lambda each: (not each.open, each.name))


def has_choices(person_id: UUID, instant: datetime) -> bool:
    """Whether there is anybody this person may be something to."""
    return bool(candidates(person_id, instant))


def chosen(viewer: Viewer, person_id: UUID, instant: datetime) -> Eyes | None:
    """The viewer's eyes on somebody they have a tie to; None for anybody else, and for nobody."""
    if person_id not in candidates(viewer.person_id, instant):
        return None
    try:
        eyes = eyes_for(viewer, person_id, instant)
    except Person.DoesNotExist:
        return None
    return None if eyes.relation.kind == Kind.STRANGER else eyes


def children(viewer: Viewer, instant: datetime) -> Sequence[Eyes]:
    """The viewer's eyes on the children they have parental responsibility for, as far as the rules let them in."""
    everyone = (eyes_for(viewer, person_id, instant) for person_id in candidates(viewer.person_id, instant))
    return [eyes for eyes in everyone if eyes.relation.kind == Kind.PARENT and is_open(eyes)]


def _choice(eyes: Eyes) -> Choice:
    decision = door(eyes)
    return Choice(
        person_id=eyes.patient_id,
        name=eyes.patient_name,
        kind=eyes.relation.kind,
        born=eyes.whose.birth_date,
        band=eyes.age_band,
        open=decision.see,
        reason="" if decision.see else decision.reason,
    )
