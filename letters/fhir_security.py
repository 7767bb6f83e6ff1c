"""Who may see the letter, as its sender says: codes of set 9603, and NORU's time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from portal.fhir.elements import Findings
from youth_access.codes import Code
from youth_access.fhir_labels import read_codes, read_withheld_until, withheld_places


@dataclass(frozen=True, slots=True)
class Security:
    """The codes as they were sent, each once, and when NORU lets go."""

    codes: tuple[str, ...]
    until: datetime | None


def read_security(tree: dict[str, Any], visible_from: datetime | None, now: datetime, found: Findings) -> Security:
    """Every code of the set, also values we do not know: such a letter is taken in and hidden from all citizens."""
    values = read_codes(tree, found)
    return Security(values, _until(tree, values, visible_from, now, found))


def _until(
    tree: dict[str, Any], values: tuple[str, ...], visible_from: datetime | None, now: datetime, found: Findings
) -> datetime | None:
    """NORU's time: our own extension, else the letter's first day."""
    places = withheld_places(tree)
    if Code.DELAYED not in values:
        if places:
            text = _("Et tidspunkt å holde brevet tilbake til krever merket NORU.")
            found.add("required", "delay-without-code", text, f"extension[{places[0]}]")
        return None
    if places:
        return read_withheld_until(tree, places, now, found)
    if visible_from is None:
        text = _("Merket NORU krever et tidspunkt: utvidelsen withheld-until, eller occurrencePeriod.start.")
        found.add("required", "security-without-time", text, "occurrencePeriod.start")
    return visible_from
