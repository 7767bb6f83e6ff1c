"""A household as time passes: what has been said of everyone, and what plain reason then expects.

The expectation is worked out from the story alone, never from the tables or `decide`: it says for each viewer what
they must see, and what they must not, wherever the law leaves no doubt.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.utils.functional import cached_property

from letters.models import Document, Letter, LetterType
from letters.queries import access, on_screen
from letters.states import Digital, Stage
from portal.kernel import clock
from tests.youth_access import families
from tests.youth_access.families import OTHER_HOME, Family
from youth_access.ages import OSLO
from youth_access.circumstances import ItemFacts
from youth_access.codes import KNOWN, WITHHELD
from youth_access.eyes import Eyes, eyes_for
from youth_access.facts import Service
from youth_access.listing import Listing
from youth_access.models import Fullmakt
from youth_access.visible import visible

DAY: Final = timedelta(hours=24)
PARENTS: Final = ("mother", "father")
HIDES_FROM_ALL: Final = {*(code.value for code in WITHHELD), "NORN_EPO"}


@dataclass
class Thing:
    """Something in the household's service, carried by a row of letters whose `source` is its name."""

    facts: ItemFacts
    name: str = field(default_factory=lambda: uuid4().hex[:12])
    id: UUID = field(default_factory=uuid4)


