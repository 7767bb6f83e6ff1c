"""From free times to the words of the pages where one is chosen, held and confirmed."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from appointments import presenters
from appointments.cards import Bookable, Day, Held, Time, Times, Week
from appointments.models import Appointment, Reservation, Schedule, Slot
from appointments.queries.sieve import FIRST_DAYS, MORE_DAYS, Sieve
from appointments.times import is_twice_on_the_clock, week_of
from portal.kernel import clock
from portal.ui import dates
from portal.ui.cards import Text

Places = Mapping[UUID, int]


def times(slots: Sequence[Slot], places: Places, sieve: Sieve, *, address: str) -> Times:
    """Free times by week and day, so many days as the sieve says, with one place of the page where each is."""
    by_day = [(day, list(each)) for day, each in groupby(slots, key=_day_of)]
    shown = by_day[: sieve.days]
    weeks = [
        Week(heading=_week_words(monday), days=[_day(day, found, places, slots) for day, found in each])
        for monday, each in groupby(shown, key=lambda pair: week_of(pair[0])[0])
    ]
    more = len(by_day) - len(shown)
    return Times(
        weeks=weeks,
        result_text=_result_words(sum(len(found) for _day_, found in by_day), len(by_day)),
        more_url=f"{address}?{urlencode(sieve.address(sieve.days + MORE_DAYS))}" if more else "",
        more_text=ngettext("Vis %(count)s dag til", "Vis %(count)s dager til", min(more, MORE_DAYS))
        % {"count": min(more, MORE_DAYS)},
        narrowed=sieve.narrowed,
        all_url=address,
    )


def _day_of(slot: Slot) -> date:
    return slot.start.astimezone(clock.OSLO).date()


def _week_words(monday: date) -> str:
    number = monday.isocalendar().week
    if monday == week_of(clock.today())[0]:
        return _("Denne uken (uke %(number)s)") % {"number": number}
    return _("Uke %(number)s") % {"number": number}


def _day(day: date, slots: Sequence[Slot], places: Places, everything: Sequence[Slot]) -> Day:
    return Day(heading=capfirst(dates.day(day)), times=[_time(slot, places, everything) for slot in slots])


def _time(slot: Slot, places: Places, everything: Sequence[Slot]) -> Time:
    """The first radio of the page has the id that the error summary's link leads to."""
    label = _hours(slot)
    left = places.get(slot.id)
    return Time(
        value=str(slot.id),
        label=label,
        id="id_slot_0" if slot is everything[0] else f"slot-{slot.id}",
        places=""
        if left is None
        else ngettext("%(count)s plass igjen", "%(count)s plasser igjen", left) % {"count": left},
    )


def _hours(slot: Slot) -> str:
    """ "10.15–10.45": the day stands above it."""
    twice = is_twice_on_the_clock(slot.start) or is_twice_on_the_clock(slot.end)
    return presenters.time_words(slot.start) if twice else dates.times(slot.start, slot.end)


def _result_words(count: int, days: int) -> str:
    if not count:
        return ""
    times_ = ngettext("%(count)s ledig time", "%(count)s ledige timer", count) % {"count": count}
    return ngettext("%(times)s på %(count)s dag.", "%(times)s på %(count)s dager.", days) % {
        "times": times_,
        "count": days,
    }


def held(reservation: Reservation, *, for_move: Appointment | None) -> Held:
    """A held time, and for how long."""
    unit = reservation.schedule.unit
    left = int((reservation.held_until - clock.real_now()).total_seconds())
    return Held(
        when=presenters.when(reservation.start, reservation.end),
        place=f"{unit.name}, {unit.hospital}",
        until_text=_("Vi holder timen av for deg til %(time)s.") % {"time": dates.time(reservation.held_until)},
        seconds=max(left, 0),
        old=presenters.when(for_move.start, for_move.end) if for_move is not None else None,
        asks_hospital=_("Vi spør sykehuset om å flytte timen. Den gamle timen gjelder til de har svart.")
        if for_move is not None
        else _("Vi ber sykehuset om timen. Den er avtalt når de har svart ja."),
    )


_WHY: Final[Mapping[str, Text]] = {
    Schedule.Booking.REFERRAL: _lazy("Har henvisning"),
    Schedule.Booking.INVITATION: _lazy("Har invitasjon"),
    Schedule.Booking.OPEN: _lazy("Åpen for alle"),
}


def bookable(schedules: Sequence[Schedule], group_places: Mapping[UUID, int]) -> list[Bookable]:
    """Where a time may be booked; `group_places` says how many places are left where one comes in a group."""
    return [_bookable(each, group_places) for each in schedules]


def _bookable(schedule: Schedule, group_places: Mapping[UUID, int]) -> Bookable:
    left = group_places.get(schedule.id)
    return Bookable(
        url=reverse("appointments:book-times", args=[schedule.id]),
        title=title_of(schedule),
        place=schedule.unit.hospital if not schedule.name else f"{schedule.unit.name}, {schedule.unit.hospital}",
        why=_WHY[schedule.booking],
        comment=schedule.comment,
        group=""
        if left is None
        else (
            ngettext("I gruppe, %(count)s plass igjen", "I gruppe, %(count)s plasser igjen", left) % {"count": left}
        ).replace(" plass", f"{dates.NBSP}plass"),
    )


def title_of(schedule: Schedule) -> str:
    """What a timebok is called to patients."""
    return schedule.name or schedule.unit.name


__all__ = ["FIRST_DAYS", "bookable", "held", "times", "title_of"]
