"""Families as the register and the clinic tell of them, made row by row and with as few words as a story needs.

    with clock.stopped_at(oslo(2026, 11, 22)):
        mine = family(born=date(2014, 11, 23))             # two parents, both responsible, all at one home
    eyes = eyes_for(viewer(mine.mother), mine.child.pk, oslo(2026, 11, 22))

Nothing here judges: a family may be as odd as the register itself. Rows are made at `at`, by default the clock's now.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from portal.kernel import clock
from portal.people.commands import register_person
from portal.people.models import (
    Guardianship,
    ParentalResponsibility,
    ParentLink,
    Person,
    Role,
    SharedHome,
    Unit,
)
from portal.people.viewer import Viewer
from tests.letters.making import synthetic_pid
from youth_access.ages import OSLO
from youth_access.facts import Outcome, Service
from youth_access.models import (
    ChildWish,
    ConfidentialUnit,
    Fullmakt,
    LocalBlock,
    Referral,
    ReferralAssessment,
    StaffBlock,
    TreatmentRelation,
    YouthConsent,
)

ONE_HOME, OTHER_HOME, NO_HOME = "a" * 64, "b" * 64, ""
GROWN_UP = date(1984, 6, 15)
ALL_AREAS = tuple(each.value for each in Service if each not in (Service.LETTER_STATUS, Service.DELIVERY))
HIGH, SUBSTANTIAL = "idporten-loa-high", "idporten-loa-substantial"
CLERK = UUID(int=7)
"""Whoever did what the story does not tell of."""


def oslo(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, *, fold: int = 0
) -> datetime:
    """An instant by the clock on the wall in Oslo; `fold` 1 is the second time round on the night in autumn."""
    return datetime(year, month, day, hour, minute, second, tzinfo=OSLO, fold=fold)


def person(
    name: str = "Kari Nordli",
    born: date | None = GROWN_UP,
    *,
    year: int | None = None,
    home: str = ONE_HOME,
    protected: bool = False,
    died_on: date | None = None,
    seen: datetime | None = None,
    never_seen: bool = False,
) -> Person:
    """Someone the register has told about at `seen`; `born` None with a `year` is known by year alone."""
    made = register_person(
        pid=synthetic_pid(born or GROWN_UP), name=name, birth_date=born, birth_year=year, died_on=died_on
    )
    made.home_index, made.protected = home, protected
    made.register_seen_at = None if never_seen else seen or clock.now()
    made.save()
    return made


def viewer(who: Person, *, assurance: str = HIGH, roles: Collection[Role] = ()) -> Viewer:
    """Someone as signed in."""
    return Viewer(who.pk, who.name, frozenset(roles), assurance, clock.real_now())


def unit(resh: str = "4200001", name: str = "Barneklinikken", *, confidential: bool = False) -> Unit:
    """A hospital unit; on the confidential list where asked."""
    made = Unit.objects.get_or_create(
        resh=resh, defaults={"name": name, "hospital": "UNN Tromsø", "phone": "77 62 60 00", "return_lines": ["x"]}
    )[0]
    if confidential:
        ConfidentialUnit.objects.get_or_create(unit=made, defaults={"since": clock.now()})
    return made


# What the register says.


def responsible(
    child: Person,
    holder: Person | None,
    kind: str = "felles",
    *,
    since: date | None = None,
    until: date | None = None,
) -> ParentalResponsibility:
    """A row of foreldreansvar, from the first day to the first that no longer counts."""
    return ParentalResponsibility.objects.create(
        child=child, holder=holder, kind=kind, valid_from=since, ended_on=until
    )


def parent(child: Person, who: Person) -> ParentLink:
    """A parent by birth or adoption, whoever has responsibility."""
    return ParentLink.objects.get_or_create(child=child, parent=who)[0]


def guardian(
    ward: Person, who: Person, *, personal: bool = True, since: date | None = None, until: date | None = None
) -> Guardianship:
    """A row of vergemål."""
    return Guardianship.objects.create(person=ward, guardian=who, personal=personal, valid_from=since, ended_on=until)


def second_home(
    child: Person, home: str = OTHER_HOME, *, since: date | None = None, until: date | None = None
) -> SharedHome:
    """Delt bosted."""
    return SharedHome.objects.create(child=child, home_index=home, valid_from=since, ended_on=until)


def register_says(who: Person, **facts: object) -> None:
    """The register's newest word on one person: any column of Person, as home_index, protected, died_on."""
    Person.objects.filter(pk=who.pk).update(**facts)
    who.refresh_from_db()


def seen_by_register(at: datetime | None, *people: Person) -> None:
    """When the register last told about these."""
    Person.objects.filter(pk__in=[each.pk for each in people]).update(register_seen_at=at)


# What people give and take back.


def fullmakt(
    giver: Person,
    receiver: Person,
    *,
    areas: Sequence[str] = ALL_AREAS,
    since: datetime | None = None,
    until: datetime | None = None,
    assigned: bool = False,
) -> Fullmakt:
    """A fullmakt in force from `since`; tildelt fullmakt (TD) where `assigned`."""
    start = since or clock.now()
    return Fullmakt.objects.create(
        giver=giver,
        receiver=receiver,
        kind=Fullmakt.Kind.ASSIGNED if assigned else Fullmakt.Kind.GIVEN,
        areas=list(areas),
        starts_at=start,
        ends_at=until,
        given_at=start,
        given_by=CLERK if assigned else giver.pk,
    )


