"""From NHN's Slot (hn-basis-slot) to one time of a timebok, with every problem found on the way."""

from typing import Any, Final

from django.utils.translation import gettext as _
from fhir.resources.R4B.slot import Slot as Shape

from appointments import fhir_codes as known
from appointments.fhir import Facts
from appointments.fhir_elements import Parcel, instant, refuse_any, said_at
from appointments.fhir_schedule import category_in, refuse_elements, type_in, uuid_key
from appointments.orders import SlotOrder
from appointments.times import LONGEST_SLOT
from portal.fhir.elements import Findings, as_list, as_object, as_text, as_uuid, identifier_of

RESOURCE: Final = "Slot"
MOST_PLACES: Final = 500
STATES: Final = ("free", "busy", "busy-unavailable", "busy-tentative", "entered-in-error")


def read_slot(tree: dict[str, Any], facts: Facts) -> SlotOrder:
    """The time as its sender has it now. Raises `Refused` with every problem at once."""
    found = Findings(RESOURCE)
    refuse_elements(tree, ("implicitRules", "modifierExtension"), found)
    _kinds(tree, found)
    state = as_text(tree.get("status"))
    if state not in STATES:
        found.add("value", "status", _("Status må være en av FHIRs for Slot."), "status")
    start = instant(tree.get("start"), "start", found)
    end = instant(tree.get("end"), "end", found)
    if start is not None and end is not None:
        if end <= start:
            found.add("business-rule", "end-before-start", _("Tiden må slutte etter at den begynner."), "end")
        elif end - start > LONGEST_SLOT:
            text = _("Tiden er for lang. Grensen er 12 timer.")
            found.add("business-rule", "slot-too-long", text, "end")
    values: dict[str, Any] = {
        "source": facts.source,
        "key": uuid_key(tree, found),
        "sent_at": said_at(tree, facts.now, found),
        "schedule": schedule_named(tree.get("schedule"), "schedule", found),
        "start": start,
        "end": end,
        "state": state,
        "capacity": _capacity(Parcel(tree), found),
    }
    refuse_any(found, Shape, tree)
    return SlotOrder(**values)


def schedule_named(value: object, place: str, found: Findings) -> str:
    """The timebok in a reference: its identifier as "system|value", else our own id of it."""
    reference = as_object(value)
    if key := identifier_of(reference.get("identifier")):
        return key
    ours = as_uuid(as_text(reference.get("reference")).rpartition("Schedule/")[2])
    if ours is None:
        text = _("Timeboka må være oppgitt med identifier, eller med portalens egen id.")
        found.add("required", "schedule-missing", text, place)
        return ""
    return str(ours)


def _kinds(tree: dict[str, Any], found: Findings) -> None:
    if not category_in(tree):
        text = _("Tiden trenger en kategori (serviceCategory).")
        found.add("required", "category-missing", text, "serviceCategory")
    if tree.get("serviceType"):
        type_in(as_list(tree.get("serviceType")), "serviceType", found)
    if tree.get("appointmentType"):
        type_in([tree["appointmentType"]], "appointmentType", found)


def _capacity(parcel: Parcel, found: Findings) -> int:
    """How many there is room for, by our own extension; one without it."""
    entries = parcel.extensions(known.CAPACITY)
    if not entries:
        return 1
    n, entry = entries[0]
    value = entry.get("valuePositiveInt")
    if len(entries) > 1 or not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_PLACES:
        text = _("Antall plasser må være et tall fra 1 til 500.")
        found.add("value", "capacity", text, f"extension[{n}].valuePositiveInt")
        return 1
    return value
