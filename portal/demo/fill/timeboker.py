"""Timebøker, free times and appointments of the synthetic region. All of it is made up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, TypedDict

from portal.counterparts.standins.appointment_order import Words
from portal.counterparts.standins.units import BLOOD_BANK, COURSES
from portal.kernel import calendar
from portal.kernel.clock import OSLO

ANYTHING: Final = ("cancel", "canChangeAppointment", "canUseShortNotice", "canChangeConferenceType", "canAcknowledge")
_DAYS_AHEAD: Final = 15
_CALL_IN_EVERY: Final = 5
"""Every fifth of the letters that the hospital has sent is a call-in letter for the knee; see `texts`."""


class FreeTime(TypedDict):
    """What a free time is made from."""

    start: datetime
    minutes: int
    capacity: int


@dataclass(frozen=True, kw_only=True)
class Timebok:
    """One clinician's or one group's times; `hours` are when they begin, on working days `every` so many."""

    name: str
    resh: str
    hpr: str
    hours: tuple[time, ...]
    type_code: str = "Poliklinisktime"
    booking: str = "closed"
    minutes: int = 30
    capacity: int = 1
    every: int = 1


_MORNING: Final = (time(9), time(10, 15), time(12, 30), time(14))
TIMEBOKER: Final = (
    Timebok(name="Berit Lund", resh="4208101", hpr="9000101", hours=_MORNING, booking="referral"),
    Timebok(name="Nils Aune", resh="4208101", hpr="9000102", hours=(time(8, 30), time(13, 15)), booking="referral"),
    Timebok(name="Sissel Berg", resh="4208102", hpr="9000103", hours=_MORNING),
    Timebok(name="Ola Strand", resh="4208201", hpr="9000104", hours=(time(11), time(15, 30))),
    Timebok(name="Blodgivning", resh=BLOOD_BANK, hpr="9000105", hours=_MORNING, type_code="Blodbank", booking="open"),
    Timebok(
        name="Kurs: Leve med hjertesykdom",
        resh=COURSES,
        hpr="9000106",
        hours=(time(17),),
        type_code="Personlig",
        booking="open",
        minutes=120,
        capacity=8,
        every=5,
    ),
)
_PREPARATION: Final = "Ta med en liste over medisinene du bruker. Ta på deg klær som er lette å få av."


def free_times(timebok: Timebok, today: date) -> Iterator[FreeTime]:
    """Its free times on the working days to come."""
    for number in range(1, _DAYS_AHEAD + 1, timebok.every):
        day = calendar.add_working_days(today, number)
        for hour in timebok.hours:
            start = datetime.combine(day, hour, tzinfo=OSLO)
            yield FreeTime(start=start, minutes=timebok.minutes, capacity=timebok.capacity)


def words(number: int, resh: str, today: date) -> Words:
    """The appointment of the region's reader with this number: one is tomorrow, one by video, the others spread out."""
    timebok = next((each for each in TIMEBOKER if each.resh == resh and each.booking != "open"), None)
    day = calendar.add_working_days(today, 1 if number % 9 == 4 else 3 + number % 17)
    video = number % 6 == 0
    return Words(
        number=f"T-2026-{number:06}",
        title="Videosamtale" if video else "Undersøkelse" if number % 2 else "Kontroll",
        start=datetime.combine(day, time(8 + number % 6, 10), tzinfo=OSLO),
        contact_type="6" if video else "3",
        category="30" if resh == "4208301" else "27",
        instruction="" if video else _PREPARATION,
        flags=ANYTHING if number % 4 else ("canAcknowledge",),
        video="https://video.eksempel.no/rom/venterom" if video else "",
        referral=f"H-2026-{number:06}",
        letter=f"B-2026-{number:06}" if number % _CALL_IN_EVERY == 1 else "",
        clinician=timebok.name if timebok else "",
        hpr=timebok.hpr if timebok else "",
    )
