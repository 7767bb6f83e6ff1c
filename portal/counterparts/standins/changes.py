"""Reads a wish to change or add a person, in our words or in the registers' own."""

from collections.abc import Callable
from dataclasses import fields

from portal.counterparts.standins import region
from portal.counterparts.standins.asked import BadInput
from portal.counterparts.standins.numbers import is_synthetic
from portal.counterparts.standins.person import Contact, Person
from portal.counterparts.standins.store import Row

PROTECTIONS = {
    "none": "ugradert",
    "client": "klientadresse",
    "confidential": "fortrolig",
    "strictly_confidential": "strengtFortrolig",
    "kode7": "fortrolig",
    "kode6": "strengtFortrolig",
    "7": "fortrolig",
    "6": "strengtFortrolig",
}
PROTECTION_WORDS = frozenset(PROTECTIONS.values())
RESPONSIBILITY_KINDS = frozenset({"felles", "mor", "far", "medmor", "andre", "ukjent"})
REGISTER_WORDS = {
    "fornavn": "given_name",
    "mellomnavn": "middle_name",
    "etternavn": "family_name",
    "foedselsdato": "birth_date",
    "foedselsaar": "birth_year",
    "doedsdato": "died_on",
    "adressebeskyttelse": "protection",
    "bostedsadresse": "residence",
    "address": "residence",
    "kontaktadresse": "contact_address",
    "utenFastBosted": "no_fixed_abode",
    "foreldreansvar": "parental_responsibility",
    "adresselinjer": "lines",
    "postnummer": "postal_code",
    "poststed": "town",
    "landkode": "country_code",
    "bruksenhetsnummer": "dwelling_id",
    "foreldre": "parents",
    "deltBosted": "shared_homes",
    "vergemaal": "guardianships",
    "adresse": "residence",
    "startdatoForKontrakt": "valid_from",
    "sluttdatoForKontrakt": "ended_on",
    "motpartsPersonident": "guardian_pid",
    "omfang": "scope",
    "type": "kind",
    "ansvarligOrganisasjon": "organisation",
    "ansvarligUtenIdentifikator": "name",
    "ansvar": "kind",
    "ansvarlig": "responsible_pid",
    "gyldighetstidspunkt": "valid_from",
    "opphoerstidspunkt": "ended_on",
    "reservasjon": "reserved",
    "varslingsstatus": "can_be_notified",
    "status": "registered",
    "spraak": "language",
    "epostadresse": "email",
    "epostadresse_oppdatert": "email_updated",
    "epostadresse_sist_verifisert": "email_verified",
    "mobiltelefonnummer": "mobile",
    "mobiltelefonnummer_oppdatert": "mobile_updated",
    "mobiltelefonnummer_sist_verifisert": "mobile_verified",
}
TRUTHS = {"JA": True, "KAN_VARSLES": True, "AKTIV": True}
LIES = {"NEI": False, "KAN_IKKE_VARSLES": False, "SLETTET": False, "IKKE_REGISTRERT": False}
FIXED = frozenset({"pid", "contact", "former_pids"})
PERSON_FIELDS = frozenset(field.name for field in fields(Person)) - FIXED
CONTACT_FIELDS = frozenset(field.name for field in fields(Contact))


def of_person(asked: Row) -> Row:
    """The fields of a person that a body changes. Raises `BadInput`."""
    row = _our_words(asked | _flat(asked.get("navn")), leaving_out=frozenset({"navn", "name", "pid", "new_pid"}))
    if "name" in asked and isinstance(asked["name"], str):
        row |= _split(asked["name"])
    _only(row, PERSON_FIELDS)
    if "protection" in row:
        row["protection"] = PROTECTIONS.get(str(row["protection"]), row["protection"])
        if row["protection"] not in PROTECTION_WORDS:
            raise BadInput(f"protection must be one of: {', '.join(sorted([*PROTECTIONS, *PROTECTION_WORDS]))}")
    _check_responsibility(row.get("parental_responsibility", []))
    _check_guardianships(row.get("guardianships", []))
    if isinstance(row.get("birth_date"), str):
        row.setdefault("birth_year", int(row["birth_date"][:4]) if row["birth_date"][:4].isdigit() else 0)
    return row