class Household:
    """One child and its people, at an instant that only moves forward."""

    def __init__(self, now: datetime, service: Service, words: dict[str, Any]) -> None:
        self.born: date = words["born"]
        self.now, self.service = now, service
        with self.still():
            self.family: Family = families.family(**words)
        at_home = {"child", *words.get("at_home", PARENTS)}
        self.home = {who: families.ONE_HOME if who in at_home else OTHER_HOME for who in self.family.relatives}
        usable = words.get("kind", "felles") not in ("andre", "ukjent")
        self.responsible = set(words.get("responsible_are", PARENTS)) if usable else set()
        self.seen: dict[str, datetime | None] = dict.fromkeys(self.family.relatives, now)
        self.protected = set(words.get("protected", ()))
        self.guardian_is: bool | None = words.get("with_guardian")
        self.consented: bool = words.get("consented", False)
        self.blocked: set[str] = set()
        given = Fullmakt.objects.filter(giver=self.family.child).first()
        self.given = {"proxy": given} if given is not None else {}
        self.things: dict[str, Thing] = {}
        self.dead = False

    @contextmanager
    def still(self) -> Iterator[None]:
        """The clock standing at this household's now."""
        with clock.stopped_at(self.now):
            yield

    def add(self, thing: Thing) -> None:
        """Put a thing in its place. A letter is known by its own columns, the rest by the facts we hold here."""
        facts = thing.facts
        if self.service == Service.LETTER:
            thing.facts = facts = ItemFacts(facts.codes, facts.referral_ids, facts.unit_id, facts.withheld_until)
        letter = Letter.objects.create(
            id=thing.id,
            person=self.family.child,
            type=self.letter_type,
            unit_id=facts.unit_id or families.unit().pk,
            security_codes=list(facts.codes),
            referral_ids=list(facts.referral_ids),
            withheld_until=facts.withheld_until,
            source=thing.name,
            source_key=thing.name,
            title=thing.name,
            body_html="<p>x</p>",
            received_at=self.now,
            stage=Stage.DECIDED,
            digital=Digital.AVAILABLE,
            available_at=self.now,
        )
        Document.objects.create(letter=letter, kind=Document.Kind.LETTER, data=b"%PDF", sha256="a" * 64, pages=1)
        self.things[thing.name] = thing

    def set_codes(self, name: str, codes: tuple[str, ...]) -> None:
        """Other codes on a thing."""
        thing = self.things[name]
        thing.facts = replace(thing.facts, codes=codes)
        Letter.objects.filter(pk=thing.id).update(security_codes=list(codes))

    @cached_property
    def letter_type(self) -> LetterType:
        """Any type."""
        found = LetterType.objects.first()
        assert found is not None
        return found

    def eyes(self, who: str) -> Eyes:
        """The eyes of one of them on the child."""
        people = self.family.relatives
        return eyes_for(families.viewer(people[who]), self.family.child.pk, self.now)

    def decided(self, eyes: Eyes) -> set[str]:
        """What `decide` lets these eyes see, thing by thing."""
        return {name for name, thing in self.things.items() if eyes.decide(self.service, thing.facts).see}

    def listed(self, eyes: Eyes) -> set[str]:
        """What the list filter keeps; count and look-up must say the same, and for letters every other reader."""
        if self.service == Service.LETTER:
            return self._letters(eyes)
        rows = visible(
            eyes,
            Listing(
                self.service,
                lambda patient_id: Letter.objects.filter(person_id=patient_id),
                lambda _eyes: ("source",),
                lambda name: self.things[name].facts,
            ),
        )
        names = list(rows.values_list("source", flat=True))
        assert rows.count() == len(names) == len(set(names))
        one = next(iter(self.things.values()))
        assert rows.filter(pk=one.id).exists() == (one.name in names)
        return set(names)

    def _letters(self, eyes: Eyes) -> set[str]:
        rows = list(on_screen.visible_to(eyes))
        names = {row.source for row in rows}
        assert on_screen.unread_count(eyes) == len(rows) == len(names)
        assert {row.source for row in on_screen.inbox(eyes).letters} == names
        assert {row.source for row in on_screen.waiting(eyes, 25)} == names
        eyes.look_anew()
        assert {row.source for row in on_screen.inbox(eyes).letters} == names
        assert on_screen.unread_count(eyes) == len(names)
        one = next(iter(self.things.values()))
        seen = one.name in names
        assert [row.source for row in on_screen.inbox(eyes, search=one.name).letters] == [one.name] * seen
        assert (on_screen.one(eyes, one.id) is not None) == seen
        assert (on_screen.document(eyes, one.id) is not None) == seen
        letter = Letter.objects.get(pk=one.id)
        told = access.reader_of_letter(letter, eyes.viewer.person_id, self.now).decision.notify == "message"
        assert told == seen
        return names

    def agrees_about(self, who: str) -> set[str]:
        """What this one sees; list, count, look-up, decision and plain reason all say so."""
        eyes = self.eyes(who)
        seen = self.decided(eyes)
        assert self.listed(eyes) == seen, who
        assert self.must_see(who) <= seen, (who, eyes.relation)
        assert seen <= self.may_see(who), (who, eyes.relation)
        return seen

    # What plain reason expects.

    def age(self, *, gains: bool) -> int:
        """Whole years in Oslo; born on 29 February one gains on 1 March, and others lose on 28 February."""
        today = self.now.astimezone(OSLO).date()
        birthday = (self.born.month, self.born.day)
        if birthday == (2, 29) and today.year % 4 != 0:
            birthday = (3, 1) if gains else (2, 28)
        return today.year - self.born.year - ((today.month, today.day) < birthday)

    def fresh(self, who: str) -> bool:
        """Whether the register has told about the child and this one within a day."""
        seen = (self.seen[who], self.seen["child"])
        return all(at is not None and self.now - at <= DAY for at in seen)

    def may_represent(self, who: str) -> bool:
        """Whether a parent may act for the child at all, as a child."""
        somebody_home = any(
            self.home[each] == self.home["child"] != "" for each in {*self.responsible, "mother", "father", "former"}
        )
        return (
            who in self.responsible
            and somebody_home
            and self.fresh(who)
            and not self.protected & {who, "child"}
            and not self.blocked & {who, "everyone"}
            and not self.dead
            and self.age(gains=False) < 16
        )

    def hidden_from_all(self, thing: Thing) -> bool:
        """Whether no citizen may see it, whoever they are."""
        facts, codes = thing.facts, set(thing.facts.codes)
        until = facts.withheld_until
        waits = self.now < until if until is not None else "NORU" in codes
        unfinished = self.service == Service.JOURNAL and not facts.signed
        return bool(codes & HIDES_FROM_ALL) or not codes <= KNOWN or waits or unfinished or self.dead

    def holds_fullmakt(self, who: str, thing: Thing) -> bool:
        """Whether a fullmakt covers this thing now."""
        given = self.given.get(who)
        return (
            given is not None
            and given.starts_at <= self.now
            and (given.ends_at is None or self.now < given.ends_at)
            and self.service.value in given.areas
            and not self.protected & {who, "child"}
            and self.age(gains=True) >= 16
        )

    def must_see(self, who: str) -> set[str]:
        """What this one sees beyond doubt."""
        open_ones = {name: thing for name, thing in self.things.items() if not self.hidden_from_all(thing)}
        if who == "child":
            return set(open_ones) if self.age(gains=True) >= 16 else set()
        if who in PARENTS and self.may_represent(who) and self.age(gains=False) < 12:
            return {name for name, thing in open_ones.items() if "NORN_FORANS" not in thing.facts.codes}
        return {name for name, thing in open_ones.items() if self.holds_fullmakt(who, thing)}

    def may_see(self, who: str) -> set[str]:
        """What this one could see at the most; at 12–15 the rest is for the table to say."""
        return {name for name, thing in self.things.items() if self._may(who, thing)}

    def _may(self, who: str, thing: Thing) -> bool:
        if self.hidden_from_all(thing):
            return False
        if who == "child":
            age = self.age(gains=True)
            return age >= 16 or (age >= 13 and (self.consented or thing.facts.to_youth))
        if self.holds_fullmakt(who, thing):
            return True
        if who == "guardian":
            return bool(self.guardian_is) and not self.protected & {who, "child"} and self.fresh(who)
        return self.may_represent(who) and "NORN_FORANS" not in thing.facts.codes
