"""What clinicians' pages about access read: own patients, one patient's case, tasks, emergency access to review."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Prefetch, Q, QuerySet

from portal.audit.models import AuditRow
from portal.people.models import Person
from portal.people.viewer import Viewer
from youth_access import items
from youth_access.ages import Band, band
from youth_access.circumstances import Circumstances
from youth_access.commands.assessments import effective_end
from youth_access.facts import Outcome
from youth_access.models import (
    AccessTask,
    BreakGlass,
    CareTeamMember,
    ChildWish,
    ConfidentialUnit,
    Fullmakt,
    LocalBlock,
    Referral,
    ReferralAssessment,
    StaffBlock,
    TreatmentRelation,
)
from youth_access.relations import birth_of
from youth_access.staff_footing import own_patients

PATIENTS_ON_A_PAGE: Final = 40
ITEMS_SHOWN: Final = 50
CODED: Final = "youth_denied.coded"
"""The audit's word for NORN_UNGDOM set on one item: by it a reviewer is kept from judging their own."""
_SOON_TWELVE: Final = timedelta(days=90)
_ASSESSED_AGES: Final = frozenset({Band.TWELVE, Band.YOUTH})
Reading = tuple[str, str, datetime]
"""Basis, the reader's id, and when last."""


@dataclass(frozen=True, slots=True)
class OwnPatient:
    """One of the clinician's patients, and what waits there."""

    person: Person
    wishes: int
    tasks: int
    unassessed: int


@dataclass(frozen=True, slots=True)
class Team:
    """Who treats a patient now, and whom the patient has shut out."""

    relations: list[TreatmentRelation]
    members: list[CareTeamMember]
    blocks: list[StaffBlock]


@dataclass(frozen=True, slots=True)
class Case:
    """Everything about access to one patient's things, as staff see it."""

    referrals: list[Referral]
    wishes: list[ChildWish]
    blocks: list[LocalBlock]
    grants: list[Fullmakt]
    tasks: list[AccessTask]
    team: Team
    listed: list[items.Listed]
    readings: Mapping[str, list[Reading]]
    names: Mapping[UUID, str]
    confidential: frozenset[str]
    instant: datetime
    around: Circumstances = field(default_factory=Circumstances)


def patients_page(viewer: Viewer, instant: datetime, number: str) -> tuple["Page[Person]", list[OwnPatient]]:
    """One page of the clinician's own patients, by name. Seven queries at any length."""
    page = Paginator(own_patients(viewer, instant).order_by("name", "pk"), PATIENTS_ON_A_PAGE).get_page(number)
    people = list(page.object_list)
    ids = [each.pk for each in people]
    wishes = _counts(ChildWish.objects.filter(child__in=ids, state=ChildWish.State.PENDING), "child_id")
    tasks = _counts(AccessTask.objects.filter(patient__in=ids, closed_at=None), "patient_id")
    lacking = _unassessed([each for each in people if _assessed_soon(each, instant)], instant)
    found = [
        OwnPatient(each, wishes.get(each.pk, 0), tasks.get(each.pk, 0), lacking.get(each.pk, 0)) for each in people
    ]
    return page, found


def own_tasks(viewer: Viewer, instant: datetime, limit: int) -> list[AccessTask]:
    """The open tasks about one's own patients, the nearest first; emergency access is for reviewers."""
    rows = AccessTask.objects.filter(closed_at=None, patient__in=own_patients(viewer, instant))
    rows = rows.exclude(kind=AccessTask.Kind.BREAK_GLASS).select_related("patient", "unit")
    return list(rows.order_by("due_at", "id")[:limit])


def own_task_count(viewer: Viewer, instant: datetime) -> int:
    """How many tasks wait for this clinician."""
    rows = AccessTask.objects.filter(closed_at=None, patient__in=own_patients(viewer, instant))
    return rows.exclude(kind=AccessTask.Kind.BREAK_GLASS).count()


def case(patient: Person, instant: datetime) -> Case:
    """One patient's case. A fixed number of queries, and those of each service's items."""
    referrals = referrals_of(patient)
    wishes = list(ChildWish.objects.filter(child=patient).select_related("referral__unit").order_by("-recorded_at"))
    blocks = list(LocalBlock.objects.filter(child=patient).select_related("parent").order_by("-set_at"))
    grants = list(
        Fullmakt.objects.filter(giver=patient, revoked_at=None)
        .filter(Q(ends_at__isnull=True) | Q(ends_at__gt=instant))
        .select_related("receiver")
        .order_by("given_at")
    )
    listed = [each for source in items.sources() for each in source.of_patient(patient.pk, ITEMS_SHOWN)]
    readings = _readings(patient, listed)
    staff_ids = {row.made_by for referral in referrals for row in referral.assessments.all()}
    staff_ids |= {row.recorded_by for row in wishes} | {row.set_by for row in blocks}
    staff_ids |= {UUID(reader) for found in readings.values() for _basis, reader, _at in found}
    return Case(
        referrals=referrals,
        wishes=wishes,
        blocks=blocks,
        grants=grants,
        tasks=list(
            AccessTask.objects.filter(patient=patient, closed_at=None).select_related("unit").order_by("due_at", "id")
        ),
        team=team_of(patient, instant),
        listed=listed,
        readings=readings,
        names=names_of(staff_ids),
        confidential=frozenset(ConfidentialUnit.objects.values_list("unit_id", flat=True)),
        instant=instant,
    )


