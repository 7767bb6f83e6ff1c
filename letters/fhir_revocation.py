"""Reads a PUT on a letter's order: the only change it may make is to take the letter back."""

from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from letters import fhir_codes as codes
from portal.fhir.elements import as_list, as_object, without_server_set
from portal.fhir.errors import FhirRefusal, refuse
from portal.fhir.outcomes import Problem
from portal.fhir.strict_json import canonical

_MAY_DIFFER: Final = frozenset({"status", "statusReason"})


def reason_for_revoking(sent: dict[str, Any], asked: dict[str, Any], letter_id: UUID) -> str:
    """Why the sender withdraws the letter, as a code of ours.

    Elements may be left out (nobody need send the enclosures again), but those that are there must be as they were.
    Raises `FhirRefusal`: 400 where the id is not the address's, 422 for any other change.
    """
    if asked.get("id", str(letter_id)) != str(letter_id):
        raise refuse(400, "value", "id-mismatch", _("Id-en i ressursen er en annen enn i adressen."), _at("id"))
    problems = [_unchangeable(name) for name in sorted(_changed(sent, asked))]
    if asked.get("status") != "revoked":
        text = _("Et sendt brev kan bare trekkes tilbake (status revoked). Send et nytt brev med replaces for å rette.")
        problems.insert(0, Problem("business-rule", "only-revoke", text, _at("status")))
    if problems:
        raise FhirRefusal(422, problems)
    return _reason(asked)


def _changed(sent: dict[str, Any], asked: dict[str, Any]) -> set[str]:
    before, after = without_server_set(sent), without_server_set(asked)
    if after.get("meta") == {}:
        del after["meta"]
    known = {name for name in after if name not in _MAY_DIFFER}
    return {name for name in known if canonical(after[name]) != canonical(before.get(name))}


def _unchangeable(name: str) -> Problem:
    text = _("Elementet kan ikke endres. Send et nytt brev med replaces som peker på dette.")
    return Problem("business-rule", "cannot-change", text, _at(name if name.isidentifier() and len(name) < 65 else ""))


def _reason(asked: dict[str, Any]) -> str:
    for coding in as_list(as_object(asked.get("statusReason")).get("coding")):
        entry = as_object(coding)
        code = entry.get("code")
        if entry.get("system") == codes.WITHDRAWAL_REASON and isinstance(code, str):
            if code in codes.WITHDRAWAL_REASONS:
                return code
            text = _("Grunnen til at brevet trekkes tilbake, er ukjent.")
            raise refuse(422, "code-invalid", "reason-unknown", text, _at("statusReason"))
    return codes.WITHDRAWN_WITHOUT_REASON


def _at(name: str) -> str:
    return f"CommunicationRequest.{name}" if name else "CommunicationRequest"
