"""What two persons are to each other at an instant, from the register's snapshot, fullmakt and local blocks.

Derived anew for each request and never kept: a parent who lost responsibility a second ago has lost access.
"""

from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Q

from portal.people.models import Guardianship, ParentalResponsibility, ParentLink, Person, SharedHome
from youth_access.ages import GROWN, OSLO, Birth, band
from youth_access.facts import Kind, Period, Relation, Service
from youth_access.models import Fullmakt, LocalBlock

_USABLE = frozenset(
    {
        ParentalResponsibility.Kind.JOINT,
        ParentalResponsibility.Kind.MOTHER,
        ParentalResponsibility.Kind.FATHER,
        ParentalResponsibility.Kind.CO_MOTHER,
    }
)
_IN_LAW = (Kind.PARENT, Kind.GUARDIAN, Kind.APPOINTED, Kind.PROXY)
"""Ties that may open something, in the order in which they count for a child."""
EVERY_AREA = frozenset({*Service} - {Service.LETTER_STATUS, Service.DELIVERY})


def birth_of(person: Person) -> Birth | None:
    """When a person was born, as the register has it; None where it does not say."""
    if person.birth_date is not None:
        return Birth.on(person.birth_date)
    return Birth(person.birth_year) if person.birth_year is not None else None


def ties_between(person: Person, patient: Person, instant: datetime) -> tuple[Relation, ...]:
    """The ties that count, the one to be named first; never empty.

    For grown-ups all of them, what they have given before what the register says: a narrow fullmakt takes nothing
    from a guardian, and of two fullmakter each counts for its own areas. For children only the one that stands
    first in law: what the rules close for a parent is not opened by the parent's being something else besides. The
    dead are nothing to anybody, whatever rows still name them.
    """
    if person.pk == patient.pk:
        return (Relation(Kind.SELF),)
    if person.died_on is not None:
        return (Relation(Kind.STRANGER),)
    found = _relations(person, patient, instant)
    if _may_give(patient, instant):
        usable = sorted((each for each in found if each.kind in _IN_LAW), key=lambda tie: -_IN_LAW.index(tie.kind))
        return tuple(usable) or _or_stranger(found)
    last_of_each = {each.kind: each for each in found}
    return next(((last_of_each[kind],) for kind in _IN_LAW if kind in last_of_each), _or_stranger(found))


def _or_stranger(found: list[Relation]) -> tuple[Relation]:
    return (found[0],) if found else (Relation(Kind.STRANGER),)


def candidates(person_id: UUID, instant: datetime) -> list[UUID]:
    """Everyone this person may be something to, whether or not the rules let them in; oldest tie first."""
    today = instant.astimezone(OSLO).date()
    current = Q(ended_on__isnull=True) | Q(ended_on__gt=today)
    children = ParentalResponsibility.objects.filter(current, holder_id=person_id).values_list("child_id", flat=True)
    wards = Guardianship.objects.filter(current, guardian_id=person_id).values_list("person_id", flat=True)
    givers = (
        Fullmakt.objects.filter(receiver_id=person_id, revoked_at=None, starts_at__lte=instant)
        .filter(Q(ends_at__isnull=True) | Q(ends_at__gt=instant))
        .values_list("giver_id", flat=True)
    )
    return list(dict.fromkeys([*children, *wards, *givers]))


def _relations(person: Person, patient: Person, instant: datetime) -> list[Relation]:
    return [
        *_parental(person, patient, instant),
        *_guardian(person, patient, instant),
        *_given(person, patient, instant),
    ]


def _may_give(patient: Person, instant: datetime) -> bool:
    born = birth_of(patient)
    return born is not None and all(band(day, instant, gains=False) in GROWN for day in born.possible_days)


def holders_of(child: Person, instant: datetime) -> frozenset[UUID | None]:
    """Who has parental responsibility for a child now; None where the register names nobody with a number."""
    rows = ParentalResponsibility.objects.filter(child=child)
    return frozenset(row.holder_id for row in rows if _period(row.valid_from, row.ended_on).covers(instant))


def _parental(person: Person, child: Person, instant: datetime) -> list[Relation]:
    rows = list(ParentalResponsibility.objects.filter(child=child))
    current = [row for row in rows if _period(row.valid_from, row.ended_on).covers(instant)]
    mine = [row for row in current if row.holder_id == person.pk]
    if any(row.kind in _USABLE for row in mine):
        return [_parent(person, child, current, instant)]
    if mine:
        return [Relation(Kind.UNUSABLE_RESPONSIBILITY)]
    if ParentLink.objects.filter(child=child, parent=person).exists():
        return [Relation(Kind.PARENT_WITHOUT_RESPONSIBILITY)]
    return []


def _parent(person: Person, child: Person, current: list[ParentalResponsibility], instant: datetime) -> Relation:
    holders = [row.holder_id for row in current if row.holder_id is not None and row.kind in _USABLE]
    parents = Person.objects.filter(Q(pk__in=holders) | Q(child_links__child=child), died_on=None)
    homes = set(parents.exclude(home_index="").values_list("home_index", flat=True))
    second_homes = {
        row.home_index
        for row in SharedHome.objects.filter(child=child)
        if _period(row.valid_from, row.ended_on).covers(instant)
    }
    blocked = LocalBlock.objects.filter(Q(parent=None) | Q(parent=person), child=child, ended_at=None).exists()
    return Relation(
        Kind.PARENT,
        areas=EVERY_AREA,
        parent_at_home=child.home_index in homes,
        parent_at_second_home=not homes.isdisjoint(second_homes),
        blocked=blocked,
        register_seen_at=_older(person.register_seen_at, child.register_seen_at),
    )


def _guardian(person: Person, ward: Person, instant: datetime) -> list[Relation]:
    rows = Guardianship.objects.filter(person=ward, guardian=person).order_by("personal")  # the widest mandate last
    return [
        Relation(
            Kind.GUARDIAN,
            period=_period(row.valid_from, row.ended_on),
            areas=EVERY_AREA,
            register_seen_at=_older(person.register_seen_at, ward.register_seen_at),
            personal_mandate=row.personal,
            for_lone_asylum_child=row.for_lone_child,
        )
        for row in rows
        if _period(row.valid_from, row.ended_on).covers(instant)
    ]


def _given(person: Person, giver: Person, instant: datetime) -> list[Relation]:
    rows = Fullmakt.objects.filter(giver=giver, receiver=person, revoked_at=None)
    kinds = {Fullmakt.Kind.GIVEN: Kind.PROXY, Fullmakt.Kind.ASSIGNED: Kind.APPOINTED}
    given = [
        Relation(
            kinds[Fullmakt.Kind(row.kind)],
            period=Period(row.starts_at, row.ends_at),
            areas=frozenset(Service(area) for area in row.areas),
        )
        for row in rows
    ]
    return [each for each in given if each.period.covers(instant)]


def _period(start: date | None, end: date | None) -> Period:
    """Whole days in Oslo: from the first day's midnight to the midnight that begins the last."""
    return Period(_midnight(start), _midnight(end))


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), tzinfo=OSLO) if day is not None else None


def _older(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(one, other) if one is not None and other is not None else None
