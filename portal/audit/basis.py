"""On what footing somebody looked or acted: the facts of a decision that go into the audit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ACP_ROOT: Final = "2.16.578.1.12.4.1.7.2.1"
"""The national access bases (ACP). Their last part stands in the row."""
SELF: Final = "self"
EMERGENCY: Final = "emergency"
UNDER_TWELVE: Final = "0-11"

_ACP: Final[Mapping[str, str]] = {
    SELF: "0",
    "FU": "2",
    "VE": "3",
    "TD": "3",
    "clinician": "4",
    EMERGENCY: "7",
}
_PARENT_OF_UNDER_TWELVE: Final = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What tied the one who acted to the patient, and the row of the table that decided.

    `relation` is self, FO, VE, FU or TD (code set 7611), or a staff role; `version` is the decision table's.
    What is left out of `acr`, `hpr`, `organisation` and `request_id` is filled in from the present request.
    """

    relation: str = ""
    rule: str = ""
    version: str = ""
    band: str = ""
    acr: str = ""
    hpr: str = ""
    organisation: str = ""
    request_id: str = ""

    @property
    def acp(self) -> str:
        """The last part of the national access basis' OID; empty where the code set has no fitting value.

        There is one for parents of children below 12, and none for parents of older children.
        """
        if self.relation == "FO":
            return _PARENT_OF_UNDER_TWELVE if self.band == UNDER_TWELVE else ""
        return _ACP.get(self.relation, "")
