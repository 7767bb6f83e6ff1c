"""From one appointment's rows to the clinic's page: facts and history, and words for those who treat the patient."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from appointments import staff_words as words
from appointments.models import Appointment, AppointmentLine, Request
from appointments.queries import for_staff
from appointments.staff_desk import Standing, full_name
from appointments.staff_presenters import address, times_of
from portal.kernel import clock
from portal.ui import dates
from portal.ui.cards import Action, Cell, Table, TimelineEntry, Tone


@dataclass(frozen=True, slots=True)
class Fact:
    """A word and what it is."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Case:
    """One appointment's page."""

    heading: str
    patient: str
    unit: str
    status: str
    tone: Tone
    facts: list[Fact]
    texts: list[Fact]
    without_words: str
    requests: Table | None
    timeline: list[TimelineEntry]
    back_url: str
    actions: list[Action] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class RequestPage:
    """One request's page."""

    heading: str
    patient: str
    unit: str
    status: str
    tone: Tone
    facts: list[Fact]
    comment: str
    without_words: str
    case_url: str
    answered: str = ""


def case(appointment: Appointment, standing: Standing) -> Case:
    """The page. `appointment` comes from `queries.for_staff.case`."""
    status, tone = words.STATUSES[appointment.status]
    names = for_staff.names_of(_staff_ids(appointment))
    day = appointment.start.astimezone(clock.OSLO).date() if appointment.start else clock.today()
    requests = list(appointment.requests.all())
    return Case(
        heading=capfirst(_when(appointment)),
        patient=full_name(appointment.person, standing),
        unit=str(appointment.unit),
        status=str(status),
        tone=tone,
        facts=_facts(appointment),
        texts=_texts(appointment) if standing.reads_words else [],
        without_words=""
        if standing.reads_words
        else _("Hva timen gjelder, vises bare for dem som behandler pasienten."),
        requests=_requests(requests) if requests else None,
        timeline=[_line(each, appointment, names) for each in appointment.events.all()],
        back_url=address("clinic:book", appointment.unit_id, day),
        actions=_actions(appointment, standing),
    )


def request_page(request: Request, standing: Standing) -> RequestPage:
    """One request in words. The patient's own are fetched only for those who treat them."""
    status, tone = words.ASKED[request.state]
    reads = standing.reads_words
    comment = for_staff.comment_of(request.pk) if reads else ""
    return RequestPage(
        heading=words.say(words.REQUESTS, request.kind),
        patient=full_name(request.person, standing),
        unit=str(request.unit),
        status=str(status),
        tone=tone,
        facts=_request_facts(request),
        comment=comment,
        without_words="" if reads else _("Det pasienten har skrevet selv, vises bare for dem som behandler pasienten."),
        case_url=reverse("clinic:case", args=[request.appointment_id]) if request.appointment_id else "",
        answered=answered(request),
    )


def answered(request: Request) -> str:
    """Who answered a request, what and when; empty while it waits."""
    if request.answered_at is None or request.state == "failed":
        return ""
    name = for_staff.names_of([request.answered_by]).get(request.answered_by) if request.answered_by else None
    return _("%(what)s av %(who)s %(when)s.") % {
        "what": words.ASKED[request.state][0],
        "who": name or _("journalsystemet eller pasienten"),
        "when": dates.moment(request.answered_at),
    }


def _when(appointment: Appointment) -> str:
    if appointment.start is None:
        return _("Time uten tidspunkt")
    return f"{dates.day(appointment.start)}, {times_of(appointment)}"


def _facts(appointment: Appointment) -> list[Fact]:
    found = [Fact(_("Form"), words.say(words.CHANNELS, appointment.channel))]
    if appointment.place:
        found.append(Fact(_("Sted"), appointment.place))
    if appointment.schedule is not None and appointment.schedule.name:
        found.append(Fact(_("Timebok"), appointment.schedule.name))
    if appointment.practitioner:
        found.append(Fact(_("Behandler"), appointment.practitioner))
    if appointment.confirmed_at is not None:
        found.append(Fact(_("Bekreftet"), dates.moment(appointment.confirmed_at)))
    if appointment.cancelled_at is not None:
        who = words.say(words.CANCELLED_BY, appointment.cancelled_by) if appointment.cancelled_by else ""
        found.append(Fact(_("Avlyst"), f"{dates.moment(appointment.cancelled_at)} {who}".strip()))
    reason = words.CANCEL_REASONS.get(f"{appointment.cancel_reason_system}|{appointment.cancel_reason}")
    if reason is not None:
        found.append(Fact(_("Grunn"), str(reason)))
    found.append(Fact(_("Mottatt"), dates.moment(appointment.received_at)))
    found.append(Fact(_("Avsendersystem"), appointment.source))
    return found


