"""Everyone who may come to the portal, and letters and appointments that each carry a word found nowhere else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.test import Client

from appointments.codes import Flag
from appointments.models import Appointment
from appointments.states import Status
from letters.models import Document, Letter, LetterType
from letters.states import Digital, Stage
from portal.kernel import clock
from portal.people.models import Person, Role, Unit
from tests.people.signed_in import signed_in
from tests.youth_access import families
from youth_access.circumstances import ItemFacts
from youth_access.eyes import ACTING_FOR, Eyes, eyes_for
from youth_access.facts import Outcome, Service
from youth_access.models import Referral

PDF = b"%PDF-1.7\n"


@dataclass
class Item:
    """A letter, what the rules know of it, and its words: one in the title, one in the body, one in the unit's name.

    `appointment` is of the same patient, unit, codes and referrals, with words of its own.
    """

    letter: Letter
    facts: ItemFacts
    word: str
    appointment: Appointment

    @property
    def marks(self) -> list[str]:
        """What tells of this letter wherever it stands."""
        return [f"{self.word}{part}" for part in ("tittel", "tekst", "enhet", "vedlegg")] + [str(self.letter.pk)]

    @property
    def time_marks(self) -> list[str]:
        """What tells of the appointment wherever it stands."""
        return [f"{self.word}{part}" for part in ("time", "sted", "hvem", "forbered")] + [str(self.appointment.pk)]


@dataclass
class Visitor:
    """Someone at the door: who, acting for whom, with which roles. `client` is a browser that is signed in."""

    name: str
    person: Person | None
    acting_for: Person | None = None
    roles: Sequence[Role] = ()
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def come_in(self) -> None:
        """Sign in, and say whom one acts for."""
        if self.person is None:
            return
        signed_in(self.client, self.person, self.roles)
        self.choose()

    def anew(self) -> "Visitor":
        """The same one in another browser, just signed in: some pages ask for a sign-in of the last minutes.

        The cast keeps the first one: what this sign-in wrote goes with the test.
        """
        again = replace(self, client=Client(raise_request_exception=False))
        again.come_in()
        return again

    def choose(self) -> None:
        """Act for the one this visitor acts for; a choice that is no longer open is forgotten by each page."""
        if self.acting_for is not None:
            session = self.client.session
            session[ACTING_FOR] = str(self.acting_for.pk)
            session.save()

    def eyes(self) -> Eyes | None:
        """With which eyes this one looks."""
        if self.person is None:
            return None
        looked_at = self.acting_for or self.person
        return eyes_for(families.viewer(self.person, roles=self.roles), looked_at.pk, clock.now())

    def sees(self, items: Iterable[Item], service: Service = Service.LETTER) -> set[UUID]:
        """The letters, or the appointments by their letters' ids, that the one decision lets this one see."""
        eyes = self.eyes()
        if eyes is None:
            return set()
        mine = [item for item in items if item.letter.person_id == eyes.patient_id]
        return {item.letter.pk for item in mine if eyes.decide(service, item.facts).see}


