"""From appointments to the words that lists, pages and the front page share."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from appointments.cards import Note, Row, When
from appointments.codes import Flag
from appointments.models import Appointment, Clinic, PreparationTask, Request
from appointments.states import Asked, Status
from appointments.times import is_twice_on_the_clock
from portal.kernel import clock
from portal.ui import dates
from portal.ui.cards import TaskCard, Text, Tone

_CHANNELS: Final[Mapping[str, Text]] = {"url": _lazy("Videotime"), "phone": _lazy("Telefontime")}
HOSPITALS: Final = "nb"
"""The language that hospitals write in; pages in another language mark their words so."""
_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_ICONS: Final = {"url": "mobile-small", "phone": "phone"}


def when(start: datetime | None, end: datetime | None = None) -> When:
    """A time with its calendar leaf."""
    if start is None:
        return When(leaf=None, day=_("Tidspunktet er ikke bestemt ennå"))
    return When(
        leaf=dates.leaf(start),
        day=dates.day(start),
        time=time_words(start, end),
        relative=dates.relative(start) if start >= clock.now() else "",
        iso=start.isoformat(),
    )


def time_words(start: datetime, end: datetime | None = None) -> str:
    """ "kl. 10.15–11.00"; on the night when an hour comes twice, which of the two."""
    same_day = end is not None and end.astimezone(clock.OSLO).date() == start.astimezone(clock.OSLO).date()
    words = dates.time(start)
    if end is not None and same_day and not (is_twice_on_the_clock(start) or is_twice_on_the_clock(end)):
        at, _space, _time = words.partition(dates.NBSP)
        return f"{at}{dates.NBSP}{dates.times(start, end)}"
    return f"{words}{_which_hour(start)}"


def moment_words(instant: datetime) -> str:
    """Day and time of one instant, told apart on the night when an hour comes twice."""
    return f"{dates.moment(instant)}{_which_hour(instant)}"


def _which_hour(instant: datetime) -> str:
    if not is_twice_on_the_clock(instant):
        return ""
    summer = bool(instant.astimezone(clock.OSLO).dst())
    return f"{dates.NBSP}({_('sommertid')})" if summer else f"{dates.NBSP}({_('vintertid')})"


def title_of(appointment: Appointment) -> str:
    """What the appointment is called; the sender's own words where there are any."""
    return appointment.title or str(_CHANNELS.get(appointment.channel, _("Time på sykehuset")))


def unit_words(appointment: Appointment) -> str:
    """The unit and its hospital, as patients know them."""
    return f"{appointment.unit.name}, {appointment.unit.hospital}"


def place_words(appointment: Appointment) -> str:
    """Where to be: the unit, or how, where there is nowhere to go."""
    if appointment.channel in _CHANNELS:
        return f"{_CHANNELS[appointment.channel]}, {appointment.unit.name}"
    return unit_words(appointment)


def state(appointment: Appointment, asked: Sequence[Request] = ()) -> tuple[str, Tone]:
    """One or two words for where it stands, where that is anything but plainly booked."""
    if appointment.status == Status.CANCELLED:
        return (_("Sykehuset sa nei"), "warning") if was_refused(asked) else (_("Avlyst"), "danger")
    if appointment.status == Status.NOSHOW:
        return _("Ikke møtt"), "neutral"
    waiting = next((each for each in asked if each.state in (Asked.WAITING, Asked.FAILED)), None)
    if waiting is not None and waiting.kind in _WAITS:
        return str(_WAITS[waiting.kind]), "warning"
    if appointment.status == Status.PROPOSED:
        return (_("Venter på svar"), "warning") if _ahead(appointment) else (_("Ble ikke avtalt"), "neutral")
    if appointment.confirmed_at is not None and _ahead(appointment):
        return _("Bekreftet"), "success"
    return "", "neutral"


_WAITS: Final[Mapping[str, Text]] = {
    Request.Kind.BOOK: _lazy("Venter på svar"),
    Request.Kind.MOVE: _lazy("Venter på ny tid"),
    Request.Kind.CANCEL: _lazy("Avlysing er sendt"),
}


def was_refused(asked: Sequence[Request]) -> bool:
    """Whether the appointment came to nothing because the hospital could not give it."""
    return any(each.kind == Request.Kind.BOOK and each.state == Asked.REFUSED for each in asked)


