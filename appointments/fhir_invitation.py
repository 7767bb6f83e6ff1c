"""From Task to an invitation to book a time in one timebok, with every problem found on the way."""

from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from fhir.resources.R4B.task import Task as Shape

from appointments import fhir_codes as known
from appointments.fhir import Facts
from appointments.fhir_elements import has_code, instant, own_key, refuse_any
from appointments.fhir_schedule import refuse_elements
from appointments.fhir_slot import schedule_named
from appointments.orders import InvitationOrder
from portal.fhir.elements import Findings, as_object, as_text
from portal.people.fhir_patient import read_patient

RESOURCE: Final = "Task"
_STATUSES: Final = ("requested", "cancelled")


def read_invitation(tree: dict[str, Any], facts: Facts) -> InvitationOrder:
    """The invitation as its sender has it now. Raises `Refused` with every problem at once."""
    found = Findings(RESOURCE)
    refuse_elements(tree, ("implicitRules", "modifierExtension"), found)
    status = as_text(tree.get("status"))
    if status not in _STATUSES:
        found.add("value", "status", _("Status må være requested eller cancelled."), "status")
    if tree.get("intent") != "order":
        found.add("value", "intent", _("En invitasjon må ha intent order."), "intent")
    if not has_code([tree.get("code")], known.TASK_TYPE, known.BOOK):
        text = _("Oppgaven må ha koden book-appointment fra %(system)s.") % {"system": known.TASK_TYPE}
        found.add("code-invalid", "task-type", text, "code")
    number = read_patient(tree.get("for"), facts.environment, found, "for.identifier")
    first, last = _period(tree, found)
    values: dict[str, Any] = {
        "source": facts.source,
        "key": own_key(tree, found),
        "patient_pid": "" if number is None else number.digits,
        "schedule": schedule_named(tree.get("focus"), "focus", found),
        "valid_from": first,
        "valid_until": last,
        "withdrawn": status == "cancelled",
    }
    refuse_any(found, Shape, tree)
    return InvitationOrder(**values)


def _period(tree: dict[str, Any], found: Findings) -> tuple[datetime | None, datetime | None]:
    """When the invitation may be used."""
    period = as_object(as_object(tree.get("restriction")).get("period"))
    place = "restriction.period"
    if period.get("start") is None or period.get("end") is None:
        text = _("Invitasjonen trenger en periode med både start og slutt.")
        found.add("required", "period-missing", text, place)
        return None, None
    first, last = (instant(period[name], f"{place}.{name}", found) for name in ("start", "end"))
    if first is not None and last is not None and last <= first:
        text = _("Perioden må slutte etter at den begynner.")
        found.add("business-rule", "end-before-start", text, f"{place}.end")
    return first, last
