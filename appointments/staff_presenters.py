"""From rows to the words of the clinic's book: one day by the hour, and a week in numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments import staff_words as words
from appointments.models import Appointment
from appointments.queries.for_staff import BookDay, DayCount, FreeTime
from appointments.staff_desk import Desk
from appointments.states import LIVE, Status
from appointments.times import is_twice_on_the_clock
from portal.kernel import clock
from portal.people.models import Unit
from portal.ui import dates
from portal.ui.cards import Choice, Tone


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of a day: an appointment, or a free time where `free`."""

    time: str
    who: str
    status: str
    tone: Tone
    facts: list[str]
    url: str = ""
    warning: str = ""
    free: bool = False
    ended: bool = False
    close_url: str = ""


@dataclass(frozen=True)
class Hour:
    """What begins in one hour."""

    heading: str
    entries: list[Entry]


@dataclass(frozen=True, kw_only=True)
class Around:
    """Where one can go from a page of the book."""

    before_url: str
    before: str
    after_url: str
    after: str
    today_url: str
    views: list[Choice]


@dataclass(frozen=True, kw_only=True)
class DayPage:
    """One day of a unit."""

    heading: str
    summary: str
    hours: list[Hour]
    around: Around
    warnings: str
    cancel_url: str = ""
    open_url: str


@dataclass(frozen=True, kw_only=True)
class WeekDay:
    """One day of a week, in numbers."""

    heading: str
    url: str
    booked: str
    free: str
    cancelled: str
    today: bool
    empty: bool


@dataclass(frozen=True, kw_only=True)
class WeekPage:
    """One week of a unit."""

    heading: str
    days: list[WeekDay]
    around: Around


def day_page(unit: Unit, day: date, book: BookDay, desk: Desk) -> DayPage:
    """A day by the hour, with what is free and what overlaps."""
    entries = [(each.start, _entry(each, book.clashes, desk)) for each in book.appointments]
    entries += [(each.slot.start, _free(each)) for each in book.free if each.left]
    ordered = sorted((pair for pair in entries if pair[0] is not None), key=lambda pair: pair[0])  # type: ignore[arg-type,return-value]  # those without a time are left out
    by_hour = groupby(ordered, key=lambda pair: pair[0].astimezone(clock.OSLO).hour)  # type: ignore[union-attr]  # the same
    live = sum(each.status in LIVE for each in book.appointments)
    return DayPage(
        heading=capfirst(dates.day_and_relative(day)),
        summary=_summary(live, book),
        hours=[Hour(_("kl. %(hour)02d") % {"hour": hour}, [entry for _at, entry in found]) for hour, found in by_hour],
        around=_around(unit.pk, day, 1),
        warnings=_warnings(len(book.clashes)),
        cancel_url=address("clinic:cancel-day", unit.pk, day) if desk.clerk and day >= clock.today() else "",
        open_url=address("clinic:open", unit.pk, day),
    )


def week_page(unit: Unit, monday: date, counts: Sequence[DayCount]) -> WeekPage:
    """A week, a line for each day."""
    return WeekPage(
        heading=_("Uke %(number)s, %(first)s til %(last)s")
        % {
            "number": monday.isocalendar().week,
            "first": dates.plain_date(monday),
            "last": dates.plain_date(monday + timedelta(days=6)),
        },
        days=[_week_day(unit, each) for each in counts],
        around=_around(unit.pk, monday, 7),
    )


def address(name: str, unit_id: str, day: date) -> str:
    """A page of the book for a unit and a day."""
    return f"{reverse(name)}?{urlencode({'enhet': unit_id, 'dag': day.isoformat()})}"


def times_of(appointment: Appointment) -> str:
    """Its times that day: "10.15–10.45", with which of the two where the clocks show the time twice."""
    start, end = appointment.start, appointment.end
    if start is None or end is None:
        return _("uten tidspunkt")
    told = dates.times(start, end)
    if not is_twice_on_the_clock(start):
        return told
    summer = bool(start.astimezone(clock.OSLO).dst())
    return f"{told} ({_('sommertid') if summer else _('vintertid')})"


