"""What a patient reads of an appointment, out of what its sender wrote: its name, its place, with whom, and how."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from appointments import codes
from appointments import fhir_codes as known
from appointments.fhir_elements import Said, codings_of, has_code, identifiers_in, one_line, resource_named
from portal.fhir.elements import Findings, as_list, as_object, as_text, identifier_of

LONGEST_NAME: Final = 150
LONGEST_PLACE: Final = 300
LONGEST_ADDRESS: Final = 500
LONGEST_SESSION_KEY: Final = 100
_CHANNELS: Final = {"url": "url", "phone": "phone"}
_BY_CONTACT: Final = {codes.VIDEO: "url", codes.TELEPHONE: "phone"}


@dataclass(frozen=True, slots=True)
class Meeting:
    """How the patient and the clinic meet; an empty channel is a visit."""

    channel: str = ""
    address: str = ""
    key: str = ""


def title_of(one: Said) -> str:
    """What the sender calls this kind of appointment, else what the code sets do."""
    concept = as_object(one.tree.get("appointmentType"))
    listed = codings_of(concept)
    names = [as_text(concept.get("text"))]
    for system, table in known.TYPES.items():
        names += [display or table.get(code, "") for each, code, display in listed if each == system]
    names += [display for _system, _code, display in listed]
    return next((line for name in names if (line := one_line(name))), "")[:LONGEST_NAME]


def code_of(one: Said, system: str) -> str:
    """The kind's code in one set; empty where it has none."""
    listed = codings_of(one.tree.get("appointmentType"))
    return next((code for each, code, _display in listed if each == system), "")


def place_of(one: Said) -> str:
    """The unit, the hospital, the address and the way to it, as much of it as there is room for."""
    places = [place for _n, place in one.parcel.contained("Location")]
    houses = [place for place in places if has_code(as_list(place.get("type")), known.ROLE, "HOSP")]
    units = [place for place in places if place not in houses]
    ordered = [*units, *houses]
    parts = [as_text(place.get("name")) for place in ordered]
    parts += [_address(place) for place in ordered]
    parts += [as_text(place.get("description")) for place in ordered]
    text = ""
    for part in dict.fromkeys(one_line(part) for part in parts):
        longer = f"{text}, {part}" if text and part else text or part
        text = longer if len(longer) <= LONGEST_PLACE else text or part[:LONGEST_PLACE]
    return text


def _address(place: dict[str, Any]) -> str:
    address = as_object(place.get("address"))
    if written := as_text(address.get("text")):
        return written
    town = f"{as_text(address.get('postalCode'))} {as_text(address.get('city'))}".strip()
    return ", ".join(part for part in (*map(as_text, as_list(address.get("line"))), town) if part)


def practitioner_of(one: Said) -> str:
    """The name of whoever the patient is to meet; empty where the sender does not say."""
    for _n, actor in _practitioners(one):
        held = one.parcel.follow(actor)
        person = one.parcel.follow(held.get("practitioner")) or held
        names = [as_text(actor.get("display")), as_text(as_object(held.get("practitioner")).get("display"))]
        names += [_person_name(as_object(name)) for name in as_list(person.get("name"))]
        if found := next((line for name in names if (line := one_line(name))), ""):
            return found[:LONGEST_NAME]
    return ""


def booked_of(one: Said) -> str:
    """The opaque name of whoever or whatever is booked, as their timebok has it; empty where nobody is named."""
    for _n, actor in _practitioners(one):
        held = one.parcel.follow(actor)
        person = one.parcel.follow(held.get("practitioner")) or as_object(held.get("practitioner")) or held
        for named in (actor.get("identifier"), *_listed(person.get("identifier"))):
            if key := identifier_of(named):
                return resource_named(key)
    return ""


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _practitioners(one: Said) -> list[tuple[int, dict[str, Any]]]:
    found = []
    for n, participant in enumerate(as_list(one.tree.get("participant"))):
        actor = as_object(as_object(participant).get("actor"))
        kind = as_text(actor.get("type")) or as_text(one.parcel.follow(actor).get("resourceType"))
        kind = kind or as_text(actor.get("reference")).rpartition("/")[0].rpartition("/")[2]
        if kind in ("Practitioner", "PractitionerRole"):
            found.append((n, actor))
    return found


def _person_name(name: dict[str, Any]) -> str:
    parts = [*map(as_text, as_list(name.get("given"))), as_text(name.get("family"))]
    return as_text(name.get("text")) or " ".join(part for part in parts if part)


def meeting_of(one: Said, found: Findings) -> Meeting:
    """By video, by telephone, or a visit: what the extension says, else what the contact type does."""
    entries = one.parcel.extensions(*known.VIRTUAL)
    if not entries:
        return Meeting(_BY_CONTACT.get(code_of(one, codes.CONTACT_TYPE), ""))
    n, entry = entries[0]
    if len(entries) > 1:
        text = _("Timen kan ha høyst én video- eller telefonløsning.")
        found.add("value", "virtual-repeated", text, f"extension[{entries[1][0]}]")
    parts = {as_text(as_object(part).get("url")): as_object(part) for part in as_list(entry.get("extension"))}
    place = f"extension[{n}]"
    coding = as_object(parts.get("channelType", {}).get("valueCoding"))
    channel = _CHANNELS.get(as_text(coding.get("code")), "") if coding.get("system") == known.CHANNEL else ""
    if not channel:
        text = _("Kanalen må være url eller phone (channelType).")
        found.add("code-invalid", "virtual-channel", text, place)
    key = one_line(as_text(parts.get("sessionKey", {}).get("valueString")))
    if len(key) > LONGEST_SESSION_KEY:
        found.add("too-long", "virtual-key", _("Møtenøkkelen er for lang. Grensen er 100 tegn."), place)
    return Meeting(channel, _virtual_address(parts.get("virtualAddress", {}), channel, place, found), key)


def _virtual_address(part: dict[str, Any], channel: str, place: str, found: Findings) -> str:
    contact = as_object(part.get("valueContactPoint"))
    given = [as_text(part.get("valueUrl")), as_text(part.get("valueString")), as_text(contact.get("value"))]
    address = next((each for each in given if each), "")
    if not address:
        return ""
    right = _is_safe_address(address) if channel == "url" else _is_number(address)
    if channel and not right:
        text = _("Videoadressen må begynne med https://, og telefonnummeret må være et nummer.")
        found.add("value", "virtual-address", text, place)
    return address if right else ""


def _is_safe_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    plain = address.isprintable() and not any(sign.isspace() or sign in '\\"<>' for sign in address)
    fits = len(address) <= LONGEST_ADDRESS
    return parts.scheme == "https" and bool(host) and "@" not in parts.netloc and plain and fits


def _is_number(address: str) -> bool:
    digits = sum(sign.isdecimal() and sign.isascii() for sign in address)
    return 3 <= digits <= 20 and all(sign.isascii() and (sign.isdecimal() or sign in "+ ()-") for sign in address)


def names_unit(held: dict[str, Any]) -> list[str]:
    """The RESH ids of a resource or a logical reference."""
    return [each for each in identifiers_in(held, known.RESH) if each]
