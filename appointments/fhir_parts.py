"""What an appointment points to: its unit, its patient, the whole it is a part of, its call-in letter and its tasks."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from django.utils.translation import gettext as _

from appointments import fhir_codes as known
from appointments.fhir_elements import Said, codings_of, has_code, one_line
from appointments.fhir_words import LONGEST_NAME, names_unit
from appointments.orders import TaskOrder
from portal.fhir.elements import Findings, as_list, as_object, as_text, identifier_of
from portal.people.fhir_patient import PATIENT_SYSTEMS, read_patient

MOST_TASKS: Final = 20
LONGEST_REFERENCE: Final = 500
LONGEST_LETTER: Final = 200
LONGEST_ID: Final = 64
KINDS: Final = ("form", "letter", "reading")


def patient_of(one: Said, environment: str, found: Findings) -> str:
    """The patient's number, by logical reference. A part of another appointment may leave it out."""
    patients = [
        (n, actor)
        for n, participant in enumerate(as_list(one.tree.get("participant")))
        if _is_patient(one, actor := as_object(as_object(participant).get("actor")))
    ]
    if not patients:
        if not one.is_part:
            text = _("Timen trenger en pasient blant deltakerne, oppgitt med identifier.")
            found.add("required", "patient-missing", text, "participant")
        return ""
    n, actor = patients[0]
    place = f"participant[{n}].actor"
    if len(patients) > 1:
        text = _("Timen kan ha bare én pasient.")
        found.add("business-rule", "patient-repeated", text, f"participant[{patients[1][0]}].actor")
    if actor.get("reference") is not None:
        text = _("Pasienten må være oppgitt med identifier alene, ikke med reference.")
        found.add("business-rule", "patient-reference", text, f"{place}.reference")
    number = read_patient(actor, environment, found, f"{place}.identifier", help_numbers=False)
    return "" if number is None else number.digits


def _is_patient(one: Said, actor: dict[str, Any]) -> bool:
    kind = as_text(actor.get("type")) or as_text(one.parcel.follow(actor).get("resourceType"))
    kind = kind or as_text(actor.get("reference")).rpartition("/")[0].rpartition("/")[2]
    return kind == "Patient" or as_object(actor.get("identifier")).get("system") in PATIENT_SYSTEMS


def unit_of(one: Said, is_unit: Callable[[str], bool], found: Findings) -> str:
    """The first RESH id in the resource that is a unit here: the place's own, then those behind it."""
    named = list(dict.fromkeys(_units(one)))
    for resh, _place in named:
        if is_unit(resh):
            return resh
    if not named:
        text = _("Timen må si hvilken enhet den er ved, med RESH-id (%(system)s).") % {"system": known.RESH}
        found.add("required", "unit-missing", text, "contained")
        return ""
    found.add("code-invalid", "unit-unknown", _("Enheten finnes ikke her."), named[0][1])
    return named[0][0]


def _units(one: Said) -> Iterator[tuple[str, str]]:
    rest = (((held,), f"contained[{n}]") for n, held in one.parcel.contained("Organization"))
    for holders, place in (*_by_place(one), *_by_party(one), *_by_participant(one), *rest):
        yield from ((resh, place) for held in holders for resh in names_unit(held))


def _by_place(one: Said) -> Iterator[tuple[tuple[dict[str, Any], ...], str]]:
    """Units before hospitals; for each the organisation that runs it, then its own number, then who is above."""
    places = list(one.parcel.contained("Location"))
    houses = [n for n, place in places if has_code(as_list(place.get("type")), known.ROLE, "HOSP")]
    for n, place in sorted(places, key=lambda each: each[0] in houses):
        manager = as_object(place.get("managingOrganization"))
        held = one.parcel.follow(manager)
        yield (held, manager, place, one.parcel.follow(held.get("partOf"))), f"contained[{n}]"
    for n, service in one.parcel.contained("HealthcareService"):
        provider = as_object(service.get("providedBy"))
        yield (service, provider, one.parcel.follow(provider)), f"contained[{n}]"


def _by_party(one: Said) -> Iterator[tuple[tuple[dict[str, Any], ...], str]]:
    for n, reference in enumerate(as_list(one.tree.get("supportingInformation"))):
        yield (one.parcel.follow(reference), as_object(reference)), f"supportingInformation[{n}]"