def _ahead(appointment: Appointment) -> bool:
    return appointment.start is not None and appointment.start > clock.now()


def notes(appointment: Appointment, asked: Sequence[Request], *, may_withdraw: bool = False) -> list[Note]:
    """What has been asked and not answered, and the newest answer that was a no."""
    found = [_waiting_note(each, may_withdraw) for each in asked if each.state in (Asked.WAITING, Asked.FAILED)]
    newest = next((each for each in asked if each.kind in _REFUSED), None)
    if newest is not None and newest.state == Asked.REFUSED and appointment.status == Status.BOOKED:
        found.append(Note(text=_refused_words(newest), tone="warning"))
    return [each for each in found if each.text]


def _waiting_note(request: Request, may_withdraw: bool) -> Note:
    text = str(_WAITING.get(request.kind, ""))
    reserved = request.reservation
    if request.kind == Request.Kind.MOVE and reserved is not None:
        text = _(
            "Vi har bedt sykehuset om å flytte timen til %(when)s. Timen som står her, gjelder til sykehuset har svart."
        ) % {"when": moment_words(reserved.start)}
    withdraws = may_withdraw and request.state == Asked.WAITING and request.kind in _WITHDRAWS
    return Note(
        text=text,
        tone="info",
        withdraw_url=reverse("appointments:withdraw", args=[request.id]) if withdraws else "",
        withdraw_label=str(_WITHDRAWS.get(request.kind, "")),
    )


_WAITING: Final[Mapping[str, Text]] = {
    Request.Kind.BOOK: _lazy("Vi har bedt sykehuset om denne timen. Den er avtalt når sykehuset har svart ja."),
    Request.Kind.CANCEL: _lazy("Vi har sagt fra til sykehuset at du vil avlyse. Timen står til sykehuset har svart."),
    Request.Kind.SHORT_NOTICE: _lazy("Sykehuset får vite at det passer på kort varsel. Timen er som før."),
    Request.Kind.CONFIRM: _lazy("Sykehuset får vite at timen passer."),
    Request.Kind.VIDEO: _lazy("Vi har spurt sykehuset om timen kan være på video. Den er som før til de har svart."),
}
_WITHDRAWS: Final[Mapping[str, Text]] = {
    Request.Kind.VIDEO: _lazy("Trekk spørsmålet tilbake"),
}
_REFUSED: Final[Mapping[str, Text]] = {
    Request.Kind.MOVE: _lazy("Sykehuset kunne ikke flytte timen. Timen som står her, gjelder som før."),
    Request.Kind.CANCEL: _lazy("Sykehuset kunne ikke avlyse timen slik du ba om. Ring hvis du ikke kan komme."),
    Request.Kind.VIDEO: _lazy("Sykehuset kan ikke ta timen på video. Møt opp som avtalt."),
}


def _refused_words(request: Request) -> str:
    return " ".join(filter(None, (str(_REFUSED[request.kind]), answer_words(request))))


def answer_words(request: Request) -> str:
    """What the hospital answered, where that is words to a patient and not a code of the record system's."""
    told = request.answer.strip()
    to_a_person = request.answered_by is not None or " " in told
    return _("Svaret var: «%(told)s»") % {"told": told} if told and to_a_person else ""


def row(appointment: Appointment, asked: Sequence[Request] = (), parts: Sequence[Row] = ()) -> Row:
    """One appointment in a list."""
    text, tone = state(appointment, asked)
    told = notes(appointment, asked)
    over = appointment.status == Status.CANCELLED
    shown = when(appointment.start, appointment.end)
    return Row(
        id=appointment.id,
        url=reverse("appointments:appointment", args=[appointment.id]),
        title=title_of(appointment),
        title_language=HOSPITALS if appointment.title else "",
        when=replace(shown, relative="") if over else shown,
        place=place_words(appointment),
        state=text,
        tone=tone,
        note=told[0].text if told else "",
        parts=list(parts),
        over=over,
        channel_icon=_ICONS.get(appointment.channel, ""),
    )


