"""The words of a letter about an appointment, as HTML that letters may hold.

In bokmål, as the hospital's own letters are. What the hospital has written itself (preparation, how to find the way)
is left out where it cannot be printed, so that the time reaches the patient all the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import translation
from django.utils.html import escape

from appointments import policy
from appointments.models import Appointment
from appointments.presenters import moment_words
from letters.body import BodyRefused, normalise

CALL_IN, CHANGE, CANCELLATION = "innkalling", "timeendring", "avlysning"
TITLES: Final = {
    CALL_IN: "Du har fått time",
    CHANGE: "Timen din er endret",
    CANCELLATION: "Timen din er avlyst",
}


@dataclass(frozen=True, slots=True)
class Occasion:
    """What the letter is about: its type, the time the appointment had before, and whether paper is out already."""

    type_code: str
    old_start: datetime | None = None
    corrects_paper: bool = False


def body(appointment: Appointment, occasion: Occasion) -> str:
    """The letter's body in its one fixed form."""
    with translation.override("nb"):
        whole = [*_news(appointment, occasion), *_own_words(appointment, occasion), *_contact(appointment)]
        try:
            return normalise("\n".join(whole))
        except BodyRefused:
            bare = [*_news(appointment, occasion, place=False), *_contact(appointment)]
            return normalise("\n".join(bare))


def _news(appointment: Appointment, occasion: Occasion, *, place: bool = True) -> Iterable[str]:
    if occasion.type_code == CANCELLATION:
        yield f"<p>Timen din{_at(appointment.start)} er avlyst. Du skal ikke møte.</p>"
        yield "<p>Får du en ny time, gir vi beskjed.</p>"
    else:
        yield "<p>Du har fått time hos oss.</p>" if occasion.type_code == CALL_IN else _moved(occasion)
        yield _box(appointment, place=place)
    if occasion.corrects_paper:
        yield "<p>Dette brevet erstatter det forrige brevet om timen. Det som står i det forrige, gjelder ikke.</p>"


def _moved(occasion: Occasion) -> str:
    return f"<p>Timen din{_at(occasion.old_start)} er flyttet. Du har fått en ny tid.</p>"


def _at(start: datetime | None) -> str:
    return f" {escape(moment_words(start))}" if start is not None else ""


def _box(appointment: Appointment, *, place: bool) -> str:
    lines = [f"<strong>{escape(moment_words(appointment.start))}</strong>"] if appointment.start else []
    unit = appointment.unit
    lines.append(escape(f"{unit.name}, {unit.hospital}"))
    if place:
        lines += [escape(each) for each in (appointment.place, _how(appointment)) if each]
    return f'<div class="boks"><p>{"<br>".join(lines)}</p></div>'


def _how(appointment: Appointment) -> str:
    return {"url": "Videotime: logg inn på Min helse når timen begynner", "phone": "Telefontime: vi ringer deg"}.get(
        appointment.channel, ""
    )


def _own_words(appointment: Appointment, occasion: Occasion) -> Iterable[str]:
    if occasion.type_code == CANCELLATION:
        return
    clinic = policy.of_unit(appointment.unit_id)
    preparation = [each for each in (appointment.instruction, clinic.preparation) if each.strip()]
    if preparation:
        yield "<h2>Slik forbereder du deg</h2>"
        yield from _paragraphs(*preparation)
    if clinic.finding.strip() and not appointment.channel:
        yield "<h2>Slik finner du fram</h2>"
        yield from _paragraphs(clinic.finding)


def _paragraphs(*texts: str) -> Iterable[str]:
    for text in texts:
        yield from (f"<p>{escape(line.strip())}</p>" for line in text.splitlines() if line.strip())


def _contact(appointment: Appointment) -> Iterable[str]:
    phone = appointment.unit.phone
    if phone:
        yield f"<p>Har du spørsmål, eller passer det ikke? Ring oss på telefon {escape(phone)}.</p>"
