"""Short words for describing the cast: a person in a line or three instead of twenty."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zlib import crc32

from portal.counterparts.standins.numbers import number_for
from portal.counterparts.standins.person import Address, Contact, Person, Responsibility

FRESH_DAYS = 60
STALE_DAYS = 580
"""Nineteen months: just over the eighteen of eForvaltningsforskriften § 32."""

MOBILES_FROM = 40_000_000


def home(street: str, postal_code: str, town: str, dwelling: str | None = None) -> Address:
    """A Norwegian address with one street line."""
    return Address((street,), postal_code, town, dwelling_id=dwelling)


def birthday(today: date, *, age: int, in_days: int) -> date:
    """The birth date of someone who turns `age` in so many days."""
    day = today + timedelta(days=in_days)
    if (day.month, day.day) == (2, 29):
        day += timedelta(days=1)
    return day.replace(year=day.year - age)


class Casting:
    """Makes persons for a region whose first day is `today`."""

    def __init__(self, today: date, group: str) -> None:
        self.today = today
        self.group = group

    def person(self, slug: str, name: str, born: date, note: str, *, lives: Address | None = None) -> Person:
        """A citizen with fresh contact details. The last word of the name is the family name."""
        given, *middle, family = name.split("|") if "|" in name else name.split(" ")
        return Person(
            slug=slug,
            pid=number_for(slug, born),
            given_name=given,
            middle_name=" ".join(middle) or None,
            family_name=family,
            birth_date=born,
            birth_year=born.year,
            note=note,
            group=self.group,
            residence=lives,
            contact=self.contact(slug),
        )

    def user(self, slug: str, name: str, born: date, note: str, *, lives: Address | None = None) -> Person:
        """A citizen who has used the portal before."""
        return replace(self.person(slug, name, born, note, lives=lives), active=True)

    def contact(self, slug: str, *, email_days: int = FRESH_DAYS, mobile_days: int = FRESH_DAYS) -> Contact:
        """An entry with both contact points, each last verified so many days ago."""
        email_at, mobile_at = self._days_ago(email_days), self._days_ago(mobile_days)
        return Contact(
            email=f"{slug}@epost.example",
            email_updated=email_at,
            email_verified=email_at,
            mobile=f"+47{MOBILES_FROM + crc32(slug.encode()) % 1_000_000}",
            mobile_updated=mobile_at,
            mobile_verified=mobile_at,
        )

    def child(self, child: Person, *parents: Person, kind: str = "felles") -> Person:
        """The child with parental responsibility from birth, and neither account nor contact details of its own."""
        rows = tuple(Responsibility(kind, parent.pid, child.birth_date) for parent in parents)
        return replace(
            child,
            parents=tuple(parent.pid for parent in parents),
            parental_responsibility=rows,
            can_sign_in=False,
            contact=Contact(registered=False),
        )

    def youth(self, youth: Person, *parents: Person, kind: str = "felles") -> Person:
        """As `child`, for one old enough to have a BankID and a mobile of their own."""
        return replace(self.child(youth, *parents, kind=kind), can_sign_in=True, contact=self.contact(youth.slug))

    def adult(self, slug: str, name: str, born: date, note: str, *, lives: Address | None = None) -> Person:
        """A citizen who is here for others, and gets no letter of their own when the demo is filled."""
        return replace(self.person(slug, name, born, note, lives=lives), letter=False)

    def _days_ago(self, days: int) -> datetime:
        return datetime.combine(self.today - timedelta(days=days), time(12), UTC)
