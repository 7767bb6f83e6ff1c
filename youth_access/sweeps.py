"""Looks for what clinicians must be told in time: birthdays that close something, wishes left alone, unknown codes.

What anyone may see never depends on these: it is decided at each request. Every sweep is safe to run twice, also at
once and after a crash: the database holds one task for each subject and step.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from portal.kernel import clock
from portal.kernel.actor import system
from portal.people.models import Person
from youth_access import items
from youth_access.ages import OSLO, turns
from youth_access.codes import KNOWN
from youth_access.commands import tasks
from youth_access.models import AccessTask, CareTeamMember, ChildWish, Referral, TreatmentRelation
from youth_access.relations import birth_of
from youth_access.staff_queries import in_force

CLOSING_AGES: Final = (12, 16)
"""Birthdays that close something: at 12 what is not assessed, at 16 everything for parents."""
STEPS: Final = (7, 30, 90)
WISH_DAYS: Final = 10
AT_A_TIME: Final = 500
_NAMES: Final = uuid.UUID("6e0c5a0e-7a3c-4f4e-9a57-1d1a3f4f9b52")


@dataclass(frozen=True, slots=True)
class Coming:
    """A birthday that closes something for a patient of one unit."""

    patient_id: UUID
    unit_id: str
    age: int
    day: date

    @property
    def subject(self) -> UUID:
        """One name for this birthday at this unit, the same in every run."""
        return uuid.uuid5(_NAMES, f"{self.patient_id}:{self.age}:{self.unit_id}")


def birthdays() -> int:
    """Open a task 90, 30 and 7 days before, and close what is done or past. Says how many were opened."""
    now = clock.now()
    today = now.astimezone(OSLO).date()
    opened = 0
    for person in _near(today):
        for coming in _coming(person, today):
            with transaction.atomic():
                opened += _tell(coming, person, today)
    _close_done(now)
    return opened


def wishes() -> int:
    """Tell of wishes that have waited ten days for an answer."""
    late = ChildWish.objects.filter(
        state=ChildWish.State.PENDING, recorded_at__lte=clock.now() - timedelta(days=WISH_DAYS)
    ).select_related("referral")
    told = AccessTask.objects.filter(kind=AccessTask.Kind.WISH).values("subject")
    opened = 0
    for wish in late.exclude(pk__in=told).order_by("recorded_at")[:AT_A_TIME]:
        opened += tasks.open_task(
            kind=AccessTask.Kind.WISH,
            patient_id=wish.child_id,
            subject=wish.pk,
            unit_id=wish.referral.unit_id if wish.referral else None,
            step=str(WISH_DAYS),
        )
    return opened


def unknown_codes() -> int:
    """Tell of items that carry a code nobody here knows. They are hidden from every citizen meanwhile."""
    opened = 0
    for source in items.sources():
        for found in source.unknown_codes(KNOWN, AT_A_TIME):
            opened += tasks.open_task(
                kind=AccessTask.Kind.UNKNOWN_CODE,
                patient_id=found.patient_id,
                subject=found.item_id,
                unit_id=found.unit_id or None,
            )
    return opened


def look() -> int:
    """All of them in one round."""
    return birthdays() + wishes() + unknown_codes()


def _near(today: date) -> Iterator[Person]:
    """Patients under treatment, or with a running referral, whose twelfth or sixteenth birthday is near."""
    near = Q()
    for age in CLOSING_AGES:
        first, last = _born(today, age), _born(today + timedelta(days=max(STEPS) + 1), age)
        near |= Q(birth_date__gte=first, birth_date__lte=last)
        near |= Q(birth_date=None, birth_year__gte=first.year, birth_year__lte=last.year)
    now = clock.now()
    current = Q(ends_at__isnull=True) | Q(ends_at__gt=now)
    treated = (
        Q(pk__in=Referral.objects.filter(ended_at=None).values("patient"))
        | Q(pk__in=TreatmentRelation.objects.filter(current).values("patient"))
        | Q(pk__in=CareTeamMember.objects.filter(current).values("patient"))
    )
    return Person.objects.filter(near, treated, died_on=None).order_by("pk").iterator()


def _born(day: date, age: int) -> date:
    """The birth date of somebody who turns an age on this day; for 29 February the day before."""
    try:
        return day.replace(year=day.year - age)
    except ValueError:
        return date(day.year - age, 2, 28)


def _coming(person: Person, today: date) -> list[Coming]:
    birth = birth_of(person)
    if birth is None:
        return []
    near = [
        (age, day)
        for age in CLOSING_AGES
        if today < (day := turns(birth.possible_days[0], age, gains=False)) <= today + timedelta(days=max(STEPS))
    ]
    return [Coming(person.pk, unit, age, day) for age, day in near for unit in _units(person, age, day)]


def _units(person: Person, age: int, day: date) -> Iterable[str]:
    """The units that should be told: at 12 those with a referral not yet assessed for that day, at 16 all of them."""
    now = clock.now()
    current = Q(ends_at__isnull=True) | Q(ends_at__gt=now)
    referrals = list(Referral.objects.filter(patient=person, ended_at=None).prefetch_related("assessments"))
    treating = set(TreatmentRelation.objects.filter(current, patient=person).values_list("unit_id", flat=True))
    if age == CLOSING_AGES[0]:
        at = _midnight(day)
        lacking = {each.unit_id for each in referrals if in_force(each, at) is None}
        return sorted(lacking | (treating - {each.unit_id for each in referrals}))
    return sorted(treating | {each.unit_id for each in referrals})


def _tell(coming: Coming, person: Person, today: date) -> bool:
    """Open the task of the step that the birthday has come within; an earlier step's task gives way to it."""
    left = (coming.day - today).days
    step = next(each for each in STEPS if left <= each)
    opened = tasks.open_task(
        kind=AccessTask.Kind.BIRTHDAY,
        patient_id=person.pk,
        subject=coming.subject,
        unit_id=coming.unit_id,
        step=str(step),
        due_at=_midnight(coming.day),
    )
    if opened:
        earlier = AccessTask.objects.filter(
            kind=AccessTask.Kind.BIRTHDAY, subject=coming.subject, closed_at=None
        ).exclude(step=str(step))
        earlier.update(closed_at=clock.now())
    return opened


def _close_done(now: datetime) -> None:
    """Close what needs nobody any more: the unit has assessed all it has, or the sixteenth birthday is past."""
    rows = AccessTask.objects.filter(kind=AccessTask.Kind.BIRTHDAY, closed_at=None).select_related("patient")
    by_patient: dict[UUID, list[AccessTask]] = defaultdict(list)
    for row in rows.order_by("due_at")[:AT_A_TIME]:
        by_patient[row.patient_id].append(row)
    referrals = Referral.objects.filter(patient__in=list(by_patient), ended_at=None).prefetch_related("assessments")
    lacking: dict[UUID, set[str]] = defaultdict(set)
    having: dict[UUID, set[str]] = defaultdict(set)
    for referral in referrals:
        having[referral.patient_id].add(referral.unit_id)
        for task in by_patient[referral.patient_id]:
            if in_force(referral, max(task.due_at, now)) is None:
                lacking[referral.patient_id].add(referral.unit_id)
    for patient_id, found in by_patient.items():
        for task in found:
            twelve = task.subject == Coming(patient_id, task.unit_id or "", CLOSING_AGES[0], now.date()).subject
            assessed = task.unit_id in having[patient_id] and task.unit_id not in lacking[patient_id]
            if (twelve and assessed) or (not twelve and task.due_at <= now):
                tasks.close_about(subject=task.subject, by=system("access.tasks"))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=OSLO)
