"""Who may see a resource, as its sender says: codes of set 9603, NORU's time, and the referrals it belongs to."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from portal.fhir.elements import Findings, as_list, as_object, as_text, day_or_instant, identifier_of
from youth_access.codes import SYSTEM

WITHHELD_UNTIL: Final = "https://dis-portal.example/fhir/StructureDefinition/withheld-until"
LONGEST_REFERRAL: Final = 200
FURTHEST_AHEAD: Final = timedelta(days=366)
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}", re.ASCII)
_SERVICE_REQUEST: Final = "ServiceRequest"


def read_codes(tree: dict[str, Any], found: Findings) -> tuple[str, ...]:
    """Every code of the set, each once, also values we do not know: what bears one is hidden from all citizens."""
    labels = [as_object(label) for label in as_list(as_object(tree.get("meta")).get("security"))]
    for n, label in enumerate(labels):
        if label.get("system") != SYSTEM or not _CODE.fullmatch(as_text(label.get("code"))):
            text = _("Merket for sperring eller nekting må være en kode fra %(system)s.") % {"system": SYSTEM}
            found.add("code-invalid", "security-unknown", text, f"meta.security[{n}]")
    return tuple(dict.fromkeys(as_text(label.get("code")) for label in labels))


def withheld_places(tree: dict[str, Any]) -> list[int]:
    """Where our own extension for NORU's time stands among the resource's extensions."""
    entries = enumerate(as_list(tree.get("extension")))
    return [n for n, entry in entries if as_object(entry).get("url") == WITHHELD_UNTIL]


def read_withheld_until(tree: dict[str, Any], places: Sequence[int], now: datetime, found: Findings) -> datetime | None:
    """NORU's time out of our own extension, which stands at `places`: one time, at most a year ahead."""
    moment = day_or_instant(as_text(as_object(tree["extension"][places[0]]).get("valueDateTime")), end_of_day=False)
    element = f"extension[{places[0]}].valueDateTime"
    if moment is None or len(places) > 1:
        text = _("Tidspunktet må være ett, og en dato, eller dato og klokkeslett med tidssone.")
        found.add("value", "time-invalid", text, element)
    elif moment > now + FURTHEST_AHEAD:
        text = _("Ingenting kan holdes tilbake mer enn ett år.")
        found.add("business-rule", "visible-too-late", text, element)
    return moment


def referrals_of(
    tree: dict[str, Any], found: Findings, elements: Sequence[str] = ("basedOn", "about")
) -> tuple[str, ...]:
    """The referrals named in these elements, as "system|value"; other resources are passed over."""
    names: list[str] = []
    for element in elements:
        for n, entry in enumerate(as_list(tree.get(element))):
            reference = as_object(entry)
            if _is_referral(reference):
                names.append(_name(reference, f"{element}[{n}]", found))
    return tuple(dict.fromkeys(name for name in names if name))


def _is_referral(reference: dict[str, Any]) -> bool:
    kind = as_text(reference.get("type")) or as_text(reference.get("reference")).rpartition("/")[0].rpartition("/")[2]
    return kind == _SERVICE_REQUEST


def _name(reference: dict[str, Any], place: str, found: Findings) -> str:
    name = identifier_of(reference.get("identifier"))
    if not name or len(name) > LONGEST_REFERRAL:
        text = _("En henvisning må være oppgitt med identifier (system og value, høyst 200 tegn til sammen).")
        found.add("required", "referral-identifier", text, f"{place}.identifier")
        return ""
    return name