def bundles(appointments: Sequence[Appointment], asked: Mapping[UUID, list[Request]]) -> list[Row]:
    """Appointments in a list, those that belong together as one row where its main appointment is in the list.

    A part stands alone where the main one is hidden or over. The row has the time of the first of them.
    """
    mains = {each.id for each in appointments if each.part_of_id is None}
    parts: dict[UUID, list[Appointment]] = {}
    for each in appointments:
        if each.part_of_id in mains:
            parts.setdefault(each.part_of_id, []).append(each)
    alone = [each for each in appointments if each.part_of_id not in mains]
    return [_bundle(each, parts.get(each.id, []), asked) for each in _by_first_time(alone, parts)]


def _by_first_time(alone: list[Appointment], parts: Mapping[UUID, list[Appointment]]) -> list[Appointment]:
    return sorted(alone, key=lambda each: min(one.start or _NEVER for one in (each, *parts.get(each.id, []))))


def _bundle(main: Appointment, parts: Sequence[Appointment], asked: Mapping[UUID, list[Request]]) -> Row:
    if not parts:
        return row(main, asked.get(main.id, []))
    everything = sorted((main, *parts), key=lambda each: each.start or _NEVER)
    rows = [row(each, asked.get(each.id, [])) for each in everything]
    first = everything[0].start
    when_ = replace(rows[0].when, time=_("fra %(time)s") % {"time": dates.time(first)}) if first else rows[0].when
    return replace(row(main, asked.get(main.id, []), rows), when=when_)


def count_words(count: int) -> str:
    """How many parts a bundle has."""
    return ngettext("%(count)s avtale som hører sammen", "%(count)s avtaler som hører sammen", count) % {"count": count}


def confirm_card(appointment: Appointment) -> TaskCard:
    """An appointment on the front page that waits for a word that the patient comes."""
    start = appointment.start
    return TaskCard(
        title=_("Bekreft timen «%(title)s»") % {"title": title_of(appointment)},
        url=reverse("appointments:appointment", args=[appointment.id]),
        sender=unit_words(appointment),
        icon="calendar",
        deadline_text=capfirst(moment_words(start)) if start else "",
        deadline_near=start is not None and dates.is_near(start),
        due_at=start,
    )


def task_card(task: PreparationTask) -> TaskCard:
    """Something to do before an appointment, on the front page."""
    start = task.appointment.start
    return TaskCard(
        title=task.title,
        url=f"{reverse('appointments:appointment', args=[task.appointment_id])}#forberedelser",
        sender=unit_words(task.appointment),
        icon="clipboard-checkmark" if task.kind == PreparationTask.Kind.FORM else "file-text",
        deadline_text=_("Før timen %(when)s") % {"when": moment_words(start)} if start else "",
        deadline_near=start is not None and dates.is_near(start),
        due_at=start,
    )


def phone_link(phone: str) -> str:
    """The address that dials a Norwegian number."""
    return f"tel:+47{phone.replace(' ', '')}" if phone else ""


def fee_words(clinic: Clinic) -> str:
    """Until when cancelling is free, and what it costs not to come, as the clinic has it."""
    hours = clinic.cancel_unit == Clinic.LimitUnit.HOURS
    number = clinic.cancel_limit
    before = (
        ngettext("%(number)s time", "%(number)s timer", number)
        if hours
        else ngettext("%(number)s virkedag", "%(number)s virkedager", number)
    ) % {"number": number}
    if not clinic.fee:
        return _("Si fra senest %(before)s før timen hvis du ikke kan komme.") % {"before": before}
    return _("Si fra senest %(before)s før timen, ellers må du betale et gebyr på %(fee)s kroner.") % {
        "before": before,
        "fee": _kroner(clinic),
    }


def missed_words(clinic: Clinic) -> str:
    """What it costs not to come, once it is too late to cancel for free; empty where the clinic takes nothing."""
    if not clinic.fee:
        return ""
    return _("Møter du ikke, må du betale et gebyr på %(fee)s kroner.") % {"fee": _kroner(clinic)}


def _kroner(clinic: Clinic) -> str:
    return f"{clinic.fee:,}".replace(",", dates.NBSP)


def may_change_by_phone(appointment: Appointment) -> bool:
    """Whether the clinic wants to be spoken with about another time."""
    return Flag.CHANGE_BY_DIALOGUE in appointment.flags and Flag.CHANGE not in appointment.flags
