"""What bears on a patient's items at an instant: referrals with their assessments, wishes, confidential units."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from youth_access.facts import Assessment, Item, Outcome, Period, Referral, Wish, Wishes
from youth_access.models import ChildWish, ConfidentialUnit, ReferralAssessment
from youth_access.models import Referral as ReferralRow


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What the rules ask of one item, as its own table holds it.

    `codes` are those that somebody has set; none is not the same as N. `opened_by` is who opened a thread, `by_youth`
    and `by_parent` what that person was to the patient. `confidential_type` says that the item's kind is on the
    confidential list, whatever the unit.
    """

    codes: Collection[str] = ()
    referral_ids: Collection[UUID] = ()
    unit_id: str = ""
    withheld_until: datetime | None = None
    written_at: datetime | None = None
    confidential_type: bool = False
    signed: bool = True
    by_youth: bool = False
    by_parent: bool = False
    to_youth: bool = False
    opened_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The patient's referrals, wishes and the confidential units, read once for a request."""

    referrals: Mapping[UUID, tuple[Assessment, ...]] = field(default_factory=dict)
    wishes: Mapping[UUID | None, Wish] = field(default_factory=dict)
    confidential_units: frozenset[str] = frozenset()

    def item(self, facts: ItemFacts, asker: UUID, *, blocked: bool = False) -> Item:
        """The item as the rules see it."""
        return Item(
            codes=frozenset(facts.codes),
            written_at=facts.written_at,
            visible_from=facts.withheld_until,
            confidential=facts.confidential_type or facts.unit_id in self.confidential_units,
            signed=facts.signed,
            by_youth=facts.by_youth,
            by_parent=facts.by_parent,
            to_youth=facts.to_youth,
            mine=facts.opened_by == asker,
            blocked_for_actor=blocked,
        )

    def referral(self, facts: ItemFacts) -> Referral:
        """What is decided for the item's referrals; one that is unknown to us counts as not assessed."""
        return Referral(tuple(self.referrals.get(each, ()) for each in facts.referral_ids))

    def wish(self, facts: ItemFacts) -> Wishes:
        """The strictest wish that bears on the item: one for everything, or for one of its referrals."""
        bearing = {self.wishes[each] for each in (None, *facts.referral_ids) if each in self.wishes}
        return Wishes(Wish.RESPECTED if Wish.RESPECTED in bearing else next(iter(bearing), None))


def of_patient(patient_id: UUID) -> Circumstances:
    """Read a patient's circumstances. Four queries whatever there is."""
    referrals: dict[UUID, list[Assessment]] = {
        row.pk: [] for row in ReferralRow.objects.filter(patient_id=patient_id).only("pk")
    }
    assessed = ReferralAssessment.objects.filter(referral__patient_id=patient_id).select_related("referral")
    for row in assessed:
        if row.unit_id == row.referral.unit_id:
            period = Period(row.starts_at, _first(row.ends_at, row.ended_at))
            referrals[row.referral_id].append(Assessment(Outcome(row.outcome), period))
    return Circumstances(
        {key: tuple(found) for key, found in referrals.items()},
        _wishes(patient_id),
        frozenset(ConfidentialUnit.objects.values_list("unit_id", flat=True)),
    )


def _wishes(patient_id: UUID) -> dict[UUID | None, Wish]:
    states = {ChildWish.State.PENDING: Wish.PENDING, ChildWish.State.RESPECTED: Wish.RESPECTED}
    found: dict[UUID | None, Wish] = {}
    for row in ChildWish.objects.filter(child_id=patient_id, state__in=list(states)):
        wish = states[ChildWish.State(row.state)]
        if found.get(row.referral_id) != Wish.RESPECTED:
            found[row.referral_id] = wish
    return found


def _first(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((each for each in (one, other) if each is not None), default=None)