def _by_participant(one: Said) -> Iterator[tuple[tuple[dict[str, Any], ...], str]]:
    for n, participant in enumerate(as_list(one.tree.get("participant"))):
        actor = as_object(as_object(participant).get("actor"))
        held = one.parcel.follow(actor)
        employer = as_object(held.get("organization"))
        yield (held, actor, one.parcel.follow(employer), employer), f"participant[{n}].actor"


def whole_of(one: Said, found: Findings) -> str:
    """The appointment this one is a part of: its identifier as "system|value", else "Appointment/<id>"."""
    entries = one.parcel.extensions(known.PART_OF)
    if not entries:
        return ""
    n, entry = entries[0]
    reference = as_object(entry.get("valueReference"))
    name = as_text(reference.get("reference")).rpartition("Appointment/")[2]
    key = identifier_of(reference.get("identifier"))
    if len(entries) > 1:
        text = _("Timen kan være del av høyst én annen.")
        found.add("value", "part-of-repeated", text, f"extension[{entries[1][0]}]")
    if len(key) > LONGEST_LETTER or not (key or 0 < len(name) <= LONGEST_ID):
        text = _("Timen den er en del av, må være oppgitt med identifier eller reference.")
        found.add("required", "part-of-reference", text, f"extension[{n}].valueReference")
    return key or f"Appointment/{name}"


def papers_of(one: Said, found: Findings) -> tuple[str, tuple[TaskOrder, ...]]:
    """The call-in letter's identifier, and what is to be done before the appointment.

    A document whose type is none of ours is the call-in letter where it has an identifier; the first one counts.
    """
    letter, tasks = "", []
    for n, reference in enumerate(as_list(one.tree.get("supportingInformation"))):
        paper = _document(one, as_object(reference))
        if paper is None:
            continue
        place = f"supportingInformation[{n}]"
        kinds = [code for system, code, _d in codings_of(paper.get("type")) if system == known.TASK]
        if kinds:
            tasks.append(_task(kinds[0], paper, place, found))
        else:
            letter = letter or _letter(paper, place, found)
    if len(tasks) > MOST_TASKS:
        text = _("Timen har for mange oppgaver. Grensen er 20.")
        found.add("too-long", "tasks-too-many", text, "supportingInformation")
    return letter, tuple(tasks)


def _document(one: Said, reference: dict[str, Any]) -> dict[str, Any] | None:
    held = one.parcel.follow(reference)
    if held.get("resourceType") == "DocumentReference":
        return held
    outside = not held and reference.get("type") == "DocumentReference" and reference.get("identifier") is not None
    return {"identifier": [reference["identifier"]]} if outside else None


def _key_of(paper: dict[str, Any]) -> str:
    named = [paper.get("masterIdentifier"), *as_list(paper.get("identifier"))]
    return next((key for each in named if (key := identifier_of(each))), "")


def _letter(paper: dict[str, Any], place: str, found: Findings) -> str:
    key = _key_of(paper)
    if len(key) > LONGEST_LETTER:
        text = _("Brevets identifikator er for lang. Grensen er 200 tegn for system og value til sammen.")
        found.add("too-long", "letter-key-too-long", text, place)
    return key


def _task(kind: str, paper: dict[str, Any], place: str, found: Findings) -> TaskOrder:
    attachment = as_object(as_object(next(iter(as_list(paper.get("content"))), None)).get("attachment"))
    title = one_line(as_text(paper.get("description")) or as_text(attachment.get("title")))
    reference = as_text(attachment.get("url")) if kind == "reading" else _key_of(paper)
    if kind not in KINDS:
        text = _("Oppgaven må være form, letter eller reading.")
        found.add("code-invalid", "task-unknown", text, place)
    if not title or len(title) > LONGEST_NAME:
        text = _("Oppgaven trenger et navn på høyst 150 tegn (description).")
        found.add("required", "task-title", text, place)
    if len(reference) > LONGEST_REFERENCE or (kind == "reading" and reference and not _is_web(reference)):
        text = _("Adressen må begynne med https:// og være på høyst 500 tegn.")
        found.add("value", "task-reference", text, place)
    elif kind in ("form", "letter") and not reference:
        text = _("Skjemaet eller brevet må være oppgitt med identifier.")
        found.add("required", "task-reference", text, place)
    return TaskOrder(kind=kind, title=title, reference=reference)


def _is_web(address: str) -> bool:
    return address.startswith("https://") and address.isprintable() and " " not in address