def _entry(appointment: Appointment, clashes: dict[UUID, str] | object, desk: Desk) -> Entry:
    status, tone = words.STATUSES[appointment.status]
    ending: bool = appointment.ending  # type: ignore[attr-defined]  # annotated by queries.for_staff
    if ending and appointment.status in LIVE:
        status, tone = words.ENDING, "warning"
    opens = desk.may_open(appointment.person_id, appointment.security_codes)
    clash = clashes.get(appointment.pk, "") if isinstance(clashes, dict) else ""
    return Entry(
        time=times_of(appointment),
        who=desk.names(appointment.person, appointment.security_codes),
        status=str(status),
        tone=tone,
        facts=_facts(appointment, opens=opens),
        url=reverse("clinic:case", args=[appointment.pk]) if opens else "",
        warning=_clash(clash, opens=opens),
        ended=appointment.status == Status.CANCELLED,
    )


def _clash(why: str, *, opens: bool) -> str:
    """That a patient is busy elsewhere is told to those who see the patient."""
    return words.say(words.CLASHES, why) if why == "resource" or (why and opens) else ""


def _facts(appointment: Appointment, *, opens: bool) -> list[str]:
    found = [words.say(words.CHANNELS, appointment.channel)]
    if appointment.schedule is not None and appointment.schedule.name:
        found.append(appointment.schedule.name)
    elif appointment.practitioner:
        found.append(appointment.practitioner)
    if opens and appointment.confirmed_at is not None and appointment.status == Status.BOOKED:
        found.append(_("Pasienten har bekreftet"))
    return found


def _free(time: FreeTime) -> Entry:
    group = time.slot.capacity > 1
    places = ngettext("%(n)s ledig plass", "%(n)s ledige plasser", time.left) % {"n": time.left}
    facts = [time.slot.schedule.name] if time.slot.schedule.name else []
    return Entry(
        time=dates.times(time.slot.start, time.slot.end),
        who=places if group else _("Ledig"),
        status=_("Gruppe") if group else "",
        tone="neutral",
        facts=facts,
        free=True,
        close_url=reverse("clinic:close", args=[time.slot.pk]) if not time.taken else "",
    )


def _summary(live: int, book: BookDay) -> str:
    left = sum(each.left for each in book.free)
    appointments = ngettext("%(n)s time", "%(n)s timer", live) % {"n": live}
    free = ngettext("%(n)s ledig plass", "%(n)s ledige plasser", left) % {"n": left}
    gone = sum(each.status == Status.CANCELLED for each in book.appointments)
    parts = [appointments, free]
    if gone:
        parts.append(ngettext("%(n)s avlyst", "%(n)s avlyste", gone) % {"n": gone})
    return ", ".join(parts)


def _warnings(count: int) -> str:
    if not count:
        return ""
    told = ngettext("%(n)s time overlapper en annen.", "%(n)s timer overlapper hverandre.", count) % {"n": count}
    return _("%(told)s Rett det i journalsystemet.") % {"told": told}


def _week_day(unit: Unit, count: DayCount) -> WeekDay:
    return WeekDay(
        heading=capfirst(dates.day(count.day)),
        url=address("clinic:book", unit.pk, count.day),
        booked=ngettext("%(n)s time", "%(n)s timer", count.booked) % {"n": count.booked},
        free=ngettext("%(n)s ledig", "%(n)s ledige", count.free) % {"n": count.free},
        cancelled=ngettext("%(n)s avlyst", "%(n)s avlyste", count.cancelled) % {"n": count.cancelled}
        if count.cancelled
        else "",
        today=count.day == clock.today(),
        empty=not (count.booked or count.free or count.cancelled),
    )


def _around(unit_id: str, day: date, days: int) -> Around:
    name = "clinic:book" if days == 1 else "clinic:week"
    step = timedelta(days=days)
    return Around(
        before_url=address(name, unit_id, day - step),
        before=_("Dagen før") if days == 1 else _("Uka før"),
        after_url=address(name, unit_id, day + step),
        after=_("Dagen etter") if days == 1 else _("Uka etter"),
        today_url=address(name, unit_id, clock.today()),
        views=[
            Choice(_("Dag"), address("clinic:book", unit_id, day), days == 1),
            Choice(_("Uke"), address("clinic:week", unit_id, day), days == 7),
        ],
    )