def revoke(given: Fullmakt, by: Person | None = None) -> None:
    """Taken back now, by the giver where nobody is named."""
    given.revoked_at, given.revoked_by = clock.now(), by.pk if by is not None else given.giver_id
    given.save()


def consent(child: Person, by: Person, *, gives: bool = True) -> YouthConsent:
    """A parent's yes or withdrawal to the youth's own access."""
    row = YouthConsent(child=child, parent=by, gives=gives, at=clock.now())
    row.save()
    return row


# What the clinic decides.


def referral(child: Person, at_unit: Unit | None = None, outcome: Outcome | str | None = None) -> Referral:
    """A referral, assessed now and for good where an outcome is given."""
    made = Referral.objects.create(
        patient=child, unit=at_unit or unit(), source="dips", source_key=uuid4().hex, received_at=clock.now()
    )
    if outcome is not None:
        assess(made, outcome)
    return made


def assess(
    about: Referral,
    outcome: Outcome | str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    at_unit: Unit | None = None,
) -> ReferralAssessment:
    """A clinician's decision for one referral, in force in its period."""
    return ReferralAssessment.objects.create(
        referral=about,
        unit=at_unit or about.unit,
        outcome=Outcome(outcome).value,
        starts_at=since or clock.now(),
        ends_at=until,
        reason="assessed",
        made_at=clock.now(),
        made_by=CLERK,
    )


def end_assessment(row: ReferralAssessment) -> None:
    """Ended now, before its time."""
    row.ended_at, row.ended_by = clock.now(), CLERK
    row.save()


def wish(child: Person, about: Referral | None = None, state: str = "pending") -> ChildWish:
    """The child's wish that parents be kept out of one referral, or of everything."""
    return ChildWish.objects.create(
        child=child,
        referral=about,
        state=state,
        recorded_at=clock.now(),
        recorded_by=CLERK,
        answered_at=None if state == "pending" else clock.now(),
        answered_by=None if state == "pending" else CLERK,
    )


def answer_wish(row: ChildWish, state: str) -> None:
    """A clinician's answer, or the child's change of mind."""
    row.state, row.answered_at, row.answered_by = state, clock.now(), CLERK
    row.save()


def block_parents(child: Person, only: Person | None = None) -> LocalBlock:
    """ "No digital parental access", set by staff."""
    return LocalBlock.objects.create(child=child, parent=only, reason="care_order", set_at=clock.now(), set_by=CLERK)


def end_block(row: LocalBlock) -> None:
    """The block lifted."""
    row.ended_at, row.ended_by = clock.now(), CLERK
    row.save()


def treats(clinician: Person, patient: Person, at_unit: Unit | None = None, *, until: datetime | None = None) -> None:
    """A clinician treats a patient from now on."""
    TreatmentRelation.objects.create(
        patient=patient, clinician=clinician, unit=at_unit or unit(), starts_at=clock.now(), ends_at=until
    )


def keep_out(patient: Person, clinician: Person) -> StaffBlock:
    """NORS: the patient's own block against one clinician."""
    return StaffBlock.objects.create(patient=patient, clinician=clinician, set_at=clock.now())


@dataclass
class Family:
    """A child and everyone around it; those whom the story does not need are made all the same."""

    child: Person
    mother: Person
    father: Person
    former: Person
    guardian: Person
    proxy: Person
    stranger: Person

    @property
    def relatives(self) -> dict[str, Person]:
        """Everyone, by the word the story has for them."""
        return dict(vars(self))


def family(
    *,
    born: date | None = date(2014, 11, 22),
    year: int | None = None,
    responsible_are: Sequence[str] = ("mother", "father"),
    at_home: Sequence[str] = ("mother", "father"),
    kind: str = "felles",
    with_guardian: bool | None = None,
    with_proxy: bool | None = None,
    protected: Collection[str] = (),
    dead: date | None = None,
    consented: bool = False,
    seen: datetime | None = None,
) -> Family:
    """A child with a mother, a father, a former parent without responsibility, and a stranger.

    `with_guardian` gives the guardian a mandate (True: for personal interests, False: for money alone), `with_proxy`
    gives the proxy a fullmakt (True: in every area, False: in letters alone). `at_home` live at the child's address.
    """
    made = Family(
        child=person("Nora Barn", born, year=year, protected="child" in protected, died_on=dead, seen=seen),
        **{
            who: person(name, home=ONE_HOME if who in at_home else OTHER_HOME, protected=who in protected, seen=seen)
            for who, name in _NAMES.items()
        },
    )
    for each in (made.mother, made.father, made.former):
        parent(made.child, each)
    for who in responsible_are:
        responsible(made.child, made.relatives[who], kind)
    if with_guardian is not None:
        guardian(made.child, made.guardian, personal=with_guardian)
    if with_proxy is not None:
        fullmakt(made.child, made.proxy, areas=ALL_AREAS if with_proxy else ["letter"], since=clock.now() - LONG)
    if consented:
        consent(made.child, made.mother)
    return made


LONG = timedelta(days=365)
_NAMES = {
    "mother": "Mona Mor",
    "father": "Fredrik Far",
    "former": "Tore Tidligere",
    "guardian": "Vera Verge",
    "proxy": "Frode Fullmektig",
    "stranger": "Stian Fremmed",
}
