"""Who may see the letter, as its sender says: codes of set 9603, NORU's time, and the referrals it belongs to."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from letters import fhir_codes as codes
from letters.fhir_elements import Findings, as_list, as_object, as_text, day_or_instant
from youth_access.codes import SYSTEM, Code

WITHHELD_UNTIL: Final = f"{codes.STRUCTURE}/withheld-until"
LONGEST_REFERRAL: Final = 200
_FURTHEST_AHEAD: Final = timedelta(days=366)
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}", re.ASCII)
_SERVICE_REQUEST: Final = "ServiceRequest"


@dataclass(frozen=True, slots=True)
class Security:
    """The codes as they were sent, each once, and when NORU lets go."""

    codes: tuple[str, ...]
    until: datetime | None


def read_security(tree: dict[str, Any], visible_from: datetime | None, now: datetime, found: Findings) -> Security:
    """Every code of the set, also values we do not know: such a letter is taken in and hidden from all citizens."""
    labels = [as_object(label) for label in as_list(as_object(tree.get("meta")).get("security"))]
    for n, label in enumerate(labels):
        if label.get("system") != SYSTEM or not _CODE.fullmatch(as_text(label.get("code"))):
            text = _("Merket for sperring eller nekting må være en kode fra %(system)s.") % {"system": SYSTEM}
            found.add("code-invalid", "security-unknown", text, f"meta.security[{n}]")
    values = tuple(dict.fromkeys(as_text(label.get("code")) for label in labels))
    return Security(values, _until(tree, values, visible_from, now, found))


def _until(
    tree: dict[str, Any], values: tuple[str, ...], visible_from: datetime | None, now: datetime, found: Findings
) -> datetime | None:
    """NORU's time: our own extension, else the letter's first day."""
    entries = [(n, as_object(entry)) for n, entry in enumerate(as_list(tree.get("extension")))]
    own = [(n, entry) for n, entry in entries if entry.get("url") == WITHHELD_UNTIL]
    if Code.DELAYED not in values:
        if own:
            text = _("Et tidspunkt å holde brevet tilbake til krever merket NORU.")
            found.add("required", "delay-without-code", text, f"extension[{own[0][0]}]")
        return None
    if not own:
        if visible_from is None:
            text = _("Merket NORU krever et tidspunkt: utvidelsen withheld-until, eller occurrencePeriod.start.")
            found.add("required", "security-without-time", text, "occurrencePeriod.start")
        return visible_from
    place, entry = own[0]
    moment = day_or_instant(as_text(entry.get("valueDateTime")), end_of_day=False)
    if moment is None or len(own) > 1:
        text = _("Tidspunktet må være ett, og en dato, eller dato og klokkeslett med tidssone.")
        found.add("value", "time-invalid", text, f"extension[{place}].valueDateTime")
    elif moment > now + _FURTHEST_AHEAD:
        text = _("Brevet kan ikke holdes tilbake mer enn ett år.")
        found.add("business-rule", "visible-too-late", text, f"extension[{place}].valueDateTime")
    return moment


def referrals_of(tree: dict[str, Any], found: Findings) -> tuple[str, ...]:
    """The referrals named in basedOn and about, as "system|value"; other resources are passed over."""
    names: list[str] = []
    for element in ("basedOn", "about"):
        for n, entry in enumerate(as_list(tree.get(element))):
            reference = as_object(entry)
            if _is_referral(reference):
                names.append(_name(reference, f"{element}[{n}]", found))
    return tuple(dict.fromkeys(name for name in names if name))


def _is_referral(reference: dict[str, Any]) -> bool:
    kind = as_text(reference.get("type")) or as_text(reference.get("reference")).rpartition("/")[0].rpartition("/")[2]
    return kind == _SERVICE_REQUEST


def _name(reference: dict[str, Any], place: str, found: Findings) -> str:
    identifier = as_object(reference.get("identifier"))
    system, value = as_text(identifier.get("system")).strip(), as_text(identifier.get("value")).strip()
    name = f"{system}|{value}"
    if not system or not value or len(name) > LONGEST_REFERRAL:
        text = _("En henvisning må være oppgitt med identifier (system og value, høyst 200 tegn til sammen).")
        found.add("required", "referral-identifier", text, f"{place}.identifier")
        return ""
    return name
