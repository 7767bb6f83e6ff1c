"""One question put to the table: who asks about what, when. Built by `decide`, read by the conditions."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final

from youth_access.ages import Band, band
from youth_access.facts import Actor, Assurance, Item, Kind, Outcome, Patient, Referral, Relation, Service, Wishes

GAINS_WITH_AGE: Final = frozenset({Kind.SELF, Kind.PROXY, Kind.APPOINTED})
"""Those whom the patient's growing older lets in; parents and guardians it shuts out."""


@dataclass(frozen=True)
class Case:
    """Everything the table may ask about, with the patient's age settled to one day of birth."""

    actor: Actor
    relation: Relation
    patient: Patient
    service: Service
    item: Item
    referral: Referral
    wishes: Wishes
    assurance: Assurance
    instant: datetime
    born: date | None

    @cached_property
    def band(self) -> Band | None:
        """The patient's age band; None where nothing is known of the birth."""
        if self.born is None:
            return None
        return band(self.born, self.instant, gains=self.relation.kind in GAINS_WITH_AGE)

    @cached_property
    def outcomes(self) -> tuple[frozenset[Outcome], ...]:
        """For each referral the outcomes in force now; empty where none is."""
        return tuple(
            frozenset(each.outcome for each in assessments if each.period.covers(self.instant))
            for assessments in self.referral.assessed
        )