def _texts(appointment: Appointment) -> list[Fact]:
    told = for_staff.words_of(appointment.pk)
    labels = {
        "title": _("Timen gjelder"),
        "description": _("Beskrivelse"),
        "instruction": _("Forberedelse"),
        "virtual_address": _("Videomøte"),
    }
    return [Fact(label, told[name]) for name, label in labels.items() if told[name]]


def _requests(rows: list[Request]) -> Table:
    return Table(
        caption=_("Dette har pasienten bedt om"),
        columns=[_("Ønske"), _("Når"), _("Status")],
        rows=[
            [
                Cell(words.say(words.REQUESTS, each.kind), reverse("clinic:request", args=[each.pk])),
                Cell(dates.moment(each.made_at)),
                Cell(words.ASKED[each.state][0], tone=words.ASKED[each.state][1]),
            ]
            for each in rows
        ],
    )


def _request_facts(request: Request) -> list[Fact]:
    found = [
        Fact(_("Bedt om"), dates.moment(request.made_at)),
        Fact(_("Av"), words.say(words.MADE_AS, request.made_as)),
    ]
    if request.appointment is not None:
        found.append(Fact(_("Timen"), capfirst(_when(request.appointment))))
    if request.reservation is not None:
        wanted = (
            f"{dates.day(request.reservation.start)}, {dates.times(request.reservation.start, request.reservation.end)}"
        )
        found.append(Fact(_("Ønsket tid"), capfirst(wanted)))
    if request.delivered_at is not None:
        found.append(Fact(_("Sendt til journalsystemet"), dates.moment(request.delivered_at)))
    if request.answer:
        found.append(Fact(_("Svar til pasienten"), request.answer))
    return found


def _actions(appointment: Appointment, standing: Standing) -> list[Action]:
    if standing.ground is None or not standing.may_act:
        return []
    return [Action(label=_("Hvem kan se timen"), url=reverse("access:patient", args=[appointment.person_id]))]


def _staff_ids(appointment: Appointment) -> set[UUID]:
    return {UUID(each.actor_id) for each in appointment.events.all() if each.actor_kind == "staff"}


def _line(event: AppointmentLine, appointment: Appointment, names: Mapping[UUID, str]) -> TimelineEntry:
    what, icon, tone = words.event(event.kind)
    return TimelineEntry(
        what=what,
        when_text=dates.moment(event.at),
        icon=icon,
        tone=tone,
        actor=_who(event, appointment, names),
        detail=_why(event),
        when=event.at,
    )


def _who(event: AppointmentLine, appointment: Appointment, names: Mapping[UUID, str]) -> str:
    if event.actor_kind == "staff":
        return names.get(UUID(event.actor_id)) or _("En ansatt")
    if event.actor_kind == "citizen":
        own = event.actor_id == str(appointment.person_id)
        return _("Pasienten") if own else _("En annen på vegne av pasienten")
    return _("Journalsystemet") if event.actor_kind == "sender" else _("Portalen")


def _why(event: AppointmentLine) -> str:
    """Old and new time of a move, and causes that have words. Notes and codes are content, and stay out."""
    before, after = _moment(event.details.get("from")), _moment(event.details.get("to"))
    if event.kind == "appointment.move" and before and after:
        return _("Fra %(before)s til %(after)s") % {"before": before, "after": after}
    cause = words.CAUSES.get(event.cause)
    return str(cause) if cause is not None else ""


def _moment(told: object) -> str:
    try:
        return dates.moment(datetime.fromisoformat(str(told)))
    except ValueError:
        return ""
