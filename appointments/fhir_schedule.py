"""From NHN's Schedule (hn-basis-schedule) to a timebok, with every problem found on the way."""

import re
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from fhir.resources.R4B.schedule import Schedule as Shape

from appointments import fhir_codes as known
from appointments.fhir import Facts
from appointments.fhir_elements import (
    Parcel,
    codings_of,
    identifiers_in,
    instant,
    one_line,
    own_key,
    refuse_any,
    resource_named,
    said_at,
)
from appointments.fhir_words import LONGEST_NAME
from appointments.orders import ScheduleOrder
from portal.fhir.elements import Findings, as_list, as_object, as_text, identifier_of

RESOURCE: Final = "Schedule"
LONGEST_COMMENT: Final = 1000
BOOKINGS: Final = ("closed", "referral", "invitation", "open")
_UUID: Final = re.compile(r"(urn:uuid:)?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_ACTORS: Final = ("Practitioner", "PractitionerRole", "HealthcareService", "Location", "Device")


def read_schedule(tree: dict[str, Any], facts: Facts) -> ScheduleOrder:
    """The timebok as its sender has it now. Raises `Refused` with every problem at once."""
    found = Findings(RESOURCE)
    parcel = Parcel(tree)
    refuse_elements(tree, ("implicitRules", "modifierExtension"), found)
    actor, name = _actor(parcel, found)
    opens, closes = _booking_period(parcel, found)
    order = ScheduleOrder(
        source=facts.source,
        key=uuid_key(tree, found),
        sent_at=said_at(tree, facts.now, found),
        unit_resh=_unit(parcel, facts, found),
        actor=actor,
        service_category=category_in(tree),
        type_code=type_in(as_list(tree.get("serviceType")), "serviceType", found),
        name=name,
        comment=_comment(tree, found),
        booking=_booking(parcel, found),
        active=tree.get("active") is not False,
        opens_at=opens,
        closes_at=closes,
    )
    refuse_any(found, Shape, tree)
    return order


def refuse_elements(tree: dict[str, Any], names: tuple[str, ...], found: Findings) -> None:
    """Elements that would change what the resource means, and that the portal does not act on."""
    for name in names:
        if tree.get(name):
            found.add("not-supported", "element-refused", _("Portalen kan ikke følge dette elementet."), name)


def uuid_key(tree: dict[str, Any], found: Findings) -> str:
    """The resource's one identifier, of which the profile wants a UUID."""
    key = own_key(tree, found)
    if key and not _UUID.fullmatch(key.partition("|")[2]):
        found.add("value", "key-not-uuid", _("Identifikatoren må være en UUID."), "identifier")
    return key


def category_in(tree: dict[str, Any]) -> str:
    """The first code of the service category; empty where there is none."""
    listed = [code for each in as_list(tree.get("serviceCategory")) for _s, code, _d in codings_of(each) if code]
    return next(iter(listed), "")[:10]


def type_in(concepts: list[Any], element: str, found: Findings) -> str:
    """What kind of timebok or time it is: a code of NHN's sets; unknown ones are refused."""
    kinds = []
    for n, concept in enumerate(concepts):
        for m, (system, code, _display) in enumerate(codings_of(concept)):
            if code in known.TIMETABLE_TYPES.get(system, ()):
                kinds.append(code)
            else:
                text = _("Typen finnes ikke i kodeverkene for timebøker.")
                found.add("code-invalid", "type-unknown", text, f"{element}[{n}].coding[{m}]")
    if not kinds and not found.problems:
        found.add("required", "type-missing", _("Timeboka trenger en type (serviceType)."), element)
    return next(iter(kinds), "")


def _actor(parcel: Parcel, found: Findings) -> tuple[str, str]:
    """The opaque name of the one who is booked, and what they are called."""
    named = []
    for n, entry in enumerate(as_list(parcel.tree.get("actor"))):
        actor = as_object(entry)
        held = parcel.follow(actor)
        listed = [actor.get("identifier"), *as_list(held.get("identifier"))]
        key = next((each for one in listed if (each := identifier_of(one))), "")
        kind = as_text(actor.get("type")) or as_text(held.get("resourceType"))
        if kind not in _ACTORS:
            text = _("Den som timeboka er for, må være en behandler, en tjeneste, et sted eller et apparat.")
            found.add("code-invalid", "actor-type", text, f"actor[{n}].type")
        if key:
            name = as_text(actor.get("display")) or as_text(held.get("name"))
            named.append((resource_named(key), one_line(name)[:LONGEST_NAME]))
    if len(named) != 1:
        text = _("Timeboka trenger nøyaktig én den er for (actor), oppgitt med identifier.")
        found.add("required", "actor-missing", text, "actor")
        return "", ""
    return named[0]


def _unit(parcel: Parcel, facts: Facts, found: Findings) -> str:
    """The unit's RESH id: our own extension, who gave the identifier, or the service that is booked."""
    named: list[tuple[str, str]] = []
    for n, entry in parcel.extensions(known.UNIT):
        reference = as_object(entry.get("valueReference"))
        named += [(each, f"extension[{n}]") for each in identifiers_in(reference, known.RESH)]
    for entry in as_list(parcel.tree.get("identifier")):
        assigner = as_object(as_object(entry).get("assigner"))
        for held in (parcel.follow(assigner), assigner):
            named += [(each, "identifier[0].assigner") for each in identifiers_in(held, known.RESH)]
    for n, entry in enumerate(as_list(parcel.tree.get("actor"))):
        actor = as_object(entry)
        employer = as_object(parcel.follow(actor).get("organization"))
        for held in (actor, parcel.follow(actor), employer, parcel.follow(employer)):
            named += [(each, f"actor[{n}]") for each in identifiers_in(held, known.RESH)]
    if not named:
        text = _("Timeboka må si hvilken enhet den er ved, med RESH-id (%(system)s).") % {"system": known.RESH}
        found.add("required", "unit-missing", text, "identifier[0].assigner")
        return ""
    if not any(facts.is_unit(resh) for resh, _place in named):
        found.add("code-invalid", "unit-unknown", _("Enheten finnes ikke her."), named[0][1])
    return next((resh for resh, _place in named if facts.is_unit(resh)), "")


def _comment(tree: dict[str, Any], found: Findings) -> str:
    comment = as_text(tree.get("comment")).strip()
    if len(comment) > LONGEST_COMMENT:
        found.add("too-long", "text-too-long", _("Teksten er for lang. Grensen er 1000 tegn."), "comment")
    return comment


def _booking(parcel: Parcel, found: Findings) -> str:
    """Who may book here, by our own extension; without it, only the hospital."""
    entries = parcel.extensions(known.BOOKING)
    mode = as_text(entries[0][1].get("valueCode")) if entries else BOOKINGS[0]
    if mode not in BOOKINGS or len(entries) > 1:
        text = _("Hvem som kan bestille, må være closed, referral, invitation eller open.")
        found.add("code-invalid", "booking-unknown", text, f"extension[{entries[0][0]}].valueCode")
        return BOOKINGS[0]
    return mode


def _booking_period(parcel: Parcel, found: Findings) -> tuple[datetime | None, datetime | None]:
    """When patients may book: our own extension. Without it, from now and until what is planned ends."""
    entries = parcel.extensions(known.BOOKING_PERIOD)
    if entries:
        n, entry = entries[0]
        period, place = as_object(entry.get("valuePeriod")), f"extension[{n}].valuePeriod"
        opens, closes = _moment(period, "start", place, found), _moment(period, "end", place, found)
        if opens is not None and closes is not None and closes <= opens:
            text = _("Perioden må slutte etter at den begynner.")
            found.add("business-rule", "end-before-start", text, f"{place}.end")
        return opens, closes
    return None, _moment(as_object(parcel.tree.get("planningHorizon")), "end", "planningHorizon", found) or _last_free(
        parcel, found
    )


def _moment(period: dict[str, Any], name: str, place: str, found: Findings) -> datetime | None:
    return instant(period[name], f"{place}.{name}", found) if period.get(name) is not None else None


def _last_free(parcel: Parcel, found: Findings) -> datetime | None:
    """When the last free time ends, where the sender tells of it and not of what it has planned."""
    for n, entry in parcel.extensions(known.FREE_HORIZON):
        for m, part in enumerate(as_list(entry.get("extension"))):
            period = as_object(as_object(part).get("valuePeriod"))
            if as_object(part).get("url") == "freePlanningHorizon":
                return _moment(period, "end", f"extension[{n}].extension[{m}].valuePeriod", found)
    return None