class Cast:
    """One family for each rule, as told in the crawl's table."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}
        self.child = families.family(born=_years_ago(8))
        self.youth = families.family(born=_years_ago(14), consented=True)
        self.ward = families.family(born=_years_ago(40), with_guardian=True, with_proxy=True, responsible_are=())
        self.other_child = families.family(born=_years_ago(9))
        self.open = families.referral(self.youth.child, outcome=Outcome.OPEN)
        self.denied = families.referral(self.youth.child, outcome=Outcome.PARENTS_DENIED)
        self.unassessed = families.referral(self.child.child)
        self._letters()
        self.staff = {
            name: families.person(f"Ansatt {name}", home=families.NO_HOME)
            for name in ("clerk", "treating", "other clinician", "reviewer", "operator")
        }
        for patient in (self.child.child, self.youth.child):
            families.treats(self.staff["treating"], patient)
        self.visitors = {visitor.name: visitor for visitor in self._visitors()}
        for visitor in self.visitors.values():
            visitor.come_in()

    def _letters(self) -> None:
        child, youth, ward = self.child.child, self.youth.child, self.ward.child
        for word, person, codes, referrals in (
            ("AAlv", child, (), ()),
            ("BBjork", child, ("NORN_FORANS",), ()),
            ("CCdal", child, ("NORN_XYZ",), ()),
            ("DDeik", youth, (), (self.open,)),
            ("EEfjell", youth, (), (self.denied,)),
            ("FFgran", youth, ("NORN_UNGDOM",), (self.open,)),
            ("GGhav", youth, (), ()),
            ("HHis", youth, ("NORN_FORANS",), (self.open,)),
            ("IIjord", ward, (), ()),
            ("JJkyst", ward, ("NORN_KUT",), ()),
            ("KKlyng", ward, ("NORN_EPO",), ()),
            ("LLmyr", self.other_child.child, (), ()),
            ("MMnes", self.child.mother, (), ()),
            ("NNos", self.ward.stranger, (), ()),
        ):
            self.items[word] = _letter(word, person, codes, referrals)

    def _visitors(self) -> Iterable[Visitor]:
        child, youth, ward = self.child, self.youth, self.ward
        yield Visitor("signed out", None)
        yield Visitor("adult with own things", ward.child)
        yield Visitor("mother as herself", child.mother)
        yield Visitor("mother for child", child.mother, child.child)
        yield Visitor("father for child", child.father, child.child)
        yield Visitor("former parent for child", child.former, child.child)
        yield Visitor("child of 8", child.child)
        yield Visitor("youth of 14", youth.child)
        yield Visitor("mother for youth", youth.mother, youth.child)
        yield Visitor("fullmektig", ward.proxy, ward.child)
        yield Visitor("verge", ward.guardian, ward.child)
        yield Visitor("stranger", ward.stranger)
        yield Visitor("stranger for child", ward.stranger, child.child)
        yield Visitor("stranger for adult", ward.stranger, ward.child)
        yield Visitor("clerk", self.staff["clerk"], roles=[Role.CLERK])
        yield Visitor("treating", self.staff["treating"], roles=[Role.CLINICIAN])
        yield Visitor("other clinician", self.staff["other clinician"], roles=[Role.CLINICIAN])
        yield Visitor("reviewer", self.staff["reviewer"], roles=[Role.REVIEWER])
        yield Visitor("operator", self.staff["operator"], roles=[Role.OPERATOR])


def _years_ago(years: int) -> date:
    today = clock.today()
    return date(today.year - years, today.month, min(today.day, 28))


def _letter(word: str, person: Person, codes: Sequence[str], referrals: Sequence[Referral]) -> Item:
    unit = Unit.objects.create(
        resh=f"44{len(word)}{ord(word[0])}", name=f"{word}enhet", hospital="UNN Tromsø", phone="1", return_lines=["x"]
    )
    letter = Letter.objects.create(
        person=person,
        type=LetterType.objects.order_by("code")[0],
        unit=unit,
        source="dips",
        source_key=uuid4().hex,
        title=f"{word}tittel",
        body_html=f"<p>{word}tekst</p>",
        security_codes=list(codes),
        referral_ids=[each.pk for each in referrals],
        received_at=clock.now(),
        stage=Stage.DECIDED,
        digital=Digital.AVAILABLE,
        available_at=clock.now(),
        pages=1,
        content_sha256="a" * 64,
    )
    for kind, title in ((Document.Kind.LETTER, ""), (Document.Kind.ENCLOSURE, f"{word}vedlegg")):
        Document.objects.create(
            letter=letter,
            kind=kind,
            number=0 if kind == Document.Kind.LETTER else 1,
            title=title,
            data=PDF + word.encode(),
            sha256="b" * 64,
            pages=1,
        )
    facts = ItemFacts(tuple(codes), tuple(each.pk for each in referrals), unit.pk)
    return Item(letter, facts, word, _appointment(word, person, unit, facts))


def _appointment(word: str, person: Person, unit: Unit, facts: ItemFacts) -> Appointment:
    start = clock.now() + timedelta(days=3)
    return Appointment.objects.create(
        person=person,
        unit=unit,
        source="dips",
        source_key=uuid4().hex,
        status=Status.BOOKED,
        start=start,
        end=start + timedelta(minutes=30),
        service_category="27",
        title=f"{word}time",
        place=f"{word}sted",
        practitioner=f"{word}hvem",
        instruction=f"{word}forbered",
        flags=[flag.value for flag in Flag],
        security_codes=list(facts.codes),
        referral_ids=list(facts.referral_ids),
        received_at=clock.now(),
        sent_at=clock.now(),
    )