def new_number(asked: Row) -> str | None:
    """The number that replaces a person's present one (`new_pid`). Raises `BadInput`."""
    wanted = asked.get("new_pid")
    if wanted is None:
        return None
    if not isinstance(wanted, str) or not is_synthetic(wanted):
        raise BadInput("new_pid must be a synthetic number with right check digits")
    if region.find(wanted) is not None:
        raise BadInput("new_pid belongs to somebody already")
    return wanted


def of_contact(asked: Row) -> Row:
    """The fields of a contact entry that a body changes. Raises `BadInput`."""
    row = _our_words(asked | _flat(asked.get("kontaktinformasjon")), leaving_out=frozenset({"kontaktinformasjon"}))
    for point in ("email", "mobile"):
        if isinstance(row.get(point), dict):
            row |= {_point_field(point, name): value for name, value in row[point].items()}
    _only(row, CONTACT_FIELDS)
    return row


def apply(person: Person, changes: Row) -> Person:
    """The person with the changes. Raises `BadInput` where a value does not fit its field."""
    return _reading(lambda: region.renewed(person, changes))


def newcomer(pid: str, changes: Row) -> Person:
    """A person the region did not know, with what is not told filled in. Raises `BadInput`."""
    start: Row = {
        "pid": pid,
        "slug": f"added-{pid[-5:]}",
        "given_name": "Ny",
        "family_name": "Innbygger",
        "birth_date": None,
        "birth_year": 1980,
        "note": "Lagt til mens stedfortrederne gikk",
        "contact": {},
    }
    return _reading(lambda: region.from_row(start | changes))


def _reading(read: Callable[[], Person]) -> Person:
    try:
        return read()
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise BadInput(f"a value does not fit its field: {fault}") from None


def _our_words(asked: Row, *, leaving_out: frozenset[str]) -> Row:
    return {REGISTER_WORDS.get(name, name): _our_word(part) for name, part in asked.items() if name not in leaving_out}


def _our_word(value: object) -> object:
    if isinstance(value, list):
        return [_our_word(part) for part in value]
    if isinstance(value, dict):
        return _our_words(value, leaving_out=frozenset())
    return (TRUTHS | LIES).get(value, value) if isinstance(value, str) else value


def _flat(value: object) -> Row:
    return dict(value) if isinstance(value, dict) else {}


def _split(name: str) -> Row:
    given, *rest = name.split() or [""]
    *middle, family = rest or [""]
    return {"given_name": given, "middle_name": " ".join(middle) or None, "family_name": family}


def _point_field(point: str, name: str) -> str:
    return point if name == "value" else f"{point}_{name}"


def _only(row: Row, known: frozenset[str]) -> None:
    unknown = sorted(set(row) - known)
    if unknown:
        raise BadInput(f"unknown field: {', '.join(unknown)}. Known fields: {', '.join(sorted(known))}")


def _check_responsibility(rows: object) -> None:
    if not isinstance(rows, list):
        raise BadInput("parental_responsibility must be a list")
    for row in rows:
        if not isinstance(row, dict) or row.get("kind") not in RESPONSIBILITY_KINDS:
            raise BadInput(f"parental_responsibility: kind must be one of {', '.join(sorted(RESPONSIBILITY_KINDS))}")
        row.setdefault("responsible_pid", None)
        row.setdefault("valid_from", None)
        if isinstance(row.get("name"), dict):
            row["name"] = row["name"].get("navn")


def _check_guardianships(rows: object) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadInput("guardianships must be a list of objects")
    for row in rows:
        row.update(row.pop("verge", {}))
