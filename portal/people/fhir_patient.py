"""Reads the patient's number out of a FHIR identifier: its system says which kind it must be."""

from typing import Final

from django.utils.translation import gettext as _

from portal.fhir.elements import Findings, as_object, as_text
from portal.people import numbers
from portal.people.numbers import IdentityNumber, Kind

FNR: Final = "urn:oid:2.16.578.1.12.4.1.4.1"
DNR: Final = "urn:oid:2.16.578.1.12.4.1.4.2"
FHN: Final = "urn:oid:2.16.578.1.12.4.1.4.3"
PATIENT_SYSTEMS: Final = {
    FNR: frozenset({Kind.FNR, Kind.HNR}),
    DNR: frozenset({Kind.DNR}),
    FHN: frozenset({Kind.FHN}),
}
"""Which kinds of number each system may hold. Month +40 marks both hospitals' numbers and invented persons."""


def read_patient(
    reference: object,
    environment: str,
    found: Findings,
    place: str = "subject.identifier",
    *,
    help_numbers: bool = True,
) -> IdentityNumber | None:
    """The number in a reference by identifier; None, and a problem noted, where it is none.

    `place` is where the identifier lies in the resource, `environment` PORTAL_ENV. A number of another kind than the
    system says, or not welcome in this environment, is noted and returned.
    """
    identifier = as_object(as_object(reference).get("identifier"))
    system, value = as_text(identifier.get("system")), as_text(identifier.get("value"))
    if not system or not value:
        text = _("Pasienten må være oppgitt med identifier (fødselsnummer eller annet nummer).")
        found.add("required", "subject-missing", text, place)
        return None
    if system not in PATIENT_SYSTEMS or (system == FHN and not help_numbers):
        found.add("code-invalid", "subject-system", _("Systemet for pasientens nummer er ukjent."), f"{place}.system")
        return None
    try:
        number = numbers.parse(value)
    except numbers.NotAnIdentityNumber:
        found.add("value", "subject-number", _("Pasientens nummer er ikke gyldig."), f"{place}.value")
        return None
    if number.kind not in PATIENT_SYSTEMS[system]:
        text = _("Pasientens nummer er av en annen type enn systemet sier.")
        found.add("value", "subject-kind", text, f"{place}.system")
    if not numbers.accepted_here(number, environment):
        text = _("Dette miljøet tar ikke imot denne typen personer (ekte eller syntetiske).")
        found.add("business-rule", "subject-not-welcome", text, f"{place}.value")
    return number
