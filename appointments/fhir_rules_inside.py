"""The profile's rules of what lies inside an Appointment: places, flags and organisations."""

from typing import Any

from django.utils.translation import gettext as _

from appointments import codes
from appointments import fhir_codes as known
from appointments.fhir_elements import Parcel, Said, codings_of, has_code, identifiers_in
from portal.fhir.elements import Findings, as_list, as_object, as_text


def locations(one: Said, found: Findings) -> None:
    """Where it is, and who runs the place: a hospital with a unit, or a home or office of a municipality."""
    places = list(one.parcel.contained("Location"))
    if one.of_hospital:
        for n, place in places:
            if not as_object(place.get("managingOrganization")):
                text = _("Stedet må si hvem som driver det (managingOrganization).")
                found.add("required", "location-organisation", text, f"contained[{n}].managingOrganization")
    if one.is_part:
        return
    if not places and not one.is_virtual:
        text = _("Timen må ha et sted (Location), eller være på video eller telefon.")
        found.add("required", "location-missing", text, "contained")
    elif one.of_hospital:
        _hospital_places([place for _n, place in places], found)
    elif not one.is_virtual:
        _municipal_places([place for _n, place in places], found)


def _hospital_places(places: list[dict[str, Any]], found: Findings) -> None:
    for code in ("HOSP", "HU"):
        if not any(has_code(as_list(place.get("type")), known.ROLE, code) for place in places):
            text = _("Timen trenger både et sykehus (HOSP) og en enhet (HU) blant stedene.")
            found.add("required", "location-type", text, "contained")
            return


def _municipal_places(places: list[dict[str, Any]], found: Findings) -> None:
    kinds = {
        code for place in places for code in ("PTRES", "OF") if has_code(as_list(place.get("type")), known.ROLE, code)
    }
    if len(kinds) != 1:
        text = _("Stedet må være enten hjemme (PTRES) eller et kontor (OF).")
        found.add("required", "location-type", text, "contained")


def flags(one: Said, found: Findings) -> None:
    """What the patient may do: known codes, each once; some of them are for hospitals alone."""
    seen: set[str] = set()
    for n, flag in one.parcel.contained("Flag"):
        place = f"contained[{n}]"
        if flag.get("period") or flag.get("modifierExtension"):
            text = _("Et flagg kan ikke gjelde for en periode. Send timen på nytt når det endrer seg.")
            found.add("not-supported", "flag-period", text, place)
        for m, (system, code, _display) in enumerate(codings_of(flag.get("code"))):
            spelled = known.FLAG_SPELLINGS.get(code, code)
            _flag(one, system, spelled, seen, found, f"{place}.code.coding[{m}]")
            seen.add(spelled)
        if not codings_of(flag.get("code")):
            found.add("required", "flag-unknown", _("Flagget er ukjent."), f"{place}.code")


def _flag(one: Said, system: str, code: str, seen: set[str], found: Findings, place: str) -> None:
    if system != codes.FLAG_SYSTEM or code not in set(codes.Flag):
        found.add("code-invalid", "flag-unknown", _("Flagget er ukjent."), place)
    elif code in seen:
        found.add("value", "flag-repeated", _("Hvert flagg kan stå høyst én gang."), place)
    elif one.category and not one.of_hospital and code in known.DIALOGUE_FLAGS:
        text = _("Dette flagget er bare for kategori 27 og 30.")
        found.add("business-rule", "flag-category", text, place)


def parties(one: Said, found: Findings) -> None:
    """Who is behind it: at most one communication party, and organisations that are known upwards."""
    parties = 0
    entries = as_list(one.tree.get("supportingInformation"))
    for n, reference in enumerate(entries):
        party = one.parcel.follow(reference)
        if party.get("resourceType") != "Organization":
            continue
        if _is_communication_party(party):
            parties += 1
        elif not _known_upwards(one.parcel, party):
            text = _("Organisasjonen må ha HER-id eller RESH-id, og være del av en med organisasjonsnummer.")
            found.add("required", "communication-party", text, f"supportingInformation[{n}]")
    if parties > 1:
        text = _("Timen kan ha høyst én kommunikasjonspart.")
        found.add("value", "communication-party-repeated", text, "supportingInformation")
    if one.category and not one.of_hospital and not _a_party_for_a_municipality(one.parcel, entries):
        text = _("Kommunens time trenger en kommunikasjonspart med HER-id, del av en med organisasjonsnummer.")
        found.add("required", "communication-party", text, "supportingInformation")


def _is_communication_party(party: dict[str, Any]) -> bool:
    profiles = as_list(as_object(party.get("meta")).get("profile"))
    return any(as_text(profile).endswith(known.COMMUNICATION_PARTY) for profile in profiles)


def _known_upwards(parcel: Parcel, party: dict[str, Any]) -> bool:
    above = parcel.follow(party.get("partOf")) or as_object(party.get("partOf"))
    named = identifiers_in(party, known.HER) or identifiers_in(party, known.RESH)
    return bool(named) and bool(identifiers_in(above, known.ORGANISATION))


def _a_party_for_a_municipality(parcel: Parcel, entries: list[Any]) -> bool:
    return any(_known_upwards(parcel, parcel.follow(reference)) for reference in entries)


def references(one: Said, found: Findings) -> None:
    """What we should act on must lie in the resource itself: the portal fetches nothing from elsewhere."""
    for n, entry in enumerate(as_list(one.tree.get("supportingInformation"))):
        reference = as_object(entry)
        name = as_text(reference.get("reference"))
        kind = as_text(reference.get("type")) or name.rpartition("/")[0].rpartition("/")[2]
        missing = name.startswith("#") and not one.parcel.follow(reference)
        outside = kind == "Flag" and not name.startswith("#")
        if missing or outside or (kind == "DocumentReference" and name and not name.startswith("#")):
            text = _("Ressursen må ligge i timen (contained); portalen henter ikke andre steder.")
            found.add("not-supported", "reference-not-contained", text, f"supportingInformation[{n}]")
