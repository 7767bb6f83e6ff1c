"""The contact register and the population register, as the portal asks them."""

import json
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from portal.counterparts.standins import region, register_events
from portal.counterparts.standins.behave import Behaviour
from portal.counterparts.standins.person import Address, Contact, Guardianship, Person, Responsibility, SharedHome
from portal.counterparts.standins.protocol import always, protocol, refusal
from portal.kernel import clock

VALID_DAYS = 548
"""Eighteen months, after which a contact point no longer counts (eForvaltningsforskriften § 32)."""


@protocol("contact-register", works=always)
def contact_lookup(request: HttpRequest, _behaviour: Behaviour) -> HttpResponse:
    """KRR's `POST /v2/personer`."""
    pids = _asked_for(request)
    if pids is None:
        return refusal(400, "bad_request")
    return JsonResponse({"personer": [_contact_row(pid, region.find(pid)) for pid in pids]})


@protocol("population-register", works=always)
def population_lookup(request: HttpRequest, _behaviour: Behaviour) -> HttpResponse:
    """Look up persons by number; the numbers nobody has are listed apart."""
    pids = _asked_for(request)
    if pids is None:
        return refusal(400, "bad_request")
    everyone = region.people()
    by_number = {pid: person for person in everyone for pid in (*person.former_pids, person.pid)}
    found = {person.pid: person for pid in pids if (person := by_number.get(pid)) is not None}
    people = [_person_row(person, everyone) for person in found.values()]
    return JsonResponse({"personer": people, "ukjente": [pid for pid in pids if pid not in by_number]})


@protocol("population-register", works=always, counts=False)
def population_events(request: HttpRequest, _behaviour: Behaviour) -> HttpResponse:
    """Folkeregisteret's hendelsesliste: what has changed after a sequence number."""
    try:
        after, most = int(request.GET.get("etter", "0")), int(request.GET.get("antall", "1000"))
    except ValueError:
        return refusal(400, "bad_request")
    return JsonResponse(register_events.page(after, most))


def can_be_notified(contact: Contact) -> bool:
    """What KRR works out: registered, not reserved, and a contact point younger than eighteen months.

    Source: Digdir's code list for varslingsstatus.
    """
    if contact.can_be_notified is not None:
        return contact.can_be_notified
    if contact.reserved or not contact.registered:
        return False
    points = ((contact.email, contact.email_verified), (contact.mobile, contact.mobile_verified))
    oldest = clock.now() - timedelta(days=VALID_DAYS)
    return any(value and verified and verified > oldest for value, verified in points)


def _asked_for(request: HttpRequest) -> list[str] | None:
    try:
        pids = json.loads(request.body)["personidentifikatorer"]
    except (ValueError, KeyError, TypeError):
        return None
    return pids if isinstance(pids, list) and all(isinstance(pid, str) for pid in pids) else None


def _contact_row(pid: str, person: Person | None) -> dict[str, Any]:
    contact = person.contact if person is not None else Contact(registered=False)
    row: dict[str, Any] = {
        "personidentifikator": pid,
        "reservasjon": "JA" if contact.reserved else "NEI",
        "status": "AKTIV" if contact.registered else "IKKE_REGISTRERT",
        "varslingsstatus": "KAN_VARSLES" if can_be_notified(contact) else "KAN_IKKE_VARSLES",
    }
    if not contact.registered:
        return row
    points = {
        "epostadresse": contact.email,
        "epostadresse_oppdatert": _iso(contact.email_updated),
        "epostadresse_sist_verifisert": _iso(contact.email_verified),
        "mobiltelefonnummer": contact.mobile,
        "mobiltelefonnummer_oppdatert": _iso(contact.mobile_updated),
        "mobiltelefonnummer_sist_verifisert": _iso(contact.mobile_verified),
    }
    row["kontaktinformasjon"] = {name: value for name, value in points.items() if value is not None}
    return row | ({"spraak": contact.language} if contact.language else {})


def _person_row(person: Person, everyone: list[Person]) -> dict[str, Any]:
    hidden = person.protection == "strengtFortrolig"
    return {
        "personidentifikator": person.pid,
        "navn": {"fornavn": person.given_name, "mellomnavn": person.middle_name, "etternavn": person.family_name},
        "foedselsdato": _iso(person.birth_date),
        "foedselsaar": person.birth_year,
        "doedsdato": _iso(person.died_on),
        "adressebeskyttelse": person.protection,
        "bostedsadresse": None if hidden else _address_row(person.residence),
        "kontaktadresse": _address_row(person.contact_address),
        "utenFastBosted": person.no_fixed_abode,
        "foreldreansvar": [_responsibility_row(row) for row in person.parental_responsibility],
        "tidligereIdentifikatorer": list(person.former_pids),
        "foreldre": list(person.parents),
        "barn": [child.pid for child in everyone if _answers_for(person, child)],
        "vergeFor": [
            one.pid for one in everyone if any(row.guardian_pid in _numbers(person) for row in one.guardianships)
        ],
        "deltBosted": [_shared_home_row(row) for row in person.shared_homes],
        "vergemaal": [_guardianship_row(row) for row in person.guardianships],
    }


def _numbers(person: Person) -> tuple[str, ...]:
    return (person.pid, *person.former_pids)


def _answers_for(person: Person, child: Person) -> bool:
    """Whether one is the other's parent, or has or had responsibility."""
    named = {*child.parents, *(row.responsible_pid for row in child.parental_responsibility)}
    return not named.isdisjoint(_numbers(person))


def _address_row(address: Address | None) -> dict[str, Any] | None:
    if address is None:
        return None
    return {
        "adresselinjer": list(address.lines),
        "postnummer": address.postal_code,
        "poststed": address.town,
        "landkode": address.country_code,
        "bruksenhetsnummer": address.dwelling_id,
    }


def _responsibility_row(row: Responsibility) -> dict[str, Any]:
    return {
        "ansvar": row.kind,
        "ansvarlig": row.responsible_pid,
        "ansvarligOrganisasjon": row.organisation,
        "ansvarligUtenIdentifikator": {"navn": row.name} if row.name else None,
        "gyldighetstidspunkt": _iso(row.valid_from),
        "opphoerstidspunkt": _iso(row.ended_on),
    }


def _shared_home_row(row: SharedHome) -> dict[str, Any]:
    return {
        "adresse": _address_row(row.residence),
        "startdatoForKontrakt": _iso(row.valid_from),
        "sluttdatoForKontrakt": _iso(row.ended_on),
    }


def _guardianship_row(row: Guardianship) -> dict[str, Any]:
    return {
        "type": row.kind,
        "verge": {"motpartsPersonident": row.guardian_pid, "omfang": row.scope},
        "gyldighetstidspunkt": _iso(row.valid_from),
        "opphoerstidspunkt": _iso(row.ended_on),
    }


def _iso(value: date | datetime | None) -> str | None:
    return value.isoformat() if value is not None else None