def referrals_of(patient: Person) -> list[Referral]:
    """The patient's referrals with their assessments, running ones first."""
    assessments = ReferralAssessment.objects.select_related("unit").order_by("starts_at", "made_at")
    rows = Referral.objects.filter(patient=patient).select_related("unit")
    return list(rows.prefetch_related(Prefetch("assessments", assessments)).order_by("-ended_at", "-received_at", "id"))


def in_force(referral: Referral, instant: datetime) -> ReferralAssessment | None:
    """What is decided for a referral at an instant by the unit that has it; None where it is not assessed."""
    for row in referral.assessments.all():
        until = effective_end(row)
        if row.unit_id == referral.unit_id and row.starts_at <= instant and (until is None or instant < until):
            return row
    return None


def coming(referral: Referral, instant: datetime) -> list[ReferralAssessment]:
    """What is decided for later."""
    return [
        row
        for row in referral.assessments.all()
        if row.unit_id == referral.unit_id
        and row.starts_at > instant
        and ((until := effective_end(row)) is None or until > row.starts_at)
    ]


def team_of(patient: Person, instant: datetime) -> Team:
    """Who treats the patient now."""
    now = Q(starts_at__lte=instant) & (Q(ends_at__isnull=True) | Q(ends_at__gt=instant))
    return Team(
        list(TreatmentRelation.objects.filter(now, patient=patient).select_related("clinician", "unit")),
        list(CareTeamMember.objects.filter(now, patient=patient).select_related("unit")),
        list(StaffBlock.objects.filter(patient=patient, ended_at=None).select_related("clinician")),
    )


def names_of(people: Iterable[UUID]) -> dict[UUID, str]:
    """Names by id."""
    return dict(Person.objects.filter(pk__in=set(people)).values_list("pk", "name"))


def to_review(reviewer: UUID) -> list[BreakGlass]:
    """Emergency access that nobody has reviewed, besides one's own, oldest first."""
    rows = BreakGlass.objects.filter(reviewed_at=None).exclude(clinician_id=reviewer)
    return list(rows.select_related("clinician", "patient").order_by("started_at", "id")[:200])


def to_review_count(reviewer: UUID) -> int:
    """How many emergency accesses wait for this reviewer."""
    return BreakGlass.objects.filter(reviewed_at=None).exclude(clinician_id=reviewer).count()


def denials_to_review(reviewer: UUID) -> list[tuple[AccessTask, ReferralAssessment | None]]:
    """Denials of the youth that are to be judged anew by somebody other than who decided: referrals, or one item."""
    tasks = list(
        AccessTask.objects.filter(kind=AccessTask.Kind.YOUTH_DENIED, closed_at=None)
        .select_related("patient", "unit")
        .order_by("due_at", "id")[:200]
    )
    subjects = [each.subject for each in tasks]
    made = ReferralAssessment.objects.filter(pk__in=subjects).select_related("unit").in_bulk()
    own_codes = AuditRow.objects.filter(
        action=CODED, actor_id=str(reviewer), item_id__in=[str(each) for each in subjects]
    )
    own = set(own_codes.values_list("item_id", flat=True)) | {
        str(key) for key, row in made.items() if row.made_by == reviewer
    }
    return [(each, made.get(each.subject)) for each in tasks if str(each.subject) not in own]


def looked_at(row: BreakGlass) -> list[AuditRow]:
    """What was looked at under one emergency access."""
    rows = AuditRow.objects.filter(
        person_id=row.patient_id, actor_id=str(row.clinician_id), at__gte=row.started_at, at__lte=row.ends_at
    )
    return list(rows.order_by("at", "id")[:200])


def _counts(rows: QuerySet[ChildWish] | QuerySet[AccessTask], by: str) -> dict[UUID, int]:
    return {row[by]: row["n"] for row in rows.order_by().values(by).annotate(n=Count("pk"))}


def _assessed_soon(person: Person, instant: datetime) -> bool:
    birth = birth_of(person)
    if birth is None:
        return False
    ends = (instant, instant + _SOON_TWELVE)
    return any(band(day, at, gains=False) in _ASSESSED_AGES for day in birth.possible_days for at in ends)


def _unassessed(people: Sequence[Person], instant: datetime) -> dict[UUID, int]:
    rows = Referral.objects.filter(patient__in=people, ended_at=None).prefetch_related("assessments")
    found: dict[UUID, int] = defaultdict(int)
    for row in rows:
        if in_force(row, instant) is None:
            found[row.patient_id] += 1
    return found


def _readings(patient: Person, listed: Collection[items.Listed]) -> dict[str, list[Reading]]:
    """Which citizens have opened the listed items, and when last: also where it is hidden from them since."""
    rows = (
        AuditRow.objects.filter(
            person_id=patient.pk, actor_kind="citizen", item_id__in=[str(each.id) for each in listed]
        )
        .exclude(result=AuditRow.Result.REFUSED)
        .order_by()
        .values_list("item_id", "basis", "actor_id")
        .annotate(last=Max("at"))
    )
    found: dict[str, list[Reading]] = defaultdict(list)
    for item_id, basis, reader, last in rows:
        found[item_id].append((basis, reader, last))
    return {key: sorted(each, key=lambda reading: reading[2]) for key, each in found.items()}


def outcome_in_force(referral: Referral, instant: datetime) -> Outcome | None:
    """The outcome in force, if any."""
    row = in_force(referral, instant)
    return None if row is None else Outcome(row.outcome)
