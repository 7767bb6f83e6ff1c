"""Random families, items and instants for property tests, drawn where rules are known to break: at the borders.

What is drawn is plain words and values, so that a failing example reads as a story; `families` makes the rows.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from youth_access.ages import LIMITS, OSLO, turns
from youth_access.circumstances import ItemFacts
from youth_access.codes import Code
from youth_access.facts import Outcome

SECOND = timedelta(seconds=1)
UNKNOWN_CODE = "NORN_XYZ"
CODES = (*(code.value for code in Code), UNKNOWN_CODE)
BIRTHDAYS = (
    date(2014, 11, 22),
    date(2014, 7, 1),
    date(2013, 3, 31),  # turns 12, 13 and 16 near the night the clocks go forward
    date(2014, 10, 26),  # and back
    date(2012, 2, 29),
    date(2014, 1, 1),
    date(2013, 12, 31),
)
RESPONSIBLE = ((), ("mother",), ("father",), ("former",))
AT_HOME = ((), ("mother",), ("father",), ("former",), ("stranger",))
ORDINARY: dict[str, Any] = {
    "responsible_are": ("mother", "father"),
    "at_home": ("mother", "father"),
    "kind": "felles",
    "with_guardian": None,
    "with_proxy": None,
    "protected": (),
    "consented": True,
}
ODD: dict[str, SearchStrategy[Any]] = {
    "responsible_are": st.sampled_from(RESPONSIBLE),
    "at_home": st.sampled_from(AT_HOME),
    "kind": st.sampled_from(["mor", "far", "medmor", "andre", "ukjent"]),
    "with_guardian": st.booleans(),
    "with_proxy": st.booleans(),
    "protected": st.sampled_from([("child",), ("mother",), ("proxy",)]),
    "consented": st.just(False),
}


def midnight(day: date) -> datetime:
    """The midnight in Oslo that begins a day, in UTC."""
    return datetime.combine(day, time(), tzinfo=OSLO).astimezone(UTC)


def borders(born: date) -> list[datetime]:
    """Every midnight at which age opens or closes something for a child born that day."""
    days = {turns(born, limit, gains=gains) for limit in LIMITS for gains in (True, False)}
    return [midnight(day) for day in sorted(days)]


def beside(instant: datetime) -> SearchStrategy[datetime]:
    """An instant, the second before and the second after, and a microsecond to each side."""
    near = (-SECOND, -timedelta(microseconds=1), timedelta(), timedelta(microseconds=1), SECOND)
    return st.sampled_from([instant + each for each in near])


def nights_the_clock_changes(year: int) -> tuple[datetime, datetime]:
    """The instants at which Oslo's clocks go forward and back."""

    def last_sunday(month: int) -> date:
        last = date(year, month, 31)
        return last - timedelta(days=(last.weekday() + 1) % 7)

    return tuple(datetime.combine(last_sunday(month), time(1), tzinfo=UTC) for month in (3, 10))  # type: ignore[return-value]  # two months, two nights


def instants(born: date) -> SearchStrategy[datetime]:
    """Borders of age a second to each side, midnights, nights when clocks change, and any instant from 10 to 20."""
    start, end = midnight(turns(born, 10, gains=True)), midnight(turns(born, 20, gains=True))
    nights = [at for year in range(start.year, end.year) for at in nights_the_clock_changes(year)]
    any_time = st.datetimes(start.replace(tzinfo=None), end.replace(tzinfo=None), timezones=st.just(UTC))
    ten, twelve, sixteen = (midnight(turns(born, age, gains=False)) for age in (10, 12, 16))
    return st.one_of(
        st.sampled_from([ten, twelve - SECOND, twelve, sixteen - SECOND, sixteen]),
        st.sampled_from(borders(born)).flatmap(beside),
        st.sampled_from(nights).flatmap(beside),
        any_time.map(lambda at: midnight(at.astimezone(OSLO).date())).flatmap(beside),
        any_time,
    )


def births() -> SearchStrategy[date]:
    """Days of birth, the awkward ones often."""
    return st.one_of(st.sampled_from(BIRTHDAYS), st.dates(date(2006, 1, 1), date(2016, 12, 31)))


def codes() -> SearchStrategy[tuple[str, ...]]:
    """The codes on an item: most often none or one, also several and unknown ones."""
    return st.one_of(
        st.sampled_from([(), ("N",), ("NORN_FORANS",), ("NORN_UNGDOM",)]),
        st.lists(st.sampled_from(CODES), max_size=3, unique=True).map(lambda found: tuple(sorted(found))),
    )


def outcomes() -> SearchStrategy[str]:
    """What a clinician may decide."""
    return st.sampled_from([each.value for each in Outcome])


@st.composite
def items(
    draw: st.DrawFn,
    instant: datetime,
    referrals: Sequence[UUID] = (),
    people: Sequence[UUID] = (),
    units: Sequence[str] = ("",),
) -> ItemFacts:
    """What the rules ask of one item, tied to these referrals, people and units."""
    tied = st.lists(st.sampled_from(list(referrals)), max_size=2, unique=True) if referrals else st.just([])
    return ItemFacts(
        codes=draw(codes()),
        referral_ids=tuple(draw(tied)),
        unit_id=draw(st.sampled_from(list(units))),
        withheld_until=draw(st.one_of(*[st.none()] * 4, beside(instant), beside(instant + timedelta(days=30)))),
        confidential_type=draw(st.booleans()) and draw(st.booleans()),
        signed=draw(st.booleans()) or draw(st.booleans()),
        by_youth=draw(st.booleans()) and draw(st.booleans()),
        to_youth=draw(st.booleans()) and draw(st.booleans()),
        opened_by=draw(st.one_of(st.none(), st.sampled_from(list(people)))) if people else None,
    )


@st.composite
def families(draw: st.DrawFn) -> dict[str, Any]:
    """The words for `families.family`: an ordinary home but for up to three things."""
    odd = draw(st.sets(st.sampled_from(sorted(ODD)), max_size=3))
    return {"born": draw(births()), **ORDINARY, **{each: draw(ODD[each]) for each in sorted(odd)}}
