"""From ServiceRequest to a referral, as far as access goes, with every problem found on the way.

Pure: what must be looked up comes in as `Facts`. Nothing of why the patient is referred is read or kept, and no text
of a problem repeats a value that was sent.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from fhir.resources.R4B.servicerequest import ServiceRequest

from portal.fhir.outcomes import IssueType, Problem, without_repeats
from portal.fhir.shapes import problems_of_shape
from portal.people import numbers
from portal.people.numbers import Kind
from youth_access.ages import OSLO
from youth_access.commands.treatment import ReferralOrder

RESOURCE: Final = "ServiceRequest"
RESH: Final = "urn:oid:2.16.578.1.12.4.1.4.102"
HPR: Final = "urn:oid:2.16.578.1.12.4.1.4.4"
PATIENT_SYSTEMS: Final = {
    "urn:oid:2.16.578.1.12.4.1.4.1": frozenset({Kind.FNR, Kind.HNR}),
    "urn:oid:2.16.578.1.12.4.1.4.2": frozenset({Kind.DNR}),
    "urn:oid:2.16.578.1.12.4.1.4.3": frozenset({Kind.FHN}),
}
RUNNING: Final = frozenset({"active", "on-hold"})
OVER: Final = frozenset({"completed", "revoked", "entered-in-error"})
LONGEST_KEY: Final = 200
MOST_CLINICIANS: Final = 50
_RESH: Final = re.compile(r"[0-9]{1,20}", re.ASCII)
_HPR: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_NUMBER: Final = re.compile(r"(?<!\d)\d{6}[ .-]?\d{5}(?!\d)")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a referral is held against: who sends, where we are, what is known here."""

    source: str
    environment: str
    now: datetime
    is_unit: Callable[[str], bool]


class RefusedReferral(Exception):
    """Every problem that keeps a resource from being taken in."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


@dataclass(slots=True)
class _Findings:
    problems: list[Problem] = field(default_factory=list)

    def add(self, issue: IssueType, code: str, text: str | Promise, element: str) -> None:
        """Note a problem with `ServiceRequest.<element>`."""
        self.problems.append(Problem(issue, code, text, f"{RESOURCE}.{element}"))


def read_referral(tree: dict[str, Any], facts: Facts) -> ReferralOrder:
    """The referral as it is now. Raises `RefusedReferral` with every problem at once."""
    found = _Findings()
    unit, team = _performers(tree, facts, found)
    order = ReferralOrder(
        source=facts.source,
        key=_key(tree, found),
        patient_pid=_patient(tree, facts, found),
        unit_resh=unit,
        received_at=_received(tree, facts.now, found),
        team=team,
        ended=_ended(tree, found),
    )
    named = {problem.expression for problem in found.problems}
    shape = [each for each in problems_of_shape(ServiceRequest, tree) if each.expression not in named]
    if problems := without_repeats([*found.problems, *shape]):
        raise RefusedReferral(problems)
    return order


def first_identifier(tree: dict[str, Any]) -> str:
    """The referral's own name in the record system, as "system|value"; empty where it has none."""
    for entry in _list(tree.get("identifier")):
        system, value = _text(_object(entry).get("system")).strip(), _text(_object(entry).get("value")).strip()
        if system and value:
            return f"{system}|{value}"
    return ""


def _key(tree: dict[str, Any], found: _Findings) -> str:
    key = first_identifier(tree)
    if not key:
        found.add("required", "key-missing", _("Henvisningen trenger en identifier med system og value."), "identifier")
    elif len(key) > LONGEST_KEY:
        found.add("too-long", "key-too-long", _("Identifikatoren er for lang. Grensen er 200 tegn."), "identifier")
    elif _NUMBER.search(key.partition("|")[2]):
        text = _("Identifikatoren kan ikke være et fødselsnummer.")
        found.add("business-rule", "key-is-a-person", text, "identifier")
    return key


def _patient(tree: dict[str, Any], facts: Facts, found: _Findings) -> str:
    identifier = _object(_object(tree.get("subject")).get("identifier"))
    system, value = _text(identifier.get("system")), _text(identifier.get("value"))
    place = "subject.identifier"
    if not system or not value:
        found.add("required", "subject-missing", _("Pasienten må være oppgitt med identifier."), place)
        return ""
    if system not in PATIENT_SYSTEMS:
        found.add("code-invalid", "subject-system", _("Systemet for pasientens nummer er ukjent."), f"{place}.system")
        return ""
    try:
        number = numbers.parse(value)
    except numbers.NotAnIdentityNumber:
        found.add("value", "subject-number", _("Pasientens nummer er ikke gyldig."), f"{place}.value")
        return ""
    if number.kind not in PATIENT_SYSTEMS[system]:
        text = _("Pasientens nummer er av en annen type enn systemet sier.")
        found.add("value", "subject-kind", text, f"{place}.system")
    if not numbers.accepted_here(number, facts.environment):
        text = _("Dette miljøet tar ikke imot denne typen personer (ekte eller syntetiske).")
        found.add("business-rule", "subject-not-welcome", text, f"{place}.value")
    return number.digits


def _performers(tree: dict[str, Any], facts: Facts, found: _Findings) -> tuple[str, tuple[str, ...]]:
    """The one unit that has the referral, and the HPR numbers of those who treat the patient there."""
    units: list[str] = []
    team: list[str] = []
    for n, performer in enumerate(_list(tree.get("performer"))):
        identifier = _object(_object(performer).get("identifier"))
        system, value = identifier.get("system"), _text(identifier.get("value"))
        place = f"performer[{n}].identifier"
        if system == RESH:
            units.append(value)
            if not _RESH.fullmatch(value) or not facts.is_unit(value):
                found.add("code-invalid", "performer-unknown", _("Enheten finnes ikke her."), f"{place}.value")
        elif system == HPR:
            team.append(value)
            if not _HPR.fullmatch(value):
                found.add("value", "performer-hpr", _("HPR-nummeret er ikke gyldig."), f"{place}.value")
        else:
            text = _("En utfører må være en enhet med RESH-id eller en behandler med HPR-nummer.")
            found.add("code-invalid", "performer-system", text, f"{place}.system")
    if len(units) != 1:
        text = _("Henvisningen trenger nøyaktig én enhet med RESH-id (%(system)s).") % {"system": RESH}
        found.add("required", "performer-missing", text, "performer")
    if len(team) > MOST_CLINICIANS:
        found.add("too-long", "performers-too-many", _("Henvisningen har for mange behandlere."), "performer")
    return (units[0] if units else ""), tuple(dict.fromkeys(team))


def _ended(tree: dict[str, Any], found: _Findings) -> bool:
    status = tree.get("status")
    if status not in RUNNING | OVER:
        text = _("Status må være active, on-hold, completed, revoked eller entered-in-error.")
        found.add("value", "status", text, "status")
    return status in OVER


def _received(tree: dict[str, Any], now: datetime, found: _Findings) -> datetime:
    """When the referral was made; now where it does not say. A day alone is its first instant in Oslo."""
    text = _text(tree.get("authoredOn"))
    if not text:
        return now
    try:
        if len(text) == len("2026-11-22"):
            return datetime.combine(date.fromisoformat(text), time(), tzinfo=OSLO).astimezone(UTC)
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    found.add("value", "time-invalid", _("Tidspunktet må være en dato, eller ha tidssone."), "authoredOn")
    return now


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
