"""From ServiceRequest to a referral, as far as access goes, with every problem found on the way.

Pure: what must be looked up comes in as `Facts`. Nothing of why the patient is referred is read or kept, and no text
of a problem repeats a value that was sent.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from django.utils.translation import gettext as _
from fhir.resources.R4B.servicerequest import ServiceRequest

from portal.fhir.elements import Findings, as_list, as_object, as_text, identifiers_of
from portal.fhir.outcomes import Problem, without_repeats
from portal.fhir.shapes import problems_of_shape
from portal.people.fhir_patient import read_patient
from youth_access.ages import OSLO
from youth_access.commands.treatment import ReferralOrder

RESOURCE: Final = "ServiceRequest"
RESH: Final = "urn:oid:2.16.578.1.12.4.1.4.102"
HPR: Final = "urn:oid:2.16.578.1.12.4.1.4.4"
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


def read_referral(tree: dict[str, Any], facts: Facts) -> ReferralOrder:
    """The referral as it is now. Raises `RefusedReferral` with every problem at once."""
    found = Findings(RESOURCE)
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
    return next(iter(identifiers_of(tree)), "")


def _key(tree: dict[str, Any], found: Findings) -> str:
    key = first_identifier(tree)
    if not key:
        found.add("required", "key-missing", _("Henvisningen trenger en identifier med system og value."), "identifier")
    elif len(key) > LONGEST_KEY:
        found.add("too-long", "key-too-long", _("Identifikatoren er for lang. Grensen er 200 tegn."), "identifier")
    elif _NUMBER.search(key.partition("|")[2]):
        text = _("Identifikatoren kan ikke være et fødselsnummer.")
        found.add("business-rule", "key-is-a-person", text, "identifier")
    return key


def _patient(tree: dict[str, Any], facts: Facts, found: Findings) -> str:
    number = read_patient(tree.get("subject"), facts.environment, found)
    return "" if number is None else number.digits


def _performers(tree: dict[str, Any], facts: Facts, found: Findings) -> tuple[str, tuple[str, ...]]:
    """The one unit that has the referral, and the HPR numbers of those who treat the patient there."""
    units: list[str] = []
    team: list[str] = []
    for n, performer in enumerate(as_list(tree.get("performer"))):
        identifier = as_object(as_object(performer).get("identifier"))
        system, value = identifier.get("system"), as_text(identifier.get("value"))
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


def _ended(tree: dict[str, Any], found: Findings) -> bool:
    status = tree.get("status")
    if status not in RUNNING | OVER:
        text = _("Status må være active, on-hold, completed, revoked eller entered-in-error.")
        found.add("value", "status", text, "status")
    return status in OVER


def _received(tree: dict[str, Any], now: datetime, found: Findings) -> datetime:
    """When the referral was made; now where it does not say. A day alone is its first instant in Oslo."""
    text = as_text(tree.get("authoredOn"))
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
