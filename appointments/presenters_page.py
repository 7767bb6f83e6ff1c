"""From one appointment to the words of its page."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from appointments import presenters
from appointments.cards import Deed as Button
from appointments.cards import Fact, Note, Page, TaskLine
from appointments.models import Appointment, AppointmentLine, Clinic, PreparationTask, Request
from appointments.policy import free_cancelling_until
from appointments.queries.allowed import Deed, deeds
from appointments.states import Status
from portal.kernel import clock
from portal.ui import dates, links
from portal.ui.cards import Text, TimelineEntry
from youth_access.decide import Decision
from youth_access.eyes import Eyes


def page(
    appointment: Appointment,
    eyes: Eyes,
    decision: Decision,
    *,
    clinic: Clinic,
    asked: Sequence[Request],
    together: Sequence[Appointment],
) -> Page:
    """One appointment on its page; `together` are the others of its bundle."""
    state, tone = presenters.state(appointment, asked)
    ahead = _is_ahead(appointment)
    open_deeds = deeds(appointment, decision, clock.now(), asked, _moved_at(appointment))
    phone = appointment.unit.phone
    return Page(
        title=presenters.title_of(appointment),
        title_language=presenters.HOSPITALS if appointment.title else "",
        when=presenters.row(appointment).when,
        sender=presenters.unit_words(appointment),
        back_url=reverse("appointments:list"),
        state=state,
        tone=tone,
        notes=[*_ended(appointment, asked), *presenters.notes(appointment, asked, may_withdraw=decision.act)],
        facts=_facts(appointment),
        finding=clinic.finding if ahead and not appointment.channel else "",
        preparation=[each for each in (appointment.instruction, clinic.preparation) if each] if ahead else [],
        description=appointment.description,
        video_url=_video(appointment) if ahead else "",
        tasks=_tasks(appointment, eyes),
        letter_url=links.address_of("letter", appointment.call_in_letter, eyes),
        parts=[presenters.row(each) for each in together],
        parts_heading=_("Dette hører sammen med timen") if together else "",
        actions=_buttons(appointment, open_deeds, _in_time(appointment, clinic)),
        more_actions=_rarer_buttons(appointment, open_deeds),
        phone_text=_phone_words(appointment, clinic, decision, open_deeds),
        contact_text=_("Ring %(unit)s") % {"unit": presenters.unit_words(appointment)} if phone else "",
        contact_phone=phone,
        contact_link=presenters.phone_link(phone),
        calendar_url=reverse("appointments:file", args=[appointment.id]) if ahead else "",
        timeline=timeline(appointment, eyes),
    )


def _is_ahead(appointment: Appointment) -> bool:
    """Still to take place, or taking place now."""
    return appointment.status == Status.BOOKED and appointment.end is not None and appointment.end >= clock.now()


def _in_time(appointment: Appointment, clinic: Clinic) -> bool:
    return appointment.start is not None and clock.now() <= free_cancelling_until(clinic, appointment.start)


def _lines_of(appointment: Appointment) -> Sequence[AppointmentLine]:
    lines: Sequence[AppointmentLine] = appointment.lines  # type: ignore[attr-defined]  # read by queries.on_screen.one
    return lines


def _moved_at(appointment: Appointment) -> datetime | None:
    return max((line.at for line in _lines_of(appointment) if line.kind == "appointment.move"), default=None)


def _ended(appointment: Appointment, asked: Sequence[Request]) -> list[Note]:
    if appointment.status != Status.CANCELLED:
        return []
    if presenters.was_refused(asked):
        return [
            Note(text=_("Sykehuset kunne ikke gi deg denne timen. Velg en annen time, eller ring."), tone="warning")
        ]
    when = dates.day(appointment.cancelled_at) if appointment.cancelled_at else ""
    return [Note(text=str(_ENDED.get(appointment.cancelled_by, _ENDED[""])) % {"when": when}, tone="danger")]


_ENDED: Final[Mapping[str, Text]] = {
    "patient": _lazy("Timen er avlyst etter ønske. Ikke møt opp til denne timen."),
    "": _lazy("Sykehuset avlyste timen %(when)s. Ikke møt opp til denne timen. Vi gir beskjed om det kommer en ny."),
}


def _facts(appointment: Appointment) -> list[Fact]:
    found = []
    if appointment.channel == "url":
        found.append(Fact(label=_("Hvordan"), text=_("Videotime. Du trenger kamera og mikrofon.")))
    elif appointment.channel == "phone":
        found.append(_phone_fact(appointment))
    elif appointment.place:
        found.append(Fact(label=_("Hvor"), text=appointment.place, language=presenters.HOSPITALS))
    if appointment.practitioner:
        found.append(Fact(label=_("Hvem"), text=appointment.practitioner))
    if appointment.channel == "url" and appointment.virtual_key:
        found.append(Fact(label=_("Kode til møtet"), text=appointment.virtual_key))
    return found


def _phone_fact(appointment: Appointment) -> Fact:
    number = appointment.virtual_address.removeprefix("tel:")
    digits = number.replace(" ", "").removeprefix("+47")
    if digits.isdigit():
        return Fact(label=_("Hvordan"), text=_("Telefontime, nummer %(number)s") % {"number": number})
    return Fact(label=_("Hvordan"), text=_("Telefontime. Ha telefonen klar."))


def _video(appointment: Appointment) -> str:
    """The way into a video visit; only an https address is ever made a link."""
    address = appointment.virtual_address
    return address if appointment.channel == "url" and _is_web(address) else ""


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname)


def _tasks(appointment: Appointment, eyes: Eyes) -> list[TaskLine]:
    rows: Sequence[PreparationTask] = appointment.to_do  # type: ignore[attr-defined]  # read by queries.on_screen.one
    return [_task(each, eyes) for each in rows if each.state != PreparationTask.State.CANCELLED]


def _task(task: PreparationTask, eyes: Eyes) -> TaskLine:
    done = task.state == PreparationTask.State.DONE
    url, external = _task_url(task, eyes)
    return TaskLine(
        title=task.title,
        state=_("Gjort") if done else _("Gjenstår"),
        tone="success" if done else "warning",
        done=done,
        url=url,
        external=external,
    )


def _task_url(task: PreparationTask, eyes: Eyes) -> tuple[str, bool]:
    if task.kind == PreparationTask.Kind.READING:
        return (task.reference, True) if _is_web(task.reference) else ("", False)
    kind: links.Kind = "letter" if task.kind == PreparationTask.Kind.LETTER else "form"
    return links.address_of(kind, task.reference, eyes), False


def _buttons(appointment: Appointment, open_deeds: frozenset[Deed], in_time: bool) -> list[Button]:
    """What may be done, the most helpful first. Forms of one button have a key each, so that a double click is one."""
    found = []
    if Deed.CONFIRM in open_deeds:
        found.append(_form(appointment, "confirm", _("Bekreft at timen passer"), "checkmark-circle", main=True))
    if Deed.CHANGE in open_deeds and in_time:
        found.append(_link(appointment, "change", _("Endre time"), "arrows-circlepath"))
    if Deed.CANCEL in open_deeds:
        found.append(_link(appointment, "cancel", _("Avlys time"), "xmark-octagon"))
    return found


def _rarer_buttons(appointment: Appointment, open_deeds: frozenset[Deed]) -> list[Button]:
    """What few ask for, behind a door of its own so that the page is not all buttons."""
    found = []
    if Deed.VIDEO in open_deeds:
        told = _("Vi spør avdelingen. Timen er som før til de har svart.")
        found.append(_form(appointment, "ask-video", _("Be om videotime"), "mobile-small", told=told))
    if Deed.SHORT_NOTICE in open_deeds:
        told = _("Da kan sykehuset ringe hvis en time blir ledig tidligere.")
        found.append(_form(appointment, "short-notice", _("Kan komme på kort varsel"), "bell", told=told))
    return found


def _link(appointment: Appointment, name: str, label: str, icon: str) -> Button:
    return Button(label=label, url=reverse(f"appointments:{name}", args=[appointment.id]), icon=icon)


def _form(appointment: Appointment, name: str, label: str, icon: str, *, main: bool = False, told: str = "") -> Button:
    url = reverse(f"appointments:{name}", args=[appointment.id])
    return Button(label=label, url=url, icon=icon, main=main, key=str(uuid4()), help=told)


_CALL: Final = _lazy("Passer ikke timen? Ring avdelingen.")


def _phone_words(appointment: Appointment, clinic: Clinic, decision: Decision, open_deeds: frozenset[Deed]) -> str:
    """What one must know of changing it: the limit and the fee, or that it is done by telephone."""
    if not _is_ahead(appointment):
        return ""
    if not decision.act:
        return str(_CALL)
    if not _in_time(appointment, clinic):
        return _("Det er for sent å endre timen her. Ring avdelingen hvis du ikke kan komme. %(fee)s") % {
            "fee": presenters.missed_words(clinic)
        }
    if Deed.CANCEL in open_deeds and not presenters.may_change_by_phone(appointment):
        return presenters.fee_words(clinic)
    by_phone = _("Vil du endre tidspunktet? Ring avdelingen.") if Deed.CANCEL in open_deeds else _CALL
    return f"{by_phone} {presenters.fee_words(clinic)}"


_LINES: Final[Mapping[str, tuple[Text, Text, str]]] = {
    "appointment.book": (_lazy("Timen ble bestemt"), _lazy("Timen ble bestemt"), "calendar"),
    "appointment.move": (_lazy("Timen ble flyttet"), _lazy("Timen ble flyttet"), "arrows-circlepath"),
    "appointment.cancel": (_lazy("Timen ble avlyst"), _lazy("Timen ble avlyst"), "xmark-octagon"),
    "appointment.reinstate": (_lazy("Timen ble satt opp igjen"), _lazy("Timen ble satt opp igjen"), "calendar"),
    "request.book": (_lazy("Du ba om timen"), _lazy("Det ble bedt om timen"), "calendar"),
    "request.move": (_lazy("Du ba om ny tid"), _lazy("Det ble bedt om ny tid"), "arrows-circlepath"),
    "request.cancel": (_lazy("Du ba om å avlyse"), _lazy("Det ble bedt om å avlyse"), "xmark-octagon"),
    "request.confirm": (_lazy("Du bekreftet timen"), _lazy("Timen ble bekreftet"), "checkmark-circle"),
    "request.video": (_lazy("Du ba om videotime"), _lazy("Det ble bedt om videotime"), "mobile-small"),
    "request.short_notice": (
        _lazy("Du sa fra om kort varsel"),
        _lazy("Det ble sagt fra om kort varsel"),
        "bell",
    ),
    "request.withdraw": (_lazy("Du trakk ønsket tilbake"), _lazy("Ønsket ble trukket tilbake"), "arrow-undo"),
    "request.accept": (_lazy("Sykehuset svarte ja"), _lazy("Sykehuset svarte ja"), "checkmark-circle"),
    "request.refuse": (_lazy("Sykehuset svarte nei"), _lazy("Sykehuset svarte nei"), "xmark-octagon"),
}


def timeline(appointment: Appointment, eyes: Eyes) -> list[TimelineEntry]:
    """What has happened with the appointment, oldest first; lines that are no news to a patient are left out."""
    return [entry for line in _lines_of(appointment) if (entry := _entry(line, eyes)) is not None]


def _entry(line: AppointmentLine, eyes: Eyes) -> TimelineEntry | None:
    known = _LINES.get(line.kind)
    if known is None:
        return None
    own, others, icon = known
    words = str(own if line.actor_kind == "citizen" and line.actor_id == str(eyes.viewer.person_id) else others)
    new = _instant(line.details.get("to"))
    if line.kind == "appointment.move" and new is not None:
        words = _("%(what)s til %(when)s") % {"what": words, "when": presenters.moment_words(new)}
    return TimelineEntry(what=words, when_text=dates.moment(line.at), icon=icon, when=line.at)


def _instant(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
